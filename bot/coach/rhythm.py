"""A rep's own hours: on which days, from when to when, in their own time of day.

Wall-clock times with their zone, so nine o'clock stays nine o'clock when the clocks change. A time
that a spring night leaves out comes as much later as the clocks went forward; one that an autumn
night has twice counts the first time.
"""

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.coach.diary import WEEKDAYS

LONDON: Final = "Europe/London"
LONGEST_SEARCH_D: Final = 30  # days until the next hour of somebody with one day a week

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When somebody wants to hear from the coach.

    Attributes:
        zone: An IANA name.
        days: Of the week, Monday 0; at least one.
        opens: From this time of day; messages come then.
        closes: Until this one, later on the same day: a message that was held up still comes.
        digest: The day of the week for the digest; None: they want none. Where it is none of
            `days`, or a holiday, the last of them before it in that week, else the next.
        before_d: Days before something is due that it is first brought up.
        after_d: Days after which it is brought up once more.
    """

    zone: str = LONDON
    days: frozenset[int] = WEEKDAYS
    opens: time = time(9)
    closes: time = time(20)
    digest: int | None = 0
    before_d: int = 2
    after_d: int = 3

    def __post_init__(self) -> None:
        """Refuse hours that never come.

        Raises:
            ValueError: No day, a day that is none, or an end before the beginning.
        """
        if (
            not self.days
            or not self.days <= frozenset(range(7))
            or self.digest not in (None, *range(7))
        ):
            raise ValueError("days of the week go from 0 to 6, and there is at least one")
        if self.opens >= self.closes:
            raise ValueError("the hours end after they begin, on the same day")
        if self.before_d < 0 or self.after_d < 1:
            raise ValueError("before is 0 days or more, after is 1 or more")

    def today(self, now: datetime) -> date:
        """The day it is for them.

        Args:
            now: Aware.
        """
        return now.astimezone(ZoneInfo(self.zone)).date()

    def opening(self, day: date) -> datetime:
        """When their hours begin on a day, in UTC."""
        return self._instant(day, self.opens)

    def is_open(self, now: datetime, off: Container[date] = ()) -> bool:
        """Whether a message may come now.

        Args:
            now: Aware.
            off: Days on which nothing comes, such as bank holidays.
        """
        day = self.today(now)
        return self._is_day(day, off) and self.opening(day) <= now < self._closing(day)

    def next_opening(self, now: datetime, off: Container[date] = ()) -> datetime | None:
        """When their hours next begin, after now; in UTC.

        Returns:
            None where no day of theirs comes for a month.
        """
        first = self.today(now)
        for n in range(LONGEST_SEARCH_D):
            day = first + n * _DAY
            if self._is_day(day, off) and self.opening(day) > now:
                return self.opening(day)
        return None

    def own_day_by(self, day: date, off: Container[date] = ()) -> date:
        """The last of their days up to a day."""
        days = (day - n * _DAY for n in range(LONGEST_SEARCH_D))
        return next((one for one in days if self._is_day(one, off)), day)

    def _closing(self, day: date) -> datetime:
        """When their hours end on a day; where a spring night swallows them, as long after."""
        opening = self.opening(day)
        closing = self._instant(day, self.closes)
        length = datetime.combine(day, self.closes) - datetime.combine(day, self.opens)
        return closing if closing > opening else opening + length

    def _instant(self, day: date, at: time) -> datetime:
        local = datetime.combine(day, at.replace(fold=0), ZoneInfo(self.zone))
        return local.astimezone(UTC)

    def _is_day(self, day: date, off: Container[date]) -> bool:
        return day.weekday() in self.days and day not in off
