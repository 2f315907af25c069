"""The map beside the survey: how many of those who were mapped sent a return, area by area.

The survey's side comes from a release, so small numbers are gone from it already; `results.rates` takes
care of those of the map.
"""

from bot.mapping.standing import heads_in
from bot.mapping.workplace import Area, WorkMap, fold, parse_path
from bot.results.published import Release
from bot.results.rates import Rate, rates


def responses(
    work_map: WorkMap, release: Release, before: tuple[Rate, ...] = ()
) -> tuple[Rate, ...]:
    """Response rates in the groups of areas that a release shows.

    An area of the survey is one of the map by its id, its path or its name; what is none is not mapped.

    Args:
        work_map: The map.
        release: Of a survey with areas; without them the answer is empty.
        before: The rates of the last round.
    """
    heads_by_code: dict[str, int] = {}
    for option in release.codebook.areas:
        area = _area(work_map, option.code) or _area(work_map, option.label)
        heads = heads_in(work_map, area.id) if area else None
        if heads is not None:
            heads_by_code[option.code] = heads.middle
    return rates(release, heads_by_code, before)


def _area(work_map: WorkMap, name: str) -> Area | None:
    """The one area a survey means; None where there is none, or several are called so."""
    path = parse_path(name)
    by_id = next((area for area in work_map.live if area.id == name), None)
    by_path = work_map.find(path) if path else None
    if by_id or by_path:
        return by_id or by_path
    named = [area for area in work_map.live if fold(area.name) == fold(name)]
    return named[0] if len(named) == 1 else None
