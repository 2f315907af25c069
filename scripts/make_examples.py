"""Make one example of every report, of an invented workplace, in `docs/examples/`.

Run it again after a change of the reports: `python -m scripts.make_examples`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.cli import storyboard, storyboard_page
from bot.coach.rhythm import LONDON
from bot.coach.voice import voice_in
from bot.flows.loading import parse_flows
from bot.knowledge.content import Content, parse_content
from bot.mapping import exporting
from bot.mapping.importing import read_csv
from bot.mapping.recording import Stamp, record
from bot.mapping.workplace import WorkMap, Workplace, WorkplaceId
from bot.reports.branch_report import (
    BranchReport,
    ClausePosition,
    PlanPosition,
    StepPosition,
    compose,
)
from bot.reports.charts import chart_of, chart_png, chart_text
from bot.reports.comma_separated import csv_bytes, release_rows
from bot.reports.labels import Labels
from bot.reports.map_files import workbook
from bot.reports.open_data import sqlite_bytes
from bot.reports.page import html_page
from bot.reports.spreadsheet import release_workbook
from bot.reports.word_document import docx_bytes
from bot.reports.workplace_map import map_png, map_text
from bot.results.workplace import for_outside
from bot.service.map_files import map_file
from bot.wiring import flow_texts
from scripts.example_plan import plan_examples
from scripts.example_workplace import CLOSED, MAP, earlier, release

ROOT: Final = Path(__file__).parents[1]
MADE_AT: Final = datetime(2026, 11, 20, 12, tzinfo=UTC)


def content() -> Content:
    """The content, as we ship it."""
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "knowledge").glob("*.yaml")}
    return parse_content(files)


def labels() -> Labels:
    """The words of the reports, as we ship them."""
    return Labels(content().wording)


def branch_report() -> BranchReport:
    """The report of the invented workplace."""
    survey = release()
    return BranchReport(
        workplace="Example Power Station",
        branch="the example branch",
        made_on=CLOSED,
        map=MAP,
        release=survey,
        before=earlier(),
        highlights=("heard", "interest", "barriers"),
        plan=PlanPosition(
            (
                StepPosition("Map the workplace", 4, 5),
                StepPosition("Talk to the employer", 1, 6),
                StepPosition("Support members to register", 0, 4),
            ),
            "Ask the training manager for a first meeting.",
        ),
        agreement=(
            ClausePosition("Time to prepare an application", "raised"),
            ClausePosition("Fees paid by the employer", "in talks"),
        ),
        is_example=True,
    )


def examples() -> dict[str, bytes]:
    """File name to bytes, of every example."""
    shipped = content()
    words, voice = Labels(shipped.wording), voice_in(shipped, "en")
    if voice is None:
        raise LookupError("the examples need knowledge/action_plan.yaml")
    survey = release()
    chart = chart_of(survey, "barriers", words)
    outside = for_outside(MAP, survey.threshold)
    composed = compose(branch_report(), words)
    return {
        "chart.png": chart_png(chart, words),
        "chart.md": f"{chart_text(chart, words)}\n".encode(),
        "map.png": map_png(outside, words, CLOSED, survey.threshold),
        "map-list.csv": map_list(),
        "map-outside.xlsx": map_workbook(words),
        "map.md": f"{map_text(outside, words)}\n".encode(),
        "results.xlsx": release_workbook(survey, words, before=earlier()),
        "results.csv": csv_bytes(release_rows(survey, words), bom=True),
        "results.db": sqlite_bytes(survey, words),
        "branch-report.html": html_page(composed),
        "branch-report.docx": docx_bytes(composed, MADE_AT),
        "storyboard.html": survey_storyboard(shipped),
        **plan_examples(voice, MADE_AT),
    }


def survey_storyboard(shipped: Content) -> bytes:
    """Every screen of the technician survey, as `pathways flow storyboard` writes them."""
    name = "technician-survey.yaml"
    (flow,) = parse_flows({name: flow_texts(None)[name]}).current
    screens = storyboard.screens(flow, shipped, MADE_AT.astimezone(ZoneInfo(LONDON)))
    return storyboard_page.page(flow, screens, shipped.wording).encode()


def example_map() -> WorkMap:
    """The map that the example list makes."""
    text = (ROOT / "scripts" / "example_map.csv").read_text("utf-8")
    empty = WorkMap(workplace=Workplace(WorkplaceId("example"), "Example Power Station"))
    stamp = Stamp(by=None, at=MADE_AT, seed="example", source="example", is_fresh=False)
    return record(empty, read_csv(text, CLOSED).notes, stamp).work_map


def map_list() -> bytes:
    """A list of areas as those who map a workplace get it, and as it can be sent to the bot."""
    return csv_bytes([list(row) for row in exporting.rows(example_map())], bom=True)


def map_workbook(words: Labels) -> bytes:
    """The map as it may leave the team, as a workbook."""
    source = map_file(example_map(), words.wording, "en", MADE_AT, is_whole=False)
    return workbook(source)[0].content


def main() -> None:
    """Write all examples."""
    folder = ROOT / "docs" / "examples"
    folder.mkdir(exist_ok=True)
    for name, content in examples().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
