"""What has changed between two rounds of a survey, as a table."""

from collections.abc import Iterator

from bot.reports.labels import Labels
from bot.reports.safe_cells import Cell
from bot.results.published import Release
from bot.results.rounds import changes

COLUMNS = ("question", "answer", "before", "before-share", "count", "share", "points")


def change_rows(release: Release, before: Release, labels: Labels) -> list[list[Cell]]:
    """A heading and one row for each answer; nothing where nothing can be compared."""
    rows = list(_rows(release, before, labels))
    heads: list[Cell] = [labels.say(f"report.column-{name}") for name in COLUMNS]
    return [heads, *rows] if rows else []


def _rows(release: Release, before: Release, labels: Labels) -> Iterator[list[Cell]]:
    for change in changes(release, before):
        question = release.codebook.question(change.name)
        for step in change.steps:
            yield [
                labels.question(question),
                labels.group(question, step.codes),
                step.before,
                step.before_share,
                step.count,
                step.share,
                step.points,
            ]
