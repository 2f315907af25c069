"""Protection where one person may give several answers: each answer is a table of yes and no.

Counts of a "tick all that apply" do not add up to anything, but a reader knows three things about them:
whoever answered ticked something, whoever ticked "none of these" ticked nothing else, and there may be a
most. So what is shown of one answer must leave at least a threshold of people on either side of it *among
those who could have given it*.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.language.replies import Missing
from bot.results.counting import MISSING, Codes
from bot.results.published import Slice
from bot.results.shapes import Question


@dataclass(frozen=True, slots=True)
class Items:
    """What can be counted in such a question: what excludes the rest, and the rest."""

    exclusive: tuple[Codes, ...]
    free: tuple[Codes, ...]


def items_of(question: Question) -> Items:
    """All items of a question, in order; "no answer" counts as one that excludes the rest."""
    missing = MISSING
    apart: tuple[Codes, ...] = ()
    if question.asked_if:
        apart = ((Missing.NOT_ASKED.value,),)
        missing = tuple(code for code in MISSING if code != Missing.NOT_ASKED)
    alone = tuple((option.code,) for option in question.options if option.alone)
    free = tuple((option.code,) for option in question.options if not option.alone)
    return Items((*apart, missing, *alone), free)


def tally(items: Items, said: Iterable[Codes]) -> dict[Codes, int]:
    """How many returns count in each item."""
    wanted = {code: item for item in (*items.exclusive, *items.free) for code in item}
    counts = dict.fromkeys((*items.exclusive, *items.free), 0)
    for codes in said:
        for item in {wanted[code] for code in codes}:
            counts[item] += 1
    return counts


def shown(
    items: Items, counts: Mapping[Codes, int], total: int, threshold: int, most: int | None
) -> tuple[Slice, ...]:
    """The items that may be shown of one group of people.

    Args:
        items: In order.
        counts: Of each item.
        total: How many people the group holds.
        threshold: The least number on either side of an item.
        most: How many items one person could choose.

    Returns:
        The items with their counts, in order.
    """
    could = total
    kept: list[Slice] = []
    for item in items.exclusive:
        if threshold <= counts[item] <= could - threshold:
            kept.append(Slice(item, counts[item]))
            could -= counts[item]
    free = [
        Slice(item, counts[item])
        for item in items.free
        if threshold <= counts[item] <= could - threshold
    ]
    while most and free and sum(part.count for part in free) > most * (could - threshold):
        free.remove(min(free, key=lambda part: part.count))
    return (*kept, *free)
