"""The calendar file is read again: by the library, by a second one, and by the rules of RFC 5545."""

import io
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event

from bot.coach.changes import Changed, Done, Drop, MoveTo, Note, add_own, change, undo_last
from bot.coach.plan import Item, ItemId, Plan
from bot.coach.rhythm import Rhythm
from bot.reports.calendar import plan_calendar
from tests.coach.plans import NOW, TODAY, a_plan, act, voice

LONDON = ZoneInfo("Europe/London")
MADE = datetime.combine(TODAY, time(9), UTC)  # when the plan was made, too


def written(plan: Plan, rhythm: Rhythm | None = None, made_at: datetime = MADE) -> bytes:
    return plan_calendar(plan, voice(), rhythm or Rhythm(), made_at)


def events(file: bytes) -> dict[str, Event]:
    found = [one for one in Calendar.from_ical(file).walk("VEVENT") if isinstance(one, Event)]
    by_uid = {str(one["uid"]): one for one in found}
    assert len(by_uid) == len(found), "no UID stands twice"
    return by_uid


def of(found: dict[str, Event], item: str) -> Event:
    return next(event for uid, event in found.items() if uid.startswith(f"plan-1.{item}@"))


def imported(shown: dict[str, Event], file: bytes) -> dict[str, Event]:
    """What a calendar shows after a file was imported into it, as RFC 5546 has it."""
    after = dict(shown)
    for uid, event in events(file).items():
        old = after.get(uid)
        if old is None or event.decoded("sequence") >= old.decoded("sequence"):
            after[uid] = event
    return {uid: one for uid, one in after.items() if str(one["status"]) != "CANCELLED"}


def changed(plan: Plan, item: str, wanted: Done | Drop | MoveTo | Note) -> Plan:
    outcome = change(plan, ItemId(item), wanted, act())
    assert isinstance(outcome, Changed)
    return outcome.plan


def test_every_item_with_a_day_is_an_appointment_at_their_hour() -> None:
    plan = a_plan()
    found = events(written(plan, Rhythm(opens=time(7, 30))))
    assert len(found) == len(plan.items)
    for item in plan.items:
        event = of(found, item.id)
        begins = event.decoded("dtstart")
        assert item.due is not None
        assert begins == datetime.combine(item.due, time(7, 30), LONDON)
        assert event.decoded("dtend") - begins == timedelta(minutes=10)
        assert event["dtstart"].params["TZID"] == "Europe/London"


def test_there_is_an_alarm_a_quarter_of_an_hour_before() -> None:
    event = of(events(written(a_plan())), "team-up")
    alarm = event.walk("VALARM")[0]
    assert alarm.decoded("trigger") == timedelta(minutes=-15)
    assert str(alarm["action"]) == "DISPLAY"


def test_what_is_done_or_dropped_rings_no_more() -> None:
    found = events(written(changed(changed(a_plan(), "team-up", Done()), "appraisals", Drop())))
    done, dropped = of(found, "team-up"), of(found, "appraisals")
    assert not [*done.walk("VALARM"), *dropped.walk("VALARM")]
    assert str(dropped["status"]) == "CANCELLED"
    assert str(done["summary"]).startswith("Done: ")


def test_an_import_again_updates_and_doubles_nothing() -> None:
    plan = a_plan()
    shown = imported({}, written(plan))
    moved = changed(plan, "team-up", MoveTo(date(2026, 12, 17)))
    moved = changed(moved, "appraisals", Drop())
    after = imported(shown, written(moved))
    assert len(after) == len(shown) - 1
    assert of(after, "team-up").decoded("dtstart").date() == date(2026, 12, 17)
    assert imported(after, written(plan)) == after | {
        uid: one for uid, one in shown.items() if "appraisals" in uid
    }, "an older file changes nothing that was changed since"


