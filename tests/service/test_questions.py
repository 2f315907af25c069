"""Asking a person, end to end through the service, on every store (A11)."""

from collections.abc import Sequence

import pytest

from bot.engine.session import Act
from bot.messages import Choice, Place, Role, Text, Token
from bot.service import nightly, questions
from bot.service.ports import Row
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.service.houses import House
from tests.service.test_authorisation import plant

SEND, TAKE = wording("button.desk-send"), wording("button.desk-take", number=1)


@pytest.fixture
def branch(house: House) -> House:
    """A house where Rita and Roy are reps, and everybody has said hello."""
    for who in ("rita", "roy", "ann", "ben"):
        house.say(who, "hello")
    house.grant("rita", Role.REP)
    house.grant("roy", Role.ULR)
    return house


def ask(house: House, who: str, words: str = "why zebra?") -> list[str]:
    house.command(who, "human")
    house.press(who, wording("button.ask-rep-new"))
    house.press(who, wording("button.ask-rep-agree"))
    return house.say(who, words)


def reply(house: House, who: str, words: str = "Because quagga.") -> list[str]:
    take(house, who)
    house.say(who, words)
    return house.press(who, SEND)


def take(house: House, who: str) -> list[str]:
    house.command(who, "questions")
    return house.press(who, TAKE)


def sent_to(house: House, who: str) -> list[str]:
    return [sent.reply.text for sent in house.channel.sent if sent.address.id == who]


def test_a_question_reaches_the_reps_and_the_reply_whoever_asked(branch: House) -> None:
    ask(branch, "ann")
    told = wording("rep-mail.new")
    assert [told in sent_to(branch, who) for who in ("rita", "roy", "ben")] == [True, True, False]
    reply(branch, "rita")
    got = [sent for sent in branch.channel.sent if "Because quagga" in sent.reply.text]
    assert [sent.address.id for sent in got] == ["rita", "ann"]
    assert all(sent.place is Place.PRIVATE and sent.reply.personal for sent in got)
    assert wording("rep-reply.unsigned") in got[-1].reply.text
    (question,) = branch.rows("question")
    assert question["status"] == "answered"


def test_not_a_word_is_kept_before_the_yes(branch: House) -> None:
    branch.say("ann", "why zebra?")
    branch.command("ann", "human")
    branch.press("ann", wording("button.ask-rep-last"))
    assert branch.rows("question") == branch.rows("consent") == []
    branch.press("ann", wording("button.ask-rep-agree"))
    (question,) = branch.rows("question")
    (consent,) = branch.rows("consent")
    assert question["words"] == "why zebra?"
    assert (consent["purpose"], consent["person"]) == ("ask-a-rep", branch.person("ann"))
    assert question["name"] is None


def test_a_name_is_shared_only_by_whoever_typed_one(branch: House) -> None:
    ask(branch, "ann")
    branch.press("ann", wording("button.ask-rep-name"))
    branch.say("ann", "Ann O'Neill")
    ask(branch, "ben", "and me?")
    shown = [take(branch, who)[-1] for who in ("rita", "roy")]
    assert "Ann O'Neill" in shown[0]
    assert wording("desk.asked-by-nobody") in shown[1]
    purposes = {(row["person"], row["purpose"]) for row in branch.rows("consent")}
    assert purposes == {
        (branch.person("ann"), "ask-a-rep"),
        (branch.person("ann"), "share-name"),
        (branch.person("ben"), "ask-a-rep"),
    }


def test_a_reply_is_signed_only_with_the_name_the_rep_typed(branch: House) -> None:
    ask(branch, "ann")
    take(branch, "rita")
    branch.say("rita", "Because.")
    branch.press("rita", wording("button.desk-sign"))
    branch.say("rita", "*Rita*")
    branch.press("rita", SEND)
    assert "From \\*Rita\\*" in sent_to(branch, "ann")[-1]
    assert "sign-replies" in {row["purpose"] for row in branch.rows("consent")}


def test_a_question_is_taken_by_one_rep(branch: House) -> None:
    ask(branch, "ann")
    branch.command("roy", "questions")
    late = branch.option("roy", TAKE)
    take(branch, "rita")
    branch.hear("roy", Choice(late.token))
    branch.deliver()
    assert sent_to(branch, "roy")[-1] == wording("desk.gone")
    assert branch.command("roy", "questions") == [wording("desk.empty")]
    assert [row["person"] for row in branch.rows("take")] == [branch.person("rita")]


