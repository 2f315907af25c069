"""The workplace map in the store: read for a turn, written by its effects, summed up for a plan.

Two reps who map one workplace at once lose nothing: figures are only ever added, and an area is changed
only where it still is as it was seen.
"""

from datetime import date, datetime
from functools import lru_cache
from typing import assert_never

from bot.engine.effects_map import (
    DropList,
    EditArea,
    KeepList,
    MapEffect,
    RecordMap,
    UndoMap,
    UseWorkplace,
)
from bot.engine.map_view import FLOW, LastChange, MappedPlace, Maps, list_of
from bot.engine.session import Session
from bot.engine.view import View
from bot.errors import Refused
from bot.flows.run import Key
from bot.mapping.changing import Edit, Kind
from bot.mapping.importing import Import, read_list
from bot.mapping.recording import Recorded
from bot.mapping.rows import decode_place, encode_place
from bot.mapping.summary import Summary, summarise
from bot.mapping.tree import outside
from bot.mapping.workplace import (
    AreaId,
    WorkMap,
    Workplace,
    WorkplaceId,
    fold,
)
from bot.messages import BranchId, PersonId, Reply, Utterance
from bot.results.limits import SHOWN_FROM
from bot.service import files
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.map_rows import area_of, area_row, figure_of, figure_row, place_of
from bot.service.ports import AtLeast, Row, Tx, Where


@lru_cache(maxsize=4)  # a list is looked through when it comes, and once more when it is taken in
def listed(content: bytes, today: date) -> Import:
    """What a list says. A long one takes a while: this is no work for a transaction."""
    return read_list(content, today)


def read(
    tx: Tx,
    view: View,
    session: Session,
    utterance: Utterance,
    today: date,
    brought: Import | None = None,
) -> Maps:
    """What a turn may know of the maps of a branch: its workplaces, and the map in hand.

    Args:
        tx: The turn's own.
        view: Whose turn it is.
        session: Where their talk stands.
        utterance: What they say.
        today: No figure of a list can be of a later day.
        brought: What the list says that they send; None for none.
    """
    mine = {str(row["workplace"]): row for row in tx.find("mapper", {"person": view.person})}
    rows = tx.find("workplace", {"branch": view.branch}, order=("folded",))
    current = _current(rows, mine, session)
    places = tuple(
        MappedPlace(
            id=WorkplaceId(str(row["id"])),
            name=str(row["name"]),
            is_mine=_is_mapper(mine.get(str(row["id"]))),
            is_current=row["id"] == current,
        )
        for row in rows
    )
    if current is None:
        return Maps(places=places)
    work_map = load(tx, WorkplaceId(current))
    kept = "" if brought else list_of(session, utterance)
    content = _list_of(tx, kept, view.person) if kept else None
    return Maps(
        places=places,
        work_map=work_map,
        is_mine=_is_mapper(mine.get(current)),
        last=_last_change(tx, work_map, view.person),
        list_id=kept if content else "",
        listed=listed(content, today) if content else brought,
    )


def load(tx: Tx, workplace: WorkplaceId) -> WorkMap:
    """The whole map of a workplace that there is."""
    row = tx.get("workplace", {"id": workplace}) or {}
    areas = tx.find("area", {"workplace": workplace}, order=("added_at",))
    figures = tx.find("area_figure", {"workplace": workplace, "undone_at": None}, order=("at",))
    return WorkMap(
        workplace=Workplace(workplace, str(row.get("name", ""))),
        areas=tuple(area_of(one) for one in areas),
        figures=tuple(figure_of(one) for one in figures),
    )


def find(tx: Tx, branch: BranchId, name: str) -> WorkplaceId:
    """The workplace of a name, whatever its capitals, or of an id.

    Raises:
        Refused: The branch has none; the text lists those there are.
    """
    rows = tx.find("workplace", {"branch": branch}, order=("folded",))
    for row in rows:
        if row["id"] == name or row["folded"] == fold(name):
            return WorkplaceId(str(row["id"]))
    names = ", ".join(str(row["name"]) for row in rows) or "none yet"
    raise Refused(f"There is no workplace `{name}`. There is: {names}.")


def may_see_all(tx: Tx, person: PersonId, workplace: WorkplaceId) -> bool:
    """Whether somebody maps a workplace, and so sees every figure of it."""
    return _is_mapper(tx.get("mapper", {"person": person, "workplace": workplace}))


