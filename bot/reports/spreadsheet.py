"""Excel workbooks: what a release says, with charts; and the returns of a named survey, row by row.

XlsxWriter is loaded when a workbook is made: it is part of the `reports` extra. Every text is written as a
text, so no cell is ever a formula.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Final

from bot.reports.area_table import area_rows
from bot.reports.change_table import change_rows
from bot.reports.charts import chart_of, mapped_line, source_line, withheld_line
from bot.reports.drawing import BLUE
from bot.reports.funnel_table import funnel_rows
from bot.reports.labels import Labels
from bot.reports.return_rows import codebook_rows, rows_of
from bot.reports.safe_cells import Cell, safe
from bot.results.funnel import Funnel
from bot.results.published import CrossTable, Release, Withheld
from bot.results.shapes import Codebook, Return, State

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NAME: Final = 31  # characters; the most a sheet's name holds
LINE: Final = 15  # points, the height of one line
A4: Final = 9  # Excel's number of the paper
CHARTS: Final = 60  # the most charts in one workbook: more make it slow to open
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")


def release_workbook(
    release: Release,
    labels: Labels,
    funnel: Funnel | None = None,
    before: Release | None = None,
) -> bytes:
    """A release as a workbook: about, results with a chart each, areas, changes, funnel, codebook."""
    with _Book(_day(release.closed_on)) as book:
        book.add(labels.say("report.sheet-about"), _about(release, labels), widths=(90,))
        _results(book, release, labels)
        if areas := area_rows(release, labels):
            book.add(
                labels.say("report.sheet-areas"), areas, widths=(50, 10, 14, 24, 44), heading=True
            )
        if release.crossings:
            rows = [
                row for cross in release.crossings for row in _crossing(release, cross, labels)
            ]
            book.add(labels.say("report.sheet-crossed"), rows, widths=(60, 20, 20, 20, 20, 20))
        if before is not None and (rounds := change_rows(release, before, labels)):
            name = labels.say("report.sheet-since")
            book.add(name, rounds, widths=(44, 44, 12, 12, 12, 12, 12), heading=True)
        if funnel is not None:
            rows = list(funnel_rows(release, funnel, labels))
            book.add(labels.say("report.sheet-funnel"), rows, widths=(60, 14, 14, 14, 14, 18))
        _codebook(book, release.codebook, labels)
        return book.done()


def _day(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def returns_workbook(codebook: Codebook, returns: Sequence[Return], labels: Labels) -> bytes:
    """The returns of a named survey: complete, partial and test ones on sheets of their own.

    Raises:
        ResultsError: The survey is anonymous.
    """
    by_state = {state: rows_of(codebook, returns, state, labels) for state in State}
    with _Book() as book:
        for state, rows in by_state.items():
            book.add(labels.say(f"report.state.{state.value}"), rows, heading=True)
        _codebook(book, codebook, labels)
        return book.done()


def table_workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], made_at: datetime) -> bytes:
    """Tables as a workbook, one sheet each, by name; the first row of each holds its headings."""
    with _Book(made_at) as book:
        for name, rows in sheets.items():
            widths = [max(8, min(48, _widest(rows, place) + 2)) for place in range(len(rows[0]))]
            book.add(name, rows, heading=True, widths=widths)
        return book.done()


def _widest(rows: Sequence[Sequence[Cell]], place: int) -> int:
    return max(len(str(row[place])) for row in rows if row[place] is not None)


class _Book:
    """A workbook in memory; made at another time, the same bytes where it says when its content is from."""

    def __init__(self, made_at: datetime | None = None) -> None:
        from xlsxwriter import Workbook  # noqa: PLC0415 - part of an extra

        self._bytes = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = Workbook(self._bytes, options)
        if made_at is not None:
            self.book.set_properties({"created": made_at})
        self._widths: dict[str, Sequence[int]] = {}
        self.wrap = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})

    def __enter__(self) -> "_Book":
        return self

    def __exit__(self, *raised: object) -> None:
        if not self.book.fileclosed:
            self.book.close()

    def add(
        self,
        name: str,
        rows: Sequence[Sequence[Cell]],
        *,
        widths: Sequence[int] = (),
        heading: bool = False,
    ) -> "Worksheet":
        """Add a sheet with rows of cells; the first one is a heading that stays in sight, or not."""
        sheet = self.book.add_worksheet(self._name(name))
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        self._widths[sheet.name] = widths
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        for number, row in enumerate(rows):
            self.write(sheet, number, row, bold=heading and number == 0)
        if heading:
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, max(len(rows) - 1, 1), max(len(rows[0]) - 1, 0))
        return sheet

    def write(self, sheet: "Worksheet", row: int, cells: Sequence[Cell], *, bold: bool) -> None:
        """Write one row, texts always as texts."""
        look = self.bold if bold else self.wrap
        sheet.set_row(row, LINE * self._lines(self._widths[sheet.name], cells))
        for column, cell in enumerate(cells):
            value = safe(cell)
            if isinstance(value, str):
                sheet.write_string(row, column, value, look)
            elif value is not None:
                sheet.write_number(row, column, value, look)

    def _lines(self, widths: Sequence[int], cells: Sequence[Cell]) -> int:
        """How many lines a row needs: not every program works it out when it opens a file."""
        texts = [
            (len(str(cell)), width) for cell, width in zip(cells, widths, strict=False) if cell
        ]
        return max((ceil(1.15 * length / width) for length, width in texts), default=1)

    def done(self) -> bytes:
        """Close the workbook and hand it over."""
        self.book.close()
        return self._bytes.getvalue()

    def _name(self, wanted: str) -> str:
        return _FORBIDDEN.sub(" ", wanted)[:NAME].strip() or "-"


def _about(release: Release, labels: Labels) -> list[list[Cell]]:
    told = labels.say("report.returns-few", threshold=release.threshold)
    if release.returns is not None:
        told = labels.say("report.returns", count=release.returns)
    version = f"{labels.say('report.column-version')}: {release.codebook.version}"
    protected = labels.say("report.how-protected", threshold=release.threshold)
    lines = [
        release.codebook.title,
        told,
        mapped_line(release, labels),
        version,
        source_line(release, labels),
        protected,
    ]
    return [[line] for line in lines if line]


def _codebook(book: _Book, codebook: Codebook, labels: Labels) -> None:
    name = labels.say("report.sheet-codebook")
    rows = codebook_rows(codebook, labels)
    book.add(name, rows, widths=(16, 44, 14, 18, 44, 44), heading=True)


def _results(book: _Book, release: Release, labels: Labels) -> None:
    name = labels.say("report.sheet-results")
    sheet = book.add(name, [], widths=(60, 10, 10, 4))
    row = 0
    for place, table in enumerate(release.tables):
        chart = chart_of(release, table.name, labels)
        book.write(sheet, row, [chart.title], bold=True)
        heads = [labels.say(f"report.column-{one}") for one in ("answer", "count", "share")]
        if chart.bars:
            book.write(sheet, row + 1, heads, bold=True)
        for line, bar in enumerate(chart.bars):
            book.write(sheet, row + 2 + line, [bar.label, bar.count, bar.share], bold=False)
        after = row + 2 + len(chart.bars)
        for line, note in enumerate(chart.notes):
            book.write(sheet, after + line, [note], bold=False)
        if chart.bars and place < CHARTS:
            _chart(book, sheet, chart.title, (row + 2, after - 1), row)
        row = max(after + len(chart.notes), row + 6 + len(chart.bars)) + 2


def _chart(book: _Book, sheet: "Worksheet", title: str, lines: tuple[int, int], row: int) -> None:
    first, last = lines
    chart = book.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "categories": [sheet.name, first, 0, last, 0],
            "values": [sheet.name, first, 1, last, 1],
            "fill": {"color": BLUE},
            "data_labels": {"value": True},
            "gap": 50,
        }
    )
    chart.set_title({"name": safe(title), "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
    chart.set_size({"width": 620, "height": 90 + 34 * (last - first + 1)})
    sheet.insert_chart(row, 4, chart, {"description": safe(title)})


def _crossing(release: Release, cross: CrossTable, labels: Labels) -> list[list[Cell]]:
    rows, columns = (release.codebook.question(name) for name in (cross.rows, cross.columns))
    title = labels.crossed(rows, columns)
    if cross.withheld is not Withheld.NO:
        return [[title], [withheld_line(cross, labels)], []]
    heads: list[Cell] = [None, *(labels.group(columns, group) for group in cross.column_groups)]
    lines: list[list[Cell]] = [[title], [*heads, labels.say("report.column-base")]]
    for group, total, counts in zip(cross.row_groups, cross.row_totals, cross.counts, strict=True):
        lines.append([labels.group(rows, group), *counts, total])
    return [*lines, []]
