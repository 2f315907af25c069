"""Changing the map in chat: new names, two areas that are one, one that is no more; who is right; undo."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.engine import map_replies
from bot.engine.effects_map import EditArea, MapEffect, RecordMap, UndoMap
from bot.engine.map_replies import begin_button, button, code_label, name_of, pick, said
from bot.engine.session import Act, Errand
from bot.engine.speech import Choose, Said, Scene, say
from bot.language.naming import is_name
from bot.mapping.changing import Edit, Kind, Refusal, applied, merge, remove, rename
from bot.mapping.likeness import twins
from bot.mapping.recording import Recorded, Stamp, settle
from bot.mapping.standing import Rival, rivals
from bot.mapping.voice import day_text, heads_text, item_text
from bot.mapping.workplace import (
    NUMBERS,
    Area,
    AreaId,
    Figure,
    Item,
    WorkMap,
    parse_path,
    path_text,
)
from bot.messages import plain
from bot.results.workplace import Heads, Provenance

PAGE: Final = 6  # areas offered at once
NAMING: Final = "map-name"  # the errand that waits for a new name; `about` is the area
_TO = re.compile(r"\s+(?:to|as|into|=|->)\s+|\s*->\s*", re.IGNORECASE)


def change(scene: Scene, page: str = "0") -> Said:
    """Which area is to be changed."""
    return _pick(scene, "map.change-which", "map-area", "map-change", page)


def area(scene: Scene, area_id: str) -> Said:
    """What can be done with one area."""
    found = _area(scene, area_id)
    if found is None:
        return say(scene, "button.expired")
    work_map, one = found
    choices = [
        Choose(scene.say(f"button.map-{name}"), Act(f"map-{name}", (one.id,)))
        for name in ("rename", "same-as", "remove", "link")
    ]
    text = scene.say("map.change-area", area=name_of(work_map, one.id))
    return said(scene, text, begin_button(scene, one.id), *choices)


def rename_ask(scene: Scene, area_id: str) -> Said:
    """Ask for the new name: the next words are it."""
    found = _area(scene, area_id)
    if found is None:
        return say(scene, "button.expired")
    asking = replace(scene, session=replace(scene.session, errand=Errand(NAMING, area_id)))
    return said(asking, scene.say("map.rename-ask", area=name_of(found[0], found[1].id)))


def named(scene: Scene, words: str, area_id: str) -> Said:
    """The next words are the new name."""
    left = replace(scene, session=replace(scene.session, errand=None))
    found = _area(left, area_id)
    if found is None:
        return say(left, "button.expired")
    work_map, one = found
    path = parse_path(words)
    if path is None or not is_name(words):
        return said(scene, scene.say("map.name-unfit"))
    edit = rename(work_map, one, path)
    if edit is Refusal.TAKEN:
        there = work_map.find(path if len(path) > 1 else (*work_map.path(one.id)[:-1], *path))
        return _ask_merge(left, work_map, one, there) if there else say(left, "map.taken")
    return _done(left, edit)


def rename_by_words(scene: Scene, words: str) -> Said:
    """`/map rename Lab 2 to Laboratory 2`; with less than that, which area is to be changed."""
    work_map = scene.view.maps.work_map
    parts = _TO.split(words, maxsplit=1)
    path = parse_path(parts[0])
    found = work_map.find(path) if work_map and path else None
    if found is None:
        return change(scene)
    return named(scene, parts[1], found.id) if len(parts) > 1 else rename_ask(scene, found.id)


def same_as(scene: Scene, area_id: str, page: str = "0") -> Said:
    """Which other area this one is."""
    if _area(scene, area_id) is None:
        return say(scene, "button.expired")
    return _pick(scene, "map.same-as-which", "map-merge", "map-same-as", page, area_id)


def doubles(scene: Scene) -> Said:
    """Two areas that may be one, if there are any; they are merged only where somebody says so."""
    work_map = _mine(scene)
    if work_map is None:
        return map_replies.show(scene)
    for pair in twins(work_map):
        one, other = work_map.area_by_id[pair.first], work_map.area_by_id[pair.other]
        return _ask_merge(scene, work_map, other, one)
    return said(scene, scene.say("map.no-twins"), button(scene, "change"))


def merge_ask(scene: Scene, area_id: str, into_id: str) -> Said:
    """Ask before two areas become one."""
    found, into = _area(scene, area_id), _area(scene, into_id)
    if found is None or into is None:
        return say(scene, "button.expired")
    return _ask_merge(scene, found[0], found[1], into[1])


def merged(scene: Scene, area_id: str, into_id: str) -> Said:
    """Two areas are one from now on."""
    found, into = _area(scene, area_id), _area(scene, into_id)
    if found is None or into is None:
        return say(scene, "button.expired")
    return _done(scene, merge(found[0], found[1], into[1]))


def removed(scene: Scene, area_id: str) -> Said:
    """An area is taken off the map; that can be taken back, so nobody is asked twice."""
    found = _area(scene, area_id)
    return _done(scene, remove(found[1])) if found else say(scene, "button.expired")


def undo(scene: Scene) -> Said:
    """Take back the last thing this person did to the map."""
    maps = scene.view.maps
    if maps.work_map is None or maps.last is None:
        return said(scene, scene.say("map.undo-nothing"))
    if not maps.last.may_undo:
        return said(scene, scene.say("map.undo-late"), button(scene, "change"))
    effect = UndoMap(maps.last, maps.work_map.workplace.id)
    done = said(scene, scene.say(f"map.undone-{maps.last.kind.value}"), button(scene, "show"))
    return replace(done, effects=(effect,))


def disagreements(scene: Scene) -> Said:
    """The first thing that two people disagree about, side by side, to choose from."""
    work_map = _mine(scene)
    if work_map is None:
        return map_replies.show(scene)
    for rival in rivals(work_map):
        lines = "\n".join(
            f"- {plain(_figure_text(scene, rival.item, figure))}" for figure in _both(rival)
        )
        text = scene.say(
            "map.settle",
            area=name_of(work_map, rival.area),
            item=item_text(rival.item, scene),
            said=lines,
        )
        choices = (
            pick(_figure_text(scene, rival.item, figure), "map-choose", figure.id)
            for figure in _both(rival)
        )
        return said(scene, text, *choices, begin_button(scene, rival.area))
    return said(scene, scene.say("map.no-rivals"), button(scene, "show"))


def chosen(scene: Scene, figure_id: str) -> Said:
    """One of two figures is right: it is said anew, so that both stay on record."""
    work_map = _mine(scene)
    rival = next(
        (
            r
            for r in (rivals(work_map) if work_map else ())
            if figure_id in {f.id for f in _both(r)}
        ),
        None,
    )
    if work_map is None or rival is None:
        return say(scene, "button.expired")
    source = f"c-{scene.view.fresh}"
    stamp = Stamp(by=scene.view.person, at=scene.now, seed=scene.view.fresh, source=source)
    figure = rival.shown if rival.shown.id == figure_id else rival.other
    made = settle(work_map, rival, figure, stamp)
    after = replace(work_map, figures=(*work_map.figures, made))
    effect = RecordMap(
        recorded=Recorded(work_map=after, figures=(made,)), source=source, is_run=False
    )
    text = scene.say("map.settled", figure=plain(_figure_text(scene, rival.item, figure)))
    done = said(scene, text, button(scene, "undo"), button(scene, "show"))
    return replace(done, effects=(effect,))


def figure_words(scene: Scene, item: Item, figure: Figure) -> str:
    """What a figure says, in plain words."""
    told = figure.told
    if item in NUMBERS and told.low is not None and told.high is not None:
        return heads_text(Heads(told.low, told.high, Provenance.COUNTED), scene)
    return told.words or ", ".join(code_label(scene, item, code) for code in told.codes)


def _figure_text(scene: Scene, item: Item, figure: Figure) -> str:
    """What a figure says, how that is known, and when; never who said it."""
    words = figure_words(scene, item, figure)
    how = figure.told.provenance
    if how is not None:
        known = scene.say(f"report.map-key-{how.value}")
        words = scene.say("report.map-how", figure=words, how=known)
    return scene.say("map.figure", figure=words, day=day_text(figure.at.date(), scene))


def _both(rival: Rival) -> tuple[Figure, Figure]:
    return rival.shown, rival.other


def _mine(scene: Scene) -> WorkMap | None:
    return scene.view.maps.work_map if scene.view.maps.is_mine else None


def _area(scene: Scene, area_id: str) -> tuple[WorkMap, Area] | None:
    """A live area of the map in hand, for those who map it."""
    work_map = _mine(scene)
    live = {area.id: area for area in work_map.live} if work_map else {}
    one = live.get(AreaId(area_id))
    return (work_map, one) if work_map and one else None


def _pick(scene: Scene, key: str, act: str, again: str, page: str, *before: str) -> Said:
    """The areas as buttons, a page at a time."""
    work_map = _mine(scene)
    if work_map is None:
        return map_replies.show(scene)
    areas = [one for one in work_map.live if one.id not in before]
    if not areas:
        return said(scene, scene.say("map.empty"), map_replies.start_button(scene))
    pages = -(-len(areas) // PAGE)
    now = int(page) % pages
    choices = [
        pick(path_text(work_map.path(one.id)), act, *before, one.id)
        for one in areas[now * PAGE : (now + 1) * PAGE]
    ]
    if pages > 1:
        more = scene.say("browse.more", page=now + 1, pages=pages)
        choices.append(Choose(more, Act(again, (*before, str(now + 1)))))
    return said(scene, scene.say(key), *choices)


def _ask_merge(scene: Scene, work_map: WorkMap, one: Area, into: Area) -> Said:
    text = scene.say(
        "map.merge-ask", one=name_of(work_map, one.id), other=name_of(work_map, into.id)
    )
    yes = Choose(scene.say("button.map-merge"), Act("map-merged", (one.id, into.id)))
    return said(scene, text, yes, Choose(scene.say("button.map-two"), Act("kept")))


def _done(scene: Scene, edit: Edit | Refusal) -> Said:
    """A change, done, with the way back; or why it cannot be."""
    work_map = _mine(scene)
    if work_map is None or isinstance(edit, Refusal):
        key = f"map.refused-{edit.value}" if isinstance(edit, Refusal) else "button.expired"
        return said(scene, scene.say(key), button(scene, "change"))
    effect = EditArea(id=f"c-{scene.view.fresh}", workplace=work_map.workplace.id, edit=edit)
    effects: tuple[MapEffect, ...] = (effect,)
    after = applied(work_map, edit)
    names = {
        "before": name_of(work_map, edit.before.id),
        "after": plain(path_text(after.path(edit.after.id))),
    }
    text = scene.say(_DONE[edit.kind], **names)
    done = said(scene, text, button(scene, "undo"), button(scene, "show"))
    return replace(done, effects=effects)


_DONE: Final[Mapping[Kind, str]] = {
    Kind.RENAME: "map.renamed",
    Kind.MERGE: "map.merged",
    Kind.REMOVE: "map.removed",
}
