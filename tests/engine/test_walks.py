"""Whatever people do, over the real content: every turn is answered, and nothing ever breaks."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.commands import COMMANDS
from bot.engine.session import decode, encode
from bot.engine.turn import Turn, respond
from bot.faq.ranking import Part, Ranked, Ranking
from bot.knowledge.content import Content, parse_content
from bot.messages import (
    TOKEN_LIMIT,
    Audience,
    Choice,
    Command,
    Edited,
    EntryId,
    Outcome,
    Place,
    Role,
    Text,
    Token,
    Unreadable,
    Utterance,
)
from tests.builders import NOON, FixedClock, Talk, options_of, shipped, view

MAX_TURNS = 14


@cache
def real() -> Content:
    return parse_content(shipped())


def entries() -> st.SearchStrategy[EntryId]:
    return st.sampled_from(list(real().entry_by_id))


confidences = st.floats(0, 1).map(lambda value: round(value, 3))


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """Any part that a reader may make of some words."""
    outcome = draw(st.sampled_from(Outcome))
    near = draw(st.dictionaries(entries(), confidences, min_size=3, max_size=10))
    ranked = tuple(sorted((Ranked(e, c) for e, c in near.items()), key=lambda r: -r.confidence))
    offered = {Outcome.ANSWER: 1, Outcome.DISAMBIGUATE: draw(st.integers(2, 3))}.get(outcome, 0)
    topics = [topic.id for topic in real().sensitive.topics]
    kinds = [kind.id for kind in real().smalltalk.kinds]
    named = {Outcome.SIGNPOST: topics, Outcome.SMALLTALK: kinds}.get(outcome, [""])
    return Part(
        words=draw(st.text(max_size=30)),
        outcome=outcome,
        ranked=ranked,
        offered=tuple(one.entry for one in ranked[:offered]),
        topic=draw(st.sampled_from(named)),
        confidence_by_entry=near,
    )


rankings = st.builds(
    Ranking, parts=st.lists(parts(), min_size=1, max_size=2).map(tuple), is_question=st.booleans()
)
words = st.one_of(
    st.text(max_size=60),
    st.integers(-2, 60).map(str),
    st.sampled_from([phrase for spec in COMMANDS for phrase in (spec.name, *spec.phrases)]),
    st.sampled_from(["/join \ud800", "/consent \x00", "\u202eevil", "🙂", "1" * 5000]),
)
commands = st.builds(
    Command,
    st.sampled_from([spec.name for spec in COMMANDS]) | st.text(max_size=8),
    st.sampled_from(["", "yes", "rep", "cy", "officer"]) | st.text(max_size=12),
)
doings = st.one_of(
    st.tuples(st.just("say"), words, rankings),
    st.tuples(st.just("edit"), words, rankings),
    st.tuples(st.just("press"), st.integers(0, 10**6), st.none()),
    st.tuples(st.just("command"), commands, st.none()),
    st.tuples(st.just("show"), st.sampled_from(["photo", "poll", ""]), st.none()),
)
walks = st.lists(doings, min_size=1, max_size=MAX_TURNS)
people = st.builds(
    view,
    st.sampled_from(list(Role)),
    place=st.sampled_from(list(Place)),
)


def utterance_of(kind: object, what: object, offered: list[Token]) -> Utterance:
    match kind, what:
        case "say", str(text):
            return Text(text)
        case "edit", str(text):
            return Edited(text)
        case "press", int(number):
            return Choice(offered[number % len(offered)] if offered else Token(str(number)))
        case "command", Command() as command:
            return command
        case _, str(name):
            return Unreadable(name)
        case _:
            raise AssertionError(kind)


def check(turn: Turn) -> None:
    """What holds after every turn."""
    assert turn.replies or turn.effects, "somebody must say something"
    assert all(reply.text.strip() for reply in turn.replies)
    numbers = [reply.first_number for reply in turn.replies if reply.options]
    sizes = [len(reply.options) for reply in turn.replies if reply.options]
    assert numbers == [1 + sum(sizes[:place]) for place in range(len(sizes))]
    for option in options_of(turn):
        assert option.label.strip()
        assert len(option.token.encode()) <= TOKEN_LIMIT
        assert turn.session.offer(option.token) is not None
    assert decode(encode(turn.session)) == turn.session


@settings(max_examples=40)
@given(walks, people, st.none() | st.sampled_from(list(Audience)))
def test_any_walk_is_answered_turn_by_turn(
    walk: list[tuple[str, object, Ranking | None]], who: object, audience: Audience | None
) -> None:
    talk = Talk(real())
    assert isinstance(who, type(talk.view))
    talk.view = who
    offered: list[Token] = []
    for kind, what, ranking in walk:
        utterance = utterance_of(kind, what, offered)
        turn = talk.hear(utterance, ranking)
        check(turn)
        offered += [option.token for option in options_of(turn)]


@settings(max_examples=20)
@given(walks)
def test_the_same_walk_leads_to_the_same_place(
    walk: list[tuple[str, object, Ranking | None]],
) -> None:
    ends = []
    for _ in range(2):
        clock, talk = FixedClock(seed=1), Talk(real())
        session, offered = talk.session, list[Token]()
        said: list[str] = []
        for kind, what, ranking in walk:
            seen = view(fresh=clock.fresh())
            turn = respond(session, utterance_of(kind, what, offered), ranking, seen, real(), NOON)
            session = turn.session
            offered += [option.token for option in options_of(turn)]
            said += [reply.text for reply in turn.replies]
        ends.append((session, said))
    assert ends[0] == ends[1]


@settings(max_examples=60)
@given(rankings, st.data())
def test_every_option_is_reached_by_its_button_and_by_its_number(
    ranking: Ranking, data: st.DataObject
) -> None:
    talk = Talk(real())
    turn = talk.say("words", ranking)
    options = options_of(turn)
    if not options:
        return
    number = data.draw(st.integers(1, len(options)))
    session = talk.session
    pressed = talk.hear(Choice(options[number - 1].token))
    talk.session, talk.clock = session, FixedClock(seed=0)
    talk.clock.fresh()
    typed = talk.say(str(number))
    assert [reply.text for reply in typed.replies] == [reply.text for reply in pressed.replies]
    assert typed.session == pressed.session
