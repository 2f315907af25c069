"""Asking a person, by the engine alone: what each step wants done, and who may not (A11)."""

from dataclasses import replace
from typing import get_args

import pytest

from bot.engine.desk import (
    DAY_LIMIT,
    NAME_LIMIT,
    OPEN_LIMIT,
    REPLY_LIMIT,
    WORDS_LIMIT,
    Desk,
    Own,
    Stage,
    Taken,
    Waiting,
    is_desk_needed,
)
from bot.engine.effects_reps import (
    KeepReply,
    LeaveQuestion,
    NameAsker,
    PutQuestion,
    RepEffect,
    SendReply,
    SignReply,
    TakeQuestion,
    ThankRep,
    WithdrawQuestion,
)
from bot.engine.session import Act, Errand, Offer, Session
from bot.messages import Choice, Command, Place, Role, Text, Token
from tests.builders import KEY, Talk, answered, guarded, labels_of, text_of, view, wording

ASKED = Waiting(id="q-1", words="why?\n# me", name="", days=2, is_back=False)
MINE = Own("q-1", is_waiting=True, may_thank=False, may_ask_back=False)
DONE = Own("q-1", is_waiting=False, may_thank=True, may_ask_back=True)
WAITING = Desk(waiting=(ASKED,))
IN_HAND = Desk(taken=(Taken(question=ASKED, reply="Because.", signed=""),))
SIGNED = Desk(taken=(Taken(question=ASKED, reply="Because.", signed="Bo"),))


def talk_of(*roles: Role, desk: Desk | None = None, errand: Errand | None = None) -> Talk:
    talk = Talk(view=replace(view(*roles), desk=desk or Desk()))
    talk.session = replace(talk.session, errand=errand)
    return talk


def plant(talk: Talk, name: str, *arguments: str) -> Choice:
    offer = Offer(Token("t"), "Press", Act(name, arguments))
    talk.session = replace(talk.session, offers=(offer,))
    return Choice(offer.token)


REP = (Role.REP,)
STEPS: tuple[tuple[tuple[Role, ...], Desk, Errand | None, Act | str, RepEffect], ...] = (
    ((), Desk(), Errand(Stage.WRITE), "why?", PutQuestion(id="", words="why?")),
    (
        (),
        Desk(),
        Errand(Stage.WRITE_BACK, "q-0"),
        " so? ",
        PutQuestion(id="", words="so?", back_of="q-0"),
    ),
    (
        (),
        Desk(last_words="[name]?"),
        Errand(Stage.AGREE, "m"),
        Act("ask-agree"),
        PutQuestion(id="", words="[name]?"),
    ),
    ((), Desk(own=(MINE,)), Errand(Stage.NAME, "q-1"), "Ann", NameAsker("q-1", "Ann")),
    ((), Desk(own=(MINE,)), None, Act("ask-withdraw", ("q-1",)), WithdrawQuestion("q-1")),
    ((), Desk(own=(DONE,)), None, Act("rep-thank", ("q-1",)), ThankRep("q-1")),
    (REP, WAITING, None, Act("desk-take", ("q-1",)), TakeQuestion("q-1")),
    (REP, IN_HAND, None, Act("desk-leave", ("q-1",)), LeaveQuestion("q-1")),
    (REP, IN_HAND, Errand(Stage.REPLY, "q-1"), "So.", KeepReply("q-1", "So.")),
    (REP, IN_HAND, Errand(Stage.SIGN, "q-1"), "Bo", SignReply("q-1", "Bo")),
    (REP, SIGNED, None, Act("desk-sign", ("q-1", "no")), SignReply("q-1", "")),
    (REP, IN_HAND, None, Act("desk-send", ("q-1",)), SendReply("q-1", "")),
)


@pytest.mark.parametrize(("roles", "desk", "errand", "step", "effect"), STEPS)
def test_a_step_wants_done_what_it_says(
    roles: tuple[Role, ...], desk: Desk, errand: Errand | None, step: Act | str, effect: RepEffect
) -> None:
    talk = talk_of(*roles, desk=desk, errand=errand)
    if isinstance(step, str):
        turn = talk.say(step, answered("cost"))
    else:
        turn = talk.hear(plant(talk, step.name, *step.arguments))
    (found,) = turn.effects
    if isinstance(found, PutQuestion):
        assert found.id.startswith("q-")
        found = replace(found, id="")
    if isinstance(found, SendReply):
        assert found.draft.startswith("r-")
        found = replace(found, draft="")
    assert found == effect
    assert talk.session.errand is None or step == Act("desk-take", ("q-1",))


def test_every_effect_is_wanted_by_a_step() -> None:
    assert {type(effect) for *_, effect in STEPS} == set(get_args(RepEffect))


ACTS = sorted({step for *_, step, _ in STEPS if isinstance(step, Act)}, key=repr)


@pytest.mark.parametrize("act", ACTS, ids=repr)
def test_a_button_does_nothing_for_who_has_no_such_question(act: Act) -> None:
    talk = talk_of(Role.REP)
    assert talk.hear(plant(talk, act.name, *act.arguments)).effects == ()


@pytest.mark.parametrize("act", [a for a in ACTS if a.name.startswith("desk-")], ids=repr)
@pytest.mark.parametrize("desk", [WAITING, IN_HAND, SIGNED])
def test_a_button_of_the_queue_is_for_reps_in_private(act: Act, desk: Desk) -> None:
    member = talk_of(desk=desk)
    assert text_of(member.hear(plant(member, act.name, *act.arguments))) == wording("refused.role")
    group = Talk(view=replace(view(Role.REP, place=Place.GROUP), desk=desk))
    said = group.hear(plant(group, act.name, *act.arguments))
    assert text_of(said) == wording("refused.place")
    assert said.effects == ()


