"""The areas of a branch by name, and who said that they work in one so that they are written to."""

from bot.engine.area_look import PURPOSE, NamedArea
from bot.mapping.workplace import AreaId, WorkMap, Workplace, WorkplaceId, path_text
from bot.messages import BranchId
from bot.service.doing import Doing
from bot.service.map_rows import area_of
from bot.service.ports import OneOf, Row, Tx


def look(tx: Tx, branch: BranchId, wanted: str) -> NamedArea | None:
    """The area of an id, or the one that it was merged into; None where the branch has none."""
    work_map = _map_of(tx, branch, wanted)
    if work_map is None:
        return None
    home = work_map.home(AreaId(wanted))
    if home not in {one.id for one in work_map.live}:
        return None
    return NamedArea(home, _name(work_map, home))


def joined(tx: Tx, branch: BranchId) -> dict[str, str]:
    """The areas that somebody has said they work in, with their names, in the order of these."""
    known = OneOf(tuple(f"{PURPOSE}{row['id']}" for row in tx.find("area", {"branch": branch})))
    if not known.values:
        return {}
    rows = tx.find("consent", {"branch": branch, "purpose": known, "withdrawn_at": None})
    agreed = sorted({str(row["purpose"]).removeprefix(PURPOSE) for row in rows})
    found = (look(tx, branch, one) for one in agreed)
    named = {one.id: one.name for one in found if one}
    return dict(sorted(named.items(), key=lambda item: (item[1].casefold(), item[0])))


def purposes(tx: Tx, branch: BranchId, wanted: str) -> OneOf:
    """What people agreed to who work in an area: it, what was merged into it, and all that lies in it."""
    work_map = _map_of(tx, branch, wanted)
    if work_map is None:
        return OneOf(())
    live = {one.id for one in work_map.live}
    inside = (one.id for one in work_map.areas if work_map.home(one.id) in live)
    return OneOf(tuple(f"{PURPOSE}{one}" for one in inside if _lies_in(work_map, one, wanted)))


def without_agreement(doing: Doing, purpose: str) -> None:
    """After an agreement was taken back: where they work is known from nothing else, so it goes."""
    if purpose.startswith(PURPOSE):
        doing.tx.delete("consent", {"person": doing.known.person, "purpose": purpose})


def _lies_in(work_map: WorkMap, area: AreaId, wanted: str) -> bool:
    at: AreaId | None = work_map.home(area)
    while at is not None and at != wanted:
        at = work_map.parent(work_map.area_by_id[at])
    return at is not None


def _map_of(tx: Tx, branch: BranchId, wanted: str) -> WorkMap | None:
    """The areas of the workplace that one lies in, without their figures."""
    row: Row | None = tx.get("area", {"id": wanted, "branch": branch})
    place = tx.get("workplace", {"id": row["workplace"]}) if row else None
    if place is None:
        return None
    rows = tx.find("area", {"workplace": place["id"]}, order=("added_at",))
    workplace = Workplace(WorkplaceId(str(place["id"])), str(place["name"]))
    return WorkMap(workplace=workplace, areas=tuple(area_of(one) for one in rows))


def _name(work_map: WorkMap, area: AreaId) -> str:
    return f"{path_text(work_map.path(area))} ({work_map.workplace.name})"
