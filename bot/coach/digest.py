"""The weekly digest: what was done, what is overdue, what comes, what is stuck; and one next step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.coach.history import still_standing
from bot.coach.next_step import Next, Progress, next_item, overall, progress
from bot.coach.plan import Item, Plan, Status

COMING_D = 7  # days ahead that a digest looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """A week of a plan. No item stands in two of the lists.

    Attributes:
        done: Since the last digest, and still done.
        overdue: Whose day has passed, those put off too.
        coming: Due within a week.
        blocked: Stuck, overdue or not.
        next: The one next step.
    """

    done: tuple[Item, ...]
    overdue: tuple[Item, ...]
    coming: tuple[Item, ...]
    blocked: tuple[Item, ...]
    next: Next | None
    whole: Progress
    by_step: Mapping[str, Progress]


def make_digest(plan: Plan, since: datetime, today: date) -> Digest:
    """Sum up a plan.

    Args:
        plan: The plan.
        since: When the last digest was sent; aware.
        today: The day it is for the rep.
    """
    done_lately = {
        event.key
        for event in still_standing(plan.history)
        if event.at > since and event.after is not None and event.after.status is Status.DONE
    }
    items = plan.items

    def those(wanted: Callable[[Item], bool]) -> tuple[Item, ...]:
        return tuple(item for item in items if wanted(item))

    def is_coming(item: Item) -> bool:
        last = today + timedelta(days=COMING_D)
        is_near = item.due is not None and today <= item.due <= last
        return is_near and not item.is_closed and item.status is not Status.BLOCKED

    return Digest(
        done=those(lambda item: item.status is Status.DONE and item.id in done_lately),
        overdue=those(lambda item: item.is_overdue(today) and item.status is not Status.BLOCKED),
        coming=those(is_coming),
        blocked=those(lambda item: item.status is Status.BLOCKED),
        next=next_item(plan, today),
        whole=overall(plan),
        by_step=progress(plan),
    )
