"""What becomes of moments that have passed: sent, sent late, or skipped; of several only the latest."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.language.recurrence import Recurrence
from bot.planning.plans import Hours, Moment, Plan, moments, opening

GRACE: Final = timedelta(hours=2)  # so late it still goes out, and says that it is late
PROMPT: Final = timedelta(minutes=5)  # later than this it is late
MOST: Final = 5_000  # moments that are looked through: ten years of working days, twice


class Timing(StrEnum):
    """How a moment is dealt with."""

    PROMPT = "prompt"
    LATE = "late"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What there is to do at a time.

    Attributes:
        moment: The latest that has come.
        timing: What becomes of it.
        missed: How many moments before it were passed over.
        following: The next one after it; None where the plan ends.
    """

    moment: Moment
    timing: Timing
    missed: int = 0
    following: Moment | None = None


def due(plan: Plan, hours: Hours, first: Moment, now: datetime) -> Due:
    """What to do with a plan whose moment `first` is the next that was not dealt with.

    A clock that was put back changes nothing: what was planned for `first` is dealt with as `first`.

    Args:
        plan: What was asked for.
        hours: When messages may go out.
        first: Its time to go out may have come long ago.
        now: Aware.
    """
    latest, missed, following = first, 0, None
    if isinstance(plan, Recurrence):
        for number, moment in enumerate(moments(plan, hours, first.planned)):
            if moment.at > now or number >= MOST:
                following = moment
                break
            latest, missed = moment, missed + 1
    return Due(
        moment=latest, timing=timing(latest, hours, now), missed=missed, following=following
    )


def timing(moment: Moment, hours: Hours, now: datetime) -> Timing:
    """Whether it goes out, late, or not at all; what is not due yet is in time.

    In quiet hours what counts is when they end: nothing goes out before.
    """
    behind = opening(now, hours) - moment.at
    if behind > GRACE:
        return Timing.SKIPPED
    return Timing.LATE if behind > PROMPT else Timing.PROMPT
