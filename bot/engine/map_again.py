"""An area as it was last time, in one press; and what a run that was handed in puts on the map."""

from dataclasses import replace
from typing import Final

from bot.engine import map_runs
from bot.engine.effects import SubmitRun
from bot.engine.effects_map import RecordMap
from bot.engine.guide import Guide, guide, local_now
from bot.engine.guiding import press_submit, stepped
from bot.engine.held import active
from bot.engine.map_replies import ahead, begin_button, button, name_of
from bot.engine.map_view import FLOW
from bot.engine.speech import Choose, Said, Scene, say
from bot.flows import runner
from bot.flows.model import Question
from bot.flows.run import Key
from bot.flows.runner import Moved
from bot.flows.standing import pending
from bot.mapping.coverage import next_area
from bot.mapping.recording import Recorded, Stamp, record
from bot.mapping.voice import item_text
from bot.mapping.workplace import WorkMap, Workplace, WorkplaceId, fold
from bot.messages import plain

STEPS: Final = 20  # questions of one area, and some to spare


def same_as_last_time(scene: Scene, run_id: str, area: str) -> Said:
    """Take everything that was said of an area last time; what was not said then is asked."""
    one = active(scene.session)
    here = guide(scene, one) if one and one.id == run_id else None
    if here is None:
        return say(scene, "button.expired")
    moved = _taken_over(here, Key(area))
    if moved is None:
        return stepped(here, Moved(run=here.run, route=here.route))
    return stepped(here, moved, here.say("map.same-taken"))


def _taken_over(here: Guide, area: Key) -> Moved | None:
    moved: Moved | None = None
    run, route = here.run, here.route
    for _ in range(STEPS):
        stop = pending(run, route)
        if stop is None or not isinstance(stop.part, Question):
            break
        known = run.suggested.get(stop.key)
        if known is None or stop.key.split(".")[1:] != area.split(".")[1:]:
            break
        step = runner.advance(here.flow, run, known, local_now(here.scene))
        if not isinstance(step, Moved):
            break
        moved, run, route = step, step.run, step.route
    return moved


def submit(scene: Scene, run_id: str) -> Said:
    """Hand a run in. What one of the map says goes on the map, and the next area is offered."""
    said = press_submit(scene, run_id)
    handed_in = next((one for one in said.effects if isinstance(one, SubmitRun)), None)
    if handed_in is None or handed_in.flow.id != FLOW:
        return said
    after = replace(scene, session=said.session)
    name, notes = map_runs.notes_of(after, handed_in.rows)
    if not name or not notes:
        return said
    stamp = Stamp(by=scene.view.person, at=scene.now, seed=scene.view.fresh, source=run_id)
    done = record(_map_of(after, name), notes, stamp)
    draft = said.drafts[0]
    told = replace(
        draft,
        text=f"{draft.text}\n\n{_told(after, name, done, len(notes) - len(done.beyond))}",
        choices=(*draft.choices, *_ways(after, done)),
    )
    effect = RecordMap(recorded=done, source=run_id, is_run=True)
    return replace(said, drafts=(told, *said.drafts[1:]), effects=(*said.effects, effect))


def _map_of(scene: Scene, name: str) -> WorkMap:
    """The map that a run is about: the one in hand, or a new one."""
    work_map = scene.view.maps.work_map
    if work_map is not None and fold(work_map.workplace.name) == fold(name):
        return work_map
    fresh = WorkplaceId(f"w-{scene.view.fresh[:20]}")
    return WorkMap(workplace=Workplace(fresh, name))


def _told(scene: Scene, name: str, done: Recorded, areas: int) -> str:
    told = [scene.say("map.recorded", areas=areas, workplace=plain(name))]
    if done.beyond:
        told.append(scene.say("map.beyond", count=len(done.beyond)))
    told += [
        scene.say(
            "map.differs",
            area=name_of(done.work_map, rival.area),
            item=item_text(rival.item, scene),
        )
        for rival in done.rivals
    ]
    told.append(ahead(_after(scene, done)).drafts[0].text)
    return "\n\n".join(told)


def _after(scene: Scene, done: Recorded) -> Scene:
    maps = replace(scene.view.maps, work_map=done.work_map, is_mine=True)
    return replace(scene, view=replace(scene.view, maps=maps))


def _ways(scene: Scene, done: Recorded) -> tuple[Choose, ...]:
    found = next_area(done.work_map, scene.now)
    first = (begin_button(_after(scene, done), found.area),) if found else ()
    torn = (button(scene, "settle"),) if done.rivals else ()
    return (*torn, *first, button(scene, "show"), button(scene, "undo"))
