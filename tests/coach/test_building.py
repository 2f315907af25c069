"""A plan fits its workplace: what is added, left out and moved, by when, and why each item is there."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach.diary import Diary
from bot.coach.facts import AreaFacts, Facts, MapFacts, SurveyFacts
from bot.coach.next_step import next_item, waits_for
from bot.coach.plan import Plan, Status
from bot.knowledge.action_plan import ActionPlan
from tests.coach.plans import (
    ANN,
    BANK_HOLIDAYS,
    BRANCH_MEETING,
    DIARY,
    MANAGEMENT_MEETING,
    MAPPED,
    TODAY,
    a_plan,
    content,
    voice,
)


def ids(plan: Plan) -> list[str]:
    return [item.id for item in plan.items]


def left_out(plan: Plan) -> set[str]:
    return {one.action for one in plan.left_out}


def test_a_rep_who_knows_nothing_yet_begins_with_a_list() -> None:
    plan = a_plan(Facts())
    assert ids(plan)[0] == "name-areas"
    assert {"count-areas", "run-survey", "branch-agenda", "open-talks"} <= set(ids(plan))
    assert not plan.left_out


def test_an_area_nobody_has_asked_becomes_an_item_that_says_so() -> None:
    plan = a_plan()
    asked = [item for item in plan.items if item.action == "ask-area"]
    assert [item.about for item in asked] == ["Lab 2", "Stores"]
    assert voice().why("ask-area", asked[0].why) == (
        "Lab 2 has 14 technicians, and nobody has asked them yet."
    )
    assert asked[0].due
    assert asked[1].due
    assert asked[1].due - asked[0].due >= timedelta(days=7)


def test_where_every_area_was_asked_nobody_is_sent_round_again() -> None:
    areas = (AreaFacts(id="lab", name="Lab", technicians=9, asked=True),)
    plan = a_plan(Facts(map=MapFacts(areas=areas)))
    assert "ask-area" not in {item.action for item in plan.items}


def test_what_is_left_out_says_why() -> None:
    plan = a_plan()
    assert left_out(plan) == {"name-areas", "apprentice-scheme", "run-survey"}
    said = [voice().left_out(one) for one in plan.left_out]
    assert "There are no apprentices where you work." in " ".join(said)
    assert "Your map already lists 4 areas." in " ".join(said)


@pytest.mark.parametrize(
    ("facts", "there", "missing"),
    [
        ({"recognition": "not-recognised"}, "ask-officer", "management-agenda"),
        ({"recognition": "recognised"}, "management-agenda", "ask-officer"),
        ({"agreement": "committee"}, "standing-item", "ask-officer"),
        ({"helpers": "negotiators"}, "pick-clauses", "team-up"),
        ({"apprentices": "some"}, "apprentice-scheme", "remind-survey"),
    ],
)
def test_an_answer_adds_and_leaves_out(facts: dict[str, str], there: str, missing: str) -> None:
    plan = a_plan(Facts(answers=facts))
    assert there in ids(plan)
    assert missing not in ids(plan)


@pytest.mark.parametrize(
    ("state", "there"),
    [("not-started", "run-survey"), ("open", "remind-survey"), ("closed", "share-results")],
)
def test_one_item_about_the_survey_fits_where_it_stands(state: str, there: str) -> None:
    plan = a_plan(Facts(survey=SurveyFacts(state=state)))  # type: ignore[arg-type]  # all of them
    about = {"run-survey", "remind-survey", "share-results"}
    assert about & set(ids(plan)) == {there}


def test_what_stops_people_decides_what_the_clauses_are_about() -> None:
    plan = a_plan()
    item = next(one for one in plan.items if one.action == "pick-clauses")
    assert "clause on fees" in voice().why(item.action, item.why)


def test_a_plan_goes_by_the_days_of_the_meetings() -> None:
    items = {str(item.id): item for item in a_plan().items}
    assert items["branch-agenda"].due == BRANCH_MEETING - timedelta(days=7)
    agenda = items["management-agenda"].due
    assert agenda == MANAGEMENT_MEETING - timedelta(days=7)


def test_a_meeting_that_is_too_near_is_not_the_one() -> None:
    tomorrow, next_one = TODAY + timedelta(days=1), TODAY + timedelta(days=22)
    plan = a_plan(diary=Diary(branch=(next_one, tomorrow)))
    item = next(one for one in plan.items if one.id == "branch-agenda")
    assert item.due == next_one - timedelta(days=7)


def test_a_bank_holiday_is_avoided_and_named() -> None:
    day = date(2026, 12, 25) - timedelta(days=3)  # three days before: where the first item falls
    plan = a_plan(Facts(), today=day)
    first = next(one for one in plan.items if one.id == "name-areas")
    assert first.due == date(2026, 12, 29)  # 28 December is one too: Boxing Day is a Saturday
    assert first.holiday == "Christmas Day"
    assert "Friday 25 December is a bank holiday (Christmas Day)" in voice().due(first, day)


def test_the_one_who_makes_it_leads_it() -> None:
    assert a_plan().lead == ANN
    assert all(event.by == ANN for event in a_plan().history)


AREA = st.builds(
    AreaFacts,
    id=st.sampled_from(["a", "b", "c", "d", "e"]),
    name=st.text(max_size=8),
    technicians=st.none() | st.integers(0, 40),
    asked=st.booleans(),
    is_old=st.booleans(),
)


def answers(plan: ActionPlan) -> st.SearchStrategy[dict[str, str]]:
    options = {
        one.id: st.sampled_from([choice.id for choice in one.options]) for one in plan.questions
    }
    return st.fixed_dictionaries({}, optional=options)


FACTS = st.builds(
    Facts,
    answers=answers(content()),
    map=st.builds(
        MapFacts,
        areas=st.lists(AREA, max_size=5, unique_by=lambda area: area.id).map(tuple),
        registered=st.none() | st.integers(0, 40),
    ),
    survey=st.builds(
        SurveyFacts,
        state=st.sampled_from(["not-started", "open", "closed"]),
        returns=st.none() | st.integers(0, 100),
        barrier=st.none() | st.sampled_from(["cost", "time", "how", "employer", "other"]),
    ),
)
DAYS = st.dates(date(2026, 1, 1), date(2030, 6, 1))
DIARIES = st.builds(
    Diary,
    holidays=st.just(BANK_HOLIDAYS),
    branch=st.lists(DAYS, max_size=3).map(tuple),
    management=st.lists(DAYS, max_size=3).map(tuple),
)


@given(FACTS, DIARIES, DAYS)
def test_whatever_the_facts_a_plan_can_be_begun_and_followed(
    facts: Facts, diary: Diary, today: date
) -> None:
    plan = a_plan(facts, diary, today)
    items = plan.items
    first = next_item(plan, today)
    assert first is not None
    assert len(set(ids(plan))) == len(items)
    assert {item.step for item in items} == set(plan.steps)
    for place, item in enumerate(items):
        assert item.status is Status.OPEN
        assert item.due is not None
        assert item.due >= today
        assert diary.is_working(item.due)
        assert voice().why(item.action, item.why)
        assert "{" not in voice().why(item.action, item.why).replace(item.about, "")
        assert all(other in items[:place] for other in waits_for(item, items)), item.id
    planned = {item.action for item in items}
    assert not planned & left_out(plan)


@given(FACTS)
def test_building_twice_makes_the_same_plan(facts: Facts) -> None:
    assert a_plan(facts) == a_plan(facts)


def test_the_mapped_workplace_of_these_tests_is_what_it_says() -> None:
    assert MAPPED.figures()["technicians"] == 50
    assert MAPPED.figures()["areas-not-counted"] == 1
    assert DIARY.is_working(TODAY)


def test_a_small_number_is_no_number_in_a_plan_that_is_shared() -> None:
    """Co-owners of a plan need not have mapped the workplace (L3)."""
    areas = (
        AreaFacts(id="lab-2", name="Lab 2", technicians=3),
        AreaFacts(id="stores", name="Stores", technicians=14),
    )
    asked = [
        item
        for item in a_plan(Facts(map=MapFacts(areas=areas))).items
        if item.action == "ask-area"
    ]
    assert [voice().why("ask-area", item.why) for item in asked] == [
        "Stores has 14 technicians, and nobody has asked them yet.",
        "Lab 2 has a few technicians, and nobody has asked them yet.",
    ]
