"""The branch report as a Word document, to be edited before a meeting.

python-docx is loaded when a document is made: it is part of the `reports` extra.
"""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final, assert_never

from bot.reports.branch_report import Block, Composed, Grid, Listing, Paragraph, Picture
from bot.reports.charts import Chart
from bot.reports.steady_zip import steady

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell

FONT: Final = "Arial"
LANGUAGES: Final = {"en": "en-GB", "cy": "cy-GB"}
INDENT: Final = 0.6  # centimetres a level of a list is set in by
COLUMN: Final = 8.7  # centimetres, the width of a column of the page
FIRST: Final = 4.4  # centimetres, the width of a table's first column
NARROW: Final = 3.0  # the same, in a table of four columns or more
PICTURE: Final = 7.6  # centimetres, the width of a picture


def docx_bytes(report: Composed, made_at: datetime) -> bytes:
    """The report as a DOCX file.

    Args:
        report: What it says.
        made_at: For the file's properties; the same report at the same time is the same file.
    """
    import docx  # noqa: PLC0415 - part of an extra
    from docx.shared import Cm, Pt  # noqa: PLC0415 - see above

    document = docx.Document()
    _properties(document, report, made_at)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(document.sections[0], side, Cm(1.4))
    document.sections[0].page_width, document.sections[0].page_height = Cm(21), Cm(29.7)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(9)
    normal.paragraph_format.space_after = Pt(2)
    document.add_heading(report.title, level=1)
    for line in report.lead:
        document.add_paragraph(line)
    _two_columns(document)
    for section in report.sections:
        document.add_heading(section.heading, level=2).paragraph_format.space_before = Pt(6)
        for block in section.blocks:
            _add(document, block)
    finished = BytesIO()
    document.save(finished)
    return steady(finished.getvalue())


def _two_columns(document: "Document") -> None:
    """Set what follows in two columns, so that it fits one page and is still read from top to bottom."""
    from docx.enum.section import WD_SECTION  # noqa: PLC0415 - an extra
    from docx.oxml import OxmlElement  # noqa: PLC0415 - see above
    from docx.oxml.ns import qn  # noqa: PLC0415 - see above

    following = document.add_section(WD_SECTION.CONTINUOUS)._sectPr
    columns = following.find(qn("w:cols"))
    if columns is None:
        columns = OxmlElement("w:cols")
        following.append(columns)
    columns.set(qn("w:num"), "2")
    columns.set(qn("w:space"), "340")  # twentieths of a point: 6 mm


def _properties(document: "Document", report: Composed, made_at: datetime) -> None:
    from docx.oxml.ns import qn  # noqa: PLC0415 - an extra

    about = document.core_properties
    about.title, about.author, about.comments = report.title, "", ""
    about.language = LANGUAGES.get(report.language, report.language)
    about.created = about.modified = made_at
    run = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    if run is not None:
        run.set(qn("w:val"), about.language)


def _add(document: "Document", block: Block) -> None:
    match block:
        case Paragraph(text=text):
            document.add_paragraph(text)
        case Picture():
            _picture(document, block)
        case Listing():
            _listing(document, block)
        case Grid():
            _table(document, (block.headings, *block.rows), has_heading=True)
        case Chart():
            _chart(document, block)
        case _:
            assert_never(block)


def _picture(document: "Document", picture: Picture) -> None:
    from docx.shared import Cm  # noqa: PLC0415 - an extra

    shape = document.add_picture(BytesIO(picture.png), width=Cm(PICTURE))
    shape._inline.docPr.set("descr", picture.alt)


def _listing(document: "Document", listing: Listing) -> None:
    from docx.shared import Cm, Pt  # noqa: PLC0415 - an extra

    if listing.title:
        document.add_paragraph(listing.title).runs[0].bold = True
    for level, text in listing.lines:
        line = document.add_paragraph(text, style="List Bullet")
        line.paragraph_format.left_indent = Cm(INDENT * (level + 1))
        line.paragraph_format.space_after = Pt(0)


def _chart(document: "Document", chart: Chart) -> None:
    title = document.add_paragraph(chart.title)
    title.runs[0].bold = True
    title.paragraph_format.keep_with_next = True
    rows = tuple(
        (bar.label, str(bar.count), "" if bar.share is None else f"{bar.share}%")
        for bar in chart.bars
    )
    if rows:
        _table(document, rows, has_heading=False)
    for note in chart.notes:
        document.add_paragraph(note).runs[0].italic = True


def _table(document: "Document", rows: tuple[tuple[str, ...], ...], *, has_heading: bool) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - an extra
    from docx.shared import Cm  # noqa: PLC0415 - see above

    table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    first = FIRST if len(rows[0]) < 4 else NARROW
    rest = (COLUMN - first) / (len(rows[0]) - 1)
    for place, column in enumerate(table.columns):
        column.width = Cm(rest if place else first)
        for cell in column.cells:
            cell.width = column.width
    for place, cells in enumerate(rows):
        for cell, text in zip(table.rows[place].cells, cells, strict=True):
            _write(cell, text, bold=has_heading and place == 0)
    if has_heading:
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _write(cell: "_Cell", text: str, *, bold: bool) -> None:
    from docx.shared import Pt  # noqa: PLC0415 - an extra

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(text).bold = bold
