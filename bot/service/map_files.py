"""The map as a file: what goes into one, whole for its team, else without small numbers."""

from dataclasses import dataclass
from datetime import datetime

from bot.engine.commands import REPS
from bot.knowledge.wording import Wording
from bot.mapping.tree import outside, whole
from bot.mapping.workplace import WorkMap, WorkplaceId, fold
from bot.messages import BranchId
from bot.results.limits import SHOWN_FROM
from bot.results.workplace import MapNode
from bot.service import maps, people
from bot.service.files import FileRequest
from bot.service.ports import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFile:
    """All that a file of a map is made from.

    Attributes:
        work_map: Everything; None where it is for outside the team.
        tree: The map as it may be shown.
        threshold: The least number shown outside the team.
    """

    tree: MapNode
    work_map: WorkMap | None
    wording: Wording
    language: str
    made_at: datetime
    threshold: int = SHOWN_FROM


def gather(tx: Tx, request: FileRequest) -> MapFile | None:
    """What a file holds for whoever asked; None where they may not have it, or the map has gone."""
    workplace = WorkplaceId(request.arguments.get("workplace", ""))
    row = tx.get("workplace", {"id": workplace, "branch": request.branch})
    if row is None or not people.roles_of(tx, request.person) & REPS:
        return None
    return map_file(
        maps.load(tx, workplace),
        request.content.wording,
        request.language,
        request.now.astimezone(request.zone),
        is_whole=maps.may_see_all(tx, request.person, workplace),
    )


def outside_at(tx: Tx, branch: BranchId, workplace: str, rest: str) -> MapNode | None:
    """The map of a workplace as it may leave the team, however its name is written.

    Args:
        tx: The transaction.
        branch: Whose workplace.
        workplace: Its name.
        rest: What to call those of an area who are in none of the areas below it.

    Returns:
        None where there is none, or it has no number that may be shown.
    """
    row = tx.get("workplace", {"branch": branch, "folded": fold(workplace)})
    if row is None:
        return None
    node = outside(maps.load(tx, WorkplaceId(str(row["id"]))), SHOWN_FROM, rest)
    return node if node.heads is not None else None


def map_file(
    work_map: WorkMap, wording: Wording, language: str, made_at: datetime, *, is_whole: bool
) -> MapFile:
    """What a file of a map is made from, for its team or for anybody else."""
    rest = wording.say("map.rest", language)
    return MapFile(
        tree=whole(work_map) if is_whole else outside(work_map, SHOWN_FROM, rest),
        work_map=work_map if is_whole else None,
        wording=wording,
        language=language,
        made_at=made_at,
    )
