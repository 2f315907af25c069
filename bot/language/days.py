"""A day that somebody named, or words about time that leave it open."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Bound(StrEnum):
    """On which side of the day that was named."""

    ON = "on"
    BEFORE = "before"
    BY = "by"
    AFTER = "after"


class Precision(StrEnum):
    """How exactly a day is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Open(StrEnum):
    """Why a day has to be asked back."""

    SOON = "soon"  # "asap", "when I get time"
    PART = "part"  # a week, a month, a season: no day in it
    NEXT = "next"  # "next Friday": this week's or the week after's
    SEVERAL = "several"  # more than one day was named
    NO_SUCH_DAY = "no-such-day"  # 31 February
    CLASH = "clash"  # "Tuesday 14 December", which is a Monday
    OFTEN = "often"  # "weekly", "now and then": no day to repeat on


@dataclass(frozen=True, slots=True)
class Day:
    """A day somebody named.

    Attributes:
        day: The day itself; of a month or year, its first.
        is_inferred: Whether another day could have been meant, so that it has to be echoed.
        bound: "before the 14th" names the 14th and means an earlier day.
        precision: Only the past may be less exact than a day.
    """

    day: date
    is_inferred: bool = False
    bound: Bound = Bound.ON
    precision: Precision = Precision.DAY

    @property
    def last(self) -> date:
        """The last day that keeps what was said: of "before the 14th", the 13th."""
        return self.day - timedelta(days=1) if self.bound is Bound.BEFORE else self.day


@dataclass(frozen=True, slots=True)
class Vague:
    """Words about time that name no one day; to be asked back.

    Attributes:
        kind: Why.
        suggestions: Days that could be meant, earliest first; offered, never picked.
    """

    kind: Open
    suggestions: tuple[date, ...] = ()
