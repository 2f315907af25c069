"""What the coach writes of its own accord: reminders, the weekly digest, the farewell; and the position."""

from collections.abc import Sequence
from datetime import date

from bot.coach.agreement import ClauseRefusal, Position, PositionLine, Standing
from bot.coach.changes import Refusal
from bot.coach.digest import Digest
from bot.coach.plan import Item, Plan
from bot.coach.reminders import CoachMessage, Kind
from bot.coach.voice import Voice
from bot.messages import plain


def reminder_text(voice: Voice, plan: Plan, message: CoachMessage) -> str:
    """A reminder: every item it brings up, and how to begin with the first of them."""
    items = {item.id: item for item in plan.items}
    shown = [(items[one.item], one) for one in message.mentions if one.item in items]
    lines = [
        voice.say(
            f"coach.reminder.{one.cue}",
            title=voice.title(item),
            day=voice.day(one.day, message.day),
        )
        for item, one in shown
    ]
    said = [voice.say("coach.reminder.opening", workplace=plain(plan.workplace))]
    said += ["\n".join(f"- {line}" for line in lines)] if len(lines) > 1 else lines
    action = voice.action(shown[0][0]) if shown else None
    if action is not None:
        first = action.first.text(voice.language)
        said.append(voice.say("coach.reminder.next", first=first))
    return "\n\n".join([*said, voice.say("coach.reminder.closing")])


def digest_text(voice: Voice, plan: Plan, digest: Digest, today: date) -> str:
    """The weekly digest: each item once, then the one next step."""

    def due(item: Item) -> str:
        day = voice.day(item.due, today) if item.due else ""
        return voice.say("coach.digest.line-due", title=voice.title(item), day=day)

    def stuck(item: Item) -> str:
        block = voice.content.block_by_id.get(item.block)
        named = block.title.text(voice.language) if block else plain(item.block)
        return voice.say("coach.digest.line-block", title=voice.title(item), block=named)

    done = [voice.say("coach.digest.line", title=voice.title(item)) for item in digest.done]
    parts = [
        _listed(voice.say("coach.digest.done"), done),
        _listed(voice.say("coach.digest.overdue"), [due(item) for item in digest.overdue]),
        _listed(voice.say("coach.digest.coming"), [due(item) for item in digest.coming]),
        _listed(voice.say("coach.digest.blocked"), [stuck(item) for item in digest.blocked]),
    ]
    said = [part for part in parts if part] or [voice.say("coach.digest.nothing")]
    opening = voice.say("coach.digest.opening", workplace=plain(plan.workplace))
    return "\n\n".join([opening, *said, voice.progress(plan), voice.say("coach.reminder.closing")])


def message_text(voice: Voice, plan: Plan, message: CoachMessage, digest: Digest) -> str:
    """The text of whatever is due."""
    match message.kind:
        case Kind.REMINDER:
            return reminder_text(voice, plan, message)
        case Kind.DIGEST:
            return digest_text(voice, plan, digest, message.day)
        case Kind.FAREWELL:
            return voice.say("coach.farewell", workplace=plain(plan.workplace))


def refusal_text(voice: Voice, why: Refusal | ClauseRefusal) -> str:
    """Why something cannot be done, and what then."""
    return voice.say(f"coach.refused.{why}")


def position_text(voice: Voice, position: Position) -> str:
    """The negotiator's page, as a message."""
    counts = position.counts
    wanted = [line for line in position.lines if line.wanted]
    aside = [line for line in position.lines if not line.wanted]
    day = voice.day(position.on, position.on)
    said = [
        voice.say("coach.position.title", workplace=plain(position.workplace), day=day),
        voice.say(
            "coach.position.counts",
            total=len(wanted),
            agreed=counts[Standing.AGREED],
            talks=counts[Standing.IN_TALKS],
            raised=counts[Standing.RAISED],
            refused=counts[Standing.REFUSED],
            open=counts[Standing.NOT_RAISED],
        ),
        "\n".join(clause_line(voice, line, position.on) for line in wanted),
    ]
    if aside:
        listed = [clause_line(voice, line, position.on) for line in aside]
        said.append(_listed(voice.say("coach.position.aside"), listed))
    return "\n\n".join(said)


def clause_line(voice: Voice, line: PositionLine, today: date) -> str:
    """How one clause stands, as an item of a list."""
    clause = voice.content.clause_by_id.get(line.clause)
    title = clause.title.text(voice.language) if clause else line.clause
    standing = voice.say(f"coach.clause.{line.standing}")
    if line.since is None:
        said = voice.say("coach.clause.line", clause=title, standing=standing)
    else:
        day = voice.day(line.since, today)
        said = voice.say("coach.clause.line-since", clause=title, standing=standing, day=day)
    return voice.say("coach.clause.note", line=said, note=plain(line.note)) if line.note else said


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n\n".join([heading, "\n".join(lines)]) if lines else ""
