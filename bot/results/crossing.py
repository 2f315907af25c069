"""Crossing two questions: rows and columns are joined until no cell is small, or nothing is shown.

Two kinds of table can be crossed with one another only as long as the chosen pairs form no ring. Without
a ring every table can be changed on its own while all the others stay as they are, so what is hidden in
one cannot be worked out from the rest. For a ring (A with B, B with C, C with A) nothing of the kind holds.
`docs/adr/0011-no-small-numbers.md` has the argument; `tests/results/test_attack.py` has the attack.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.errors import ResultsError
from bot.results.counting import Codes, is_ordered
from bot.results.published import CrossTable, Release, Slice, Table, Withheld
from bot.results.rounds import common, crossing_of
from bot.results.several import items_of, shown, tally
from bot.results.shapes import Codebook, Kind, Question
from bot.results.tabulating import NOT_ASKED, Sheet

Pair = tuple[str, str]
Rows = list[list[int]]


def is_crossable(question: Question) -> bool:
    """Whether a question has answers to cross."""
    return question.kind is not Kind.TEXT and (
        question.kind is not Kind.DATE or bool(question.bands)
    )


def refuse_rings(codebook: Codebook, pairs: Sequence[Pair]) -> None:
    """Raise where pairs of questions, with the filters between questions, form a ring.

    Raises:
        ResultsError: It names the pair to leave out.
    """
    home = {question.name: question.name for question in codebook.asked()}

    def root(name: str) -> str:
        while home[name] != name:
            name = home[name]
        return name

    for one, other in links(codebook, pairs):
        if root(one) == root(other):
            raise ResultsError(
                f"crossing {one!r} with {other!r} would close a ring of tables: leave it out"
            )
        home[root(one)] = root(other)


def links(codebook: Codebook, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Everything that ties two questions together: the filters first, then the pairs.

    Raises:
        ResultsError: A pair names a question that there is not, or that cannot be crossed.
    """
    for one, other in pairs:
        questions = codebook.question(one), codebook.question(other)
        if not all(is_crossable(question) for question in questions):
            raise ResultsError(f"{one!r} and {other!r} cannot be crossed: a text has no groups")
        if all(question.kind is Kind.MANY for question in questions):
            raise ResultsError(
                f"{one!r} and {other!r} cannot be crossed: one must be single-choice"
            )
    filters = [(q.asked_if.question, q.name) for q in codebook.questions if q.asked_if]
    return (*filters, *pairs)


def crossed(
    pair: Pair,
    codebook: Codebook,
    sheet: Sheet,
    tables: Mapping[str, Table],
    threshold: int,
    earlier: Release | None = None,
) -> CrossTable:
    """Cross two questions in the groups that their own tables show, or in unions of these.

    Args:
        pair: Names of two questions. One with several answers becomes the columns.
        codebook: The survey.
        sheet: What every return counts as.
        tables: The published table of each question.
        threshold: The least number shown, for this pair.
        earlier: The round whose groups these are held to.
    """
    rows, columns = (codebook.question(name) for name in pair)
    if rows.kind is Kind.MANY:
        rows, columns = columns, rows
    empty = CrossTable(
        rows=rows.name, columns=columns.name, threshold=threshold, withheld=Withheld.TOO_FEW
    )
    before = crossing_of(earlier, rows.name, columns.name)
    if any(tables[name].withheld is not Withheld.NO for name in pair):
        return empty
    if before is not None and before.withheld is not Withheld.NO:
        return empty
    cross = _with_several if columns.kind is Kind.MANY else _with_single
    return cross(rows, columns, sheet, tables, empty, before)


def _with_single(
    rows: Question,
    columns: Question,
    sheet: Sheet,
    tables: Mapping[str, Table],
    empty: CrossTable,
    before: CrossTable | None,
) -> CrossTable:
    row_groups = _groups(rows, tables[rows.name])
    column_groups = _groups(columns, tables[columns.name])
    if before is not None:
        row_groups = [*common(row_groups, before.row_groups)]
        column_groups = [*common(column_groups, before.column_groups)]
    counts = [[0] * len(column_groups) for _ in row_groups]
    row_of, column_of = _places(row_groups), _places(column_groups)
    for (row,), (column,) in zip(sheet.said[rows.name], sheet.said[columns.name], strict=True):
        counts[row_of[row]][column_of[column]] += 1
    orders = is_ordered(rows), is_ordered(columns)
    while _small(counts, empty.threshold) and min(len(row_groups), len(column_groups)) > 1:
        turned = _turn(counts)
        if _worst(counts, empty.threshold) >= _worst(turned, empty.threshold):
            counts, row_groups = _join(counts, row_groups, empty.threshold, ordered=orders[0])
        else:
            turned, column_groups = _join(
                turned, column_groups, empty.threshold, ordered=orders[1]
            )
            counts = _turn(turned)
    if min(len(row_groups), len(column_groups)) < 2:
        return empty
    return _filled(empty, row_groups, [sum(row) for row in counts], column_groups, counts)


