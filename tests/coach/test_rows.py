"""Whatever is kept comes back as it was: with every value a store can hold."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coach.plan import Item, ItemId, Status, Why
from bot.coach.reminders import Cue, Kind, Mention, Sent
from bot.coach.rhythm import Rhythm
from bot.coach.rows import (
    item_from_json,
    item_json,
    plan_from_rows,
    plan_rows,
    rhythm_from_json,
    rhythm_json,
    sent_from_row,
    sent_row,
)
from tests.coach.plans import a_plan, shared

WORDS = st.text(max_size=20)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001 - made aware below
    lambda at: at.replace(tzinfo=UTC)
)
GAPS = st.tuples(WORDS, WORDS | st.integers())


@st.composite
def items(draw: st.DrawFn) -> Item:
    status = draw(st.sampled_from(Status))
    return Item(
        id=ItemId(draw(WORDS)),
        action=draw(st.sampled_from(["team-up", "gone"])),
        step=draw(WORDS),
        title=draw(WORDS),
        about=draw(WORDS),
        status=status,
        due=draw(st.none() | DAYS),
        wished=draw(st.none() | DAYS),
        holiday=draw(WORDS),
        wake=draw(DAYS) if status is Status.LATER else None,
        block=draw(st.text(min_size=1, max_size=9)) if status is Status.BLOCKED else "",
        note=draw(WORDS),
        place=draw(st.floats(allow_nan=False, allow_infinity=False)),
        after=tuple(draw(st.lists(WORDS, max_size=3))),
        why=Why(draw(WORDS), tuple(draw(st.lists(GAPS, max_size=3)))),
    )


@given(items())
def test_an_item_comes_back_as_it_was(item: Item) -> None:
    assert item_from_json(item_json(item)) == item


def test_every_value_of_a_row_is_one_a_store_can_keep() -> None:
    rows = plan_rows(shared(a_plan()))
    for row in (rows.plan, *rows.events, *rows.sharing):
        assert all(isinstance(value, str | int | None) for value in row.values())
    assert plan_from_rows(rows.plan, rows.events, rows.sharing) == shared(a_plan())


@given(
    st.builds(
        Sent,
        kind=st.sampled_from(Kind),
        day=DAYS,
        at=MOMENTS,
        mentions=st.lists(
            st.builds(Mention, WORDS.map(ItemId), st.sampled_from(Cue), DAYS), max_size=3
        ).map(tuple),
    )
)
def test_a_sent_message_comes_back_as_it_was(sent: Sent) -> None:
    assert sent_from_row(sent_row(sent)) == sent


@given(
    st.builds(
        Rhythm,
        days=st.frozensets(st.integers(0, 6), min_size=1),
        opens=st.times(time(0), time(11)),
        digest=st.none() | st.integers(0, 6),
        before_d=st.integers(0, 9),
    )
)
def test_hours_come_back_as_they_were(rhythm: Rhythm) -> None:
    assert rhythm_from_json(rhythm_json(rhythm)) == rhythm


def test_a_moment_is_kept_to_the_microsecond() -> None:
    at = datetime(2026, 11, 23, 9, 30, 1, 999_999, tzinfo=UTC) + timedelta(days=5000)
    sent = Sent(kind=Kind.DIGEST, day=at.date(), at=at)
    assert sent_from_row(sent_row(sent)).at == at
