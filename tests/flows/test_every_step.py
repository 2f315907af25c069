"""At every step of every flow we ship, and of the manual's: an aside loses nothing, an answer is one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.held import active
from bot.engine.prompts import NUMBERED
from bot.flows.acceptance import fault
from bot.flows.loading import parse_flows
from bot.flows.model import Deed, Flow, Flows, Kind, Question
from bot.flows.route import Stop, settle
from bot.flows.run import Answer, Answered, Status
from bot.flows.standing import pending
from bot.messages import Role, Text
from bot.wiring import flow_texts
from tests.builders import Talk, answered, declined, view
from tests.flows.sample import sample

FLOWS: tuple[Flow, ...] = (sample(), *parse_flows(flow_texts(None)).current)
SURVEYS = tuple(flow for flow in FLOWS if flow.survey)
ASIDE = "what does it cost?"
NOTHING = "wibble wobble"


def talk_of(flow: Flow) -> Talk:
    flows = Flows((flow, *SURVEYS) if flow.does is Deed.OPEN_SURVEY else (flow,))
    talk = Talk(view=replace(view(), flows=flows, roles=frozenset(Role)))
    talk.say(flow.title.en)
    if flow.does is Deed.OPEN_SURVEY:  # its title is the name of a button, which asks of what
        talk.press(flow.title.en)
        talk.press(SURVEYS[0].title.en)
    talk.press("I agree, begin" if flow.purpose else "Yes, begin")
    return talk


def stop_of(talk: Talk, flow: Flow) -> Stop | None:
    one = active(talk.session)
    if one is None:
        return None
    return pending(one.run, settle(flow, one.run, talk.now).route)


def words_for(stop: Stop) -> str:
    """Something to type that is a right answer, or a way past."""
    question = stop.part
    if not isinstance(question, Question):
        return "no"
    codes = [choice.name for choice in stop.choices()]
    tries: dict[str, Answered] = {"4": 4, "0": 0, "a word": "a word", "2026-12-01": "2026-12-01"}
    if question.kind.value == "rank":
        return ", ".join(str(n) for n in range(1, len(codes) + 1))
    if question.kind in NUMBERED:
        return "1 and 2" if question.kind.value == "select_multiple" and len(codes) > 1 else "1"
    return next(text for text, one in tries.items() if fault(stop, Answer(value=one)) is None)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_an_aside_loses_nothing_and_an_answer_is_no_aside(flow: Flow) -> None:
    talk = talk_of(flow)
    steps = 0
    while (stop := stop_of(talk, flow)) is not None:
        steps += 1
        assert steps < 200, "it does not end"
        before = active(talk.session)
        assert before is not None
        if not (isinstance(stop.part, Question) and stop.part.kind.value == "text"):
            turn = talk.say(ASIDE, replace(answered("cost"), is_question=True))
            assert active(talk.session) == before
            assert "less" in turn.replies[0].text
            assert len(turn.replies) == 2
            assert [r for r in turn.replies if r.text.startswith("Back to it")] or not isinstance(
                stop.part, Question
            )
        after = talk.say(words_for(stop), replace(answered("cost"), is_question=True))
        assert "less" not in after.replies[0].text, words_for(stop)
        now = active(talk.session)
        assert now is not None
        assert now.run.history != before.run.history, (stop.key, words_for(stop))
    assert steps >= 2


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_no_prompt_comes_four_times(flow: Flow) -> None:
    talk = talk_of(flow)
    stop = stop_of(talk, flow)
    assert stop is not None
    if isinstance(stop.part, Question) and stop.part.kind.value == "text":
        pytest.skip("any words answer a text question")
    babble = replace(declined(NOTHING), is_question=False)
    said = [talk.say(NOTHING, babble).replies[-1].text for _ in range(4)]
    assert len(set(said)) == 4
    assert talk.session.runs[0].run.status is Status.PAUSED


SAID = st.sampled_from(
    ["1", "2", "back", "skip", "no", "yes", "done", "pause", "resume", "restart", "status", "help",
     "change years", "no, 14 not 40", "12", "a dozen", "10-15", ASIDE, NOTHING, "why do you ask",
     "cancel", "stop", "repeat", "survey", "Yes, begin", "Hand it in", "Take that back", "🙂", "²",
     "q1 is wrong"]
) | st.text(max_size=12)  # fmt: skip


@settings(max_examples=60)
@given(said=st.lists(SAID, max_size=20), asks=st.booleans())
def test_whatever_is_said_there_is_an_answer(said: list[str], *, asks: bool) -> None:
    talk = talk_of(FLOWS[0])
    for text in said:
        turn = talk.hear(Text(text), replace(declined(text), is_question=asks))
        assert turn.replies
        assert all(reply.text.strip() for reply in turn.replies)


DAY_WORDS = (
    *("friday week", "a week on Tuesday", "tomorrow fortnight", "two weeks come monday"),
    *("yesterday", "last friday", "in 9 months", "the friday after next", "the week after next"),
)


@pytest.mark.parametrize("words", DAY_WORDS)
def test_at_a_date_question_no_words_for_a_day_are_ever_an_aside(words: str) -> None:
    """Nor one that cannot be taken: it is said what is wrong with it, even where an entry is near."""
    asked = 0
    for flow in FLOWS:
        talk = talk_of(flow)
        while (stop := stop_of(talk, flow)) is not None:
            if isinstance(stop.part, Question) and stop.part.kind is Kind.DATE:
                asked += 1
                said = talk.say(words, answered("cost"))
                assert "less" not in said.replies[0].text, (flow.id, stop.key)
                now = stop_of(talk, flow)
                if now is None or now.key != stop.key:
                    continue
            talk.say(words_for(stop), answered("cost"))
    assert asked >= 4
