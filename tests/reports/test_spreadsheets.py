"""Workbooks and CSV files, opened again and read."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ResultsError
from bot.language.replies import Missing
from bot.reports.comma_separated import csv_bytes, release_rows
from bot.reports.labels import Labels
from bot.reports.safe_cells import TRIGGERS, safe
from bot.reports.spreadsheet import release_workbook, returns_workbook
from bot.results.shapes import Codebook, Kind, Option, Question, Return, Span, State
from scripts.example_workplace import CODEBOOK, release, returns
from scripts.make_examples import labels as shipped

HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1",
    " =1",
)
NAMED = Codebook(
    title="Awareness",
    version="2",
    anonymous=False,
    areas=(Option("lab", "=Lab"),),
    questions=(
        Question(name="role", label="=Role?", kind=Kind.ONE, options=(Option("rep", "+Rep"),)),
        Question(
            name="wants",
            label="Wants?",
            kind=Kind.MANY,
            options=(Option("talk", "A talk"), Option("form", "Help with the form")),
        ),
        Question(name="covers", label="How many?", kind=Kind.RANGE),
        Question(name="comment", label="Anything else?", kind=Kind.TEXT),
    ),
)


@pytest.fixture(scope="module")
def labels() -> Labels:
    return shipped()


def returned(state: State, **answers: Any) -> Return:
    return Return(
        answers=answers, state=state, version="2", area="lab", respondent="=cmd|' /C calc'!A0"
    )


def sheets(workbook: bytes) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(BytesIO(workbook))
    return {sheet.title: [*sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def every_cell(workbook: bytes) -> list[Any]:
    book = openpyxl.load_workbook(BytesIO(workbook))
    return [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]


def test_returns_have_a_sheet_for_each_state_and_stable_columns(labels: Labels) -> None:
    full = returned(State.COMPLETE, role="rep", wants=("form",), covers=Span(2, 5), comment="=1")
    part = returned(State.PARTIAL, role=Missing.PREFER_NOT_TO_SAY, wants=Missing.SKIPPED)
    found = sheets(returns_workbook(NAMED, [full, part, part], labels))
    assert [*found] == ["complete", "partial", "test", "Codebook"]
    assert [len(found[name]) for name in ("complete", "partial", "test")] == [2, 3, 1]
    heads = found["complete"][0]
    assert heads == found["partial"][0] == found["test"][0]
    row = dict(zip(heads, found["complete"][1], strict=True))
    assert (row["role"], row["role_label"]) == ("rep", "'+Rep")
    assert (row["wants"], row["wants/talk"], row["wants/form"]) == ("form", 0, 1)
    assert (row["covers"], row["covers_low"], row["covers_high"]) == (3.5, 2, 5)
    assert (row["version"], row["area"], row["area_label"]) == ("2", "lab", "'=Lab")
    gone = dict(zip(heads, found["partial"][1], strict=True))
    assert (gone["role"], gone["role_label"]) == ("prefer-not-to-say", "Prefer not to say")
    assert (gone["wants"], gone["wants/talk"]) == ("skipped", None)
    assert gone["comment"] == "not-reached"


def test_a_code_of_an_earlier_version_keeps_its_row(labels: Labels) -> None:
    old = returned(State.COMPLETE, role="steward", wants=("leaflet",))
    heads, row = sheets(returns_workbook(NAMED, [replace(old, area="gone")], labels))["complete"]
    found = dict(zip(heads, row, strict=True))
    assert (found["role"], found["role_label"], found["area_label"]) == (
        "steward",
        "steward",
        "gone",
    )
    assert (found["wants"], found["wants/talk"]) == ("leaflet", 0)


def test_an_anonymous_survey_has_no_rows(labels: Labels) -> None:
    with pytest.raises(ResultsError, match="anonymous"):
        returns_workbook(replace(NAMED, anonymous=True), [], labels)
    with pytest.raises(ResultsError):
        returns_workbook(CODEBOOK, returns(), labels)


def test_no_cell_is_a_formula(labels: Labels) -> None:
    hostile = [returned(State.COMPLETE, comment=text) for text in HOSTILE]
    cells = every_cell(returns_workbook(NAMED, hostile, labels))
    named = replace(release(), codebook=replace(release().codebook, title="=1+1"))
    cells += every_cell(release_workbook(named, labels))
    assert len(cells) > 100
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [c for c in cells if isinstance(c.value, str) and c.value.startswith(TRIGGERS)]


def test_the_workbook_says_what_the_release_says(labels: Labels) -> None:
    found = release()
    written = release_workbook(found, labels)
    book = openpyxl.load_workbook(BytesIO(written))
    assert book.sheetnames == ["About", "Results", "By area", "Crossed", "Codebook"]
    rows = [*book["Results"].iter_rows(values_only=True)]
    for table in found.tables:
        question = found.codebook.question(table.name)
        for part in table.slices:
            line = (labels.group(question, part.codes), part.count)
            assert any(row[:2] == line for row in rows), line
    assert sum(name.startswith("xl/charts/") for name in ZipFile(BytesIO(written)).namelist()) == 6


def test_a_csv_has_a_mark_for_excel_only_where_it_is_wanted(labels: Labels) -> None:
    rows = release_rows(release(), labels)
    assert csv_bytes(rows, bom=True)[:3] == b"\xef\xbb\xbf"
    assert csv_bytes(rows, bom=False) == csv_bytes(rows, bom=True)[3:]
    back = [*csv.reader(StringIO(csv_bytes(rows).decode()))]
    assert len(back) == len(rows) > 15
    assert {len(row) for row in back} == {7}


@given(st.text() | st.sampled_from(HOSTILE) | st.floats() | st.none())
def test_no_text_begins_like_a_formula(value: str | float | None) -> None:
    written = safe(value)
    if isinstance(value, str):
        assert isinstance(written, str)
        assert not written.startswith((*TRIGGERS, "\t", "\r", "\n", " "))
        assert "\n" not in written
    else:
        assert written is value


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=5))
def test_a_csv_is_read_back_cell_by_cell(rows: list[list[str]]) -> None:
    back = [*csv.reader(StringIO(csv_bytes(rows).decode(), newline=""))]
    expected = [[str(safe(cell)) for cell in row] for row in rows]
    assert [row or [""] for row in back] == expected
