"""The returns of each area as a table and in words, beside what the map of the workplace says."""

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
    heads: list[Cell] = [labels.say("report.column-area")]
    for name in ("count", "technicians", "response", "awareness"):
        heads.append(labels.say(f"report.column-{name}"))
    return [heads, *(_row(release, line, labels) for line in lines)]


def area_sentences(release: Release, labels: Labels) -> tuple[str, ...]:
    """The same in words, one sentence for each area."""
    area = release.codebook.question(AREA) if release.codebook.areas else None
    lines = area_lines(release)
    return tuple(_sentence(labels.group(area, line.codes), line, labels) for line in lines if area)


def _sentence(area: str, line: AreaLine, labels: Labels) -> str:
    if line.technicians is None or (line.share is None and line.is_most):
        return labels.say("results.area-line", area=area, count=line.returns)
    if line.share is None:
        return labels.say("report.area-line-all", area=area, count=line.returns)
    key = "report.area-line-most" if line.is_most else "report.area-line-share"
    return labels.say(key, area=area, count=line.returns, share=line.share)


def _row(release: Release, line: AreaLine, labels: Labels) -> list[Cell]:
    name = labels.group(release.codebook.question(AREA), line.codes)
    share: Cell = line.share
    if line.share is not None and line.is_most:
        share = labels.say("report.at-most", share=line.share)
    elif line.share is None and line.technicians is not None and not line.is_most:
        share = labels.say("report.nearly-all")
    said = labels.say(f"results.awareness.{line.awareness}") if line.awareness else None
    return [name, line.returns, line.technicians, share, said]
