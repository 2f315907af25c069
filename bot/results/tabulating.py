"""One table for each question, of complete returns only."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.language.replies import Missing
from bot.results.counting import Codes, codes_of, codes_said, is_ordered
from bot.results.grouping import grouped
from bot.results.published import Release, Slice, Table, Withheld
from bot.results.rounds import held_to, table_of
from bot.results.several import items_of, shown, tally
from bot.results.shapes import Codebook, Kind, Question, Return

NOT_ASKED = Missing.NOT_ASKED.value


@dataclass(frozen=True, slots=True)
class Sheet:
    """What every return counts as in every question: one row of codes per question.

    Attributes:
        said: By name of the question: what each return said, in the order of the returns. Exactly
            those whom the filter left out count as not asked, whatever a return claims.
    """

    said: Mapping[str, tuple[Codes, ...]]

    def counts(self, name: str) -> Counter[str]:
        """How many returns count as each code."""
        return Counter(code for codes in self.said[name] for code in codes)


def sheet_of(codebook: Codebook, returns: Sequence[Return]) -> Sheet:
    """Count every return in every question.

    Raises:
        ResultsError: An answer is not one that its question has.
    """
    said: dict[str, tuple[Codes, ...]] = {}
    for question in codebook.asked():
        rows = [codes_said(question, given) for given in returns]
        if question.asked_if:
            before = said[question.asked_if.question]
            rows = [
                _as_filtered(codes, is_asked=not question.asked_if.codes.isdisjoint(earlier))
                for codes, earlier in zip(rows, before, strict=True)
            ]
        said[question.name] = tuple(rows)
    return Sheet(said)


def _as_filtered(codes: Codes, *, is_asked: bool) -> Codes:
    if not is_asked:
        return (NOT_ASKED,)
    return (Missing.NOT_REACHED.value,) if codes == (NOT_ASKED,) else codes


def tables_of(
    codebook: Codebook,
    sheet: Sheet,
    threshold_by_name: Mapping[str, int],
    earlier: Release | None = None,
) -> tuple[Table, ...]:
    """The tables of all questions.

    Args:
        codebook: The survey.
        sheet: What every return counts as.
        threshold_by_name: The least number shown in each question's table.
        earlier: The round whose groups these are held to.
    """
    tables: dict[str, Table] = {}
    for question in codebook.asked():
        threshold = threshold_by_name[question.name]
        if question.asked_if and not _is_clean(question, codebook, tables):
            table = Table(
                name=question.name, threshold=threshold, total=None, withheld=Withheld.FILTER
            )
        else:
            table = _table(question, sheet, threshold)
            table = held_to(table, question, table_of(earlier, question.name))
        tables[question.name] = table
    return tuple(tables.values())


def _is_clean(question: Question, codebook: Codebook, tables: Mapping[str, Table]) -> bool:
    """Whether the published table of the filter's question already tells who was asked.

    If a group that is shown as one were partly asked, the number of those asked would split it.
    """
    assert question.asked_if is not None  # noqa: S101 - the caller has looked
    before = tables[question.asked_if.question]
    codes = question.asked_if.codes
    if before.withheld is not Withheld.NO:
        return False
    if codebook.question(before.name).kind is Kind.MANY:
        return any(part.codes == tuple(codes) for part in before.slices)
    return all(
        codes.issuperset(part.codes) or codes.isdisjoint(part.codes) for part in before.slices
    )


def _table(question: Question, sheet: Sheet, threshold: int) -> Table:
    asked = [codes for codes in sheet.said[question.name] if codes != (NOT_ASKED,)]
    if not question.asked_if:
        asked = list(sheet.said[question.name])
    if question.kind is Kind.MANY:
        return _table_of_several(question, asked, threshold)
    counts = Counter(code for codes in asked for code in codes)
    codes = tuple(
        code for code in codes_of(question) if not (question.asked_if and code == NOT_ASKED)
    )
    groups = grouped(codes, counts, threshold, ordered=is_ordered(question))
    slices = tuple(Slice(group, sum(counts[code] for code in group)) for group in groups)
    if len(slices) < 2:
        return _nothing(question, threshold, len(asked))
    return Table(name=question.name, threshold=threshold, total=len(asked), slices=slices)


def _table_of_several(question: Question, asked: Sequence[Codes], threshold: int) -> Table:
    items = items_of(question)
    counts = tally(items, asked)
    slices = shown(items, counts, len(asked), threshold, question.most)
    order = codes_of(question)
    slices = tuple(sorted(slices, key=lambda part: order.index(part.codes[0])))
    visible = {code for part in slices for code in part.codes}
    if not visible:
        return _nothing(question, threshold, len(asked))
    return Table(
        name=question.name,
        threshold=threshold,
        total=len(asked),
        slices=slices,
        hidden=tuple(o.code for o in question.options if o.code not in visible),
    )


def _nothing(question: Question, threshold: int, total: int) -> Table:
    known = total if total >= threshold else None
    return Table(name=question.name, threshold=threshold, total=known, withheld=Withheld.TOO_FEW)