def test_a_question_that_lies_is_free_again_after_three_days(branch: House) -> None:
    ask(branch, "ann")
    take(branch, "rita")
    branch.clock.pass_(days=3)
    take(branch, "roy")
    assert [row["person"] for row in branch.rows("take")] == [branch.person("roy")]
    branch.say("rita", "Too late.")
    assert sent_to(branch, "rita")[-1] == wording("desk.gone")


def test_a_question_given_back_is_there_for_others(branch: House) -> None:
    ask(branch, "ann")
    take(branch, "rita")
    branch.press("rita", wording("button.desk-leave"))
    assert "why zebra?" in take(branch, "roy")[-1]


def test_a_rep_cannot_take_their_own_question(branch: House) -> None:
    ask(branch, "rita")
    assert branch.command("rita", "questions") == [wording("desk.empty")]


def test_another_branch_sees_nothing(branch: House) -> None:
    ask(branch, "ann")
    other = branch.person("rita")
    branch.do(lambda tx: tx.insert("branch", {"id": "far", "name": "Far", "created_at": 0}))
    for table, column in (("person", "id"), ("identity", "person"), ("role", "person")):
        branch.do(
            lambda tx, t=table, c=column: tx.update(t, {c: other}, {"branch": "far"})  # type: ignore[misc]  # bound at once
        )
    assert branch.command("rita", "questions") == [wording("desk.empty")]
    (question,) = branch.rows("question")
    plant(branch, "rita", Act("desk-take", (str(question["id"]),)))
    branch.hear("rita", Choice(Token("planted")))
    assert branch.rows("take") == []


def test_reps_are_told_once_in_a_day_and_never_after_stop(branch: House) -> None:
    branch.command("roy", "stop")
    ask(branch, "ann")
    ask(branch, "ben", "and me?")
    told = wording("rep-mail.new")
    assert [sent_to(branch, who).count(told) for who in ("rita", "roy")] == [1, 0]
    branch.clock.pass_(days=1, seconds=1)
    ask(branch, "ben", "and now?")
    assert sent_to(branch, "rita").count(told) == 2


def test_thanks_go_once_and_asking_back_once_to_the_same_rep(branch: House) -> None:
    ask(branch, "ann")
    reply(branch, "rita")
    branch.press("ann", wording("button.rep-thank"))
    branch.press("ann", wording("button.rep-thank"))
    assert sent_to(branch, "rita").count(wording("rep-mail.thanks")) == 1
    branch.press("ann", wording("button.ask-rep-back"))
    branch.press("ann", wording("button.ask-rep-agree"))
    branch.say("ann", "which quagga?")
    assert sent_to(branch, "rita")[-1] == wording("rep-mail.asked-back")
    assert wording("rep-mail.asked-back") not in sent_to(branch, "roy")
    reply(branch, "rita", "That one.")
    last = [s.reply for s in branch.channel.sent if s.address.id == "ann"][-1]
    assert [option.label for option in last.options] == [wording("button.rep-thank")]


def test_the_draft_for_the_editors_leads_to_nobody_who_asked(branch: House) -> None:
    ask(branch, "ann", "My manager Dave Smith says why? ann@firm.example")
    reply(branch, "rita", "Ring Dave on 07700 900123.\nOr me.")
    (draft,) = branch.rows("reply")
    assert (draft["status"], draft["person"]) == ("new", branch.person("rita"))
    for private in ("Dave", "Smith", "firm.example", "900123"):
        assert private not in f"{draft['asked']} {draft['words']}"
    assert str(draft["words"]).endswith("\nOr me.")
    (question,) = branch.rows("question")
    assert str(question["id"])[2:-2] not in repr(draft)
    assert branch.person("ann") not in repr(draft)


def about(house: House, who: str) -> list[Row]:
    person = house.person(who)
    tables = ("question", "take", "reply", "consent")
    return [row for table in tables for row in house.rows(table, person=person)]


def test_who_asked_can_be_forgotten_and_the_rep_learns_that_it_is_gone(branch: House) -> None:
    ask(branch, "ann")
    take(branch, "rita")
    branch.command("ann", "forget", "yes")
    assert "zebra" not in repr(branch.rows("question"))
    branch.say("rita", "Because.")
    assert sent_to(branch, "rita")[-1] == wording("desk.gone")


def test_a_rep_can_be_forgotten_and_the_question_waits_again(branch: House) -> None:
    ask(branch, "ann")
    take(branch, "rita")
    person = branch.person("rita")
    branch.command("rita", "forget", "yes")
    assert branch.rows("take", person=person) == []
    assert "why zebra?" in take(branch, "roy")[-1]


