"""A plan in hand, as the handlers of a turn see it: who may, which one, the card and its buttons."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from bot.coach.changes import Act as Doing
from bot.coach.next_step import next_item
from bot.coach.plan import Item, Plan, Status
from bot.coach.rhythm import LONDON
from bot.coach.voice import Voice, voice_in
from bot.engine.commands import COMMAND_BY_NAME, refusal
from bot.engine.effects import Effect
from bot.engine.effects_plans import UsePlan
from bot.engine.plan_view import SEPARATOR, Shared
from bot.engine.session import Act, Errand
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.messages import ReplyKind, plain

LABEL: Final = 60  # characters of a button with a title of somebody's


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One plan, and the turn in which something is said or done about it."""

    scene: Scene
    shared: Shared
    voice: Voice

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.shared.plan

    @property
    def today(self) -> date:
        """The day it is for them."""
        return today_of(self.scene)

    def doing(self, seen: int | None = None) -> Doing:
        """Who does something, when, and what they had seen."""
        return Doing(
            by=self.scene.view.person,
            at=self.scene.now,
            today=self.today,
            seen=seen,
            diary=self.shared.diary,
        )

    def with_plan(self, plan: Plan) -> "Here":
        """The same with the plan as a change left it."""
        return replace(self, shared=replace(self.shared, plan=plan))

    def say(self, key: str, /, **gaps: str | int) -> str:
        """A text of the wording catalogue."""
        return self.scene.say(key, **gaps)


def today_of(scene: Scene) -> date:
    """The day it is for this person."""
    return scene.now.astimezone(scene.view.zone).date()


def zone_name(scene: Scene) -> str:
    """The name of the zone whose wall clock counts."""
    zone = scene.view.zone
    return zone.key if isinstance(zone, ZoneInfo) else LONDON


def voice_of(scene: Scene) -> Voice | None:
    """The coach's voice; None where the content has no action plan."""
    return voice_in(scene.content, scene.view.language)


def here_of(scene: Scene, plan: str = "") -> Here | None:
    """A plan by its id, else the one in hand; None where they share none such."""
    coach, voice = scene.view.coach, voice_of(scene)
    found = coach.of(plan) if plan else next(iter(coach.shared), None)
    return Here(scene=scene, shared=found, voice=voice) if found and voice else None


def barred(scene: Scene) -> Said | None:
    """What to say to somebody who may not look at plans, here; None where they may."""
    key = refusal(COMMAND_BY_NAME["plan"], scene.view.roles, scene.view.place)
    if key:
        return say(scene, key)
    return say(scene, "coach.none") if voice_of(scene) is None else None


def guarded(handler: Callable[..., Said]) -> Callable[..., Said]:
    """The handler of a button: for who may, with the plan that the button names."""

    def checked(scene: Scene, plan: str, *arguments: str) -> Said:
        if said := barred(scene):
            return said
        here = here_of(scene, plan)
        return used(here, handler(here, *arguments)) if here else say(scene, "coach.not-shared")

    return checked


def used(here: Here, said: Said) -> Said:
    """The same, personal, and with the plan as the one in hand."""
    drafts = tuple(replace(draft, personal=True) for draft in said.drafts)
    return replace(said, drafts=drafts, effects=(*said.effects, UsePlan(here.plan.id)))


def speak(here: Here, text: str, *choices: Choose, effects: tuple[Effect, ...] = ()) -> Said:
    """Say one thing about the plan."""
    draft = Draft(text=text, choices=choices, kind=ReplyKind.QUESTION, personal=True)
    return Said(session=here.scene.session, drafts=(draft,), effects=effects)


def joined(*blocks: str) -> str:
    """Blocks of light Markdown, without the empty ones."""
    return "\n\n".join(block for block in blocks if block)


def choose(here: Here, name: str, label: str, *arguments: str) -> Choose:
    """A button about this plan: its act names the plan first."""
    return Choose(label, Act(name, (here.plan.id, *arguments)))


def shorten(label: str) -> str:
    """A label cut so that it fits on a button."""
    return label if len(label) <= LABEL else f"{label[: LABEL - 1].rstrip()}…"


def item_choices(here: Here, item: Item) -> tuple[Choose, ...]:
    """What can be done with an item as it stands."""
    seen = str(here.plan.version(item.id))
    return tuple(
        choose(here, f"plan-{button.act}", button.label, item.id, seen)
        for button in here.voice.buttons(item)
    )


def undo_choice(here: Here) -> Choose:
    """The button below whatever was just changed."""
    return choose(here, "plan-undo", here.voice.undo_button().label)


def next_card(
    here: Here, *leads: str, more: tuple[Choose, ...] = (), effects: tuple[Effect, ...] = ()
) -> Said:
    """The one next step and its buttons, behind what there is to say first."""
    found = next_item(here.plan, here.today)
    choices = item_choices(here, found.item) if found else ()
    text = joined(*leads, here.voice.card(here.plan, here.today))
    return speak(here, text, *choices, *more, effects=effects)


def item_card(here: Here, item: Item, *leads: str) -> Said:
    """One item, whichever it is."""
    version = str(here.plan.version(item.id))
    more = [choose(here, "plan-note", here.say("button.plan-note"), item.id, version)]
    if item.status is Status.OPEN:
        more.append(choose(here, "plan-first", here.say("button.plan-first"), item.id, version))
    more.append(choose(here, "plan-texts", here.say("button.plan-texts"), item.id))
    text = joined(*leads, here.voice.item_card(item, here.today))
    return speak(here, text, *item_choices(here, item), *more)


def waiting(here: Here, stage: str, *about: str) -> Here:
    """The same with an errand: the next words are for it."""
    errand = Errand(stage, SEPARATOR.join((here.plan.id, *about)))
    return replace(
        here, scene=replace(here.scene, session=replace(here.scene.session, errand=errand))
    )


def without_errand(here: Here) -> Here:
    """The same with nothing that waits for words."""
    return replace(
        here, scene=replace(here.scene, session=replace(here.scene.session, errand=None))
    )


def standing_of(scene: Scene) -> str:
    """Where the plan in hand stands, as light Markdown; empty for no plan."""
    voice, shared = voice_of(scene), scene.view.coach.shared
    if voice is None or not shared:
        return ""
    plan = shared[0].plan
    heading = scene.say("coach.plan.heading", workplace=plain(plan.workplace))
    return f"{heading}\n\n{voice.progress(plan)}"
