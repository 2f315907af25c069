"""Reminders: whether, at which hours, on which days. Nothing comes before somebody has said yes."""

from dataclasses import replace
from datetime import time
from typing import Final

from bot.coach.rhythm import Rhythm
from bot.engine.agreeing import wording_version
from bot.engine.effects import Effect, GiveConsent, OptIn, OptOut
from bot.engine.effects_plans import SetRhythm
from bot.engine.plan_view import REMINDERS, TOPIC
from bot.engine.planning import (
    Here,
    choose,
    joined,
    speak,
    waiting,
    without_errand,
    zone_name,
)
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene
from bot.language.clock_times import Clock, read_time
from bot.language.saying import say_time
from bot.planning.recipients import ALL

CONSENT: Final = f"consent-text.{REMINDERS}"
DAYS: Final = {"workdays": (0, 1, 2, 3, 4), "all-days": tuple(range(7)), "three-days": (0, 2, 4)}
HOURS: Final = ("08:00", "12:30", "18:00")
LATEST: Final = time(22)  # a message that was held up does not come in the night
OPEN_H: Final = 11  # hours after which nothing more comes on a day
TRIES: Final = 3


def is_agreed(scene: Scene) -> bool:
    """Whether they said yes to reminders, and have not said stop since."""
    said_no = scene.view.opt_outs & {ALL, TOPIC}
    return not said_no and any(purpose == REMINDERS for purpose, _ in scene.view.consents)


def reminders(here: Here) -> Said:
    """How it is now, and what can be changed; or the question whether at all."""
    rhythm = here.shared.rhythm
    if rhythm is None or not is_agreed(here.scene):
        return ask(here)
    digest = (
        here.say("coach.hours.no-digest")
        if rhythm.digest is None
        else here.say("coach.hours.digest", day=here.say(f"coach.weekday.{rhythm.digest}"))
    )
    text = here.say("coach.hours", at=say_time(rhythm.opens), days=_days(here, rhythm))
    choices = [
        *(choose(here, "plan-hour", here.say("button.plan-hour", at=at), at) for at in HOURS),
        choose(here, "plan-hour-ask", here.say("button.plan-hour-ask")),
        *(choose(here, "plan-days", here.say(f"button.plan-{name}"), name) for name in DAYS),
        choose(here, "plan-digest", here.say(_digest_key(rhythm))),
        choose(here, "plan-quiet", here.say("button.plan-quiet")),
    ]
    return speak(here, joined(text, digest), *choices)


def ask(here: Here) -> Said:
    """May I? With exactly the words that are kept as agreed."""
    if ALL in here.scene.view.opt_outs:
        undo = Choose(here.say("button.undo-stop"), Act("opt-in", (ALL,)))
        return speak(here, here.say("coach.hours.stopped"), undo)
    text = here.say(CONSENT)
    version = wording_version(text)
    return speak(
        here,
        text,
        choose(here, "plan-remind", here.say("button.plan-remind"), version),
        choose(here, "plan-overview", here.say("button.not-now")),
    )


def agree(here: Here, version: str) -> Said:
    """Yes: keep it, and begin at the usual hours."""
    if version != wording_version(here.say(CONSENT)) or ALL in here.scene.view.opt_outs:
        return ask(here)
    rhythm = here.shared.rhythm or Rhythm(zone=zone_name(here.scene))
    effects: tuple[Effect, ...] = (OptIn(TOPIC), SetRhythm(here.plan.id, rhythm))
    if (REMINDERS, version) not in here.scene.view.consents:
        effects = (GiveConsent(purpose=REMINDERS, version=version), *effects)
    return _set(here, rhythm, *effects)


def hour(here: Here, at: str) -> Said:
    """From this time of day on."""
    return _changed(here, opens=time.fromisoformat(at))


def ask_hour(here: Here) -> Said:
    """The next words are the time."""
    return speak(waiting(here, "plan-time", "0"), here.say("coach.hours.ask"))


def heard_hour(here: Here, words: str, tries: str) -> Said:
    """The time, as people say it."""
    found = read_time(words)
    if isinstance(found, Clock) and found.time < LATEST:
        return _changed(without_errand(here), opens=found.time)
    if int(tries) + 1 >= TRIES:
        return speak(without_errand(here), here.say("coach.hours.let-go"))
    kept = waiting(here, "plan-time", str(int(tries) + 1))
    return speak(kept, here.say("coach.hours.unread"))


def days(here: Here, name: str) -> Said:
    """On these days of the week."""
    return _changed(here, days=frozenset(DAYS[name]))


def digest(here: Here) -> Said:
    """The weekly digest, or none."""
    rhythm = here.shared.rhythm
    wanted = 0 if rhythm is not None and rhythm.digest is None else None
    return _changed(here, digest=wanted, is_digest=True)


def quiet(here: Here) -> Said:
    """No reminders of any plan."""
    effects = (OptOut(TOPIC), SetRhythm(here.plan.id, None))
    again = choose(here, "plan-reminders", here.say("button.plan-reminders"))
    return speak(here, here.say("coach.hours.quiet"), again, effects=effects)


def _changed(
    here: Here,
    *,
    opens: time | None = None,
    days: frozenset[int] | None = None,
    digest: int | None = None,
    is_digest: bool = False,
) -> Said:
    rhythm = here.shared.rhythm
    if rhythm is None or not is_agreed(here.scene):
        return ask(here)
    new = replace(rhythm, days=days or rhythm.days, digest=digest if is_digest else rhythm.digest)
    if opens is not None:
        new = replace(new, opens=opens, closes=_closing(opens))
    return _set(here, new, SetRhythm(here.plan.id, new))


def _closing(opens: time) -> time:
    """Until when a message may still come on the same day."""
    hour_ = min(opens.hour + OPEN_H, 23)
    return time(hour_, 59) if hour_ == opens.hour else time(hour_, 0 if hour_ < 23 else 59)


def _set(here: Here, rhythm: Rhythm, *effects: Effect) -> Said:
    text = here.say("coach.hours.set", at=say_time(rhythm.opens), days=_days(here, rhythm))
    more = choose(here, "plan-reminders", here.say("button.plan-reminders"))
    back = choose(here, "plan-next", here.say("button.plan-next"))
    return speak(here, text, more, back, effects=effects)


def _days(here: Here, rhythm: Rhythm) -> str:
    named = next((name for name, days in DAYS.items() if set(days) == rhythm.days), None)
    if named:
        return here.say(f"coach.hours.{named}")
    return ", ".join(here.say(f"coach.weekday.{day}") for day in sorted(rhythm.days))


def _digest_key(rhythm: Rhythm) -> str:
    return "button.plan-digest" if rhythm.digest is None else "button.plan-no-digest"