def _with_several(
    rows: Question,
    columns: Question,
    sheet: Sheet,
    tables: Mapping[str, Table],
    empty: CrossTable,
    before: CrossTable | None,
) -> CrossTable:
    """All items that the columns' own table shows, or nothing.

    An item left out in one table and shown in another could be worked out where hardly anybody gave
    several answers: then the counts add up after all.
    """
    items = items_of(columns)
    wanted = [part.codes for part in tables[columns.name].slices]
    if columns.asked_if:
        wanted = [(NOT_ASKED,), *wanted]
    groups = list(_groups(rows, tables[rows.name]))
    if before is not None:
        groups = [*common(groups, before.row_groups)]
    while len(groups) > 1:
        members = [
            [
                codes
                for (row,), codes in zip(
                    sheet.said[rows.name], sheet.said[columns.name], strict=True
                )
                if row in group
            ]
            for group in groups
        ]
        parts = [
            shown(items, tally(items, said), len(said), empty.threshold, columns.most)
            for said in members
        ]
        bad = [i for i, part in enumerate(parts) if not set(wanted) <= {one.codes for one in part}]
        if not bad:
            totals = [len(said) for said in members]
            return _filled(
                empty, groups, totals, wanted, [_picked(part, wanted) for part in parts]
            )
        sizes = [len(said) for said in members]
        groups = _joined(groups, bad[0], _partner(sizes, bad[0], ordered=is_ordered(rows)))
    return empty


def _picked(parts: Iterable[Slice], wanted: Sequence[Codes]) -> list[int]:
    count_by_codes = {part.codes: part.count for part in parts}
    return [count_by_codes[codes] for codes in wanted]


def _partner(sizes: Sequence[int], place: int, *, ordered: bool) -> int:
    """Which group a bad one is joined to: the smallest of the others, or of its neighbours."""
    others = (i for i in range(len(sizes)) if i != place and (not ordered or abs(i - place) == 1))
    return min(others, key=lambda i: sizes[i])


def _filled(
    empty: CrossTable,
    row_groups: Sequence[Codes],
    row_totals: Sequence[int],
    column_groups: Sequence[Codes],
    counts: Rows,
) -> CrossTable:
    return CrossTable(
        rows=empty.rows,
        columns=empty.columns,
        threshold=empty.threshold,
        row_groups=tuple(row_groups),
        row_totals=tuple(row_totals),
        column_groups=tuple(column_groups),
        counts=tuple(tuple(row) for row in counts),
    )


def _groups(question: Question, table: Table) -> list[Codes]:
    groups = [part.codes for part in table.slices]
    return [*groups, (NOT_ASKED,)] if question.asked_if else groups


def _places(groups: Sequence[Codes]) -> dict[str, int]:
    return {code: place for place, group in enumerate(groups) for code in group}


def _turn(counts: Rows) -> Rows:
    return [list(column) for column in zip(*counts, strict=True)]


def _small(counts: Rows, threshold: int) -> bool:
    return any(count < threshold for row in counts for count in row)


def _worst(counts: Rows, threshold: int) -> float:
    """The largest share of small cells in any row."""
    return max(sum(count < threshold for count in row) / len(row) for row in counts)


def _join(
    counts: Rows, groups: list[Codes], threshold: int, *, ordered: bool
) -> tuple[Rows, list[Codes]]:
    """Join the row with the most small cells to the one that mends it best; smaller rows first."""

    def smalls(row: Sequence[int]) -> int:
        return sum(count < threshold for count in row)

    place = max(range(len(counts)), key=lambda i: (smalls(counts[i]), -sum(counts[i])))
    others = [i for i in range(len(counts)) if i != place and (not ordered or abs(i - place) == 1)]
    other = min(
        others,
        key=lambda i: (
            smalls([a + b for a, b in zip(counts[i], counts[place], strict=True)]),
            sum(counts[i]),
        ),
    )
    first, second = sorted((place, other))
    merged = [a + b for a, b in zip(counts[first], counts[second], strict=True)]
    kept = [merged if i == first else row for i, row in enumerate(counts) if i != second]
    return kept, _joined(groups, first, second)


def _joined(groups: Sequence[Codes], one: int, other: int) -> list[Codes]:
    first, second = sorted((one, other))
    union = (*groups[first], *groups[second])
    return [union if i == first else group for i, group in enumerate(groups) if i != second]
