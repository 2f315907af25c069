"""The map as a list: the rows that `importing` reads back, for those who map the workplace."""

from collections.abc import Iterator

from bot.mapping.cells import write_cells
from bot.mapping.coverage import mapped_at
from bot.mapping.importing import COLUMNS
from bot.mapping.standing import current
from bot.mapping.workplace import Area, Item, WorkMap, path_text


def rows(work_map: WorkMap) -> Iterator[tuple[str, ...]]:
    """One row for each area, the headings first; what is not known is empty."""
    yield COLUMNS
    for area in work_map.live:
        cells = _cells(work_map, area)
        yield tuple(cells.get(column, "") for column in COLUMNS)


def _cells(work_map: WorkMap, area: Area) -> dict[str, str]:
    figures = {item: current(work_map, area.id, item) for item in Item}
    told = {item: figure.told for item, figure in figures.items() if figure}
    at = mapped_at(work_map, area.id)
    day = {"mapped_on": f"{at:%Y-%m-%d}"} if at else {}
    return {"area": path_text(work_map.path(area.id)), **write_cells(told), **day}
