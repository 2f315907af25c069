"""XLSForm workbooks: three sheets of text as bytes, and back."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Final
from zipfile import BadZipFile

from bot.errors import Refused
from bot.flows.xlsform import SURVEY, Row, Sheets

SIZE_LIMIT: Final = 5_000_000  # bytes of a workbook; a form of 300 questions has 30,000
ROW_LIMIT: Final = 5_000  # rows of a sheet
COLUMN_LIMIT: Final = 100
TEXT_LIMIT: Final = 4_000  # characters of a cell


def write_workbook(sheets: Sheets) -> bytes:
    """The three sheets as an `.xlsx` file. Every cell is text, so none is ever a formula."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - of the `reports` extra

    made = BytesIO()
    book = Workbook(
        made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    for name, rows in (
        ("survey", sheets.survey),
        ("choices", sheets.choices),
        ("settings", (sheets.settings,)),
    ):
        sheet = book.add_worksheet(name)
        columns = _columns(rows, SURVEY if name == "survey" else ())
        for column, title in enumerate(columns):
            sheet.write_string(0, column, title)
            for place, row in enumerate(rows, 1):
                if row.get(title):
                    sheet.write_string(place, column, row[title])
    book.close()
    return made.getvalue()


def _columns(rows: Iterable[Row], order: Sequence[str]) -> list[str]:
    """The columns that any row uses, those of `order` first."""
    used = dict.fromkeys(key for row in rows for key in row)
    return sorted(used, key=lambda key: _place(key.split("::")[0], order))


def _place(key: str, order: Sequence[str]) -> int:
    return order.index(key) if key in order else len(order)


def read_workbook(data: bytes) -> Sheets:
    """The three sheets of an `.xlsx` file, every cell as text.

    Raises:
        Refused: It is no workbook, has no `survey` sheet, or is too large.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - of the `reports` extra
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - see above

    if len(data) > SIZE_LIMIT:
        raise Refused(f"The workbook has over {SIZE_LIMIT:,} bytes. Split the form.")
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        raise Refused("That is no .xlsx workbook. Save the form as .xlsx first.") from None
    sheets = {
        name: _rows(
            book[name].iter_rows(max_row=ROW_LIMIT, max_col=COLUMN_LIMIT, values_only=True)
        )
        for name in ("survey", "choices", "settings")
        if name in book.sheetnames
    }
    if not sheets.get("survey"):
        raise Refused("The workbook has no sheet `survey` with rows. See docs/flows.md.")
    settings = sheets.get("settings") or [{}]
    return Sheets(
        survey=tuple(sheets["survey"]),
        choices=tuple(sheets.get("choices", ())),
        settings=settings[0],
    )


def _rows(cells: Iterable[tuple[object, ...]]) -> list[Row]:
    rows = iter(cells)
    titles = [_text(title) for title in next(rows, ())]
    return [
        {
            title: _text(cell)
            for title, cell in zip(titles, row, strict=False)
            if title and cell is not None
        }
        for row in rows
    ]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell)[:TEXT_LIMIT].strip() if cell is not None else ""
