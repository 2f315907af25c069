"""Tables as CSV: formula-safe, with a byte order mark for Excel where it is wanted."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from bot.reports.labels import Labels
from bot.reports.safe_cells import Cell, safe
from bot.results.published import Release, percent


def csv_bytes(rows: Iterable[Sequence[Cell]], *, bom: bool = False) -> bytes:
    """Rows as CSV in UTF-8.

    Args:
        rows: The first one holds the headings.
        bom: Whether to begin with a byte order mark: without it Excel reads letters such as ŵ wrongly.
    """
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig" if bom else "utf-8")


def release_rows(release: Release, labels: Labels) -> list[list[Cell]]:
    """Every number of a release's tables, one row each, the headings first."""
    rows: list[list[Cell]] = [
        [
            labels.say("report.column-name"),
            labels.say("report.column-question"),
            labels.say("report.column-code"),
            labels.say("report.column-answer"),
            labels.say("report.column-count"),
            labels.say("report.column-share"),
            labels.say("report.column-base"),
        ]
    ]
    for table in release.tables:
        question = release.codebook.question(table.name)
        for part in table.slices:
            share = percent(part.count, table.base) if table.base and not part.is_missing else None
            rows.append(
                [
                    table.name,
                    labels.question(question),
                    " ".join(part.codes),
                    labels.group(question, part.codes),
                    part.count,
                    share,
                    table.base,
                ]
            )
    return rows
