"""Who takes an utterance: the declared list, and each taker before the next."""

from dataclasses import replace

import pytest

from bot.engine import taking
from bot.engine.desk import Stage
from bot.engine.plan_words import take_plan_words
from bot.engine.session import Act, Errand, Offer
from bot.engine.speech import Scene
from bot.engine.taking import Heard, take_sensitive
from bot.engine.turn import (
    EDITED_TAKERS,
    TAKERS,
    Taker,
    take_choice,
    take_command,
    take_crisis,
    take_edit,
    take_errand,
    take_phrase,
    take_plan,
    take_question,
    take_undo,
)
from bot.faq.ranking import Ranking
from bot.messages import TEXT_LIMIT, Audience, Command, Edited, Text, Token, Unreadable
from tests.builders import (
    Talk,
    answered,
    chatted,
    content_of,
    declined,
    guarded,
    labels_of,
    text_of,
    torn,
    wording,
)

CRISIS = "Please talk to somebody now."
CARD = "Talk to your rep first."


def talk_with_menu() -> Talk:
    talk = Talk()
    talk.say("which", torn("cost", "employer"))
    return talk


def test_the_takers_are_the_list_of_the_house() -> None:
    assert list(TAKERS) == [
        take_crisis,
        take_command,
        take_choice,
        taking.take_why,
        taking.take_answer,
        taking.take_submit,
        take_plan_words,
        take_errand,
        take_undo,
        take_plan,
        take_phrase,
        take_sensitive,
        taking.take_flow,
        taking.take_correction,
        taking.take_unfit,
        taking.take_aside,
        taking.take_reprompt,
        take_question,
    ]
    assert list(EDITED_TAKERS) == [take_crisis, taking.take_edited, take_sensitive, take_edit]


# Each text could be taken by both: by the one that wins, and by one behind it.
TIES: tuple[tuple[Taker, Taker, str, Ranking, str], ...] = (
    (take_crisis, take_command, "help", guarded("crisis"), CRISIS),
    (take_command, take_choice, "stop", answered("cost"), wording("stopped")),
    (take_choice, take_errand, "menu", answered("cost"), "A check from outside."),
    (take_errand, take_phrase, "forget me", answered("cost"), wording("ask-rep.passed-on")),
    (take_phrase, take_sensitive, "forget me", guarded("dismissal"), wording("forget.confirm")),
    (take_sensitive, take_question, "sack me", guarded("dismissal"), CARD),
)


@pytest.mark.parametrize(("first", "second", "text", "ranking", "said"), TIES)
def test_a_taker_comes_before_the_next(
    first: Taker,
    second: Taker,
    text: str,
    ranking: Ranking,
    said: str,
) -> None:
    talk = talk_with_menu()
    if take_choice in {first, second}:
        option = Offer(Token("t"), text, Act("show", ("basics",)))
        talk.session = replace(talk.session, offers=(option,), menu=(option.token,))
    if take_errand in {first, second}:
        talk.session = replace(talk.session, errand=Errand(Stage.WRITE))
    scene = Scene(session=talk.session, view=talk.view, content=talk.content, now=talk.now)
    assert TAKERS.index(first) < TAKERS.index(second)
    assert first(scene, Heard(text, ranking))
    assert second(scene, Heard(text, ranking))
    assert said in text_of(talk.say(text, ranking))


def test_a_crisis_beats_a_number_on_the_table() -> None:
    talk = talk_with_menu()
    assert CRISIS in text_of(talk.say("1", guarded("crisis")))


def test_a_crisis_wins_at_every_taker_and_leaves_the_talk_where_it_stood() -> None:
    talk = talk_with_menu()
    before = talk.session
    turn = talk.say("help", guarded("crisis"))
    assert turn.effects == ()
    assert turn.session == replace(before, turn=before.turn + 1, open_miss=None)
    assert "How much" in text_of(talk.say("1"))


def test_a_number_on_the_table_beats_small_talk() -> None:
    talk = talk_with_menu()
    assert "Many do." in text_of(talk.say("2", chatted()))


def test_a_number_that_is_not_on_the_table_is_a_question() -> None:
    talk = talk_with_menu()
    assert wording("decline.words") in text_of(talk.say("7", declined("7", False)))


def test_a_number_without_a_table_is_small_talk() -> None:
    assert "Good to see you." in text_of(Talk().say("7", chatted()))


def test_a_sensitive_text_beats_any_entry() -> None:
    assert CARD in text_of(Talk().say("can they sack me over the fee", guarded("dismissal")))


def test_a_sensitive_text_beats_small_talk_and_a_double_question() -> None:
    turn = Talk().say("hello, they want to sack me", guarded("dismissal"))
    assert len(turn.replies) == 1
    assert CARD in text_of(turn)


@pytest.mark.parametrize("text", ["stop", "STOP", " Stop! ", "stop."])
def test_a_verb_is_exactly_that_word(text: str) -> None:
    assert wording("stopped") in text_of(Talk().say(text, answered("cost")))


