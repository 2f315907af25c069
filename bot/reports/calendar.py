"""A plan as a calendar file that Google, Outlook and Apple take in, and take in again.

Each item is an appointment of ten minutes on its day, at the rep's hour. Its UID never changes and its
SEQUENCE grows with every change and with every second until the file is made: a file that is imported
later updates what is there, also where only the rep's hours changed, of which no item knows. What was
dropped is cancelled, not left out: an appointment that is missing from a file would stay for ever.
"""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from bot.coach.plan import Item, Plan, Status
from bot.coach.rhythm import LONDON, Rhythm
from bot.coach.voice import Voice
from bot.reports.light_text import plain_words

PRODUCT: Final = "-//Pathways//Technician registration//EN"
DOMAIN: Final = "plan.pathways.invalid"  # RFC 2606: ours, and nobody's address
LONG: Final = timedelta(minutes=10)
ALARM: Final = timedelta(minutes=-15)  # before it begins


def plan_calendar(plan: Plan, voice: Voice, rhythm: Rhythm, made_at: datetime) -> bytes:
    """The plan as an iCalendar file (RFC 5545), UTF-8.

    Args:
        plan: Items without a day are left out.
        voice: For titles and descriptions.
        rhythm: The rep's hours: appointments begin when they do.
        made_at: Now; aware. A file of a later moment replaces one of an earlier one.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", voice.say("calendar.name", workplace=plan.workplace))
    if rhythm.zone == LONDON:
        calendar.add_component(_london())
    for item in plan.items:
        if item.due is not None:
            event = _begun(plan, item, item.due, rhythm)
            calendar.add_component(_stamped(_told(event, item, voice), plan, item, made_at))
    for item in _gone(plan):
        event = _begun(plan, item, item.due or plan.made_on, rhythm)
        calendar.add_component(_stamped(_cancelled(event, item, voice), plan, item, made_at))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _london() -> Timezone:
    """British time as two rules without an end.

    The library would list every change of the clocks from 1970 to 2038 instead, which is long, and
    wrong after that.
    """
    zone = Timezone()
    zone.add("tzid", LONDON)
    for part, name, month, hour, hours_from in (
        (TimezoneDaylight(), "BST", 3, 1, 0),
        (TimezoneStandard(), "GMT", 10, 2, 1),
    ):
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, hour))  # noqa: DTZ001 - local time, as RFC 5545 wants it
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", timedelta(hours=hours_from))
        part.add("tzoffsetto", timedelta(hours=1 - hours_from))
        zone.add_component(part)
    return zone


def _told(event: Event, item: Item, voice: Voice) -> Event:
    """The appointment with what it is, and how it stands."""
    title = plain_words(voice.title(item))
    match item.status:
        case Status.DROPPED:
            event.add("summary", voice.say("calendar.cancelled", title=title))
            event.add("status", "CANCELLED")
        case Status.DONE:
            event.add("summary", voice.say("calendar.done", title=title))
            event.add("status", "CONFIRMED")
            event.add("transp", "TRANSPARENT")
        case _:
            event.add("summary", title)
            event.add("status", "CONFIRMED")
            event.add_component(_alarm(title))
    description = _description(item, voice)
    if description:
        event.add("description", description)
    return event


def _begun(plan: Plan, item: Item, day: date, rhythm: Rhythm) -> Event:
    """An appointment with its identity and its hour, and nothing yet to read."""
    event = Event()
    event.add("uid", f"{plan.id}.{item.id}@{DOMAIN}")
    begins = datetime.combine(day, rhythm.opens.replace(fold=0), ZoneInfo(rhythm.zone))
    event.add("dtstart", begins)
    event.add("dtend", begins + LONG)
    return event


def _stamped(event: Event, plan: Plan, item: Item, made_at: datetime) -> Event:
    """The appointment with its age, and with what says which of two files is the newer one."""
    changes = [one.at for one in plan.history if one.key == item.id]
    age_s = max(0, int((made_at - changes[0]).total_seconds()))
    event.add("sequence", len(changes) - 1 + age_s)  # 32 bits hold seconds of 68 years
    event.add("created", changes[0].astimezone(UTC))
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("last-modified", changes[-1].astimezone(UTC))
    return event


def _cancelled(event: Event, item: Item, voice: Voice) -> Event:
    title = plain_words(voice.title(item))
    event.add("summary", voice.say("calendar.cancelled", title=title))
    event.add("status", "CANCELLED")
    return event


def _gone(plan: Plan) -> Collection[Item]:
    """Items that had a day and have none any more, and those whose adding was undone, as they were."""
    undated = {item.id for item in plan.items if item.due is None}
    there = {item.id for item in plan.items} - undated
    return {
        event.key: event.before
        for event in plan.history
        if event.before is not None and event.before.due is not None and event.key not in there
    }.values()


def _alarm(title: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", ALARM)
    return alarm


def _description(item: Item, voice: Voice) -> str:
    action = voice.action(item)
    if action is None:
        return plain_words(item.note)
    first = action.first.text(voice.language)
    done = action.done_when.text(voice.language)
    said = (
        voice.why(item.action, item.why),
        voice.say("calendar.begin", minutes=action.minutes, first=first),
        voice.say("calendar.done-when", done=done),
    )
    return "\n\n".join(plain_words(line) for line in said if line)
