"""`/map` and its buttons: what each does, in one table. Rights are checked before any of them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.engine import area_news, map_again, map_changes, map_lists, map_replies, shelving, waiting
from bot.engine.map_view import COMMAND, FLOW
from bot.engine.rights import guarded as rights
from bot.engine.speech import Said, Scene, say
from bot.mapping.workplace import AreaId

SIDES: Final[Mapping[str, Callable[[Scene], Said]]] = {
    **map_replies.SIDES,
    "change": map_changes.change,
    "merge": map_changes.doubles,
    "undo": map_changes.undo,
    "settle": map_changes.disagreements,
    "area": lambda scene: shelving.begin(scene, FLOW),
}


LOOKS: Final = frozenset({"", "show", "next", "missing", "workplace"})


def order(scene: Scene, argument: str) -> Said:
    """Do `/map` with what follows it; what it does not know shows the map."""
    word, _, rest = argument.strip().partition(" ")
    side = word.lower()
    if side == "rename":
        return map_changes.rename_by_words(scene, rest.strip())
    if side in SIDES:
        said = SIDES[side](scene)
        return _with_aside(scene, said) if side in LOOKS else said
    return replace(say(scene, "map.help"), session=scene.session)


def _with_aside(scene: Scene, said: Said) -> Said:
    """What a look at the map says, and first of all that some of it was put aside."""
    one = waiting.waiting_run(scene, FLOW)
    if one is None or not said.drafts:
        return said
    first = said.drafts[0]
    text = "\n\n".join((waiting.aside_line(scene, one), first.text))
    choices = (waiting.resume_button(scene, one), *first.choices)
    return replace(said, drafts=(replace(first, text=text, choices=choices), *said.drafts[1:]))


def begin_area(scene: Scene, area: str) -> Said:
    """Begin to map one area of the map in hand."""
    work_map = scene.view.maps.work_map
    if work_map is None or AreaId(area) not in {one.id for one in work_map.live}:
        return say(scene, "button.expired")
    return shelving.begin(scene, FLOW, area=work_map.path(AreaId(area)))


guarded: Final = rights(COMMAND)
ACTS: Final[Mapping[str, Callable[..., Said]]] = {
    "map-begin": guarded(begin_area),
    "map-use": guarded(map_replies.use),
    "map-file": guarded(map_replies.make_file),
    "map-change": guarded(map_changes.change),
    "map-area": guarded(map_changes.area),
    "map-link": guarded(area_news.pass_on),
    "map-rename": guarded(map_changes.rename_ask),
    "map-same-as": guarded(map_changes.same_as),
    "map-remove": guarded(map_changes.removed),
    "map-merge": guarded(map_changes.merge_ask),
    "map-merged": guarded(map_changes.merged),
    "map-choose": guarded(map_changes.chosen),
    "map-import": guarded(map_lists.take_in),
    "map-drop-list": guarded(map_lists.drop),
    "map-same": guarded(map_again.same_as_last_time),
}