def summary(tx: Tx, branch: BranchId, workplace: WorkplaceId, now: datetime) -> Summary:
    """The map as a plan needs it, whole: for those who map this workplace, and the plan they share.

    Raises:
        Refused: The branch has no such workplace.
    """
    return summarise(load(tx, find(tx, branch, workplace)), now)


def mapped_outside(tx: Tx, branch: BranchId, name: str) -> int | None:
    """Technicians of a workplace as its map tells all; None without a map, or where they are few."""
    row = tx.get("workplace", {"branch": branch, "folded": fold(name)})
    if row is None:
        return None
    heads = outside(load(tx, WorkplaceId(str(row["id"]))), SHOWN_FROM, "").heads
    return heads.middle if heads else None


def keep(doing: Doing, effect: MapEffect) -> Reply | None:
    """Write down what a turn decided about the map; returns what there is to say about it."""
    match effect:
        case RecordMap():
            _record(doing, effect)
        case EditArea():
            return _edit(doing, effect)
        case UndoMap(change=change, workplace=workplace):
            undo(doing.tx, change, workplace, doing.now)
        case UseWorkplace(workplace=workplace):
            _use(doing, workplace)
        case KeepList():
            files.keep_upload(doing, effect.id, effect.name, effect.content)
        case DropList(id=name):
            doing.tx.delete("file", {"id": name, "person": doing.known.person})
        case _:
            assert_never(effect)
    return None


def without_agreement(doing: Doing) -> None:
    """After an agreement was taken back: the figures stay, that they came from this person does not."""
    tx, person = doing.tx, doing.known.person
    tx.delete("mapper", {"person": person})
    for table in ("area_figure", "area_change"):
        tx.update(table, {"person": person}, {"person": None})


def write(
    tx: Tx, branch: BranchId, recorded: Recorded, source: str, by: PersonId | None, now: datetime
) -> None:
    """Add the areas and figures of a run or a list, so that they can be taken back as one."""
    place = recorded.work_map.workplace
    row: Row = {
        "id": place.id,
        "branch": branch,
        "name": place.name,
        "folded": fold(place.name),
        "created_at": micros(now),
    }
    tx.insert_new("workplace", row)
    for area in recorded.areas:
        tx.insert("area", area_row(area, branch, place.id))
    for figure in recorded.figures:
        tx.insert_new("area_figure", figure_row(figure, branch, place.id))
    if recorded.areas or recorded.figures:
        change = {"kind": Kind.RECORD.value, "source": source, "person": by}
        first = (recorded.figures[0] if recorded.figures else recorded.areas[0]).id
        _log(tx, branch, place.id, f"c-{first}", change, now)  # a run may be handed in again


def undo(tx: Tx, change: LastChange, workplace: WorkplaceId, now: datetime) -> None:
    """Take a change back; what was recorded since then stays."""
    at = micros(now)
    if not tx.update("area_change", {"id": change.id, "undone_at": None}, {"undone_at": at}):
        return
    if change.edit is not None:
        edit = Edit(change.edit.kind, change.edit.after, change.edit.before)
        _move(tx, edit)
        return
    since = _since(tx, change)
    said: Where = {"source": change.source, "undone_at": None, "at": AtLeast(since)}
    tx.update("area_figure", said, {"undone_at": at})
    work_map = load(tx, workplace)
    kept = {work_map.home(figure.area) for figure in work_map.figures}
    for area in reversed(work_map.live):  # what lies in an area comes before it
        is_of_it = area.source == change.source and micros(area.added_at) >= since
        children = {child.id for child in work_map.children(area.id)}
        if not is_of_it or kept & {area.id, *children}:
            kept.add(area.id)
        else:
            tx.update("area", {"id": area.id}, {"is_gone": 1})


def _since(tx: Tx, change: LastChange) -> int:
    """From when on something is of a change: what a run brought when it was handed in before stays."""
    return _last_at(tx, {"source": change.source, "undone_at": None}) + 1


def _last_at(tx: Tx, where: Where) -> int:
    """When the last of some changes was made; -1 where there are none."""
    rows = tx.find("area_change", where, order=("-at",), limit=1)
    return int(rows[0]["at"] or 0) if rows else -1


