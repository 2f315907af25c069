"""Two rounds of one survey: what has changed, and what the later one must not tell of the earlier.

What has changed is worked out from the two releases alone, in groups that both can be counted in. A later
round that may be the same people again is published in groups of the earlier one, or unions of them: else
a number that the one hides could be read off the other by whoever knows that hardly anybody has changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.results.counting import MISSING, Codes
from bot.results.limits import SENSITIVE_FROM
from bot.results.published import CrossTable, Release, Slice, Table, Withheld, percent
from bot.results.shapes import AREA, Codebook, Kind, Question

ALIKE: Final = (
    2 * SENSITIVE_FROM
)  # returns: rounds that differ by fewer may be the same people again
Groups = tuple[Codes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One answer in two rounds, or some that are counted together.

    Attributes:
        before: How many gave it in the earlier round.
        before_share: Of a hundred who answered; None for no answer.
        count: How many in the later one.
        share: Of a hundred.
    """

    codes: Codes
    before: int
    before_share: int | None
    count: int
    share: int | None

    @property
    def points(self) -> int | None:
        """How many more of a hundred; below zero where they are fewer."""
        if self.share is None or self.before_share is None:
            return None
        return self.share - self.before_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One question in two rounds.

    Attributes:
        name: Of the question.
        before_base: How many answered it in the earlier round.
        base: How many in the later one.
        steps: In the order of the question.
    """

    name: str
    before_base: int
    base: int
    steps: tuple[Step, ...]


def earlier_for(codebook: Codebook, returns: int, before: Release | None) -> Release | None:
    """The earlier round whose groups a later one is held to; None where they cannot be the same people."""
    if before is None or before.returns is None or abs(returns - before.returns) >= ALIKE:
        return None
    names = {q.name for q in codebook.asked() if _same(before, q)}
    return replace(
        before,
        tables=tuple(table for table in before.tables if table.name in names),
        crossings=tuple(c for c in before.crossings if {c.rows, c.columns} <= names),
    )


def table_of(release: Release | None, name: str) -> Table | None:
    """The table of a question in a release that may have none."""
    tables = release.tables if release else ()
    return next((table for table in tables if table.name == name), None)


def crossing_of(release: Release | None, rows: str, columns: str) -> CrossTable | None:
    """The crossing of two questions in a release that may have none."""
    crossings = release.crossings if release else ()
    return next((one for one in crossings if (one.rows, one.columns) == (rows, columns)), None)


def held_to(table: Table, question: Question, before: Table | None) -> Table:
    """A table that splits no group of the earlier one."""
    if before is None or table.withheld is not Withheld.NO:
        return table
    known = tuple(part.codes for part in before.slices)
    if question.kind is Kind.MANY:
        kept = tuple(part for part in table.slices if part.codes in known)
        gone = {code for part in table.slices if part not in kept for code in part.codes}
        held = replace(table, slices=kept, hidden=_hidden(question, table, gone))
        return held if kept else _nothing(table)
    groups = common(tuple(part.codes for part in table.slices), known)
    return _merged(table, groups) if known and len(groups) > 1 else _nothing(table)


def common(groups: Sequence[Codes], others: Sequence[Codes]) -> Groups:
    """The finest groups that both ways of counting can be counted in, in the order of the first."""
    joined = [set(group) for group in groups]
    for other in others:
        touched = [group for group in joined if not group.isdisjoint(other)]
        if len(touched) > 1:
            first = joined.index(touched[0])
            joined = [group for group in joined if group not in touched]
            joined.insert(first, set().union(*touched))
    order = [code for group in groups for code in group]
    return tuple(tuple(code for code in order if code in group) for group in joined)


def changes(release: Release, before: Release) -> Iterator[Change]:
    """Every question that was asked in both rounds and can be shown of both."""
    if release.returns is None or before.returns is None:
        return
    for question in release.codebook.questions:
        now, then = table_of(release, question.name), table_of(before, question.name)
        if now is None or then is None or not _same(before, question):
            continue
        if now.withheld is Withheld.NO and then.withheld is Withheld.NO:
            change = _change(question, now, then)
            if len(change.steps) > 1 or (change.steps and question.kind is Kind.MANY):
                yield change


def _change(question: Question, now: Table, then: Table) -> Change:
    if question.kind is Kind.MANY:
        both = {part.codes for part in now.slices} & {part.codes for part in then.slices}
        groups = tuple(part.codes for part in now.slices if part.codes in both)
    else:
        found = common([part.codes for part in now.slices], [part.codes for part in then.slices])
        groups = found
        now, then = _merged(now, groups), _merged(then, groups)
    counts = [{frozenset(p.codes): p.count for p in table.slices} for table in (then, now)]
    steps = tuple(
        Step(
            codes=group,
            before=counts[0][frozenset(group)],
            before_share=_share(group, counts[0][frozenset(group)], then),
            count=counts[1][frozenset(group)],
            share=_share(group, counts[1][frozenset(group)], now),
        )
        for group in groups
    )
    return Change(name=question.name, before_base=then.base, base=now.base, steps=steps)


def _share(group: Codes, count: int, table: Table) -> int | None:
    is_silent = all(code in MISSING for code in group)
    return None if is_silent or table.base <= 0 else percent(count, table.base)


def _merged(table: Table, groups: Groups) -> Table:
    """The table with its slices put together; a group that it does not know is left out."""
    slices = []
    for group in groups:
        parts = [part for part in table.slices if not set(part.codes).isdisjoint(group)]
        if parts:
            slices.append(Slice(group, sum(part.count for part in parts)))
    return replace(table, slices=tuple(slices))


def _hidden(question: Question, table: Table, gone: set[str]) -> Codes:
    hidden = {*table.hidden, *gone}
    return tuple(option.code for option in question.options if option.code in hidden)


def _nothing(table: Table) -> Table:
    return Table(
        name=table.name,
        threshold=table.threshold,
        total=table.total,
        withheld=Withheld.TOO_FEW,
    )


def _same(before: Release, question: Question) -> bool:
    """Whether a question was asked in the same way before; a new wording is another question."""
    asked = {one.name: one for one in before.codebook.asked()}
    old = asked.get(question.name)
    if old is None or question.name == AREA:
        return old is not None and old.options == question.options
    codes = tuple(option.code for option in question.options)
    return (old.label, old.kind, old.asked_if, tuple(o.code for o in old.options)) == (
        question.label,
        question.kind,
        question.asked_if,
        codes,
    )
