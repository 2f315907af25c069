"""A flow as an XLSForm that pyxform takes, and a form from a spreadsheet as a flow."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from pyxform.xls2xform import convert

from bot.errors import Refused
from bot.flows.loading import lint_flows, load_flow
from bot.flows.model import Kind
from bot.flows.xlsform import from_sheets, to_sheets
from bot.reports.xlsform_workbook import SIZE_LIMIT, read_workbook, write_workbook
from tests.flows.sample import sample


def exported() -> bytes:
    return write_workbook(to_sheets(sample()))


def test_pyxform_makes_a_form_of_what_we_export(tmp_path: Path) -> None:
    book = tmp_path / "sample.xlsx"
    book.write_bytes(exported())
    form = convert(xlsform=book)
    assert 'id="example_survey"' in form.xform
    assert "<h:title>Example survey</h:title>" in form.xform
    for question in sample().questions:
        assert f"/{question.name}" in form.xform
    assert "jr:constraintMsg" in form.xform
    assert "<repeat " in form.xform


def test_every_cell_is_text_and_none_a_formula() -> None:
    book = load_workbook(BytesIO(exported()))
    assert book.sheetnames == ["survey", "choices", "settings"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(cells) > 60
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_was_exported_comes_back_as_the_same_questions() -> None:
    made = from_sheets(read_workbook(exported()), "back")
    loaded = load_flow(made.text, "back.yaml")
    assert [str(problem) for problem in loaded.problems] == []
    assert made.unsupported == ()
    assert loaded.flow is not None
    before = [(q.name, q.kind, q.label, q.relevant, q.constraint) for q in sample().questions]
    after = [(q.name, q.kind, q.label, q.relevant, q.constraint) for q in loaded.flow.questions]
    assert [one for one in after if one[1] is not Kind.CALCULATE] == [
        one for one in before if one[1] is not Kind.CALCULATE
    ]


def workbook_of(**sheets: list[list[object]]) -> bytes:
    book = Workbook()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_what_is_unsupported_is_listed_and_the_rest_comes_in() -> None:
    data = workbook_of(
        survey=[
            ["type", "name", "label", "media::image", "relevant"],
            ["start", "start", None, None, None],
            ["geopoint", "where", "Where?", None, None],
            ["select one yes_no", "Member", "Are you in?", "a.png", None],
            ["begin repeat", "jobs", "Job", None, None],
            ["text", "job", "Which?", None, "${member} = 'yes'"],
            ["end repeat", None, None, None, None],
        ],
        choices=[["list_name", "name", "label"], ["yes_no", "yes", "Yes"], ["yes_no", "no", "No"]],
        settings=[["form_title", "form_id", "version"], ["My form", "My Form", 3]],
    )
    made = from_sheets(read_workbook(data), "mine")
    assert made.unsupported == (
        "survey, row 2: the type `start`",
        "survey, row 3: the type `geopoint`",
        "survey, row 4: the column `media::image`",
    )
    assert lint_flows({"mine.yaml": made.text}) == ()
    flow = load_flow(made.text, "mine.yaml").flow
    assert flow is not None
    assert (flow.id, flow.version, flow.title.en) == ("my-form", "3", "My form")
    assert list(flow.part_by_name) == ["member", "jobs", "job"]


@pytest.mark.parametrize(
    "data", [b"", b"no workbook", b"PK\x03\x04 broken", b"x" * (SIZE_LIMIT + 1)]
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_workbook(data)


def test_a_workbook_without_questions_is_refused() -> None:
    with pytest.raises(Refused, match="survey"):
        read_workbook(workbook_of(other=[["a"]]))
