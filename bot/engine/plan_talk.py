"""Looking at a plan: how far it is, the one next step, every item, and who did what."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.coach.changes import Refusal
from bot.coach.history import still_standing
from bot.coach.plan import Item, ItemId
from bot.coach.voice_messages import refusal_text
from bot.engine import plan_changes, plan_files, plan_hours, plan_sharing
from bot.engine.plan_view import FLOW
from bot.engine.planning import (
    Here,
    barred,
    choose,
    here_of,
    item_card,
    joined,
    next_card,
    shorten,
    speak,
    used,
)
from bot.engine.session import Act
from bot.engine.shelving import introduce
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.messages import plain

PAGE: Final = 6  # items that have a button on one page
TOLD: Final = 12  # of what was done lately


def command(scene: Scene, argument: str) -> Said:
    """`/plan`, and what can stand behind it."""
    if said := barred(scene):
        return said
    here = here_of(scene)
    wanted = " ".join(argument.lower().replace("-", " ").split())
    if wanted == "new" or here is None:
        return begin(scene)
    return used(here, SHOWN.get(wanted, overview)(here))


def next_step(scene: Scene, _argument: str = "") -> Said:
    """`/next`: exactly one thing."""
    if said := barred(scene):
        return said
    here = here_of(scene)
    return used(here, next_card(here)) if here else begin(scene)


def calendar(scene: Scene, _argument: str = "") -> Said:
    """`/calendar`: the plan as a file for one's own calendar."""
    if said := barred(scene):
        return said
    here = here_of(scene)
    return used(here, plan_files.calendar(here)) if here else begin(scene)


def begin(scene: Scene) -> Said:
    """No plan yet: the opening questions, or one of the branch that nobody looks after."""
    said = introduce(scene, FLOW)
    orphans = scene.view.coach.orphans
    if not orphans:
        return said
    lines = "\n".join(f"- {plain(workplace)}" for _, workplace in orphans)
    choices = tuple(
        Choose(
            shorten(scene.say("button.plan-adopt", workplace=workplace)),
            Act("plan-adopt", (plan,)),
        )
        for plan, workplace in orphans
    )
    draft = Draft(text=scene.say("coach.orphans", plans=lines), choices=choices, personal=True)
    return replace(said, drafts=(*said.drafts, draft))


def overview(here: Here) -> Said:
    """Where the plan stands, and what can be done with it."""
    plan = here.plan
    heading = here.say("coach.plan.heading", workplace=plain(plan.workplace))
    left_out = "\n".join(f"- {here.voice.left_out(one)}" for one in plan.left_out)
    choices = [
        choose(here, "plan-next", here.say("button.plan-next")),
        choose(here, "plan-all", here.say("button.plan-all")),
        choose(here, "clause-list", here.say("button.plan-agreement")),
        choose(here, "plan-texts", here.say("button.plan-texts")),
        choose(here, "plan-calendar", here.say("button.plan-calendar")),
        choose(here, "plan-reminders", here.say("button.plan-reminders")),
        choose(here, "plan-sharing", here.say("button.plan-sharing")),
    ]
    choices += [
        Choose(
            shorten(here.say("button.plan-other", workplace=workplace)),
            Act("plan-overview", (other,)),
        )
        for other, workplace in here.scene.view.coach.workplaces
        if other != plan.id
    ]
    return speak(here, joined(heading, here.voice.progress(plan), left_out), *choices)


def whole(here: Here, page: str = "0") -> Said:
    """Every item, a page at a time, each with its button."""
    items = here.plan.items
    number = min(int(page), (len(items) - 1) // PAGE)
    shown = items[number * PAGE : (number + 1) * PAGE]
    lines = "\n".join(
        f"{place}. {_line(here, item)}" for place, item in enumerate(shown, number * PAGE + 1)
    )
    choices = [
        choose(here, "plan-show", shorten(here.voice.label(item)), item.id) for item in shown
    ]
    if (number + 1) * PAGE < len(items):
        choices.append(choose(here, "plan-all", here.say("button.plan-more"), str(number + 1)))
    choices.append(choose(here, "plan-own", here.say("button.plan-own")))
    heading = here.say("coach.plan.all", count=len(items))
    return speak(here, joined(heading, lines), *choices)


def show(here: Here, item: str) -> Said:
    """One item."""
    found = here.plan.item(ItemId(item))
    if found is None:
        return next_card(here, refusal_text(here.voice, Refusal.GONE))
    return item_card(here, found)


def history(here: Here) -> Said:
    """Who did what lately, newest last: people are numbered, no name is kept."""
    done = [one for one in still_standing(here.plan.history) if one.what != "built"][-TOLD:]
    if not done:
        return speak(here, here.say("coach.history.none"))
    lines = [
        here.say(
            "coach.history.line",
            day=here.voice.day(event.at.astimezone(here.scene.view.zone).date(), here.today),
            who=plan_sharing.name_of(here, event.by),
            what=here.say(f"coach.history.{event.what}"),
            title=here.voice.title(item),
        )
        for event in done
        if (item := event.after or event.before)
    ]
    listed = "\n".join(f"- {line}" for line in lines)
    back = choose(here, "plan-overview", here.say("button.plan-back"))
    return speak(here, joined(here.say("coach.history.heading"), listed), back)


def _line(here: Here, item: Item) -> str:
    status = here.say(f"coach.status.{item.status}")
    due = f" {here.voice.due(item, here.today)}" if not item.is_closed else ""
    return here.say("coach.plan.line", title=here.voice.title(item), status=status, due=due)


SHOWN: Final[Mapping[str, Callable[[Here], Said]]] = {
    "all": whole,
    "history": history,
    "texts": plan_files.texts,
    "share": plan_sharing.invite,
    "sharing": plan_sharing.overview,
    "hand over": plan_sharing.hand_over,
    "archive": plan_sharing.ask_archive,
    "leave": plan_sharing.ask_leave,
    "reminders": plan_hours.reminders,
    "undo": plan_changes.undo,
    "add": plan_changes.ask_own,
}
