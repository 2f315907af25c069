"""A survey and the round before it at the same workplace, and the areas of its map.

Two rounds that follow close on each other could be laid side by side and the few who came or went be read
off: so a further one of the same questions waits, and the earlier one alone is compared with.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from bot.engine.session import Session
from bot.engine.survey import OPENING, Opening
from bot.flows.by_area import AskedArea, areas_of, ids_of
from bot.flows.model import Flow
from bot.flows.run import Key
from bot.mapping.asking_areas import areas_to_ask, awareness_in, technicians_in
from bot.mapping.workplace import WorkMap, WorkplaceId, fold
from bot.messages import BranchId
from bot.results.keeping import parse_release
from bot.results.published import MappedArea, Release
from bot.service import maps
from bot.service.clock import moment
from bot.service.ports import Row, Tx

APART: Final = timedelta(days=90)  # from the close of one round to the next, as rounds of the map
NAMES_BETWEEN: Final = ", "


def before(tx: Tx, survey: Row) -> Release | None:
    """What was published of the last survey of the same questions at the same workplace."""
    rounds = [
        row
        for row in _alike(tx, str(survey["branch"]), str(survey["flow"]), survey["workplace"])
        if row["id"] != survey["id"]
        and row["closed_at"] is not None
        and int(row["closed_at"]) <= int(survey["opened_at"] or 0)
    ]
    for row in sorted(rounds, key=lambda one: -int(one["closed_at"] or 0)):
        if (release := _release(tx, row)) is not None and release.returns is not None:
            return release
    return None


def with_map(tx: Tx, survey: Row, flow: Flow, release: Release) -> Release:
    """The release with what the map of the workplace says of the areas that were asked for."""
    choices = areas_of(flow)
    work_map = _map(tx, BranchId(str(survey["branch"])), str(survey["workplace"] or ""))
    if release.returns is None or not choices or work_map is None:
        return release
    found = tuple(
        MappedArea(
            code=choice.name,
            technicians=technicians_in(work_map, ids),
            awareness=awareness_in(work_map, ids),
        )
        for choice in choices
        if (ids := ids_of(choice))
    )
    beside = flow.by_area.awareness if flow.by_area else None
    return replace(release, areas=found, awareness=beside or "")


def opening(tx: Tx, branch: BranchId, session: Session) -> Opening:
    """What is known of the workplace for which somebody is about to open a survey."""
    for one in session.runs:
        said = one.run.answers.get(Key("workplace"))
        if one.run.flow == OPENING and said is not None and said.value:
            name = " ".join(str(said.value).split())
            rounds = _alike(tx, branch, one.about, name)
            return Opening(
                areas=tuple(_asked(_map(tx, branch, name))),
                still_open=next(
                    (str(row["id"]) for row in rounds if row["closed_at"] is None), ""
                ),
                not_before=max(_ends(tx, rounds), default=None),
            )
    return Opening()


def _ends(tx: Tx, rounds: list[Row]) -> Iterator[date]:
    """When each earlier round no longer stands in the way; one that told nothing never does."""
    for row in rounds:
        release = _release(tx, row) if row["closed_at"] is not None else None
        if release is not None and release.returns is not None:
            yield moment(int(row["closed_at"] or 0)).date() + APART


def _alike(tx: Tx, branch: str, flow: str, workplace: object) -> list[Row]:
    """The surveys of a flow at a workplace, however its name is written."""
    if not workplace:
        return []
    rows = tx.find("survey", {"branch": branch, "flow": flow})
    return [row for row in rows if fold(str(row["workplace"] or "")) == fold(str(workplace))]


def _release(tx: Tx, survey: Row) -> Release | None:
    row = tx.get("release", {"survey": survey["id"]})
    return parse_release(str(row["body"])) if row else None


def _map(tx: Tx, branch: BranchId, name: str) -> WorkMap | None:
    row = tx.get("workplace", {"branch": branch, "folded": fold(name)}) if name else None
    return maps.load(tx, WorkplaceId(str(row["id"]))) if row else None


def _asked(work_map: WorkMap | None) -> Iterator[AskedArea]:
    for node in areas_to_ask(work_map) if work_map else ():
        names = tuple(name for name in node.names if name)
        yield AskedArea(NAMES_BETWEEN.join(names), node.ids, names if len(names) > 1 else ())
