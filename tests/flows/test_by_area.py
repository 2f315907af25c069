"""The areas of a workplace in a survey's flow: a question like any other, whatever the areas are called."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.flows import runner
from bot.flows.by_area import AskedArea, areas_of, ids_of, with_areas
from bot.flows.checking import label_fault
from bot.flows.loading import load_flow, parse_flows
from bot.flows.reading import Read, read
from bot.flows.run import Answer
from bot.wiring import flow_texts

NOON = datetime(2026, 11, 21, 12)  # noqa: DTZ001 - a wall clock
FLOWS = parse_flows(flow_texts(None))
(SURVEY,) = [flow for flow in FLOWS.current if flow.by_area is not None]
LABS = (AskedArea("Lab 1", ("a1",)), AskedArea("Lab 2, Nights", ("a2", "a3")))
NASTY = (
    "stop",
    "12",
    "${heard}",
    "",
    "x" * 90,
    "<b>Lab</b>",
    "- a: [b",
    "#",
    "'",
    '"',
    "\N{ROCKET}",
)
LABELS = st.sampled_from(NASTY) | st.text(min_size=1, max_size=90)


def test_the_question_comes_first_and_stands_for_areas_of_the_map() -> None:
    asked = with_areas(SURVEY, LABS)
    first = asked.questions[0]
    assert [choice.label.en for choice in first.choices] == [
        "Lab 1",
        "Lab 2, Nights",
        "Somewhere else",
    ]
    assert [sorted(ids_of(choice)) for choice in areas_of(asked)] == [["a1"], ["a2", "a3"], []]
    assert (first.why is not None, first.sensitive, first.required) == (True, True, None)
    assert asked.questions[1:] == SURVEY.questions


def test_it_is_a_flow_of_its_own_that_is_read_back_the_same() -> None:
    asked = with_areas(SURVEY, LABS)
    assert asked.hash not in {SURVEY.hash, with_areas(SURVEY, LABS[::-1]).hash}
    assert asked.hash == with_areas(SURVEY, LABS).hash
    assert load_flow(asked.text, "technician-survey.yaml").flow == asked
    assert with_areas(asked, LABS) is asked


def test_without_two_areas_or_the_wish_nothing_is_added() -> None:
    assert with_areas(SURVEY, LABS[:1]) is SURVEY
    assert with_areas(SURVEY, (LABS[0], AskedArea("lab  1", ("b",)))) is SURVEY
    assert with_areas(SURVEY, (LABS[0], AskedArea("stop", ("b",)))) is SURVEY
    for flow in FLOWS.current:
        if flow.by_area is None:
            assert with_areas(flow, LABS) is flow
    assert areas_of(SURVEY) == ()


def test_areas_that_are_asked_together_are_known_by_each_of_their_names() -> None:
    together = AskedArea("Lab 2, Nights", ("a2", "a3"), ("Lab 2", "Nights", "stop"))
    asked = with_areas(SURVEY, (LABS[0], together))
    first = runner.start(asked, NOON).route.stops[0]
    for words in ("lab 2", "lab2", "nigths", "2"):
        assert read(first, words, NOON.date()) == Read(Answer(value="area_2")), words
    assert read(first, "stop", NOON.date()) is None


@given(st.lists(LABELS, max_size=8))
def test_whatever_areas_are_called_the_survey_can_be_asked(labels: list[str]) -> None:
    areas = [AskedArea(one, (f"a{n}",), tuple(labels)) for n, one in enumerate(labels)]
    asked = with_areas(SURVEY, areas)
    assert load_flow(asked.text, "technician-survey.yaml").problems == ()
    for choice in areas_of(asked)[:-1]:
        assert label_fault(choice.label.en) is None
        assert len(ids_of(choice)) == 1
