"""Days for an item, as people say them; a vague one is asked back, never picked."""

from datetime import date, timedelta
from typing import Final

from bot.coach.changes import MoveTo, PutOff, Refusal, Refused, change
from bot.coach.plan import ItemId
from bot.coach.voice_messages import refusal_text
from bot.engine.plan_changes import apply
from bot.engine.planning import (
    Here,
    choose,
    joined,
    next_card,
    speak,
    today_of,
    waiting,
    without_errand,
)
from bot.engine.speech import Choose, Said
from bot.language.days import Bound, Day, Open, Vague
from bot.language.when import read_day

TRIES: Final = 3  # readings that fail; then the question is let go
OFFERED: Final = 4  # days on buttons
SOON_D: Final = {"later": (1, 3, 7), "move": (7, 14, 28)}  # days ahead that are offered
ACTS: Final = {"later": "plan-put-off", "move": "plan-move-to"}


def later(here: Here, item: str, seen: str = "") -> Said:
    """When shall I bring it up again?"""
    return _ask(here, ("later", item, seen))


def move(here: Here, item: str, seen: str = "") -> Said:
    """By when is it to be done?"""
    return _ask(here, ("move", item, seen))


def read(here: Here, words: str, kind: str, item: str, seen: str) -> Said | None:
    """Take words for a day; None where they name none."""
    return heard(here, words, kind, item, seen, "0") if names_day(here, words) else None


def heard(here: Here, words: str, kind: str, item: str, seen: str, tries: str) -> Said:
    """The next words are the day: taken, asked back, or asked for again with an example."""
    about = (kind, item, seen)
    match read_day(words, here.today, known=here.shared.meetings):
        case Day() as day:
            return _taken(here, _meant(here, day, kind), about, int(tries))
        case Vague() as vague:
            return _asked_back(here, vague, about, int(tries))
        case _:
            return again(here, here.say("coach.day-unread"), about, int(tries))


def names_day(here: Here, words: str) -> bool:
    """Whether words name a day, be it a vague one."""
    return read_day(words, today_of(here.scene), known=here.shared.meetings) is not None


def _meant(here: Here, day: Day, kind: str) -> date:
    """The day itself; what is due before or by a day that is none to work on is due earlier."""
    if kind == "later" or day.bound not in {Bound.BEFORE, Bound.BY}:
        return day.last
    earlier = here.shared.diary.on_or_before(day.last).day
    return earlier if earlier >= here.today else day.last


def _taken(here: Here, day: date, about: tuple[str, str, str], tries: int) -> Said:
    kind, item, seen = about
    wanted = PutOff(day) if kind == "later" else MoveTo(day)
    outcome = change(here.plan, ItemId(item), wanted, here.doing())
    if isinstance(outcome, Refused) and outcome.why is Refusal.PAST:
        return again(here, refusal_text(here.voice, outcome.why), about, tries)
    return apply(without_errand(here), item, wanted, seen)


def _ask(here: Here, about: tuple[str, str, str]) -> Said:
    kind, item, _ = about
    found = here.plan.item(ItemId(item))
    if found is None:
        return next_card(here, refusal_text(here.voice, Refusal.GONE))
    key = "coach.later.ask" if kind == "later" else "coach.move.ask"
    text = here.say(key, title=here.voice.title(found))
    return speak(waiting(here, "plan-day", *about, "0"), text, *_offered(here, about))


def _offered(here: Here, about: tuple[str, str, str]) -> tuple[Choose, ...]:
    """Days on buttons: working days for the date of an item, any for a reminder."""
    kind = about[0]
    days = [here.today + timedelta(days=n) for n in SOON_D[kind]]
    if kind == "move":
        days = [here.shared.diary.on_or_after(day).day for day in days]
    return _day_choices(here, tuple(dict.fromkeys(days)), about)


def _day_choices(
    here: Here, days: tuple[date, ...], about: tuple[str, str, str]
) -> tuple[Choose, ...]:
    kind, item, seen = about
    return tuple(
        choose(here, ACTS[kind], here.voice.day(day, here.today), item, seen, day.isoformat())
        for day in days[:OFFERED]
    )


def _asked_back(here: Here, vague: Vague, about: tuple[str, str, str], tries: int) -> Said:
    days = tuple(day for day in vague.suggestions if day >= here.today)
    if not days:
        return again(here, here.say("coach.day-vague"), about, tries)
    key = "coach.day-no-such" if vague.kind is Open.NO_SUCH_DAY else "coach.day-which"
    kept = waiting(here, "plan-day", *about, str(tries))
    return speak(kept, here.say(key), *_day_choices(here, days, about))


def again(here: Here, wrong: str, about: tuple[str, str, str], tries: int) -> Said:
    """What was wrong, then an example and the ways out; after a few times it is let go."""
    if tries + 1 >= TRIES:
        return next_card(without_errand(here), joined(wrong, here.say("coach.day-let-go")))
    kept = waiting(here, "plan-day", *about, str(tries + 1))
    key = "coach.day-example" if tries == 0 else "coach.day-ways-out"
    return speak(kept, joined(wrong, here.say(key)), *_offered(here, about))
