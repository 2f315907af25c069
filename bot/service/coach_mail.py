"""What the coach writes of its own accord: at a rep's hours, with their consent, each thing once.

What is due follows from how things stand when it is looked at, and that it was sent is written with it
in one transaction: an outage leads to one message, and a clock set back to none.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.coach.digest import make_digest
from bot.coach.reminders import CoachMessage, Kind, Record, Sent, due_message, next_look
from bot.coach.rows import sent_from_row, sent_row
from bot.coach.voice import Voice
from bot.coach.voice_messages import message_text
from bot.engine.plan_reminding import message_choices
from bot.engine.plan_view import REMINDERS, TOPIC, Shared
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.knowledge.content import Content
from bot.messages import BranchId, PersonId, Place, ReplyKind, plain
from bot.service import jobs, outbox, people, plans, sessions
from bot.service.clock import moment
from bot.service.doing import Doing
from bot.service.jobs import Job, Status
from bot.service.library import Library
from bot.service.outbox import Target
from bot.service.ports import OneOf, Row, Tx, Where

KIND: Final = "coach"  # of the jobs
LOOK_AGAIN: Final = timedelta(days=1)  # where somebody's hours do not come for a month
WEEK: Final = timedelta(days=7)  # what a first digest looks back on


def subject_of(plan: str, person: PersonId) -> str:
    """What a job of ours is about: one rep's reminders of one plan."""
    return f"{plan}:{person}"


class CoachMail:
    """Does the jobs that look whether a rep is to be written to.

    Args:
        library: The words that are said.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    def do(self, job: Job, now: datetime) -> Callable[[Tx], None]:
        """Nothing of it takes long: all is read and written in the one transaction."""
        content = self._library.edition.content
        return lambda tx: look(tx, content, job, now)


def look(tx: Tx, content: Content, job: Job, now: datetime) -> None:
    """Write to a rep if something is due, and look again when their hours next begin.

    Where they share the plan no more, or took their agreement back, nobody looks again.
    """
    person = job.person
    plan = job.payload.get("plan", "")
    if person is None or content.action_plan is None or not _is_agreed(tx, person):
        return
    seat = tx.get("coach_rhythm", {"plan": plan, "person": person})
    rhythm = plans.rhythm_of(seat) if seat else None
    if seat is None or rhythm is None:
        return
    today = rhythm.today(now)
    off = plans.holidays_near(today)
    shared = plans.shared_of(tx, plan, person, today)
    if shared is None or shared.plan.archived_at is not None:
        return
    record = Record(sent=_sent(tx, plan, person), heard_at=moment(int(seat["heard_at"] or 0)))
    due = due_message(shared.plan, person, rhythm, record, now, off)
    if due is not None and _may_hear(tx, person):
        _post(tx, content, (shared, due, record), now)
    again = next_look(rhythm, now, off) or now + LOOK_AGAIN
    jobs.schedule(tx, replace(job, due_at=again), now)


def tell_lead(doing: Doing, plan: str, person: PersonId) -> None:
    """Tell a rep that a plan was handed to them."""
    found = plans.load(doing.tx, plan)
    if found is None:
        return
    language = people.language_of(doing.tx, person)
    wording = doing.content.wording
    text = wording.say("coach.sharing.you-lead", language, workplace=plain(found.workplace))
    label = wording.say("button.plan-next", language)
    choices = (Choose(label, Act("plan-next", (plan,))),)
    _send(doing.tx, found.branch, person, (text, choices), (f"{doing.view.fresh}:lead", doing.now))


def seed(tx: Tx, branch: BranchId, now: datetime) -> int:
    """Have every rep's reminders looked at whose job went wrong too often; returns how many that was.

    A job that failed is not tried again by itself, and the next look is what a look schedules.
    """
    alive: Where = {
        "branch": branch,
        "kind": KIND,
        "status": OneOf((Status.DUE.value, Status.LEASED.value)),
    }
    known = {str(row["subject"]) for row in tx.find("due_job", alive)}
    lost = [
        job
        for row in tx.find("coach_rhythm", {"branch": branch})
        if row["rhythm"] and (job := _look(row, now)).subject not in known
    ]
    for job in lost:
        jobs.schedule(tx, job, now)
    return len(lost)


def _look(seat: Row, due_at: datetime) -> Job:
    """The job that looks whether somebody is to be written to about a plan."""
    plan, person = str(seat["plan"]), PersonId(str(seat["person"]))
    return Job(
        kind=KIND,
        subject=subject_of(plan, person),
        branch=BranchId(str(seat["branch"])),
        person=person,
        due_at=due_at,
        payload={"plan": plan},
    )


def _is_agreed(tx: Tx, person: PersonId) -> bool:
    where = {"person": person, "purpose": REMINDERS, "withdrawn_at": None}
    return tx.count("consent", where) > 0


def _may_hear(tx: Tx, person: PersonId) -> bool:
    """Whether they are a rep, and have not said stop; it may be otherwise tomorrow."""
    is_rep = bool(people.roles_of(tx, person) & plans.SHARERS)
    return is_rep and not tx.count("opt_out", {"person": person, "topic": OneOf(("all", TOPIC))})


def _sent(tx: Tx, plan: str, person: PersonId) -> tuple[Sent, ...]:
    rows = tx.find("coach_sent", {"plan": plan, "person": person}, order=("at",))
    return tuple(sent_from_row(row) for row in rows)


def _post(
    tx: Tx, content: Content, due: tuple[Shared, CoachMessage, Record], now: datetime
) -> None:
    """Queue a message and write down that it was said."""
    shared, message, record = due
    plan, person = shared.plan, message.to
    language = people.language_of(tx, person)
    assert content.action_plan is not None  # noqa: S101 - `look` has seen to it
    voice = Voice(wording=content.wording, content=content.action_plan, language=language)
    since = max((one.at for one in record.sent if one.kind is Kind.DIGEST), default=now - WEEK)
    text = message_text(voice, plan, message, make_digest(plan, since, message.day))
    choices = message_choices(voice, plan, message)
    if not _send(tx, plan.branch, person, (text, choices), (message.key, now)):
        return
    sent = Sent(kind=message.kind, day=message.day, at=now, mentions=message.mentions)
    row = {"id": message.key, "plan": plan.id, "person": person, "branch": plan.branch}
    tx.insert("coach_sent", {**row, **sent_row(sent)})


def _send(
    tx: Tx,
    branch: BranchId,
    person: PersonId,
    said: tuple[str, tuple[Choose, ...]],
    key: tuple[str, datetime],
) -> bool:
    """Queue words and buttons for somebody's own chat; False where they have none."""
    address = people.private_address(tx, person)
    if address is None:
        return False
    text, choices = said
    draft = Draft(text=text, choices=choices, kind=ReplyKind.NOTICE, personal=True)
    reply = sessions.show_between_turns(tx, person, draft)
    target = Target(branch=branch, person=person, address=address, place=Place.PRIVATE)
    outbox.queue(tx, target, (reply,), key[0], key[1])
    return True
