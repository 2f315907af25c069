"""The files of a closed survey that a rep asks for in the chat: workbook, charts, a report on one page."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.messages import plain
from bot.reports.branch_report import BranchReport, compose
from bot.reports.charts import chart_of, chart_png, chart_text
from bot.reports.coach_position import with_position
from bot.reports.labels import Labels
from bot.reports.page import html_page
from bot.reports.spreadsheet import release_workbook
from bot.reports.word_document import docx_bytes
from bot.results.published import Withheld
from bot.service.files import MadeFile
from bot.service.survey_files import SurveyFile

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_CHARTS: Final = 12  # pictures sent for one survey


def workbook(gathered: SurveyFile) -> Sequence[MadeFile]:
    """All tables, crossings, the codebook and the funnel."""
    content = release_workbook(
        gathered.release, _labels(gathered), gathered.funnel, gathered.before
    )
    return (_file(gathered, "results.xlsx", XLSX, content, "survey-file.workbook"),)


def charts(gathered: SurveyFile) -> Sequence[MadeFile]:
    """A picture of each question, with the same numbers in words."""
    return tuple(_charts(gathered))


def _charts(gathered: SurveyFile) -> Iterator[MadeFile]:
    release, labels = gathered.release, _labels(gathered)
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


def report(gathered: SurveyFile) -> Sequence[MadeFile]:
    """The report on one page, to read in a browser and to change in a word processor."""
    release = gathered.release
    bare = BranchReport(
        workplace=gathered.workplace,
        branch=gathered.branch,
        made_on=gathered.today if gathered.map else release.closed_on,
        map=gathered.map,
        release=release,
        before=gathered.before,
    )
    composed = compose(_with_plan(bare, gathered), _labels(gathered))
    closed = datetime.combine(release.closed_on, datetime.min.time(), UTC)
    return (
        _file(gathered, "report.html", "text/html", html_page(composed), "survey-file.page"),
        _file(gathered, "report.docx", DOCX, docx_bytes(composed, closed), "survey-file.document"),
    )


def _with_plan(bare: BranchReport, gathered: SurveyFile) -> BranchReport:
    """With where the plan and the agreement stand today, where there is a plan."""
    shared, voice = gathered.shared, gathered.voice
    if shared is None or voice is None:
        return bare
    return with_position(bare, voice, (shared.plan, shared.agreement), gathered.today)


def _labels(gathered: SurveyFile) -> Labels:
    return Labels(gathered.wording, gathered.language)


def _file(gathered: SurveyFile, name: str, media: str, content: bytes, key: str) -> MadeFile:
    caption = _labels(gathered).say(key, workplace=plain(gathered.workplace))
    return MadeFile(name=name, media_type=media, content=content, caption=caption)
