"""What a branch has planned is always found, and can be stopped before it begins."""

from datetime import timedelta
from functools import partial

import pytest

from bot.messages import Place, Role
from bot.planning.lifecycle import Status
from bot.service.clock import micros
from bot.service.ports import Row, Tx
from tests.builders import wording
from tests.service.broadcast_house import ULR, WORDS, BroadcastHouse
from tests.service.test_broadcast_few import digest
from tests.service.test_broadcasts import two_ulrs

LINK = "https://union.example/clinic_1?a=b&c=d"


def test_halt_pauses_what_is_about_to_begin() -> None:
    house = BroadcastHouse(people=60)
    house.send()
    house.pass_time(seconds=50)
    said = house.command(ULR, "halt")
    assert wording("broadcast.paused-all", count=1) in said[0]
    house.pass_time(minutes=10)
    assert (house.broadcast()["status"], house.rows("delivery")) == (Status.PAUSED, [])
    house.press(ULR, wording("button.bc-list"))
    house.press(ULR, wording("button.bc-number", number=1))
    house.press(ULR, wording("button.bc-do-go-on"))
    house.pass_time(minutes=2)
    assert house.broadcast()["status"] == Status.SENDING
    house.pass_time(seconds=30)
    assert [house.told(f"rep{n}") for n in range(60)] == [1] * 60


def test_halt_leaves_what_is_planned_for_later_and_shows_the_way_to_it() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    assert house.command(ULR, "halt") == [wording("broadcast.nothing-to-halt")]
    assert house.broadcast()["status"] == Status.SCHEDULED
    assert (
        "Monday 23 November 2026 at 09:00 (GMT)" in house.press(ULR, wording("button.bc-list"))[-1]
    )


def test_what_was_planned_long_ago_is_still_in_the_list() -> None:
    house = BroadcastHouse()
    house.send(when="1 June 2027 at 9")
    long_ago = micros(house.clock.now() - timedelta(days=90))
    house.do(lambda tx: tx.update("broadcast", {}, {"changed_at": long_ago}))
    house.command(ULR, "broadcast")
    assert WORDS[:-1] in house.press(ULR, wording("button.bc-list"))[-1]


def test_a_long_list_has_pages_and_what_is_to_come_stands_first() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9")
    for number in range(9):
        house.compose(words=f"Word {number}.", when="Tuesday at 9")
        house.press(ULR, wording("button.bc-confirm"))
        house.press(ULR, wording("button.bc-show"))
        house.press(ULR, wording("button.bc-do-cancel"))
        house.clock.time += timedelta(minutes=1)
    house.command(ULR, "broadcast")
    first = house.press(ULR, wording("button.bc-list"))[-1]
    assert first.count("\n- ") == 8
    assert f"1. Planned, Monday 23 November 2026 at 09:00 (GMT): {WORDS[:-1]}" in first
    second = house.press(ULR, wording("button.bc-more"))[-1]
    assert second.count("\n- ") == 2
    assert "Word 0" in second


def test_a_large_one_that_would_run_into_the_night_says_so() -> None:
    house = BroadcastHouse(people=40)
    house.do(lambda tx: tx.update("identity", {}, {"channel": "slack"}))  # at its pace: 9 seconds
    house.do(lambda tx: tx.update("identity", {"account": ULR}, {"channel": "test"}))
    house.clock.time = house.clock.time.replace(hour=19, minute=59, second=55)
    warned = wording("broadcast.cut-short", closes="20:00")
    assert warned in house.compose()[-1]
    house.press(ULR, wording("button.bc-change-plan"))
    assert warned not in house.say(ULR, "Monday at 9")[-1]


def test_why_it_does_not_wait_is_seen_by_whoever_has_to_agree_and_stands_in_the_audit_log() -> (
    None
):
    house = two_ulrs()
    house.clock.time = house.clock.time.replace(hour=21)
    house.compose(audience="everybody")
    house.press(ULR, wording("button.bc-urgent"))
    why = wording("broadcast.urgent", reason="The site is closed tomorrow\\.")
    assert why in house.say(ULR, "The site is closed tomorrow.")[-1]
    house.press(ULR, wording("button.bc-ask-second"))
    house.work()
    assert why in house.press("vera", wording("button.bc-look"))[-1]
    lines = [row["detail"] for row in house.rows("audit") if row["what"] == "broadcast.ask"]
    assert [str(one).endswith(" urgent") for one in lines] == [True]


@pytest.mark.parametrize("end", ["", ".", ", or call us"])
def test_a_link_in_ones_own_words_leads_where_it_says_and_nothing_else_leads(end: str) -> None:
    house = BroadcastHouse()
    house.compose(words=f"See {LINK}{end} [here](https://evil.example) <!channel> @everyone")
    texts = house.broadcast()["texts"]
    assert f"]({LINK})" in texts
    assert texts.count("](") == 1


def test_a_post_is_not_counted_as_one_reader() -> None:
    house = two_ulrs()
    house.command(ULR, "destination", "add Lab 2", place=Place.GROUP)
    house.work()
    said = house.compose(audience="the group Lab 2")
    assert wording("broadcast.total-place", count=1) in said[-1]


def test_a_plan_in_which_nothing_was_done_is_counted_in_the_week() -> None:
    house = BroadcastHouse()
    house.grant(ULR, Role.REP)
    branch = house.known(ULR).branch
    for number, made_on in enumerate(("2026-09-01", "2026-09-01", "2026-11-20")):
        plan: Row = {"id": f"p{number}", "branch": branch, "workplace": "w", "made_on": made_on}
        rest: Row = {"steps": "[]", "answers": "{}", "left_out": "[]", "meetings": "[]"}
        house.do(partial(put, table="plan", row={**plan, **rest, "ended_at": None}))
    event: Row = {"plan": "p1", "seq": 1, "branch": branch, "at": micros(house.clock.now())}
    done: Row = {"person": None, "what": "done", "key": "k", "after": None, "undoes": None}
    house.do(partial(put, table="plan_event", row={**event, **done, "ended_at": None}))
    assert "Action plans where nothing was done for four weeks: 1" in digest(house)


def put(tx: Tx, table: str, row: Row) -> None:
    tx.insert(table, row)
