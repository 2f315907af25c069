"""A list of areas that somebody sends: first what it would do, then, on their word, doing it."""

from dataclasses import replace
from typing import Final

from bot.engine.agreeing import agree, consent_text, wording_version
from bot.engine.effects import Effect
from bot.engine.effects_map import DropList, KeepList, RecordMap
from bot.engine.map_replies import button, name_of, said, start_button
from bot.engine.map_view import FLOW
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene, say
from bot.mapping.importing import Import, RowError, Unfit
from bot.mapping.recording import Recorded, Stamp, record
from bot.mapping.workplace import WorkMap
from bot.messages import Upload, plain

ERRORS: Final = 10  # lines with mistakes that are shown


def uploaded(scene: Scene, upload: Upload) -> Said:
    """What a list would put on the map. Nothing is written but the list itself, until they say so."""
    work_map = scene.view.maps.work_map
    if work_map is None or not scene.view.maps.is_mine:
        return said(scene, scene.say("map.import-where"), start_button(scene))
    read = scene.view.maps.listed or Import(unfit=Unfit.NOT_TEXT)
    if read.unfit is not None:
        return said(scene, scene.say(f"map.import-{read.unfit.value}"))
    done = _recorded(scene, work_map, read, "dry")
    mistakes = _mistakes(scene, read)
    if not done.areas and not done.figures:
        return said(scene, _joined(scene.say("map.import-same"), mistakes))
    name = f"u-{scene.view.fresh}"
    choices = _choices(scene, name, len(read.notes))
    asked = said(scene, _joined(_preview(scene, done, read), mistakes, _consent(scene)), *choices)
    return replace(asked, effects=(KeepList(name, upload.name, upload.content),))


def take_in(scene: Scene, name: str, version: str = "") -> Said:
    """Take a list in as it was shown."""
    maps, read = scene.view.maps, scene.view.maps.listed
    work_map = maps.work_map
    if work_map is None or not maps.is_mine or maps.list_id != name or read is None:
        return say(scene, "map.import-gone")
    effects: list[Effect] = []
    flow = scene.view.flows.to_start(FLOW)
    if flow is not None and consent_text(scene, flow):
        agreed = agree(scene, flow, version)
        if agreed is None:
            return say(scene, "map.import-gone")
        effects.append(agreed[1])
    done = _recorded(scene, work_map, read, name)
    effects += [RecordMap(recorded=done, source=name, is_run=False), DropList(name)]
    text = scene.say("map.imported", areas=len(done.areas), figures=len(done.figures))
    shown = said(scene, text, button(scene, "show"), button(scene, "next"), button(scene, "undo"))
    return replace(shown, effects=tuple(effects))


def drop(scene: Scene, name: str) -> Said:
    """Leave a list; nothing of it is kept."""
    return replace(say(scene, "map.import-left"), effects=(DropList(name),))


def _recorded(scene: Scene, work_map: WorkMap, read: Import, source: str) -> Recorded:
    stamp = Stamp(
        by=scene.view.person,
        at=scene.now,
        seed=scene.view.fresh,
        source=source,
        is_fresh=False,
    )
    return record(work_map, read.notes, stamp)


def _preview(scene: Scene, done: Recorded, read: Import) -> str:
    told = [
        scene.say(
            "map.import-preview",
            workplace=plain(done.work_map.workplace.name),
            lines=len(read.notes),
            areas=len(done.areas),
            figures=len(done.figures),
            same=done.same,
        )
    ]
    told += [
        scene.say("map.import-differs", area=name_of(done.work_map, rival.area))
        for rival in done.rivals[:ERRORS]
    ]
    if done.beyond:
        told.append(scene.say("map.beyond", count=len(done.beyond)))
    if read.unknown:
        told.append(scene.say("map.import-unknown", columns=plain(", ".join(read.unknown))))
    return "\n\n".join(told)


def _mistakes(scene: Scene, read: Import) -> str:
    if not read.errors:
        return ""
    lines = [f"- {_mistake(scene, error)}" for error in read.errors[:ERRORS]]
    if len(read.errors) > ERRORS:
        lines.append(f"- {scene.say('map.import-more', count=len(read.errors) - ERRORS)}")
    return (
        scene.say("map.import-errors", count=len({e.line for e in read.errors}))
        + "\n\n"
        + "\n".join(lines)
    )


def _mistake(scene: Scene, error: RowError) -> str:
    what = scene.say(f"map.wrong-{error.wrong.value}", cell=plain(error.cell))
    return scene.say("map.import-line", line=error.line, column=plain(error.column), what=what)


def _consent(scene: Scene) -> str:
    flow = scene.view.flows.to_start(FLOW)
    return (consent_text(scene, flow) or "") if flow else ""


def _choices(scene: Scene, name: str, lines: int) -> tuple[Choose, ...]:
    consent = _consent(scene)
    label = scene.say("button.map-import-agree" if consent else "button.map-import", lines=lines)
    version = (wording_version(consent),) if consent else ()
    return (
        Choose(label, Act("map-import", (name, *version))),
        Choose(scene.say("button.map-drop-list"), Act("map-drop-list", (name,))),
    )


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
