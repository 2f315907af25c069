"""`pathways export`: the results of a closed survey as files, without small numbers."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bot.cli.extras import extra
from bot.cli.owner import run_admin
from bot.errors import Refused
from bot.settings import load_settings
from bot.wiring import load_content

if TYPE_CHECKING:
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
    answer = json.loads(run_admin("survey-results", {"id": survey}))
    with extra("reports"):
        from bot.reports.labels import Labels  # noqa: PLC0415 - it is optional
        from bot.results.keeping import (  # noqa: PLC0415 - it is not needed before
            parse_funnel,
            parse_release,
        )

        release = parse_release(str(answer["release"]))
        labels = Labels(load_content(load_settings().knowledge).wording, language)
        funnel = parse_funnel(str(answer["funnel"])) if answer.get("funnel") else None
        files = list(_files(release, labels, str(answer["branch"]), funnel))
        _write(folder, files)


def _files(
    release: "Release", labels: "Labels", branch: str, funnel: "Funnel | None"
) -> Iterator[File]:
    """Every file by its name, each made when it is written."""
    from bot.reports.branch_report import BranchReport, compose  # noqa: PLC0415 - as above
    from bot.reports.charts import chart_of, chart_png  # noqa: PLC0415
    from bot.reports.comma_separated import csv_bytes, release_rows  # noqa: PLC0415
    from bot.reports.open_data import sqlite_bytes  # noqa: PLC0415
    from bot.reports.page import html_page  # noqa: PLC0415
    from bot.reports.spreadsheet import release_workbook  # noqa: PLC0415
    from bot.reports.word_document import docx_bytes  # noqa: PLC0415

    closed = datetime.combine(release.closed_on, datetime.min.time(), UTC)
    report = compose(
        BranchReport(workplace=branch, branch=branch, made_on=release.closed_on, release=release),
        labels,
    )
    yield "report.html", lambda: html_page(report)
    yield "report.docx", lambda: docx_bytes(report, closed)
    yield "results.xlsx", lambda: release_workbook(release, labels, funnel)
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
