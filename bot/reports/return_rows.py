"""Single returns as rows: of a named survey only.

An anonymous survey has no such file. Thirty rows without names are thirty people: whoever knows a colleague's
area and years finds the row, and with it all other answers.
See `docs/adr/0012-no-rows-of-anonymous-surveys.md`.
"""

from collections.abc import Sequence
from datetime import date

from bot.errors import ResultsError
from bot.language.replies import Missing
from bot.reports.labels import Labels
from bot.reports.safe_cells import Cell
from bot.results.counting import MISSING
from bot.results.shapes import AREA, Answer, Codebook, Kind, Question, Return, Span, State


def rows_of(
    codebook: Codebook, returns: Sequence[Return], state: State, labels: Labels
) -> list[list[Cell]]:
    """The returns of one state, one row each, the headings first.

    Column names never change between versions: `name` holds the code, `name_label` what it is called,
    `name/code` 1 or 0 for each option of a question with several answers. Why an answer is missing stands in
    the code column.

    Raises:
        ResultsError: The survey is anonymous.
    """
    if codebook.anonymous:
        raise ResultsError("an anonymous survey has no rows to export: export its tables instead")
    rows: list[list[Cell]] = [
        [cell for heads in map(_headings, codebook.questions) for cell in heads]
    ]
    rows[0] = ["respondent", "version", AREA, f"{AREA}_label", *rows[0]]
    area = codebook.asked()[0]
    for given in returns:
        if given.state is not state:
            continue
        row: list[Cell] = [given.respondent, given.version, given.area]
        row.append(labels.code(area, given.area) if given.area and codebook.areas else None)
        for question in codebook.questions:
            row += _cells(question, given.answer(question), labels)
        rows.append(row)
    return rows


def codebook_rows(codebook: Codebook, labels: Labels) -> list[list[Cell]]:
    """What every column and code means, the headings first."""
    rows: list[list[Cell]] = [
        [
            labels.say("report.column-name"),
            labels.say("report.column-question"),
            labels.say("report.column-kind"),
            labels.say("report.column-code"),
            labels.say("report.column-answer"),
            labels.say("report.column-purpose"),
        ]
    ]
    for question in codebook.asked():
        first: list[Cell] = [question.name, labels.question(question), question.kind.value]
        codes = [*(option.code for option in question.options), *MISSING]
        for place, code in enumerate(codes):
            about = [question.purpose] if place == 0 else [None]
            rows.append([*first, code, labels.code(question, code), *about])
    return rows


def _headings(question: Question) -> list[str]:
    names = [question.name, f"{question.name}_label"]
    if question.kind is Kind.RANGE:
        names += [f"{question.name}_low", f"{question.name}_high"]
    if question.kind is Kind.MANY:
        names += [f"{question.name}/{option.code}" for option in question.options]
    return names


def _cells(question: Question, answer: Answer, labels: Labels) -> list[Cell]:
    label = labels.code(question, answer.value) if isinstance(answer, Missing) else None
    code, named = _code(question, answer, labels)
    cells: list[Cell] = [code, label or named]
    if question.kind is Kind.RANGE:
        cells += [answer.low, answer.high] if isinstance(answer, Span) else [None, None]
    if question.kind is Kind.MANY:
        chosen = answer if isinstance(answer, tuple) else None
        cells += [None if chosen is None else int(o.code in chosen) for o in question.options]
    return cells


def _code(question: Question, answer: Answer, labels: Labels) -> tuple[Cell, str | None]:
    match answer:
        case Missing():
            return answer.value, None
        case tuple():
            return " ".join(answer), ", ".join(labels.code(question, code) for code in answer)
        case Span(low=low, high=high):
            return (low + high) / 2, None
        case date():
            return answer.isoformat(), None
        case str() if question.options:
            return answer, labels.code(question, answer)
        case _:
            return answer, None
