"""Where the middle of the answers lies, told from the published table alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.results.counting import MISSING
from bot.results.published import Slice, Table


@dataclass(frozen=True, slots=True)
class Spread:
    """The published groups that hold the lower quarter, the middle and the upper quarter.

    None where it depends on how many of a group that is shown as one gave no answer at all.
    """

    lower: Slice | None
    middle: Slice | None
    upper: Slice | None


def spread(table: Table) -> Spread | None:
    """Where the quarters of an ordered question lie.

    A group, not a figure: a median of a few people is one person's own answer. None where no answer is
    shown on its own.
    """
    answered = [part for part in table.slices if not part.is_missing]
    certain = [part for part in answered if not any(code in MISSING for code in part.codes)]
    most, least = _quarters(answered), _quarters(certain)
    if most is None or least is None:
        return None
    lower, middle, upper = (a if a == b else None for a, b in zip(most, least, strict=True))
    return Spread(lower, middle, upper)


def _quarters(parts: Sequence[Slice]) -> tuple[Slice, Slice, Slice] | None:
    total = sum(part.count for part in parts)
    if not total:
        return None
    lower, middle, upper = (_holding(parts, total * quarter / 4) for quarter in (1, 2, 3))
    return lower, middle, upper


def _holding(parts: Sequence[Slice], rank: float) -> Slice:
    before = 0
    for part in parts:
        before += part.count
        if before >= rank:
            return part
    return parts[-1]
