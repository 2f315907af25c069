"""The files of a closed survey that a rep asks for in the chat: workbook, charts, a report on one page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.engine.commands import REPS
from bot.messages import plain
from bot.reports.branch_report import BranchReport, compose
from bot.reports.charts import chart_of, chart_png, chart_text
from bot.reports.labels import Labels
from bot.reports.page import html_page
from bot.results.funnel import Funnel
from bot.results.keeping import parse_release
from bot.results.published import Release, Withheld
from bot.service import people, surveys
from bot.service.files import FileKind, FileRequest, MadeFile
from bot.service.ports import Tx
from bot.service.survey_funnel import funnel_of

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_CHARTS: Final = 12  # pictures sent for one survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What the files of a survey are made of: nothing but what is published."""

    release: Release
    funnel: Funnel | None
    labels: Labels
    branch: str
    workplace: str


def gather(tx: Tx, request: FileRequest) -> Gathered | None:
    """The release of a closed survey, for a rep of its branch."""
    survey = tx.get("survey", {"id": request.arguments["survey"], "branch": request.branch})
    if survey is None or survey["closed_at"] is None:
        return None
    if not people.roles_of(tx, request.person) & REPS:
        return None
    release = parse_release(surveys.released(tx, str(survey["id"])))
    branch = tx.get("branch", {"id": request.branch}) or {}
    return Gathered(
        release=release,
        funnel=funnel_of(tx, str(survey["id"]), release),
        labels=Labels(request.content.wording, request.language),
        branch=str(branch.get("name") or request.branch),
        workplace=str(survey["workplace"] or branch.get("name") or request.branch),
    )


def workbook(gathered: Gathered) -> Sequence[MadeFile]:
    """All tables, crossings, the codebook and the funnel."""
    from bot.reports.spreadsheet import release_workbook  # noqa: PLC0415 - it is optional

    content = release_workbook(gathered.release, gathered.labels, gathered.funnel)
    return (_file(gathered, "results.xlsx", XLSX, content, "survey-file.workbook"),)


def charts(gathered: Gathered) -> Sequence[MadeFile]:
    """A picture of each question, with the same numbers in words."""
    return tuple(_charts(gathered))


def _charts(gathered: Gathered) -> Iterator[MadeFile]:
    release, labels = gathered.release, gathered.labels
    shown = [table for table in release.tables if table.withheld is Withheld.NO]
    for table in shown[:MOST_CHARTS]:
        chart = chart_of(release, table.name, labels)
        yield MadeFile(
            name=f"{table.name}.png",
            media_type="image/png",
            content=chart_png(chart, labels),
            caption=f"**{plain(chart.title)}**",
            text_twin=chart_text(chart, labels),
        )


def report(gathered: Gathered) -> Sequence[MadeFile]:
    """The report on one page, to read in a browser and to change in a word processor."""
    from bot.reports.word_document import docx_bytes  # noqa: PLC0415 - it is optional

    release = gathered.release
    composed = compose(
        BranchReport(
            workplace=gathered.workplace,
            branch=gathered.branch,
            made_on=release.closed_on,
            release=release,
        ),
        gathered.labels,
    )
    closed = datetime.combine(release.closed_on, datetime.min.time(), UTC)
    return (
        _file(gathered, "report.html", "text/html", html_page(composed), "survey-file.page"),
        _file(gathered, "report.docx", DOCX, docx_bytes(composed, closed), "survey-file.document"),
    )


def _file(gathered: Gathered, name: str, media: str, content: bytes, key: str) -> MadeFile:
    caption = gathered.labels.say(key, workplace=plain(gathered.workplace))
    return MadeFile(name=name, media_type=media, content=content, caption=caption)


KINDS: Final[Mapping[str, FileKind]] = {
    "survey-workbook": FileKind(gather, workbook),
    "survey-charts": FileKind(gather, charts),
    "survey-report": FileKind(gather, report),
}