def _record(doing: Doing, effect: RecordMap) -> None:
    run: Where = {"id": effect.source, "person": doing.known.person}
    if effect.is_run and doing.tx.get("run", run) is None:
        return  # the agreement was taken back meanwhile
    write(
        doing.tx, doing.known.branch, effect.recorded, effect.source, doing.known.person, doing.now
    )
    workplace = effect.recorded.work_map.workplace.id
    _use(doing, workplace)
    mine: Where = {"person": doing.known.person, "workplace": workplace, "since_at": None}
    doing.tx.update("mapper", mine, {"since_at": micros(doing.now)})


def _use(doing: Doing, workplace: WorkplaceId) -> None:
    mine = doing.tx.find("mapper", {"person": doing.known.person})
    others = (int(row["used_at"] or 0) for row in mine if row["workplace"] != workplace)
    used_at = max(
        (micros(doing.now), *(at + 1 for at in others))
    )  # the last one, whatever the clock
    row: Row = {
        "person": doing.known.person,
        "workplace": workplace,
        "branch": doing.known.branch,
        "since_at": None,
        "used_at": used_at,
    }
    if not doing.tx.insert_new("mapper", row):
        where: Where = {"person": doing.known.person, "workplace": workplace}
        doing.tx.update("mapper", where, {"used_at": used_at})


def _edit(doing: Doing, effect: EditArea) -> Reply | None:
    if not _move(doing.tx, effect.edit):
        return doing.say("map.changed-meanwhile")
    change = {
        "kind": effect.edit.kind.value,
        "area": effect.edit.before.id,
        "before": encode_place(effect.edit.before),
        "after": encode_place(effect.edit.after),
        "person": doing.known.person,
    }
    _log(doing.tx, doing.known.branch, effect.workplace, effect.id, change, doing.now)
    return None


def _move(tx: Tx, edit: Edit) -> bool:
    """Change an area, where it still is as it was seen."""
    before: Where = {"id": edit.before.id, **place_of(edit.before)}
    return tx.update("area", before, place_of(edit.after)) == 1


def _log(
    tx: Tx, branch: BranchId, workplace: WorkplaceId, name: str, change: Row, now: datetime
) -> None:
    empty = dict.fromkeys(("area", "before", "after", "source", "person"))
    row: Row = {
        **empty,
        "id": name,
        "branch": branch,
        "workplace": workplace,
        **change,
        "at": max(micros(now), _last_at(tx, {"workplace": workplace}) + 1),  # whatever the clock
        "undone_at": None,
    }
    tx.insert("area_change", row)


def _current(rows: list[Row], mine: dict[str, Row], session: Session) -> str | None:
    """The workplace in hand: of the run under way, else the one used last, else the only one."""
    by_name = {str(row["folded"]): str(row["id"]) for row in rows}
    for one in session.runs:
        said = one.run.answers.get(Key("workplace"))
        if one.run.flow == FLOW and one.run.status == "running" and said and said.value:
            return by_name.get(fold(str(said.value)))
    known = [row for row in mine.values() if str(row["workplace"]) in by_name.values()]
    if known:
        return str(max(known, key=lambda row: int(row["used_at"] or 0))["workplace"])
    return str(rows[0]["id"]) if len(rows) == 1 else None


def _is_mapper(row: Row | None) -> bool:
    return row is not None and row["since_at"] is not None


def _last_change(tx: Tx, work_map: WorkMap, person: PersonId) -> LastChange | None:
    where: Where = {"workplace": work_map.workplace.id, "person": person, "undone_at": None}
    row = next(iter(tx.find("area_change", where, order=("-at",), limit=1)), None)
    if row is None:
        return None
    kind, name = Kind(str(row["kind"])), str(row["id"])
    area = work_map.area_by_id.get(AreaId(str(row["area"]))) if row["area"] else None
    if area is None:
        return LastChange(id=name, kind=kind, source=str(row["source"] or ""))
    before, after = (decode_place(area, str(row[side])) for side in ("before", "after"))
    return LastChange(id=name, kind=kind, edit=Edit(kind, before, after), may_undo=area == after)


def _list_of(tx: Tx, name: str, person: PersonId) -> bytes | None:
    if tx.get("file", {"id": name, "person": person}) is None:
        return None
    return files.content_of(tx, name)
