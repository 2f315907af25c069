"""Which answers are shown together, so that no number shown is small.

A group is a set of codes that is only ever counted as one. Every table of a release uses these groups
or unions of them, so who said what *within* a group leaves no trace in anything published.

A group of small answers stands alone only while each of them could be anything below the threshold. Two
answers of 4 make 8, and whoever knows that both are under 5 knows both; so such a group is joined to
another one.

What joins a small code to a larger one is its place in the codebook, never the size of the others. A
choice by size ("the next smallest") would itself tell something to a reader who knows the method.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.language.replies import Missing
from bot.results.counting import MISSING, Codes

SKIPPED: Final = Missing.SKIPPED.value
REASONS: Final = frozenset(
    {SKIPPED, Missing.DONT_KNOW.value, Missing.PREFER_NOT_TO_SAY.value}
)  # if complete
Groups = tuple[Codes, ...]


def grouped(
    codes: Codes, count_by_code: Mapping[str, int], threshold: int, *, ordered: bool
) -> Groups:
    """The finest groups we show.

    Args:
        codes: All codes of the question, in order, the missing ones last.
        count_by_code: How many returns count as each; a code that is absent counts none.
        threshold: The least number that may be shown.
        ordered: Whether only neighbours may be joined; otherwise small answers form one group.

    Returns:
        Groups that hold each code once, in order, none of them under the threshold; or a single group
        where that cannot be done.
    """
    missing: list[Codes] = [(code,) for code in codes if code in MISSING]
    given: list[Codes] = [(code,) for code in codes if code not in MISSING]

    def count(group: Codes) -> int:
        return sum(count_by_code.get(code, 0) for code in group)

    def is_small(group: Codes) -> bool:
        return count(group) < threshold

    if ordered:
        while len(given) > 1 and any(is_small(group) for group in given):
            place = next(i for i, group in enumerate(given) if is_small(group))
            given = _with_neighbour(given, place)
    big = [group for group in (*given, *missing) if not is_small(group)]
    silent = _union(group for group in missing if is_small(group))
    rest = _union(group for group in given if is_small(group))
    pools = [(*rest, *silent)] if is_small(silent) else [silent, rest]
    for small in filter(None, pools):
        pool = small
        most = (_members(pool) - 1) * (threshold - 1)
        is_free = threshold <= count(pool) <= most
        big.append(pool)
        while not is_free and len(big) > 1:
            big, pool = _with_host(big, pool, codes)
            is_free = count(pool) >= 2 * threshold - 1
    return _in_order(big, codes)


def _members(pool: Codes) -> int:
    """How many codes of a pool somebody may have given, at least; among real answers silence is one."""
    answers = sum(code not in MISSING for code in pool)
    return answers + int(SKIPPED in pool) if answers else len(REASONS.intersection(pool))


def _with_neighbour(groups: list[Codes], place: int) -> list[Codes]:
    """Join a group to the next one, or the last one to that before it."""
    first = min(place, len(groups) - 2)
    return [*groups[:first], groups[first] + groups[first + 1], *groups[first + 2 :]]


def _with_host(groups: list[Codes], pool: Codes, codes: Codes) -> tuple[list[Codes], Codes]:
    """Join a pool to the group that stands nearest before it, or else after it.

    Where all of the pool gave no answer, a group that gave none either comes first.
    """
    others = [group for group in groups if group != pool]
    alike = [group for group in others if _is_silent(group) and _is_silent(pool)] or others
    start = min(codes.index(code) for code in pool)
    ordered = sorted(alike, key=lambda group: codes.index(group[0]))
    before = [group for group in ordered if codes.index(group[0]) < start]
    host = before[-1] if before else ordered[0]
    union = tuple(sorted((*host, *pool), key=codes.index))
    return [union if group == host else group for group in others], union


def _is_silent(group: Codes) -> bool:
    return all(code in MISSING for code in group)


def _union(groups: Iterable[Codes]) -> Codes:
    return tuple(code for group in groups for code in group)


def _in_order(groups: Sequence[Codes], codes: Codes) -> Groups:
    tidy = [tuple(sorted(group, key=codes.index)) for group in groups]
    return tuple(sorted(tidy, key=lambda group: codes.index(group[0])))
