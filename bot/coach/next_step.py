"""The one next step, and how far a plan has come, without make-believe."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.coach.plan import Item, Plan, Status


class Readiness(StrEnum):
    """Why an item is the next one."""

    READY = "ready"  # it can be done now
    STUCK = "stuck"  # nothing else can: something must be got out of its way
    ASLEEP = "asleep"  # all that is left was put off
    WAITING = "waiting"  # all that is left waits for others


@dataclass(frozen=True, slots=True)
class Next:
    """The next step: exactly one item, and why this one."""

    item: Item
    readiness: Readiness


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How the items of one step, or of all, stand. The five counts add up to the total."""

    done: int = 0
    open: int = 0
    later: int = 0
    blocked: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """All items, those that are not for this workplace too."""
        return self.done + self.open + self.later + self.blocked + self.dropped

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.total == self.done + self.dropped


def next_item(plan: Plan, today: date) -> Next | None:
    """The one next step; None where nothing is left to do.

    First what can be done now, in the plan's order. Then what is stuck, for it may be all that holds
    up the rest. Then what was put off, the one that wakes first; last what waits for another item.
    """
    left = [item for item in plan.items if not item.is_closed]
    awake = [item for item in left if item.is_awake(today)]
    ready = [item for item in awake if not waits_for(item, plan.items)]
    stuck = [item for item in left if item.status is Status.BLOCKED]
    asleep = sorted(
        (item for item in left if item.wake and not item.is_awake(today)),
        key=lambda item: (item.wake, item.place, item.id),
    )
    ways = (
        (Readiness.READY, ready),
        (Readiness.STUCK, stuck),
        (Readiness.ASLEEP, asleep),
        (Readiness.WAITING, awake),
    )
    return next((Next(items[0], readiness) for readiness, items in ways if items), None)


def waits_for(item: Item, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """The items that must be closed before one can be begun."""
    return tuple(
        other
        for other in items
        if other.action in item.after and not other.is_closed and other.id != item.id
    )


def progress(plan: Plan) -> Mapping[str, Progress]:
    """How each step stands, by its id, in the order of the plan's steps."""
    items = plan.items
    return {step: _count(one for one in items if one.step == step) for step in plan.steps}


def overall(plan: Plan) -> Progress:
    """How the whole plan stands."""
    return _count(plan.items)


def _count(items: Iterable[Item]) -> Progress:
    counts = Counter(item.status for item in items)
    return Progress(
        done=counts[Status.DONE],
        open=counts[Status.OPEN],
        later=counts[Status.LATER],
        blocked=counts[Status.BLOCKED],
        dropped=counts[Status.DROPPED],
    )