def test_a_forgotten_rep_leaves_the_draft_without_their_name(branch: House) -> None:
    ask(branch, "ann")
    reply(branch, "rita")
    branch.command("rita", "forget", "yes")
    (draft,) = branch.rows("reply")
    assert draft["person"] is None
    before = len(branch.channel.sent)
    branch.press("ann", wording("button.rep-thank"))
    assert [sent.address.id for sent in branch.channel.sent[before:]] == ["ann"]


@pytest.mark.parametrize(
    ("purpose", "kept"), [("ask-a-rep", []), ("share-name", [None]), ("other", ["Ann"])]
)
def test_an_agreement_taken_back_takes_with_it_what_it_allowed(
    branch: House, purpose: str, kept: Sequence[str | None]
) -> None:
    ask(branch, "ann")
    branch.press("ann", wording("button.ask-rep-name"))
    branch.say("ann", "Ann")
    branch.command("ann", "consent", purpose)
    assert [row["name"] for row in branch.rows("question")] == list(kept)


def test_a_question_can_be_taken_back_until_it_is_answered(branch: House) -> None:
    ask(branch, "ann")
    take(branch, "rita")
    branch.press("ann", wording("button.ask-rep-withdraw"))
    assert branch.rows("question") == branch.rows("take") == []
    ask(branch, "ann")
    reply(branch, "rita")
    branch.press("ann", wording("button.ask-rep-withdraw"))
    assert len(branch.rows("question")) == 1


def test_nobody_has_more_than_three_questions_waiting(branch: House) -> None:
    for number in range(3):
        ask(branch, "ann", f"why {number}?")
    branch.command("ann", "human")
    assert branch.press("ann", wording("button.ask-rep-new")) == [wording("ask-rep.full", limit=3)]


def test_who_waits_a_week_is_told_once(branch: House) -> None:
    ask(branch, "ann")
    told = wording("rep-mail.untaken")
    for days in (6, 2, 2):
        branch.clock.pass_(days=days)
        nightly.run(branch.store, branch.content, branch.clock, branch.clock.now())
        branch.deliver()
    assert sent_to(branch, "ann").count(told) == 1
    branch.press("ann", wording("button.ask-rep-withdraw"))
    assert branch.rows("question") == []


def test_telling_goes_on_in_pieces(branch: House) -> None:
    for who in ("ann", "ben"):
        ask(branch, who)
    branch.clock.pass_(days=8)
    now, fresh = branch.clock.now(), branch.clock.fresh()
    told = [
        branch.do(lambda tx: questions.tell_untaken(tx, branch.content, fresh, now, 1))
        for _ in range(3)
    ]
    assert told == [1, 1, 0]


def test_what_arrives_between_turns_leaves_the_table_as_it_was(branch: House) -> None:
    """Numbers that were on the table keep their meaning; those of the reply run on behind them."""
    ask(branch, "ann")
    take(branch, "rita")
    branch.say("ann", "How much does registration cost?")
    menu = branch.session("ann").menu
    branch.say("rita", "Because.")
    branch.press("rita", SEND)
    last = [s.reply for s in branch.channel.sent if s.address.id == "ann"][-1]
    assert last.first_number == len(menu) + 1
    assert branch.say("ann", str(last.first_number))[-1] == wording("ask-rep.thanked")


def test_a_reply_to_a_talk_that_was_forgotten_comes_without_buttons(branch: House) -> None:
    ask(branch, "ann")
    person = branch.person("ann")
    branch.do(lambda tx: tx.delete("session", {"person": person}))
    reply(branch, "rita")
    last = [s.reply for s in branch.channel.sent if s.address.id == "ann"][-1]
    assert "Because quagga" in last.text
    assert last.options == ()


def test_somebody_who_last_spoke_in_a_group_gets_the_reply_in_private() -> None:
    house = House(MemoryStore())
    for who in ("rita", "ann"):
        house.say(who, "hello")
    house.grant("rita", Role.REP)
    ask(house, "ann")
    house.hear("ann", Text("hello"), Place.GROUP)
    reply(house, "rita")
    got = [s for s in house.channel.sent if "Because quagga" in s.reply.text][-1]
    assert (got.address.id, got.place) == ("ann", Place.PRIVATE)
    assert house.press("ann", wording("button.rep-thank"))[-1] == wording("ask-rep.thanked")
