"""What `/map` shows: the map in words, the next area, what is missing, what has changed, its files."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.engine.effects import MakeFile
from bot.engine.effects_map import UseWorkplace
from bot.engine.guide import LABEL, shorten
from bot.engine.map_view import COMMAND, FLOW, MappedPlace
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.flows.model import FlowId
from bot.mapping.coverage import Why, coverage, missing, next_area
from bot.mapping.likeness import twins
from bot.mapping.rounds import changes
from bot.mapping.standing import rivals, total
from bot.mapping.tally import tally
from bot.mapping.tree import outside, whole
from bot.mapping.voice import depths, figure_text, heads_text, item_text
from bot.mapping.workplace import AreaId, Item, WorkMap, path_text
from bot.messages import ReplyKind, plain
from bot.results.limits import SHOWN_FROM
from bot.results.workplace import MapNode

LINES: Final = 60  # areas shown in the chat; a file has all
NAMED: Final = 8  # areas named in one sentence
WHOLE: Final = 100  # per cent
FILES: Final = ("map-picture", "map-workbook", "map-list")

Order = Callable[[Scene], Said]


def said(scene: Scene, text: str, *choices: Choose) -> Said:
    """One reply about the map."""
    draft = Draft(text=text, choices=choices, kind=ReplyKind.QUESTION, personal=True)
    return Said(session=scene.session, drafts=(draft,))


def order(name: str) -> Act:
    """What a button does that shows another side of the map."""
    return Act("command", (COMMAND, name))


def button(scene: Scene, name: str) -> Choose:
    """A button that shows another side of the map."""
    return Choose(scene.say(f"button.map-{name}"), order(name))


def name_of(work_map: WorkMap, area: AreaId) -> str:
    """The path of an area, safe in light Markdown."""
    return plain(path_text(work_map.path(area)))


def show(scene: Scene) -> Said:
    """The map in words; who does not map this workplace sees no small number."""
    maps = scene.view.maps
    work_map = maps.work_map
    if work_map is None:
        return places(scene)
    node = (
        whole(work_map) if maps.is_mine else outside(work_map, SHOWN_FROM, scene.say("map.rest"))
    )
    lines = [f"{'  ' * (depth - 1)}- {_line(scene, one)}" for depth, one in depths(node) if depth]
    shown = lines[:LINES]
    if len(lines) > LINES:
        shown.append(f"- {scene.say('map.more', count=len(lines) - LINES)}")
    head = f"**{plain(work_map.workplace.name)}**: {plain(figure_text(node, scene))}"
    told = _told(scene, work_map) if maps.is_mine else scene.say("map.outside", least=SHOWN_FROM)
    return said(scene, "\n\n".join(filter(None, (head, "\n".join(shown), told))), *_ways(scene))


def _line(scene: Scene, node: MapNode) -> str:
    joined = ", ".join(node.names)
    name = joined if len(node.names) == 1 else scene.say("report.map-together", names=joined)
    return plain(scene.say("report.map-line", name=name, figure=figure_text(node, scene)))


def _told(scene: Scene, work_map: WorkMap) -> str:
    """How far it is, how much is guessed, and what two people disagree about."""
    far = coverage(work_map, scene.now)
    if not far.counting:
        return scene.say("map.empty")
    told = [scene.say("map.coverage", mapped=len(far.mapped), areas=len(far.counting))]
    if far.old:
        told.append(scene.say("map.old", areas=_names(scene, work_map, far.old)))
    if far.never:
        told.append(scene.say("map.never", areas=_names(scene, work_map, far.never)))
    if guessed := total(work_map).guessed:
        key = "map.guessed-all" if guessed == WHOLE else "map.guessed"
        told.append(scene.say(key, share=guessed))
    told += [
        scene.say("map.torn", area=name_of(work_map, area))
        for area in dict.fromkeys(rival.area for rival in rivals(work_map))
    ]
    told += [
        scene.say("map.twins", one=name_of(work_map, p.first), other=name_of(work_map, p.other))
        for p in twins(work_map)[:1]
    ]
    return " ".join(told)


def _names(scene: Scene, work_map: WorkMap, areas: tuple[AreaId, ...]) -> str:
    names = [name_of(work_map, area) for area in areas[:NAMED]]
    if len(areas) > NAMED:
        names.append(scene.say("map.and-more", count=len(areas) - NAMED))
    return ", ".join(names)


def _ways(scene: Scene) -> tuple[Choose, ...]:
    maps = scene.view.maps
    if not maps.is_mine:
        return (start_button(scene), button(scene, "files"), *_other(scene))
    work_map = maps.work_map
    ahead = next_area(work_map, scene.now) if work_map else None
    sides = ("missing", "news", "change", "files") if work_map and work_map.live else ()
    first = (begin_button(scene, ahead.area),) if ahead else ()
    return (*first, start_button(scene), *(button(scene, one) for one in sides), *_other(scene))


def _other(scene: Scene) -> tuple[Choose, ...]:
    return (button(scene, "workplace"),) if len(scene.view.maps.places) > 1 else ()


def start_button(scene: Scene) -> Choose:
    """A button that begins with an area of any name."""
    return Choose(scene.say("button.map-area"), Act("begin", (FLOW,)))


def begin_button(scene: Scene, area: AreaId) -> Choose:
    """A button that begins to map one area."""
    work_map = scene.view.maps.work_map
    name = path_text(work_map.path(area)) if work_map else ""
    return pick(scene.say("button.map-begin", area=name), "map-begin", area)


def pick(label: str, name: str, *arguments: str) -> Choose:
    """A button whose label holds what somebody wrote, cut where it is too long for one."""
    return Choose(shorten(label, LABEL), Act(name, arguments))


def ahead(scene: Scene) -> Said:
    """The one area to map next, and why."""
    work_map = scene.view.maps.work_map
    if work_map is None or not scene.view.maps.is_mine:
        return show(scene)
    found = next_area(work_map, scene.now)
    if found is None:
        key = "map.next-none" if work_map.live else "map.empty"
        return said(scene, scene.say(key), start_button(scene))
    text = scene.say(f"map.next-{found.why.value}", area=name_of(work_map, found.area))
    if found.why in {Why.NEVER, Why.OLD}:
        text = f"{text} {_takes(scene)}"
    more = (button(scene, "settle"),) if found.why is Why.DISAGREE else ()
    return said(scene, text, *more, begin_button(scene, found.area), start_button(scene))


def _takes(scene: Scene) -> str:
    """How long a whole area takes."""
    flow = scene.view.flows.to_start(FlowId(FLOW))
    return scene.say("map.takes", minutes=flow.minutes if flow and flow.minutes else 4)


def lacking(scene: Scene) -> Said:
    """What is missing, area by area."""
    work_map = scene.view.maps.work_map
    if work_map is None or not scene.view.maps.is_mine:
        return show(scene)
    far = coverage(work_map, scene.now)
    lines = [scene.say("map.never-line", area=name_of(work_map, area)) for area in far.never]
    lines += [_missing_line(scene, work_map, area) for area in far.partly]
    lines += [scene.say("map.old-line", area=name_of(work_map, area)) for area in far.old]
    if not lines:
        return said(scene, scene.say("map.nothing-missing"), start_button(scene))
    text = "\n".join(f"- {line}" for line in lines[:LINES])
    found = next_area(work_map, scene.now)
    choices = (begin_button(scene, found.area),) if found else ()
    return said(scene, f"{scene.say('map.missing')}\n\n{text}", *choices)


def _missing_line(scene: Scene, work_map: WorkMap, area: AreaId) -> str:
    items = ", ".join(item_text(item, scene) for item in missing(work_map, area))
    return scene.say("map.missing-line", area=name_of(work_map, area), items=items)


def places(scene: Scene) -> Said:
    """The workplaces of the branch, to take one in hand."""
    found = scene.view.maps.places
    if not found:
        return said(scene, scene.say("map.no-places"), start_button(scene))
    lines = "\n".join(f"- {_place_line(scene, one)}" for one in found)
    choices = [pick(one.name, "map-use", one.id, one.name) for one in found if not one.is_current]
    choices.append(button(scene, "show") if scene.view.maps.work_map else start_button(scene))
    return said(scene, f"{scene.say('map.places')}\n\n{lines}", *choices)


def _place_line(scene: Scene, place: MappedPlace) -> str:
    key = "map.place-mine" if place.is_mine else "map.place-other"
    line = scene.say(key, name=plain(place.name))
    return scene.say("map.place-now", place=line) if place.is_current else line


def use(scene: Scene, workplace: str, name: str) -> Said:
    """Take a workplace in hand."""
    choices = (button(scene, "show"), start_button(scene))
    done = said(scene, scene.say("map.using", name=plain(name)), *choices)
    known = next((one.id for one in scene.view.maps.places if one.id == workplace), None)
    if known is None:
        return say(scene, "button.expired")
    return Said(session=done.session, drafts=done.drafts, effects=(UseWorkplace(known),))


def news(scene: Scene) -> Said:
    """What has changed since the last round, and which barriers come up most; for the team only."""
    work_map = scene.view.maps.work_map
    if work_map is None or not scene.view.maps.is_mine:
        return show(scene)
    moved = [
        scene.say(
            "map.change-line",
            area=name_of(work_map, one.area),
            before=heads_text(one.before, scene),
            after=heads_text(one.after, scene),
        )
        for one in changes(work_map)
    ]
    parts = [_listed(scene, "map.changes", moved) if moved else scene.say("map.no-changes")]
    for item in (Item.BARRIERS, Item.BENEFITS):
        ranked = [
            scene.say(
                "map.rank-line",
                what=plain(code_label(scene, item, one.code)),
                count=len(one.areas),
                areas=_names(scene, work_map, one.areas),
            )
            for one in tally(work_map, item)
        ]
        parts += [_listed(scene, f"map.rank-{item.value}", ranked)] if ranked else []
    return said(scene, "\n\n".join(parts), button(scene, "show"))


def _listed(scene: Scene, key: str, lines: list[str]) -> str:
    return scene.say(key) + "\n\n" + "\n".join(f"- {line}" for line in lines)


def code_label(scene: Scene, item: Item, code: str) -> str:
    """What a code is called, as the flow has it."""
    flow = scene.view.flows.to_start(FlowId(FLOW))
    question = flow.question(item.value) if flow else None
    labels = {choice.name: choice.label for choice in question.choices} if question else {}
    return labels[code].text(scene.view.language) if code in labels else code


def files(scene: Scene) -> Said:
    """Which file of the map is wanted."""
    if scene.view.maps.work_map is None:
        return places(scene)
    key = "map.files" if scene.view.maps.is_mine else "map.files-outside"
    choices = (Choose(scene.say(f"button.{kind}"), Act("map-file", (kind,))) for kind in FILES)
    return said(scene, scene.say(key, least=SHOWN_FROM), *choices)


def make_file(scene: Scene, kind: str) -> Said:
    """Have a file made; it comes a moment later."""
    work_map = scene.view.maps.work_map
    if work_map is None or kind not in FILES:
        return say(scene, "button.expired")
    effect = MakeFile(kind=kind, arguments={"workplace": work_map.workplace.id})
    done = say(scene, "map.making")
    return Said(session=done.session, drafts=done.drafts, effects=(effect,))


def how_to_import(scene: Scene) -> Said:
    """How a list of areas is sent."""
    return say(scene, "map.import-how")


SIDES: Final[Mapping[str, Order]] = {
    "": show,
    "show": show,
    "next": ahead,
    "missing": lacking,
    "workplace": places,
    "news": news,
    "files": files,
    "import": how_to_import,
}
