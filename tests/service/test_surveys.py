"""A survey from its first return to its results: opened, counted in steps, closed once, released once."""

import json
from dataclasses import replace
from datetime import date

import pytest

from bot.errors import Refused
from bot.flows.loading import parse_flows
from bot.flows.model import Flow
from bot.language.replies import Missing
from bot.results.keeping import parse_release
from bot.results.shapes import Filter, Kind
from bot.service import surveys
from bot.service.people import DEFAULT_BRANCH
from bot.service.ports import Store
from bot.service.survey_results import codebook_of, release_of, return_of
from bot.service.surveys import Round
from bot.wiring import flow_texts
from tests.builders import wording
from tests.results.attack import attack
from tests.service.houses import House
from tests.service.test_runs import ANONYMOUS, fill_in, flows

CHOICES = """
id: secret
version: "1"
title: Secret survey
purpose: survey
retention: filled-in
anonymous: true
choices:
  yes_no: [{name: "yes", label: "Yes"}, {name: "no", label: "No"}]
  ways: [{name: bus, label: Bus}, {name: car, label: Car}]
questions:
  - {type: select_one yes_no, name: works, label: Do you work?, required: true}
  - {type: select_one ways, name: way, label: How?, relevant: "${works} = 'yes'", required: true}
  - {type: select_multiple ways, name: other, label: Else?, relevant: "${works} = ${way}"}
  - {type: text, name: word, label: Which word?, relevant: "${works} = 'no'"}
"""


def shipped() -> Flow:
    found = [one for one in parse_flows(flow_texts(None)).current if one.id == "technician-survey"]
    return found[0]


def hand_in(house: House, who: str, *answers: str) -> None:
    house.say(who, "Secret survey")
    house.press(who, wording("button.agree"))
    for answer in answers:
        house.say(who, answer)
    house.press(who, wording("button.submit"))


def rounds(house: House) -> tuple[Round, ...]:
    return house.do(lambda tx: surveys.listed(tx, DEFAULT_BRANCH))


def close(house: House, survey: str) -> Round:
    return house.do(lambda tx: surveys.close(tx, survey, house.clock.now()))


def test_before_the_close_returns_are_said_in_steps_and_after_it_exactly(store: Store) -> None:
    house = House(store, flows=flows(ANONYMOUS))
    for at in range(7):
        fill_in(house, f"p{at}", f"word {at}")
    (here,) = rounds(house)
    assert (here.title, here.returns, here.closed_at) == ("Secret survey", 5, None)
    assert close(house, here.id).returns == 7


def test_closing_destroys_the_tickets_and_moves_the_rest(store: Store) -> None:
    house = House(store, flows=flows(ANONYMOUS))
    for at in range(7):
        fill_in(house, f"p{at}", f"word {at}")
    close(house, rounds(house)[0].id)
    assert len(house.rows("survey_return")) == 7
    assert house.rows("ticket") == [] == house.rows("survey_pool")


def test_a_closed_survey_takes_nothing_more_and_the_next_return_opens_another(
    store: Store,
) -> None:
    house = House(store, flows=flows(ANONYMOUS))
    fill_in(house, "ann", "one")
    first = rounds(house)[0].id
    close(house, first)
    with pytest.raises(Refused, match="closed already"):
        close(house, first)
    fill_in(house, "ann", "two")
    assert len(rounds(house)) == 2
    here = next(one.id for one in rounds(house) if one.closed_at is None)
    with pytest.raises(Refused, match="no results"):
        house.do(lambda tx: surveys.released(tx, here))


def test_a_changed_flow_is_a_survey_of_its_own(store: Store) -> None:
    house = House(store, flows=flows(ANONYMOUS))
    fill_in(house, "ann", "one")
    changed = House(store, clock=house.clock, flows=flows(ANONYMOUS.replace("Which", "What")))
    fill_in(changed, "ann", "two")
    assert len(rounds(changed)) == 2


