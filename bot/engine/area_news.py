"""Word for those who work in an area: a rep passes on its link, and who opens it agrees or does not.

Where somebody works is not known from anything else: answers of a survey were given for the survey,
and a map counts people without naming any. So only those are written to who have said so themselves,
for nothing but this.
"""

from dataclasses import replace

from bot.engine.agreeing import wording_version
from bot.engine.area_look import AGREE, LINK, PURPOSE
from bot.engine.effects import GiveConsent, OptIn
from bot.engine.map_replies import name_of, said
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene, say
from bot.mapping.workplace import AreaId
from bot.messages import Place, plain
from bot.planning.recipients import ALL


def introduce(scene: Scene, _wanted: str = "", version: str = "") -> Said:
    """Show what is agreed to, then keep the agreement to exactly that text, which names the area."""
    area = scene.view.area
    if area is None:
        return say(scene, "area.gone")
    if scene.view.place is not Place.PRIVATE:
        refused = say(scene, "refused.place")
        return replace(refused, drafts=(replace(refused.drafts[0], opens=f"{LINK}{area.id}"),))
    text = scene.say("consent-text.area", area=plain(area.name))
    held = wording_version(text)
    done = say(scene, "area.agreed", area=plain(area.name))
    if (f"{PURPOSE}{area.id}", held) in scene.view.consents:
        return done
    if version == held:
        given = GiveConsent(purpose=f"{PURPOSE}{area.id}", version=held)
        return replace(done, effects=(OptIn(ALL), given))
    yes = Choose(scene.say("button.area-yes"), Act(AGREE, (area.id, held)))
    no = Choose(scene.say("button.no"), Act("kept"))
    return say(scene, "consent-text.area", yes, no, area=plain(area.name))


def pass_on(scene: Scene, wanted: str) -> Said:
    """The link of an area, to be passed on to those who work there."""
    maps, work_map = scene.view.maps, scene.view.maps.work_map
    if (
        work_map is None
        or not maps.is_mine
        or AreaId(wanted) not in {one.id for one in work_map.live}
    ):
        return say(scene, "button.expired")
    name = name_of(work_map, AreaId(wanted))
    return said(scene, scene.say("area.link", area=name, link=f"open:{LINK}{wanted}"))
