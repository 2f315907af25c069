"""What is said of a broadcast: the message itself, who gets it, when, and what became of it."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

from bot.engine.bulletins import (
    ASK_BUTTON,
    EVERYBODY,
    FEW,
    FLOW_BUTTON,
    TO_AREA,
    TO_PLACE,
    TO_ROLE,
    UNFINISHED,
    Board,
    Bulletin,
)
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.flows.model import FlowId, Flows
from bot.language.recurrence import Recurrence
from bot.language.saying import say_date, say_recurrence, say_time
from bot.messages import Reply, ReplyKind, plain
from bot.planning.plans import Hours, Moment
from bot.planning.recipients import TOLD, Fate, Kind, Tally
from bot.results.limits import SHOWN_FROM, in_steps

_LINK: Final = re.compile(r"\[([^]]*)\]\([^)]*\)")  # light Markdown: its words, and where it leads
LINK_FLOW: Final = "flow_"  # begins the payload of a link that leads to a flow
LINK_ASK: Final = "do_ask"


class Sayer(Protocol):
    """Whatever says a text in one language: a scene, or the service for one recipient."""

    def say(self, key: str, /, **gaps: str | int) -> str:
        """The text of a key, its gaps filled."""
        ...


def message(
    sayer: Sayer, bulletin: Bulletin, language: str, flows: Flows, *, late: str = ""
) -> Draft:
    """A broadcast as one person gets it: the words, what it is, and how to end it.

    Args:
        sayer: In their language.
        bulletin: Complete.
        language: Theirs.
        flows: For the title on its button.
        late: What says that it comes late; empty for nothing.
    """
    kind = bulletin.kind or Kind.CAMPAIGN
    words = _words(bulletin, language)
    is_for_area = (bulletin.audience or "").startswith(TO_AREA)
    foot = sayer.say("broadcast.foot-area" if is_for_area else f"broadcast.foot-{kind.value}")
    text = "\n\n".join(block for block in (late, words, foot) if block)
    stop = Choose(sayer.say("button.bc-stop"), Act("opt-out", (bulletin.topic,)))
    choices = (*_action(sayer, bulletin, language, flows), stop)
    return Draft(text=text, choices=choices, kind=ReplyKind.NOTICE, personal=True)


def post(bulletin: Bulletin, *, late: str = "") -> Reply:
    """A broadcast as a group or channel gets it, in English: nothing in it is anybody's own.

    Args:
        bulletin: Complete.
        late: What says that it comes late; empty for nothing.
    """
    text = "\n\n".join(block for block in (late, _words(bulletin, "en")) if block)
    return Reply(text=text.strip(), kind=ReplyKind.ANSWER, opens=link_of(bulletin))


def _words(bulletin: Bulletin, language: str) -> str:
    return bulletin.texts.get(language) or bulletin.texts.get("en", "")


def _action(sayer: Sayer, bulletin: Bulletin, language: str, flows: Flows) -> tuple[Choose, ...]:
    button = bulletin.button or ""
    if button == ASK_BUTTON:
        return (Choose(sayer.say("button.bc-ask"), Act("command", ("topics", ""))),)
    flow = flows.to_start(FlowId(button.removeprefix(FLOW_BUTTON)))
    if not button.startswith(FLOW_BUTTON) or flow is None:
        return ()
    label = sayer.say("button.bc-flow", title=flow.title.text(language))
    return (Choose(label, Act("introduce", (flow.id,))),)


def link_of(bulletin: Bulletin) -> str | None:
    """Where the link below a post in a group leads; None for no link."""
    button = bulletin.button or ""
    if button == ASK_BUTTON:
        return LINK_ASK
    flow = button.removeprefix(FLOW_BUTTON)
    return f"{LINK_FLOW}{flow}" if button.startswith(FLOW_BUTTON) else None


def audience_name(sayer: Sayer, audience: str, board: Board, flows: Flows, language: str) -> str:
    """Who is meant, in words as a button shows them: `plain` makes them safe in light Markdown."""
    if audience == EVERYBODY:
        return sayer.say("broadcast.to-all")
    if audience.startswith(TO_ROLE):
        return sayer.say(f"broadcast.to-{audience.removeprefix(TO_ROLE)}")
    if audience.startswith(UNFINISHED):
        flow = flows.to_start(FlowId(audience.removeprefix(UNFINISHED)))
        title = flow.title.text(language) if flow else ""
        return sayer.say("broadcast.to-unfinished", title=title)
    if audience.startswith(TO_AREA):
        area = board.areas.get(audience.removeprefix(TO_AREA), "")
        return sayer.say("broadcast.to-area", area=area or "?")
    place = board.destination(audience.removeprefix(TO_PLACE))
    return sayer.say("broadcast.to-place", name=place.name if place else "?")


def figures(sayer: Sayer, tally: Tally, audience: str = "") -> str:
    """Everybody by what became or will become of them; the lines add up to the last one.

    Of those who filled something in, or said where they work, no exact number is said.
    """
    lines = [
        f"- {sayer.say(f'fate.{one.value}', count=counted(sayer, n, audience))}"
        for one, n in _in_order(tally)
    ]
    key = "broadcast.total-place" if audience.startswith(TO_PLACE) else "broadcast.total"
    total = sayer.say(key, count=counted(sayer, tally.total, audience))
    return "\n".join((*lines, f"- {total}"))


def counted(sayer: Sayer, count: int, audience: str) -> str | int:
    """How many of an audience, as it may be told to those who send."""
    return at_least(sayer, count) if audience.startswith(FEW) else count


def at_least(sayer: Sayer, count: int) -> str:
    """A count of people in words that single nobody out."""
    told = in_steps(count)
    if told is None:
        return sayer.say("count.few", least=SHOWN_FROM)
    return sayer.say("count.or-more", count=told)


def _in_order(tally: Tally) -> Iterable[tuple[Fate, int]]:
    told = [one for one in Fate if one in TOLD]
    rest = [one for one in Fate if one not in TOLD]
    return ((one, tally.of_fate(one)) for one in (*told, *rest) if tally.of_fate(one))


def duration(sayer: Sayer, seconds: int) -> str:
    """How long it takes to send."""
    if seconds < 2:
        return sayer.say("broadcast.moment")
    if seconds < 60:
        return sayer.say("broadcast.seconds", seconds=seconds)
    return sayer.say("broadcast.minutes", minutes=-(-seconds // 60))


def when(sayer: Sayer, moment: Moment, hours: Hours) -> str:
    """A time it goes out, with its weekday and zone, and what has to be said of it."""
    at = moment.at.astimezone(hours.zone)
    said = sayer.say(
        "broadcast.when", day=say_date(at.date(), sayer), time=say_time(at.time()), zone=zone(at)
    )
    notes = []
    if moment.is_moved:
        notes.append(sayer.say("broadcast.clock-change"))
    if moment.is_put_off:
        planned = moment.planned.astimezone(hours.zone)
        notes.append(sayer.say("broadcast.put-off", time=say_time(planned.time())))
    if moment.holiday:
        notes.append(sayer.say("broadcast.holiday", name=plain(moment.holiday)))
    return f"{said}. {' '.join(notes)}" if notes else said


def zone(at: datetime) -> str:
    """The name of the zone at a moment, as people say it: GMT, BST."""
    return at.tzname() or "UTC"


def rhythm(sayer: Sayer, bulletin: Bulletin) -> str:
    """How often it goes out; empty for once."""
    return say_recurrence(bulletin.plan, sayer) if isinstance(bulletin.plan, Recurrence) else ""


def opening(bulletin: Bulletin, language: str, limit: int = 60) -> str:
    """The first words of a broadcast, for a list."""
    words = _LINK.sub(r"\1", " ".join(_words(bulletin, language).split()))
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip(chr(92))}…"
