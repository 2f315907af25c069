"""`pathways export`: the results of a closed survey as files, without small numbers."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bot.cli.extras import extra
from bot.cli.owner import run_admin
from bot.coach.rows import agreement_from_rows, plan_from_rows
from bot.coach.voice import Voice, voice_in
from bot.errors import Refused
from bot.service.clock import SystemClock
from bot.service.map_text import parse_tree
from bot.settings import load_settings
from bot.wiring import load_content

if TYPE_CHECKING:
    from bot.reports.branch_report import BranchReport
    from bot.reports.labels import Labels
    from bot.results.funnel import Funnel
    from bot.results.published import Release

FOLDER: Final = click.Path(file_okay=False, path_type=Path)
File = tuple[str, Callable[[], bytes]]


@click.command(name="export")
@click.argument("survey")
@click.argument("folder", type=FOLDER)
@click.option("--language", type=click.Choice(["en", "cy"]), default="en", show_default=True)
def command(survey: str, folder: Path, *, language: str) -> None:
    """Write the results of SURVEY into FOLDER: a report, a workbook, tables and pictures."""
    answer = json.loads(run_admin("survey-results", {"id": survey, "language": language}))
    with extra("reports"):
        from bot.reports.labels import Labels  # noqa: PLC0415 - it is optional
        from bot.results.keeping import (  # noqa: PLC0415 - it is not needed before
            parse_funnel,
            parse_release,
        )

        release = parse_release(str(answer["release"]))
        content = load_content(load_settings().knowledge)
        labels = Labels(content.wording, language)
        funnel = parse_funnel(str(answer["funnel"])) if answer.get("funnel") else None
        report = _report(answer, release, voice_in(content, language))
        _write(folder, list(_files(report, release, labels, funnel)))


def _report(answer: Mapping[str, Any], release: "Release", voice: Voice | None) -> "BranchReport":
    """What the report is made from: the release, and map and plan of the workplace if there are any."""
    from bot.reports.branch_report import BranchReport  # noqa: PLC0415 - as above
    from bot.reports.coach_position import with_position  # noqa: PLC0415
    from bot.results.keeping import parse_release  # noqa: PLC0415

    branch, rows = str(answer["branch"]), answer.get("plan")
    today, kept = SystemClock().now().date(), answer.get("map")
    node = parse_tree(kept) if kept else None
    bare = BranchReport(
        workplace=" ".join(node.names) if node else branch,
        branch=branch,
        made_on=today if node else release.closed_on,
        map=node,
        release=release,
        before=parse_release(str(answer["before"])) if answer.get("before") else None,
    )
    if not rows or voice is None:
        return bare
    plan = plan_from_rows(rows["plan"][0], rows["events"], ())
    agreement = agreement_from_rows(plan.branch, plan.workplace, rows["clauses"])
    named = replace(bare, workplace=plan.workplace)
    return with_position(named, voice, (plan, agreement), today)


def _files(
    report: "BranchReport", release: "Release", labels: "Labels", funnel: "Funnel | None"
) -> Iterator[File]:
    """Every file by its name, each made when it is written."""
    from bot.reports.branch_report import compose  # noqa: PLC0415 - as above
    from bot.reports.charts import chart_of, chart_png  # noqa: PLC0415
    from bot.reports.comma_separated import csv_bytes, release_rows  # noqa: PLC0415
    from bot.reports.open_data import sqlite_bytes  # noqa: PLC0415
    from bot.reports.page import html_page  # noqa: PLC0415
    from bot.reports.spreadsheet import release_workbook  # noqa: PLC0415
    from bot.reports.word_document import docx_bytes  # noqa: PLC0415

    closed = datetime.combine(release.closed_on, datetime.min.time(), UTC)
    composed = compose(report, labels)
    yield "report.html", lambda: html_page(composed)
    yield "report.docx", lambda: docx_bytes(composed, closed)
    yield "results.xlsx", lambda: release_workbook(release, labels, funnel, report.before)
    yield "results.csv", lambda: csv_bytes(release_rows(release, labels), bom=True)
    yield "results.sqlite", lambda: sqlite_bytes(release, labels)
    for table in release.tables:
        yield (
            f"{table.name}.png",
            partial(chart_png, chart_of(release, table.name, labels), labels),
        )


def _write(folder: Path, files: list[File]) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused(
            f"{folder} is not empty. Name another folder, so that nothing is overwritten."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with click.progressbar(files, label="Writing", item_show_func=_name) as shown:
            for name, make in shown:
                (folder / name).write_bytes(make())
    except OSError as error:
        raise Refused(f"{folder} cannot be written ({error.strerror}).") from None
    click.echo(
        f"Wrote {len(files)} files to {folder}. No number of fewer than 5 people is in them."
    )


def _name(file: File | None) -> str:
    return file[0] if file else ""
