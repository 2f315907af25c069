"""The returns of each area as a table, beside what the map of the workplace says."""

from bot.reports.labels import Labels
from bot.reports.safe_cells import Cell
from bot.results.by_area import AreaLine, area_lines
from bot.results.published import Release
from bot.results.shapes import AREA


def area_rows(release: Release, labels: Labels) -> list[list[Cell]]:
    """A heading and one row for each area; nothing where areas are not shown."""
    lines = area_lines(release)
    if not lines:
        return []
    heads: list[Cell] = [labels.say("report.area")]
    for name in ("count", "technicians", "response", "awareness"):
        heads.append(labels.say(f"report.column-{name}"))
    return [heads, *(_row(release, line, labels) for line in lines)]


def _row(release: Release, line: AreaLine, labels: Labels) -> list[Cell]:
    name = labels.group(release.codebook.question(AREA), line.codes)
    share: Cell = line.share
    if line.share is not None and line.is_most:
        share = labels.say("report.at-most", share=line.share)
    elif line.share is None and line.technicians is not None and not line.is_most:
        share = labels.say("report.nearly-all")
    said = labels.say(f"results.awareness.{line.awareness}") if line.awareness else None
    return [name, line.returns, line.technicians, share, said]
