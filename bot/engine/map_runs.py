"""The map inside a run of `workplace-map`: what is filled in beforehand, what is known already, what it says.

The workplace in hand is not asked again. An area that is on the map brings what was said of it last time;
a name that is nearly one on the map is asked about, and never changed unasked.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.engine.guide import Guide
from bot.engine.map_view import FLOW
from bot.engine.prompts import choose
from bot.engine.speech import Choose, Said, Scene
from bot.flows import runner
from bot.flows.model import Flow
from bot.flows.record import Row
from bot.flows.route import Stop
from bot.flows.run import Answer, Inferred, Key, key_of, name_of
from bot.flows.runner import Moved
from bot.language.scrubbing import scrub
from bot.mapping.likeness import like
from bot.mapping.recording import Note
from bot.mapping.standing import current
from bot.mapping.workplace import (
    NUMBERS,
    SEVERAL,
    AreaId,
    Item,
    Path,
    Told,
    WorkMap,
    fold,
    parse_path,
    path_text,
)
from bot.messages import plain
from bot.results.workplace import Provenance

WORKPLACE: Final = "workplace"  # names of the flow's questions
AREA: Final = "area"
HOW_KNOWN: Final = "how_known"


def prefilled(scene: Scene, flow: Flow, moved: Moved, area: Path | None = None) -> Moved:
    """A run that was just begun, with the workplace in hand and, where it is given, the area."""
    work_map = scene.view.maps.work_map
    if flow.id != FLOW or work_map is None:
        return moved
    now = scene.now.astimezone(scene.view.zone)
    names = [work_map.workplace.name, *([path_text(area)] if area else [])]
    for name in names:
        step = runner.advance(flow, moved.run, Answer(value=name), now)
        moved = step if isinstance(step, Moved) else moved
    if area is None:
        return moved
    return _suggesting(scene, moved, key_of(AREA, (1,)), path_text(area))


def with_last_time(here: Guide, stop: Stop, moved: Moved) -> Moved:
    """After the name of an area: what was said of it last time is suggested, question by question."""
    said = moved.run.answers.get(stop.key)
    if here.flow.id != FLOW or name_of(stop.key) != AREA or said is None:
        return moved
    return _suggesting(here.scene, moved, stop.key, str(said.value))


def noticed(here: Guide, stop: Stop, said: Said) -> Said:
    """After the name of an area: that it is known already, or nearly the name of one that is."""
    if here.flow.id != FLOW or name_of(stop.key) != AREA or not said.drafts:
        return said
    answer = here.run.answers.get(stop.key)
    work_map = _map_of(here)
    path = parse_path(str(answer.value)) if answer else None
    if work_map is None or path is None:
        return said
    lead, choices = _notice(here, stop, work_map, path)
    if not lead:
        return said
    *others, last = said.drafts
    told = replace(last, text=f"{lead}\n\n{last.text}", choices=(*choices, *last.choices))
    return replace(said, drafts=(*others, told))


def begun(here: Guide, said: Said) -> Said:
    """After a run was begun with answers of its own: which workplace it is about, and how to change that."""
    name = here.run.answers.get(Key(WORKPLACE))
    if here.flow.id != FLOW or name is None:
        return said
    area = here.route.stop(key_of(AREA, (1,)))
    draft = said.drafts[0]
    lead = here.say("map.about", workplace=plain(str(name.value)))
    other = choose(here, "change", here.say("button.map-other-workplace"), WORKPLACE)
    told = replace(draft, text=f"{lead}\n\n{draft.text}", choices=(*draft.choices, other))
    done = replace(said, drafts=(told, *said.drafts[1:]))
    return noticed(here, area, done) if area and area.answer else done


def notes_of(scene: Scene, rows: Sequence[Row]) -> tuple[str, tuple[Note, ...]]:
    """What a run says, as notes: the name of the workplace, and one note for each of its areas."""
    answers = {row.key: row.answer for row in rows if row.answer.value is not None}
    name = (
        " ".join(str(answers[Key(WORKPLACE)].value).split()) if Key(WORKPLACE) in answers else ""
    )
    areas = [key for key in answers if name_of(key) == AREA]
    notes = (
        Note(path=path, told=dict(_told(scene, answers, key)))
        for key in areas
        if (path := parse_path(str(answers[key].value)))
    )
    return name, tuple(notes)


def _map_of(here: Guide) -> WorkMap | None:
    """The map in hand, where it is the one that this run is about."""
    work_map = here.scene.view.maps.work_map
    name = here.run.answers.get(Key(WORKPLACE))
    if work_map is None or name is None or not here.scene.view.maps.is_mine:
        return None
    return work_map if fold(str(name.value)) == fold(work_map.workplace.name) else None


def _notice(
    here: Guide, stop: Stop, work_map: WorkMap, path: Path
) -> tuple[str, tuple[Choose, ...]]:
    known = work_map.find(path)
    if known is not None:
        if not _last_time(work_map, known.id):
            return "", ()
        again = choose(here, "map-same", here.say("button.map-same"), stop.key)
        name = plain(path_text(work_map.path(known.id)))
        return here.say("map.known", area=name), (again,)
    near = [path_text(work_map.path(area)) for area in like(work_map, path)]
    if not near:
        return "", ()
    choices = tuple(
        choose(here, "change-to", here.say("button.map-it-is", area=one), stop.key, one)
        for one in near
    )
    return here.say("map.near", area=plain(near[0]), said=plain(path_text(path))), choices


def _suggesting(scene: Scene, moved: Moved, area: Key, name: str) -> Moved:
    work_map, path = scene.view.maps.work_map, parse_path(name)
    known = work_map.find(path) if work_map and path and scene.view.maps.is_mine else None
    if work_map is None or known is None:
        return moved
    rounds = tuple(int(one) for one in area.split(".")[1:])
    last = _last_time(work_map, known.id)
    suggested = {key_of(name, rounds): answer for name, answer in last.items()}
    run = replace(moved.run, suggested={**moved.run.suggested, **suggested})
    return replace(moved, run=run)


def _last_time(work_map: WorkMap, area: AreaId) -> Mapping[str, Answer]:
    """What was said of an area last, as answers by the name of their question."""
    found: dict[str, Answer] = {}
    for item in Item:
        figure = current(work_map, area, item)
        if figure is None:
            continue
        found[item.value] = _answer(item, figure.told)
        if item is Item.TECHNICIANS and figure.told.provenance is not Provenance.RANGE:
            how = figure.told.provenance or Provenance.ESTIMATED
            found[HOW_KNOWN] = Answer(value=how.value)
    return found


def _answer(item: Item, told: Told) -> Answer:
    if item is Item.WHAT_THEY_DO:
        return Answer(value=told.words)
    if item not in NUMBERS:
        return Answer(value=told.codes if item in SEVERAL else told.codes[0])
    low, high = told.low or 0, told.high or 0
    if low == high:
        return Answer(value=low)
    return Answer(value=(low + high) // 2, inferred=Inferred(low=float(low), high=float(high)))


def _told(scene: Scene, answers: Mapping[Key, Answer], area: Key) -> Iterator[tuple[Item, Told]]:
    rounds = area.split(".")[1:]
    for item in Item:
        answer = answers.get(Key(".".join((item.value, *rounds))))
        if answer is None:
            continue
        how = answers.get(Key(".".join((HOW_KNOWN, *rounds))))
        yield item, _said(scene, item, answer, str(how.value) if how else None)


def _said(scene: Scene, item: Item, answer: Answer, how: str | None) -> Told:
    value = answer.value
    if item is Item.WHAT_THEY_DO:
        return Told(words=scrub(str(value), scene.content.known_words))
    if item not in NUMBERS:
        return Told(codes=value if isinstance(value, tuple) else (str(value),))
    low, high = _ends(answer)
    if item is Item.REGISTERED:
        return Told(low=low, high=high)
    is_guess = answer.inferred is not None and answer.inferred.is_about
    known = Provenance(how) if how else Provenance.ESTIMATED
    provenance = Provenance.ESTIMATED if is_guess and known is Provenance.COUNTED else known
    return Told(low=low, high=high, provenance=provenance)


def _ends(answer: Answer) -> tuple[int, int]:
    """The ends of a range that was said, else the number twice."""
    number = int(float(str(answer.value)))
    loose = answer.inferred
    if loose is None or loose.low is None:
        return number, number
    low = int(loose.low)
    return low, max(low, int(loose.high)) if loose.high is not None else max(low, number)
