"""A list of areas as CSV: text in, notes out, and what is wrong, line by line. Nothing is written here.

The same reading serves the dry run and the import itself, so what was shown is what is done.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Final

from bot.language.normalising import normalise
from bot.mapping.cells import Wrong, read_cells
from bot.mapping.recording import Note
from bot.mapping.workplace import Item, Path, folded, parse_path

ROWS_LIMIT: Final = 2000  # lines of areas in one file
BYTES_LIMIT: Final = 256 * 1024
AREA: Final = "area"
LEVEL_COLUMNS: Final = ("site", "department", "team", "shift")  # instead of `area`, from the top
HOW_KNOWN: Final = "how_known"
MAPPED_ON: Final = "mapped_on"
COLUMNS: Final = (AREA, *(item.value for item in Item), HOW_KNOWN, MAPPED_ON)
_ALSO: Final[Mapping[str, str]] = {  # other headings that people use
    **dict.fromkeys(("areas", "name", "place", "where", "area path"), AREA),
    **dict.fromkeys(("building", "location"), "site"),
    **dict.fromkeys(("dept", "section"), "department"),
    **dict.fromkeys(("headcount", "heads", "number", "count", "staff", "how many"), "technicians"),
    **dict.fromkeys(("number of technicians", "no of technicians"), "technicians"),
    **dict.fromkeys(("on a register", "professionally registered"), "registered"),
    **dict.fromkeys(("job titles", "what they do", "jobs", "roles"), "what_they_do"),
    **dict.fromkeys(("how known", "provenance", "source"), HOW_KNOWN),
    **dict.fromkeys(("date", "mapped on", "day", "when"), MAPPED_ON),
}
_NOON: Final = time(12, tzinfo=UTC)  # a day without a time of day


class Unfit(StrEnum):
    """Why a file cannot be read at all."""

    NOT_TEXT = "not-text"
    TOO_BIG = "too-big"
    NO_ROWS = "no-rows"
    NO_AREA = "no-area"


@dataclass(frozen=True, slots=True)
class RowError:
    """A line that cannot be taken in, and why.

    Attributes:
        line: In the file, from 1; the headings are on the first.
        column: The heading as we know it.
        wrong: What is wrong.
        cell: What stands there, shortened.
    """

    line: int
    column: str
    wrong: Wrong
    cell: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a file says.

    Attributes:
        unfit: Why it cannot be read at all; None where it can.
        notes: The lines that can be taken in.
        errors: The lines that cannot.
        unknown: Headings that mean nothing here; their columns are left out.
    """

    unfit: Unfit | None = None
    notes: tuple[Note, ...] = ()
    errors: tuple[RowError, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def decode_csv(content: bytes) -> str | None:
    """The text of a file as Excel and others write it; None where it is no text."""
    if len(content) > BYTES_LIMIT or content.startswith(b"PK"):
        return None
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def read_list(content: bytes, today: date) -> Import:
    """Read the file of a list of areas, as `read_csv` does; what is no text is unfit."""
    text = decode_csv(content)
    return Import(unfit=Unfit.NOT_TEXT) if text is None else read_csv(text, today)


def read_csv(text: str, today: date) -> Import:
    """Read a list of areas.

    Args:
        text: As it stands in the file, with one line of headings.
        today: No figure can be of a later day.
    """
    try:
        return _read(text, today)
    except csv.Error:
        return Import(unfit=Unfit.NOT_TEXT)


def _read(text: str, today: date) -> Import:
    lines = text.splitlines(keepends=True)
    first = 1 if lines and lines[0].lower().startswith("sep=") else 0
    reader = csv.reader(lines[first:], delimiter=_delimiter(lines[first:]))
    headings = [_known(cell) for cell in next(reader, [])]
    if AREA not in headings and not set(LEVEL_COLUMNS) & set(headings):
        return Import(unfit=Unfit.NO_AREA if lines else Unfit.NO_ROWS)
    rows = list(_rows(reader, headings, first))
    if not rows:
        return Import(unfit=Unfit.NO_ROWS)
    if len(rows) > ROWS_LIMIT:
        return Import(unfit=Unfit.TOO_BIG)
    unknown = tuple(one for one in headings if one and one not in {*COLUMNS, *LEVEL_COLUMNS})
    return _sorted_out(rows, today, unknown)


def _rows(reader: Iterator[list[str]], headings: list[str], first: int) -> Iterator[_Row]:
    line = first + 2
    for cells in reader:
        if any(cell.strip() for cell in cells):
            named = {
                heading: cell.strip()
                for heading, cell in zip(headings, cells, strict=False)
                if heading and cell.strip()
            }
            yield _Row(line, named)
        line = first + 1 + reader.line_num  # type: ignore[attr-defined]  # of csv's own reader


def _sorted_out(rows: Sequence[_Row], today: date, unknown: tuple[str, ...]) -> Import:
    notes: list[Note] = []
    errors: list[RowError] = []
    seen: set[Path] = set()
    for row in rows:
        path, day = parse_path(_area_text(row)), row.cells.get(MAPPED_ON, "")
        same = folded(path) if path else ()
        at = _day(day) if day else None
        told, cells = read_cells(row.cells)
        wrong: dict[str, Wrong] = {}
        if path is None or same in seen:
            wrong[AREA] = Wrong.TWICE if path else Wrong.AREA
        if day and (at is None or at > today):
            wrong[MAPPED_ON] = Wrong.DAY
        wrong |= cells
        errors += [_error(row, column, what) for column, what in wrong.items()]
        if path and not wrong:
            seen.add(same)
            moment = datetime.combine(at, _NOON) if at else None
            notes.append(Note(path=path, told=told, at=moment, line=row.line))
    return Import(notes=tuple(notes), errors=tuple(errors), unknown=unknown)


def _error(row: _Row, column: str, wrong: Wrong) -> RowError:
    cell = _area_text(row) if column == AREA else row.cells[column]
    return RowError(row.line, column, wrong, _short(cell))


def _area_text(row: _Row) -> str:
    if AREA in row.cells:
        return _unguarded(row.cells[AREA])
    return " > ".join(_unguarded(row.cells[one]) for one in LEVEL_COLUMNS if one in row.cells)


def _unguarded(cell: str) -> str:
    """A name without the apostrophe that our own files put before what looks like a formula."""
    return cell[1:] if cell.startswith("'") else cell


def _day(cell: str) -> date | None:
    """A day as 2026-11-21 or 21/11/2026; nothing else, so that no month is taken for a day."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _known(heading: str) -> str:
    """A heading as we know it; else as it stands."""
    said = normalise(heading.replace("_", " "))
    wanted = said.replace(" ", "_")
    if wanted in COLUMNS or wanted in LEVEL_COLUMNS:
        return wanted
    return _ALSO.get(said, _short(heading.strip()))


def _delimiter(lines: Sequence[str]) -> str:
    head = lines[0] if lines else ""
    return max((",", ";", "\t"), key=head.count)


def _short(cell: str) -> str:
    flat = " ".join(cell.split())
    return flat if len(flat) <= 40 else f"{flat[:39]}…"
