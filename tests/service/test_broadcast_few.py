"""What those who send are told of a few people: never how many, and never in whose words."""

from datetime import UTC, datetime

import pytest

from bot.results.limits import in_steps
from bot.service import nightly
from bot.service.clock import micros
from bot.service.ports import Row
from tests.builders import FixedClock, wording
from tests.service.broadcast_house import ULR, BroadcastHouse
from tests.service.test_runs import NAMED, begin, flows

NINE = datetime(2026, 11, 23, 9, 0, 1, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 20, tzinfo=UTC)
FEW = wording("count.few", least=5)
WORDS = "Is there a badge?"


def digest(house: BroadcastHouse, monday: datetime = NINE) -> str:
    """What a union learning rep reads on Monday."""
    nightly.run(house.store, house.content, house.clock, house.clock.now())
    house.work()
    house.clock.time = monday
    house.work()
    return next(s.reply.text for s in reversed(house.channel.sent) if s.address.id == ULR)


def run_of(house: BroadcastHouse, who: str, number: int = 0) -> None:
    """Somebody has begun something this week, and has handed it in."""
    known, at = house.known(who), micros(house.clock.now())
    row: Row = {"id": f"{who}-{number}", "branch": known.branch, "person": known.person}
    rest: Row = {"flow": "fees", "flow_hash": "h", "version": "1", "revision": 0}
    times: Row = {"began_at": at, "changed_at": at, "submitted_at": at}
    house.do(lambda tx: tx.insert("run", {**row, **rest, **times}))


def miss_of(house: BroadcastHouse, asker: str, number: int = 0, at: datetime = FRIDAY) -> None:
    """Somebody has asked what there is no answer to."""
    row: Row = {"id": f"{asker}-{number}", "branch": house.known(ULR).branch, "at": micros(at)}
    rest: Row = {"words": WORDS, "outcome": "decline", "candidates": "", "status": "new"}
    house.do(lambda tx: tx.insert("miss", {**row, **rest, "asker": asker}))


@pytest.mark.parametrize(
    ("people", "each", "told"),
    [
        (0, 0, FEW),
        (1, 1, FEW),
        (1, 9, FEW),
        (4, 2, FEW),
        (7, 1, wording("count.or-more", count=5)),
    ],
)
def test_a_week_in_figures_says_of_what_a_few_have_filled_in_no_number(
    people: int, each: int, told: str
) -> None:
    house = BroadcastHouse(people=7)
    for number in range(people):
        for again in range(each):
            run_of(house, f"rep{number}", again)
    assert f"begun: {told}, handed in: {told}" in digest(house)


@pytest.mark.parametrize(("askers", "is_told"), [(1, False), (4, False), (5, True)])
def test_words_are_told_only_where_several_people_asked_them(askers: int, is_told: bool) -> None:
    house = BroadcastHouse()
    for number in range(askers):
        for again in range(6):
            miss_of(house, f"a{number}", again)
    assert (WORDS in digest(house)) is is_told


def test_nobody_counts_as_two_who_asked_in_two_months() -> None:
    house = BroadcastHouse(clock=FixedClock(datetime(2026, 11, 30, 12, tzinfo=UTC)))
    for month in (11, 12):
        for number in range(3):
            at = datetime(2026, month, 30 if month == 11 else 1, 12, tzinfo=UTC)
            miss_of(house, f"{month}-{number}", at=at)
    text = digest(house, datetime(2026, 12, 7, 9, 0, 1, tzinfo=UTC))
    assert WORDS not in text
    assert wording("digest.nothing") in text


def test_of_those_who_began_no_exact_number_is_said() -> None:
    house = BroadcastHouse(flows=flows(NAMED))
    for who in ("rep1", "rep2"):
        begin(house, who, "Named things")
        house.say(who, "pause")
    preview = house.compose(audience="began and did not finish")
    labels = [option.label for option in house.offers(ULR)]
    (label,) = {label for label in labels if label.startswith("began and did not finish")}
    assert label.endswith(f"({FEW})")
    assert wording("fate.waiting", count=FEW) in preview[1]
    assert wording("broadcast.total", count=FEW) in preview[1]
    house.press(ULR, wording("button.bc-confirm"))
    house.work()
    house.pass_time(seconds=2)
    assert house.told("rep1") == 1
    assert wording("fate.sent", count=FEW) in house.channel.sent[-1].reply.text


def test_counts_are_told_in_steps() -> None:
    assert [in_steps(count) for count in (0, 4, 5, 9, 10, 14)] == [None, None, 5, 5, 10, 10]
