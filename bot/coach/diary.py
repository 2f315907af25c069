"""Days on which something can fall due: no weekend, no bank holiday, and well before a meeting."""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from bot.knowledge.action_plan import Meeting

WEEKDAYS: Final = frozenset(range(5))  # Monday is 0
LONGEST_SEARCH_D: Final = 30  # days; no country has a holiday of a month

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day something falls due.

    Attributes:
        day: The day.
        wished: The day that was asked for; another one where that is no working day.
        holiday: The first bank holiday that was in the way; empty where only a weekend was.
    """

    day: date
    wished: date
    holiday: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """What is known of a branch's days.

    Attributes:
        holidays: Bank holidays by day, such as the `holidays` library knows them.
        days: Weekdays on which things get done, Monday 0; at least one.
        branch: Days of branch meetings.
        management: Days of meetings with management.
    """

    holidays: Mapping[date, str] = field(default_factory=dict)
    days: frozenset[int] = WEEKDAYS
    branch: tuple[date, ...] = ()
    management: tuple[date, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a week without a working day.

        Raises:
            ValueError: There is none, or one that is no day of the week.
        """
        if not self.days <= frozenset(range(7)) or not self.days:
            raise ValueError("A diary needs at least one day of the week, from 0 to 6.")

    def is_working(self, day: date) -> bool:
        """Whether something can fall due on a day."""
        return day.weekday() in self.days and day not in self.holidays

    def on_or_after(self, wished: date) -> Due:
        """The first working day from a day on."""
        return self._search(wished, _DAY)

    def on_or_before(self, wished: date) -> Due:
        """The last working day up to a day."""
        return self._search(wished, -_DAY)

    def before_meeting(self, meeting: Meeting, days: int, earliest: date) -> Due | None:
        """The last working day that is so many days before a meeting.

        Args:
            meeting: Which kind.
            days: Before it.
            earliest: A meeting whose day to be ready lies before this one is of no use any more.

        Returns:
            None where no such meeting is known.
        """
        held = sorted(self.branch if meeting == "branch" else self.management)
        for day in held[bisect_left(held, earliest + timedelta(days=days)) :]:
            due = self.on_or_before(day - timedelta(days=days))
            if due.day >= earliest:
                return due
        return None

    def _search(self, wished: date, by: timedelta) -> Due:
        day, holiday = wished, ""
        for _ in range(LONGEST_SEARCH_D):
            if self.is_working(day):
                return Due(day=day, wished=wished, holiday=holiday)
            holiday = holiday or self.holidays.get(day, "")
            day += by
        return Due(day=wished, wished=wished)
