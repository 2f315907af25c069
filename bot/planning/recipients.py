"""Who gets a broadcast and who does not, with a reason for each; and figures that add up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import Final

WEEKLY: Final = 3  # broadcasts one person gets within seven days, whoever sends them
WEEK: Final = timedelta(days=7)
ALL: Final = "all"  # the topic of whoever wants none at all
CONSENT: Final = "campaign"  # the purpose somebody agrees to who wants campaign messages


class Kind(StrEnum):
    """The class of a broadcast: what somebody takes part in, or what a union would like them to do."""

    SERVICE = "service"
    CAMPAIGN = "campaign"


class Fate(StrEnum):
    """What becomes of one recipient. Each has exactly one at a time."""

    WAITING = "waiting"  # will be written to
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # may have arrived; it is not sent again
    BLOCKED = "blocked"  # cannot be reached: blocked, deleted, left
    OPTED_OUT = "opted-out"
    NOT_AGREED = "not-agreed"  # they never opted in, and take part in nothing this is about
    ENOUGH = "enough"  # had their share of the week already
    HALTED = "halted"  # it was stopped before their turn came
    SKIPPED = "skipped"  # it would have come too late to be of use


TOLD: Final = frozenset({Fate.WAITING, Fate.SENT, Fate.UNKNOWN})  # counts for the weekly share


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of one person when it is decided whether to write to them.

    Attributes:
        is_reachable: Whether there is an address that was not given up.
        channel: Where they are written to; empty where they cannot be.
        opt_outs: Topics they said no to.
        has_agreed: Whether they opted in to campaign messages.
        takes_part: Whether they have a role, or filled something in under their name.
        recent: Broadcasts of the last seven days.
    """

    is_reachable: bool
    channel: str = ""
    opt_outs: frozenset[str] = frozenset()
    has_agreed: bool = False
    takes_part: bool = False
    recent: int = 0


def fate(facts: Facts, kind: Kind, topic: str) -> Fate:
    """What becomes of somebody: the first reason that speaks against it, or none."""
    if facts.opt_outs & {ALL, topic}:
        return Fate.OPTED_OUT
    if not (facts.has_agreed or (kind is Kind.SERVICE and facts.takes_part)):
        return Fate.NOT_AGREED
    if not facts.is_reachable:
        return Fate.BLOCKED
    return Fate.ENOUGH if facts.recent >= WEEKLY else Fate.WAITING


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recipients met each fate; their sum is the audience, always."""

    counts: Mapping[Fate, int] = field(default_factory=dict)

    @classmethod
    def of(cls, fates: Iterable[Fate]) -> "Tally":
        """Count them."""
        return cls(dict(Counter(fates)))

    @property
    def total(self) -> int:
        """Everybody it was meant for."""
        return sum(self.counts.values())

    def of_fate(self, wanted: Fate) -> int:
        """How many met this one."""
        return self.counts.get(wanted, 0)


PER_S: Final[
    Mapping[str, float]
] = {  # broadcast messages a second; replies are counted in as well
    "telegram": 28.5,  # of 30: what waited a moment comes at once, and replies go out between
    "slack": 4.9,  # of 5: several hundred a minute to a workspace, of which we take the least
}


def seconds(counts: Mapping[str, int]) -> int:
    """How long messages take, in whole seconds; channels do not wait for each other.

    Args:
        counts: Messages by channel; a channel without a pace takes no time.
    """
    return max((ceil(n / PER_S[name]) for name, n in counts.items() if name in PER_S), default=0)
