"""What a turn wants done with a plan: values that the service applies.

Changes carry the whole event, numbered: one that does not follow from what the store holds by then is
not written, and the turn is done again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.coach.agreement import Agreement, ClauseState
from bot.coach.history import Event
from bot.coach.owners import Membership
from bot.coach.plan import Item, Plan, PlanId
from bot.coach.rhythm import Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlan:
    """Keep a new plan and its agreement.

    Attributes:
        meetings: The kind of a meeting to its next day.
    """

    plan: Plan
    agreement: Agreement
    meetings: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """Add what was done to an item."""

    plan: PlanId
    event: Event[Item]


@dataclass(frozen=True, slots=True)
class ChangeClause:
    """Add what was done to a clause."""

    plan: PlanId
    event: Event[ClauseState]


@dataclass(frozen=True, slots=True)
class ChangeSharing:
    """Add who came, went or took over."""

    plan: PlanId
    event: Event[Membership]


@dataclass(frozen=True, slots=True)
class ArchivePlan:
    """Put a plan away."""

    plan: PlanId


@dataclass(frozen=True, slots=True)
class UsePlan:
    """They have just used this plan: it is the one in hand, and the coach was heard."""

    plan: PlanId


@dataclass(frozen=True, slots=True)
class SetRhythm:
    """Remind them of a plan at these hours; None: not at all."""

    plan: PlanId
    rhythm: Rhythm | None


@dataclass(frozen=True, slots=True)
class InviteToPlan:
    """Make a one-time code that lets another rep of the branch share a plan."""

    plan: PlanId
    code: str


@dataclass(frozen=True, slots=True)
class JoinPlan:
    """Share a plan: by an invite they typed before, or one that nobody looks after.

    Attributes:
        invite: The id of the invite; empty for a plan without owners.
        plan: The id of that plan; empty with an invite, which names it.
    """

    invite: str = ""
    plan: str = ""


PlanEffect = (
    FoundPlan
    | ChangeItem
    | ChangeClause
    | ChangeSharing
    | ArchivePlan
    | UsePlan
    | SetRhythm
    | InviteToPlan
    | JoinPlan
)