@pytest.mark.parametrize("text", ["please stop", "stop it now", "stops", "how do I cancel?"])
def test_a_sentence_with_a_verb_in_it_is_a_question(text: str) -> None:
    assert "It costs" in text_of(Talk().say(text, answered("cost")))


def test_a_label_may_be_typed_with_a_slip() -> None:
    talk = talk_with_menu()
    assert "Many do." in text_of(talk.say("will my employer pay teh fee"))


def test_two_labels_that_are_as_near_are_asked_back() -> None:
    faq = """
entries:
  - {id: a, question: Fees for rail staff 2024, answer: One.}
  - {id: b, question: Fees for rail staff 2025, answer: Two.}
"""
    talk = Talk(content_of(faq))
    talk.say("fees", torn("a", "b"))
    turn = talk.say("fees for rail staff 2023")
    assert text_of(turn) == wording("choice.which")
    assert labels_of(turn) == ["Fees for rail staff 2024", "Fees for rail staff 2025"]
    assert "Two." in text_of(talk.say("2"))


def test_a_menu_whose_buttons_have_expired_takes_nothing() -> None:
    talk = talk_with_menu()
    talk.session = replace(talk.session, offers=talk.session.offers[1:])
    assert wording("decline.question") in text_of(talk.say("1"))


def test_the_table_stays_while_nothing_else_is_offered() -> None:
    talk = talk_with_menu()
    talk.command("status")
    assert "Many do." in text_of(talk.say("2"))


def test_words_that_are_none_are_said_so() -> None:
    for text in ("", "   ", "\n\t"):
        assert text_of(Talk().say(text, answered("cost"))) == wording("empty")


def test_a_text_without_a_ranking_is_no_text() -> None:
    assert text_of(Talk().hear(Text("cost"))) == wording("empty")


def test_a_long_text_is_answered_and_the_cut_is_said() -> None:
    turn = Talk().say("a" * (TEXT_LIMIT + 1), answered("cost"))
    assert turn.replies[0].text == wording("long", limit="4,096")
    assert "It costs" in turn.replies[1].text
    assert len(Talk().say("a" * TEXT_LIMIT, answered("cost")).replies) == 1


def test_an_edited_message_is_answered_anew_and_never_a_choice_or_a_verb() -> None:
    talk = talk_with_menu()
    for text in ("1", "stop", "/forget", "my data"):
        turn = talk.hear(Edited(text), answered("refund"))
        assert text_of(turn).startswith(wording("edited"))
        assert "Only in the first month." in text_of(turn)


def test_an_edited_message_may_be_a_crisis_or_sensitive() -> None:
    assert CRISIS in text_of(Talk().hear(Edited("x"), guarded("crisis")))
    assert CARD in text_of(Talk().hear(Edited("x"), guarded("dismissal")))


def test_what_we_cannot_read_is_named_kindly() -> None:
    assert "pictures" in text_of(Talk().hear(Unreadable("photo")))


def test_a_kind_that_nobody_foresaw_is_named_too() -> None:
    assert wording("unreadable.other") in text_of(Talk().hear(Unreadable("hologram")))


def test_a_command_may_be_typed_with_its_slash_and_the_name_of_the_bot() -> None:
    for text in ("/audience rep", "/AUDIENCE rep", "/audience@pathways_bot rep", "/audience  rep"):
        assert wording("audience.rep") in text_of(Talk().say(text, answered("cost")))


def test_a_slash_in_the_middle_is_no_command() -> None:
    assert "It costs" in text_of(Talk().say("fees /audience rep", answered("cost")))


def test_an_unknown_command_is_said_so() -> None:
    assert text_of(Talk().command("fly")) == wording("command.unknown")
    assert text_of(Talk().say("/fly", answered("cost"))) == wording("command.unknown")


def test_help_is_a_verb_and_never_a_question() -> None:
    assert wording("help") in text_of(Talk().say("Help!", answered("cost")))


def test_repeat_shows_the_last_answer_again() -> None:
    talk = Talk()
    assert text_of(talk.say("repeat")) == wording("repeat.nothing")
    answer = text_of(talk.say("cost", answered("cost")))
    assert text_of(talk.say("repeat")) == answer
    assert text_of(talk.hear(Command("repeat"))) == answer


def test_repeat_shows_the_page_that_was_browsed_last() -> None:
    talk = Talk()
    talk.say("topics")
    page = text_of(talk.press("What it costs"))
    assert page == wording("browse.topics")
    assert text_of(talk.say("repeat")) == page
    assert labels_of(talk.turn) == ["Fees", "Help with fees"] if talk.turn else False


def test_restart_forgets_the_talk_and_its_buttons_but_not_the_choices() -> None:
    talk = Talk()
    talk.view = replace(talk.view, audience=Audience.REP)
    talk.say("cost", answered("cost"))
    helpful = talk.option("Helpful")
    turn = talk.say("restart")
    assert text_of(turn).startswith(wording("restarted"))
    assert talk.session.last is None
    assert talk.session.token(1) != helpful.token
    assert talk.session.offer(helpful.token) is None
