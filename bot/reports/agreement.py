"""Documents of the agreement: a draft of the clauses that are wanted, and the negotiator's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Final

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, Pt
from docx.table import Table

from bot.coach.agreement import Agreement, Position, PositionLine, Standing
from bot.coach.ready_texts import Filled
from bot.coach.voice import Voice
from bot.knowledge.action_plan import Clause
from bot.knowledge.shapes import Source
from bot.messages import plain
from bot.reports.light_text import Paragraph, paragraphs, plain_words
from bot.reports.steady_zip import steady

FONT: Final = "Arial"  # on every machine, and easy to read
BODY_PT: Final = 11
TABLE_PT: Final = 9
MARGIN: Final = Cm(2)
WIDTHS_CM: Final = (
    4.5,
    2.3,
    3.6,
    7.3,
    8.0,
)  # of the position's columns, on A4 across: 25.7 in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Who makes the agreement; what is empty is left to be filled in by hand."""

    employer: str = ""
    branch: str = ""


def draft_agreement(voice: Voice, agreement: Agreement, parties: Parties, on: date) -> bytes:
    """A draft of the clauses that are wanted and not refused, in the content's order, as DOCX."""
    names = _names(voice, parties, agreement.workplace)
    document = _new(voice.say("document.agreement.title"), on)
    document.add_heading(voice.say("document.agreement.title"), level=0)
    _write(document, voice.say("document.agreement.parties", **names))
    _write(document, voice.say("document.agreement.draft", day=voice.full_day(on)))
    _write(document, voice.say("document.agreement.purpose"))
    document.add_heading(voice.say("document.agreement.clauses"), level=1)
    clauses = _chosen(voice, agreement)
    for number, clause in enumerate(clauses, start=1):
        title = clause.title.text(voice.language)
        document.add_heading(f"{number}. {title}", level=2)
        _write(document, clause.draft.text(voice.language))
    document.add_heading(voice.say("document.agreement.running"), level=1)
    _write(document, voice.say("document.agreement.dispute"))
    _write(document, voice.say("document.agreement.review"))
    _signatures(document, voice, names)
    _write(document, _sources(voice, clauses))
    return _saved(document)


def position_page(voice: Voice, position: Position) -> bytes:
    """The negotiator's page as DOCX: how each clause stands, what was said and what to ask next."""
    title = plain_words(
        voice.say(
            "coach.position.title",
            workplace=plain(position.workplace),
            day=voice.full_day(position.on),
        )
    )
    document = _new(title, position.on)
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_heading(title, level=1)
    _write(document, voice.say("document.position.private"))
    columns = ("clause", "standing", "since", "note", "ask")
    table = document.add_table(rows=1, cols=len(columns))
    table.style = "Table Grid"
    heads = [voice.say(f"document.position.{name}") for name in columns]
    _fill(table, 0, heads, bold=True)
    for line in position.lines:
        if line.wanted:
            table.add_row()
            _fill(table, len(table.rows) - 1, _cells(voice, line, position.on))
    table.autofit = False
    for width, column in zip(WIDTHS_CM, table.columns, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    return _saved(document)


def text_document(filled: Filled, on: date) -> bytes:
    """A ready text as DOCX, to be printed or changed."""
    document = _new(filled.title, on)
    for paragraph in paragraphs(filled.text):
        _add(document, paragraph)
    return _saved(document)


def _chosen(voice: Voice, agreement: Agreement) -> tuple[Clause, ...]:
    out = {
        state.clause
        for state in agreement.clauses
        if not state.wanted or state.standing is Standing.REFUSED
    }
    known = {state.clause for state in agreement.clauses}
    return tuple(one for one in voice.content.clauses if one.id in known - out)


def _names(voice: Voice, parties: Parties, workplace: str) -> dict[str, str]:
    """The parties as light Markdown; for those nobody named, a line to be filled in."""
    known = {"employer": parties.employer, "branch": parties.branch, "workplace": workplace}
    blanks = {gap.id: gap.what.text(voice.language) for gap in voice.content.gaps}
    return {
        name: plain(value) if value else f"______ ({blanks.get(name, name)})"
        for name, value in known.items()
    }


def _cells(voice: Voice, line: PositionLine, today: date) -> tuple[str, ...]:
    clause = voice.content.clause_by_id.get(line.clause)
    is_over = line.standing is Standing.AGREED or clause is None
    return (
        clause.title.text(voice.language) if clause else line.clause,
        voice.say(f"coach.clause.{line.standing}"),
        voice.day(line.since, today) if line.since else "",
        line.note,
        "" if is_over or clause is None else plain_words(clause.ask.text(voice.language)),
    )


def _signatures(document: Document, voice: Voice, names: dict[str, str]) -> None:
    document.add_heading(voice.say("document.agreement.signed"), level=1)
    table = document.add_table(rows=3, cols=2)
    employer = voice.say("document.agreement.for-employer", employer=names["employer"])
    branch = voice.say("document.agreement.for-union", branch=names["branch"])
    line = voice.say("document.agreement.line")
    _fill(table, 0, (plain_words(employer), plain_words(branch)), bold=True, size=BODY_PT)
    _fill(table, 1, ("\n\n______________________",) * 2, size=BODY_PT)
    _fill(table, 2, (line, line))
    for row in table.rows:  # a signature never stands on another page than the name below it
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph()


def _sources(voice: Voice, clauses: Sequence[Clause]) -> str:
    ids = dict.fromkeys(name for clause in clauses for name in clause.sources)
    known = [voice.content.sources[name] for name in ids if name in voice.content.sources]
    listed = "; ".join(_source(voice, source) for source in known)
    return voice.say("document.agreement.sources", sources=listed)


def _source(voice: Voice, source: Source) -> str:
    if source.as_of:
        return voice.say("document.source-dated", title=source.title, year=source.as_of)
    return voice.say("document.source-undated", title=source.title)


def _new(title: str, on: date) -> Document:
    """An empty document on A4 that says what it is and in which language, and no day but `on`."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = MARGIN
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY_PT)
    made = datetime.combine(on, time(), UTC)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = made
    properties.language = "en-GB"
    return document


def _write(document: Document, markdown: str) -> None:
    for paragraph in paragraphs(markdown):
        _add(document, paragraph)


def _add(document: Document, paragraph: Paragraph) -> None:
    added = document.add_paragraph(style="List Bullet" if paragraph.is_item else None)
    for run in paragraph.runs:
        added.add_run(run.text).bold = run.bold


def _fill(
    table: Table, row: int, words: Sequence[str], *, bold: bool = False, size: int = TABLE_PT
) -> None:
    for cell, text in zip(table.rows[row].cells, words, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(size)


def _saved(document: Document) -> bytes:
    target = BytesIO()
    document.save(target)
    return steady(target.getvalue())
