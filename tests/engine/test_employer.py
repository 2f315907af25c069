"""Where the employer may read along, the first private talk says so, once (L5); and what `/ask` takes."""

from dataclasses import replace

from bot.engine.effects import OptIn, OptOut
from bot.engine.turn import Turn
from bot.messages import Command, Place, ReplyKind
from tests.builders import Talk, answered, guarded, view, wording

WAY = "https://example.org/private"


def at_work(place: Place = Place.PRIVATE, way: str = "") -> Talk:
    return Talk(view=replace(view(place=place), employer_reads=True, private_way=way))


def texts(turn: Turn) -> list[str]:
    return [reply.text for reply in turn.replies]


def test_the_first_private_talk_says_who_may_read_it_and_no_other() -> None:
    talk = at_work()
    first = talk.command("help")
    assert texts(first)[0] == wording("employer.reads").strip()
    assert first.replies[0].kind is ReplyKind.CARD
    assert len(first.replies) == 2
    assert len(talk.command("help").replies) == 1
    assert wording("employer.reads").strip() not in texts(talk.command("restart"))


def test_a_private_way_is_offered_where_there_is_one() -> None:
    assert f"]({WAY})" in texts(at_work(way=WAY).command("help"))[0]


def test_it_is_not_said_in_a_group_nor_elsewhere() -> None:
    group = at_work(Place.GROUP)
    assert len(group.command("help").replies) == 1
    group.view = replace(group.view, place=Place.PRIVATE)
    assert len(group.command("help").replies) == 2
    assert len(Talk().command("help").replies) == 1


def test_a_crisis_goes_first_and_it_is_said_next_time() -> None:
    talk = at_work()
    assert len(talk.say("i want to end it all", guarded("crisis")).replies) == 1
    assert len(talk.command("help").replies) == 2


def test_ask_takes_words_for_a_question_and_for_nothing_else() -> None:
    talk = Talk()
    asked = talk.hear(Command("ask", "stop"), answered("cost", words="stop"))
    assert asked.effects == ()
    assert "It costs **less** than you think." in texts(asked)[0]
    assert talk.say("/ask stop", answered("cost", words="stop")).effects == ()
    crisis = talk.hear(Command("ask", "i want to end it all"), guarded("crisis"))
    assert "Samaritans" in texts(crisis)[0]
    assert texts(talk.command("ask")) == [wording("empty")]


def test_broadcasts_are_taken_back_as_easily_as_they_are_stopped() -> None:
    talk = Talk()
    assert talk.say("stop").effects == (OptOut("all"),)
    assert talk.command("optin").effects == (OptIn("all"),)
    assert talk.say("opt in").effects == (OptIn("all"),)
