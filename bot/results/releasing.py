"""Making the one release of a survey, and what may be said before it.

The rule: for every number that is hidden because it is small, a reader of everything published is left
with a range at least a threshold wide. Nobody can tell it, nor that it is small. Holding it takes three
things together, and no solver: groups that are the same in every table (`grouping.py`), joined cells in
crossings (`crossing.py`), and pairs without a ring.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.errors import ResultsError
from bot.results.crossing import Pair, crossed, links, refuse_rings
from bot.results.limits import SENSITIVE_FROM, SHOWN_FROM
from bot.results.published import Release
from bot.results.rounds import earlier_for
from bot.results.shapes import Codebook, Return, State
from bot.results.tabulating import sheet_of, tables_of

LEAST: Final = 3  # no setting may go below it: with two in a cell, each knows the other
STEP: Final = 5  # before a survey closes, its returns are told in such steps


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many people on a number is shown.

    Raises:
        ResultsError: A limit is below 3, or the sensitive one below the plain one.
    """

    plain: int = SHOWN_FROM
    sensitive: int = SENSITIVE_FROM

    def __post_init__(self) -> None:
        """Refuse limits that protect nobody."""
        if not LEAST <= self.plain <= self.sensitive:
            raise ResultsError(
                f"no number of fewer than {LEAST} people may be shown: raise the limit"
            )

    def of(self, codebook: Codebook, *names: str) -> int:
        """The limit where these questions meet; who was not asked tells what a filter's question hides."""
        is_sensitive = any(_is_sensitive(codebook, name) for name in names)
        return self.sensitive if is_sensitive else self.plain


def _is_sensitive(codebook: Codebook, name: str) -> bool:
    question = codebook.question(name)
    before = question.asked_if
    return question.sensitive or (before is not None and _is_sensitive(codebook, before.question))


def make_release(
    codebook: Codebook,
    returns: Sequence[Return],
    *,
    closed_on: date,
    pairs: Sequence[Pair] = (),
    limits: Limits | None = None,
    before: Release | None = None,
) -> Release:
    """Everything that will ever be published of a survey.

    Only complete returns count; partial and test ones are left out.

    Args:
        codebook: The survey as it was asked.
        returns: All that came in, of any state.
        closed_on: The day it closed.
        pairs: The questions to cross, chosen before it closed.
        limits: From how many people on a number is shown.
        before: What was published of the round before it.

    Raises:
        ResultsError: The pairs form a ring, or an answer is not one that its question has.
    """
    limits = limits or Limits()
    refuse_rings(codebook, pairs)
    counted = [given for given in returns if given.state is State.COMPLETE]
    sheet = sheet_of(codebook, counted)
    if len(counted) < limits.plain:
        return Release(
            codebook=codebook, closed_on=closed_on, threshold=limits.plain, returns=None
        )
    earlier = earlier_for(codebook, len(counted), before)
    tables = tables_of(codebook, sheet, _thresholds(codebook, pairs, limits), earlier)
    by_name = {table.name: table for table in tables}
    crossings = tuple(
        crossed(pair, codebook, sheet, by_name, limits.of(codebook, *pair), earlier)
        for pair in pairs
    )
    return Release(
        codebook=codebook,
        closed_on=closed_on,
        threshold=limits.plain,
        returns=len(counted),
        tables=tables,
        crossings=crossings,
    )


def _thresholds(codebook: Codebook, pairs: Sequence[Pair], limits: Limits) -> dict[str, int]:
    """The least number in each question's own table.

    A cell of a crossing lies within a row of it. Where the cell needs the larger limit the row needs
    it too, or the row's own number would bound the cell.
    """
    thresholds = {
        question.name: limits.of(codebook, question.name) for question in codebook.asked()
    }
    for one, other in links(codebook, pairs):
        for name in (one, other):
            thresholds[name] = max(thresholds[name], limits.of(codebook, one, other))
    return thresholds
