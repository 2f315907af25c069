"""Which message of the coach is due to a rep, if any. At most one, and often none.

* Only at the rep's own hours and on their own days, never on a bank holiday.
* An item is brought up before it is due, on the day, and once after; or when it is to wake.
* Whatever is due at one time comes as one message; at most one a day, three a week.
* One of the three is the weekly digest. It groups what is overdue, instead of nagging item by item.
* After three messages that nobody answered a farewell says how to wake the coach. Then it is quiet
  until the rep does something with the plan.
* What is due follows from how things stand now, not from ticks of a clock: after an outage one
  message comes and not five, and a clock set back repeats nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.coach.next_step import next_item
from bot.coach.plan import Item, ItemId, Plan, Status
from bot.coach.rhythm import Rhythm
from bot.messages import PersonId

WEEK_MOST: Final = 3  # coach messages a week, the digest among them; feature E6
IGNORED_MOST: Final = 3  # messages in a row that nobody answered; then it goes quiet


class Kind(StrEnum):
    """What a message is."""

    REMINDER = "reminder"
    DIGEST = "digest"
    FAREWELL = "farewell"


class Cue(StrEnum):
    """Why an item is brought up, the weakest first."""

    BEFORE = "before"
    ON = "on"
    AFTER = "after"
    WAKE = "wake"


_STRENGTH: Final = (Cue.BEFORE, Cue.ON, Cue.AFTER)


@dataclass(frozen=True, slots=True)
class Mention:
    """That an item is brought up.

    Attributes:
        day: The day it is about: when the item is due, or wakes. With another day it is news again.
    """

    item: ItemId
    cue: Cue
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachMessage:
    """A message that is due.

    Attributes:
        key: The same whenever the same message is found due: send it once.
        day: The day it is sent, for the rep.
        mentions: The items it brings up; none in a farewell.
    """

    key: str
    to: PersonId
    kind: Kind
    day: date
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that was sent to a rep about a plan."""

    kind: Kind
    day: date
    at: datetime
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What a rep was sent about a plan, in the order it was sent, and when they last did something.

    Attributes:
        heard_at: When they last pressed, typed or opened something of the plan.
    """

    sent: tuple[Sent, ...] = ()
    heard_at: datetime | None = None

    @property
    def unanswered(self) -> tuple[Sent, ...]:
        """What was sent since they last did something."""
        heard = self.heard_at
        return tuple(one for one in self.sent if heard is None or one.at > heard)

    @property
    def is_quiet(self) -> bool:
        """Whether the farewell is said, and nothing has woken the coach since."""
        return any(one.kind is Kind.FAREWELL for one in self.unanswered)

    def has_said(self, mention: Mention) -> bool:
        """Whether this, or something stronger about the same day, was brought up already."""
        said = {one for sent in self.sent for one in sent.mentions}
        if mention.cue is Cue.WAKE:
            return mention in said
        as_strong = _STRENGTH[_STRENGTH.index(mention.cue) :]
        return any(Mention(mention.item, cue, mention.day) in said for cue in as_strong)


def due_message(
    plan: Plan,
    to: PersonId,
    rhythm: Rhythm,
    record: Record,
    now: datetime,
    off: Collection[date] = (),
) -> CoachMessage | None:
    """The message that is due to a rep now; None where there is none.

    Args:
        plan: The plan.
        to: One of its owners.
        rhythm: Their hours.
        record: What they were sent about this plan.
        now: Aware, in UTC.
        off: Bank holidays.
    """
    today = rhythm.today(now)
    if not _may_write(plan, to, record, today) or not rhythm.is_open(now, off):
        return None
    week = [one for one in record.sent if _week(one.day) == _week(today)]
    if len(week) >= WEEK_MOST:
        return None
    has_digest = any(one.kind is Kind.DIGEST for one in week)
    mentions = due_mentions(plan, rhythm, record, today, off)
    kept_free = 0 if has_digest or rhythm.digest is None else 1
    kind = Kind.REMINDER
    if kept_free and _is_digest_due(plan, rhythm, today, off):
        kind = Kind.DIGEST
    elif not mentions or len(week) >= WEEK_MOST - kept_free:
        return None
    if len(record.unanswered) >= IGNORED_MOST:
        kind, mentions = Kind.FAREWELL, ()
    key = f"coach:{plan.id}:{to}:{today.isoformat()}"
    return CoachMessage(key=key, to=to, kind=kind, day=today, mentions=mentions)


def due_mentions(
    plan: Plan, rhythm: Rhythm, record: Record, today: date, off: Collection[date] = ()
) -> tuple[Mention, ...]:
    """The items to be brought up today, in the plan's order."""
    found = (_mention(item, rhythm, today, off) for item in plan.items)
    return tuple(one for one in found if one is not None and not record.has_said(one))


def next_look(rhythm: Rhythm, now: datetime, off: Collection[date] = ()) -> datetime | None:
    """When it is next worth asking for a due message: when their hours next begin, in UTC."""
    return rhythm.next_opening(now, off)


def _may_write(plan: Plan, to: PersonId, record: Record, today: date) -> bool:
    """Whether there is anything to say, to somebody who hears it, who was not written to today."""
    return (
        plan.archived_at is None
        and to in plan.owners
        and not record.is_quiet
        and all(one.day < today for one in record.sent)
        and next_item(plan, today) is not None
    )


def _mention(item: Item, rhythm: Rhythm, today: date, off: Collection[date]) -> Mention | None:
    if item.status is Status.LATER and item.wake is not None:
        return Mention(item.id, Cue.WAKE, item.wake) if item.wake <= today else None
    if item.status is not Status.OPEN or item.due is None:
        return None
    if today >= item.due + timedelta(days=rhythm.after_d):
        return Mention(item.id, Cue.AFTER, item.due)
    if today >= item.due:
        return Mention(item.id, Cue.ON, item.due)
    first = rhythm.own_day_by(item.due - timedelta(days=rhythm.before_d), off)
    is_soon = bool(rhythm.before_d) and first <= today
    return Mention(item.id, Cue.BEFORE, item.due) if is_soon else None


def _is_digest_due(plan: Plan, rhythm: Rhythm, today: date, off: Collection[date]) -> bool:
    """Whether this week's digest day has come, and the plan is older than that day."""
    monday = today - timedelta(days=today.weekday())
    wished = monday + timedelta(days=rhythm.digest or 0)
    own = rhythm.own_day_by(wished, off)
    day = own if own >= monday else wished
    return plan.made_on < day <= today


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week