@pytest.mark.parametrize("stage", [Stage.REPLY, Stage.SIGN])
def test_who_lost_the_role_can_write_no_more(stage: Stage) -> None:
    talk = talk_of(desk=IN_HAND, errand=Errand(stage, "q-1"))
    turn = talk.say("Because.")
    assert text_of(turn) == wording("refused.role")
    assert turn.effects == ()
    assert talk.session.errand is None


LONG = (
    (Stage.WRITE, WORDS_LIMIT),
    (Stage.NAME, NAME_LIMIT),
    (Stage.REPLY, REPLY_LIMIT),
    (Stage.SIGN, NAME_LIMIT),
)


@pytest.mark.parametrize(("stage", "limit"), LONG)
def test_words_that_are_too_long_are_asked_for_again(stage: Stage, limit: int) -> None:
    desk = replace(IN_HAND, own=(MINE,))
    talk = talk_of(Role.REP, desk=desk, errand=Errand(stage, "q-1"))
    assert talk.say("x" * (limit + 1)).effects == ()
    assert talk.session.errand == Errand(stage, "q-1")
    assert len(talk.say("x" * limit).effects) == 1


@pytest.mark.parametrize(
    ("desk", "key", "limit"),
    [
        (Desk(own=(MINE,) * OPEN_LIMIT), "ask-rep.full", OPEN_LIMIT),
        (Desk(day_count=DAY_LIMIT), "ask-rep.day", DAY_LIMIT),
    ],
)
def test_nobody_fills_the_queue(desk: Desk, key: str, limit: int) -> None:
    talk = talk_of(desk=desk)
    talk.command("human")
    assert text_of(talk.press(wording("button.ask-rep-new"))) == wording(key, limit=limit)
    assert talk.session.errand is None


def test_an_offer_that_is_not_taken_up_is_forgotten_with_the_next_turn() -> None:
    talk = Talk()
    talk.say("x")
    miss = talk.session.open_miss
    assert miss
    assert talk.command("human").session.errand == Errand(Stage.OFFERED, miss)
    after = talk.command("status").session
    assert after.errand is None
    assert after.open_miss is None


@pytest.mark.parametrize("way", ["cancel", "back", "skip", "pause"])
def test_a_verb_leaves_what_waits_for_words(way: str) -> None:
    talk = talk_of(errand=Errand(Stage.WRITE))
    assert text_of(talk.say(way)) == wording("errand.left")
    assert "less" in text_of(talk.say("cost", answered("cost")))


@pytest.mark.parametrize("way", ["help", "status", "/privacy"])
def test_what_passes_by_leaves_the_question_open(way: str) -> None:
    talk = talk_of(errand=Errand(Stage.WRITE))
    talk.say(way)
    assert talk.session.errand == Errand(Stage.WRITE)


@pytest.mark.parametrize("way", ["topics", "restart", "/join x"])
def test_what_begins_anew_ends_it(way: str) -> None:
    talk = talk_of(errand=Errand(Stage.WRITE))
    talk.say(way)
    assert talk.session.errand is None


def test_a_crisis_wins_and_the_question_stays_open() -> None:
    talk = talk_of(errand=Errand(Stage.WRITE))
    turn = talk.say("end it all", guarded("crisis"))
    assert turn.effects == ()
    assert talk.session.errand == Errand(Stage.WRITE)


def test_a_sensitive_question_is_passed_on_and_the_signpost_follows() -> None:
    talk = talk_of(errand=Errand(Stage.WRITE))
    turn = talk.say("they sack me", guarded("dismissal"))
    assert [type(effect) for effect in turn.effects] == [PutQuestion]
    assert "Talk to your rep first." in turn.replies[-1].text


def test_a_group_is_offered_no_rep() -> None:
    talk = Talk(view=view(place=Place.GROUP))
    assert labels_of(talk.command("human")) == []
    assert text_of(talk.hear(plant(talk, "ask-rep", "new"))) == wording("refused.place")
    labels = [label for _ in range(3) for label in labels_of(talk.say("x"))]
    assert labels
    assert wording("button.ask-rep-new") not in labels


def test_words_of_others_are_shown_and_never_act() -> None:
    turn = talk_of(Role.REP, desk=WAITING).command("questions")
    assert "why? \\# me" in turn.replies[0].text
    assert turn.replies[0].personal
    assert labels_of(turn) == [wording("button.desk-take", number=1)]


def test_the_queue_shows_what_is_in_hand_first() -> None:
    talk = talk_of(Role.REP, desk=replace(IN_HAND, waiting=(replace(ASKED, id="q-2"),)))
    turn = talk.command("questions")
    assert len(labels_of(turn)) == 2
    assert wording("button.desk-send") in labels_of(talk.say("1"))


@pytest.mark.parametrize(
    ("utterance", "errand", "needed"),
    [
        (Text("what does it cost?"), None, False),
        (Text("/questions"), None, True),
        (Command("questions"), None, True),
        (Command("help"), None, False),
        (Text("so?"), Errand(Stage.WRITE), True),
    ],
)
def test_the_desk_is_read_only_where_it_may_be_needed(
    utterance: Text | Command, errand: Errand | None, needed: bool
) -> None:
    assert is_desk_needed(Session(secret=KEY, errand=errand), utterance) is needed