def test_what_is_released_holds_no_small_number_and_no_words(store: Store) -> None:
    house = House(store, flows=flows(CHOICES))
    for at in range(22):
        hand_in(house, f"p{at}", "yes", "bus" if at < 12 else "car")
    for at in range(22, 32):
        hand_in(house, f"p{at}", "no", f"secret word {at}")
    survey = rounds(house)[0].id
    assert close(house, survey).returns == 32
    text = house.do(lambda tx: surveys.released(tx, survey))
    release = parse_release(text)
    assert "secret word" not in text
    assert [table.name for table in release.tables] == ["works", "way"]
    for name, first, counts in (("works", "yes", [22, 10]), ("way", "bus", [12, 10])):
        table = release.table(name)
        assert [part.count for part in table.slices] == counts
        assert table.slices[0].codes == (first,)


def several(constraint: str) -> Flow:
    """A survey of one question, of which two of three may be ticked."""
    (flow,) = flows(
        f"""
id: several
version: "1"
title: Several
purpose: survey
retention: filled-in
anonymous: true
choices:
  ways: [{{name: p, label: P}}, {{name: q, label: Q}}, {{name: n, label: N}}]
questions:
  - {{type: select_multiple ways, name: m, label: Which?, constraint: "{constraint}",
     constraint_message: Not so.}}
"""
    ).current
    return flow


def test_where_two_ticks_are_the_most_nobody_can_work_out_that_all_answered() -> None:
    """All counts together would be two for each person: then nobody kept silent."""
    flow = several("count-selected(.) <= 2")
    ticked = [*[["p", "q"]] * 10, *[["p", "n"]] * 5, *[["q", "n"]] * 5]
    rows = [{"body": json.dumps([["m", "m", json.dumps(codes), None]])} for codes in ticked]
    release = release_of(flow, rows, date(2026, 12, 1))
    (question,) = release.codebook.questions
    known = replace(release.codebook, questions=(replace(question, most=2),))
    returns = [return_of(known, "1", row["body"]) for row in rows]
    ranges = list(attack(replace(release, codebook=known), returns))
    assert len(release.table("m").slices) == 2
    assert ranges
    assert [one for one in ranges if not one.is_safe] == []


@pytest.mark.parametrize(
    ("constraint", "most"),
    [
        ("count-selected(.) <= 2", [2]),
        (" count-selected( . )<3 ", [2]),
        ("count-selected(.) = 2", []),
        ("count-selected(.) >= 2", []),
        ("count-selected(.) <= 2 and not(selected(., 'p'))", []),
        ("not(selected(., 'p') and selected(., 'q'))", []),
    ],
)
def test_a_question_is_published_only_where_its_constraint_is_understood(
    constraint: str, most: list[int]
) -> None:
    assert [one.most for one in codebook_of(several(constraint)).questions] == most


def test_fewer_than_five_returns_release_nothing(store: Store) -> None:
    house = House(store, flows=flows(CHOICES))
    for at in range(4):
        hand_in(house, f"p{at}", "no", "a word")
    here = close(house, rounds(house)[0].id)
    assert here.returns == 0, "fewer than five are not counted out either"
    release = parse_release(house.do(lambda tx: surveys.released(tx, here.id)))
    assert release.returns is None
    assert release.tables == ()


def test_the_survey_we_ship_is_published_but_for_what_hangs_on_several_answers() -> None:
    book = codebook_of(shipped())
    assert [one.name for one in book.questions] == [
        "work", "stage", "heard", "titles_known", "registered", "in_body", "interest", "barriers",
        "helps", "cpd_time", "appraisal",
    ]  # fmt: skip
    assert book.question("titles_known").asked_if == Filter("heard", frozenset({"well", "heard"}))
    assert book.question("interest").asked_if == Filter(
        "registered", frozenset({"lapsed", "not_registered"})
    )
    assert book.question("registered").sensitive
    assert book.question("helps").kind is Kind.MANY


def test_a_return_is_read_as_it_was_packed() -> None:
    body = json.dumps(
        [
            ["heard", "heard", '"well"', None],
            ["helps", "helps", '["fees", "time"]', None],
            ["interest", "interest", None, "not-asked"],
            ["unknown", "unknown", '"x"', None],
        ]
    )
    given = return_of(codebook_of(shipped()), "2026-11", body)
    assert given.answers == {
        "heard": "well", "helps": ("fees", "time"), "interest": Missing.NOT_ASKED,
    }  # fmt: skip
    released = release_of(shipped(), [{"body": body}] * 6, date(2026, 12, 1))
    assert released.returns == 6
