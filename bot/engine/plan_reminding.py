"""The buttons below what the coach writes of its own accord, and what words then mean."""

from typing import Final

from bot.coach.plan import Item, Plan
from bot.coach.reminders import CoachMessage, Kind
from bot.coach.voice import Voice
from bot.engine.planning import Here, choose, shorten, speak
from bot.engine.session import Act
from bot.engine.speech import Choose, Said

DONE_OF: Final = "plan-done-of"  # of an item among several: words alone cannot mean it
MOST: Final = 3  # items of a reminder that have a button each
_OF_ONE: Final = ("done", "later")


def message_choices(voice: Voice, plan: Plan, message: CoachMessage) -> tuple[Choose, ...]:
    """What can be done about a message: with the items it brings up, about the next step, about messages.

    Each button carries the version of its item: whoever was faster is not overruled.
    """
    next_ = Choose(voice.say("button.plan-next"), Act("plan-next", (plan.id,)))
    if message.kind is not Kind.REMINDER:
        return (next_,)
    found = (plan.item(one.item) for one in message.mentions)
    items = tuple(item for item in found if item is not None)
    quiet = Choose(voice.say("button.plan-quiet"), Act("plan-quiet", (plan.id,)))
    if len(items) == 1:
        return (*_of_one(voice, plan, items[0]), next_, quiet)
    return (*(_of_several(voice, plan, item) for item in items[:MOST]), next_, quiet)


def which(here: Here, items: tuple[str, ...]) -> Said:
    """Which of the items of a reminder somebody means."""
    choices = (
        choose(here, "plan-show", shorten(here.voice.label(item)), item.id)
        for item in here.plan.items
        if item.id in items
    )
    return speak(here, here.say("coach.which"), *choices)


def _of_one(voice: Voice, plan: Plan, item: Item) -> tuple[Choose, ...]:
    return tuple(
        Choose(button.label, Act(f"plan-{button.act}", _about(plan, item)))
        for button in voice.buttons(item)
        if button.act in _OF_ONE
    )


def _of_several(voice: Voice, plan: Plan, item: Item) -> Choose:
    label = voice.say("button.coach-done-of", title=voice.label(item))
    return Choose(shorten(label), Act(DONE_OF, _about(plan, item)))


def _about(plan: Plan, item: Item) -> tuple[str, str, str]:
    return plan.id, item.id, str(plan.version(item.id))