def test_other_hours_move_every_appointment_and_an_older_file_moves_none_back() -> None:
    plan, later = a_plan(), MADE + timedelta(minutes=1)
    early, late = written(plan, Rhythm()), written(plan, Rhythm(opens=time(18)), later)
    shown = imported(imported({}, early), late)
    assert {one.decoded("dtstart").time() for one in shown.values()} == {time(18)}
    assert imported(shown, early) == shown
    ahead = plan_calendar(plan, voice(), Rhythm(), MADE - timedelta(days=1))
    assert all(one.decoded("sequence") == 0 for one in events(ahead).values()), "never below 0"


def test_a_file_says_when_it_was_made() -> None:
    made_at = MADE + timedelta(days=3)
    for event in events(written(a_plan(), made_at=made_at)).values():
        assert event.decoded("dtstamp") == made_at
        assert event.decoded("created") <= event.decoded("last-modified") < made_at


def test_sequence_grows_with_every_change_and_with_undoing_it() -> None:
    plan = changed(a_plan(), "team-up", Note("one"))
    undone = undo_last(plan, act())
    assert isinstance(undone, Changed)
    numbers = [
        of(events(written(one)), "team-up").decoded("sequence")
        for one in (a_plan(), plan, undone.plan)
    ]
    assert numbers == [0, 1, 2]


def test_an_item_whose_adding_was_undone_is_cancelled() -> None:
    own = Item(id=ItemId("own"), step="find", title="Ring", due=TODAY, place=0)
    added = add_own(a_plan(), own, act())
    assert isinstance(added, Changed)
    shown = imported({}, written(added.plan))
    undone = undo_last(added.plan, act())
    assert isinstance(undone, Changed)
    assert len(imported(shown, written(undone.plan))) == len(shown) - 1


def test_the_same_plan_is_the_same_file() -> None:
    assert written(a_plan()) == written(a_plan())


def test_the_file_keeps_the_rules_of_its_format() -> None:
    file = written(a_plan())
    rows = file.split(b"\r\n")
    assert rows[0] == b"BEGIN:VCALENDAR"
    assert rows[-2:] == [b"END:VCALENDAR", b""]
    assert all(len(row) <= 75 for row in rows)
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert file.index(b"BEGIN:VTIMEZONE") < file.index(b"BEGIN:VEVENT")


def test_british_time_is_right_for_a_second_library() -> None:
    text = written(a_plan()).decode()
    zone = tzical(io.StringIO(text.replace("\r\n", "\n"))).get("Europe/London")
    assert zone is not None
    day = datetime(2026, 1, 1, 12)  # noqa: DTZ001 - both zones are put to the same local time
    while day.year < 2041:
        assert day.replace(tzinfo=zone).utcoffset() == day.replace(tzinfo=LONDON).utcoffset(), day
        day += timedelta(days=1)


def test_another_zone_is_described_too() -> None:
    file = written(a_plan(), Rhythm(zone="Europe/Dublin"))
    names = [str(one["tzid"]) for one in Calendar.from_ical(file).walk("VTIMEZONE")]
    assert names == ["Europe/Dublin"]


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_whatever_a_rep_calls_it_the_file_can_be_read(words: str) -> None:
    own = Item(id=ItemId("own"), step="find", title=words, due=TODAY, place=0)
    added = add_own(a_plan(), own, act())
    assert isinstance(added, Changed)
    found = events(written(added.plan))
    assert len(found) == len(added.plan.items)
    assert b"BEGIN:VEVENT\r\nSUMMARY:X\r\nBEGIN" not in written(added.plan)


@pytest.mark.parametrize("words", ["x\r\nEND:VEVENT\r\nATTACH:http://evil.example", "a;b,c\\n\\"])
def test_nobody_writes_properties_of_their_own(words: str) -> None:
    own = Item(id=ItemId("own"), step="find", title=words, due=TODAY, place=0)
    added = add_own(a_plan(), own, act())
    assert isinstance(added, Changed)
    event = of(events(written(added.plan)), "own")
    assert "attach" not in event
    assert str(event["summary"]) == " ".join(words.split())


def test_times_of_change_are_in_utc() -> None:
    event = of(events(written(changed(a_plan(), "team-up", Done()))), "team-up")
    assert event.decoded("last-modified") == NOW.astimezone(UTC)
