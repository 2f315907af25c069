"""Broadcasts as those who send them change them: kept, planned, agreed to, stopped. Sending is elsewhere.

What happens to a broadcast is a move of `planning/lifecycle.py`; a move that cannot happen any more,
or that was decided on another text, changes nothing.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final, assert_never

from bot.engine import broadcast_texts
from bot.engine.bulletins import UNDO_S, Bulletin, hours_of
from bot.engine.effects_broadcasts import (
    AddDestination,
    AllowRole,
    BroadcastEffect,
    DropDestination,
    KeepDraft,
    MoveBroadcast,
    TestBroadcast,
)
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.messages import PersonId, Place, Reply, ReplyKind
from bot.planning.lifecycle import LEADS_OUT, Event, Status, after
from bot.planning.plans import Hours, Now, next_moments
from bot.planning.recipients import Fate
from bot.service import audit, broadcast_mail, deliveries, destinations, jobs, outbox, sessions
from bot.service.bulletin_rows import bulletin_of, moment_of, row_of
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.jobs import Job
from bot.service.outbox import Target
from bot.service.ports import Row

KIND: Final = "broadcast"  # of the job that sends one
_UNTOUCHED: Final[Row] = {"texts": "{}", "gaps": "{}", "audience": None, "plan": None}


def apply(doing: Doing, effect: BroadcastEffect) -> tuple[Reply, ...]:
    """Apply one effect in the turn's own transaction."""
    match effect:
        case KeepDraft(bulletin=bulletin):
            _keep(doing, bulletin)
        case MoveBroadcast():
            _move(doing, effect)
        case TestBroadcast(broadcast=broadcast):
            _test(doing, broadcast)
        case AddDestination() | DropDestination() | AllowRole():
            destinations.apply(doing, effect)
        case _:
            assert_never(effect)
    return ()


def _keep(doing: Doing, bulletin: Bulletin) -> None:
    """Keep the draft; of this person's others only those go in which nothing was settled."""
    mine: Row = {"author": doing.known.person, "status": Status.DRAFT.value}
    doing.tx.delete("broadcast", {**mine, "id": bulletin.id})
    doing.tx.delete("broadcast", {**mine, **_UNTOUCHED})
    row = row_of(bulletin, doing.known.branch, doing.known.person, doing.now)
    doing.tx.insert_new("broadcast", row)


def _move(doing: Doing, move: MoveBroadcast) -> None:
    tx = doing.tx
    row = tx.get("broadcast", {"id": move.broadcast, "branch": doing.known.branch})
    status = after(Status(str(row["status"])), move.event) if row else None
    if row is None or status is None or (move.hash and move.hash != row["hash"]):
        return
    if move.event in LEADS_OUT and not destinations.may_send(tx, doing.known.person, row):
        return
    is_own = row["author"] == doing.known.person
    if (move.event is Event.APPROVE) and is_own:
        return
    changes: Row = {"status": status.value, "changed_at": micros(doing.now)}
    tx.update("broadcast", {"id": move.broadcast}, changes)
    who = audit.pseudonym(tx, doing.known.person)
    fresh = f"{doing.view.fresh}-{move.broadcast}"
    detail = f"{move.broadcast} {row['hash']}{' urgent' if row['urgent'] else ''}"
    name = f"broadcast.{move.event.value}"
    audit.record(tx, fresh, doing.known.branch, who, name, detail, doing.now)
    if done := _AFTER.get(move.event):
        done(doing, row, move)


def _plan(doing: Doing, row: Row, move: MoveBroadcast) -> None:
    """Settle the first time it goes out, and have it sent then."""
    bulletin = bulletin_of(row, doing.view.zone)
    since = doing.now + timedelta(seconds=move.wait_s)
    first = next_moments(bulletin.plan or Now(), _hours(doing, bulletin), since, 1)
    at = first[0].planned if first else doing.now
    doing.tx.update("broadcast", {"id": row["id"]}, {"next_at": micros(at), "cursor": None})
    if move.event is Event.SCHEDULE:
        _schedule(doing, str(row["id"]))


def _schedule(doing: Doing, broadcast: str) -> None:
    row = doing.tx.get("broadcast", {"id": broadcast})
    if row is None or row["next_at"] is None:
        return
    bulletin = bulletin_of(row, doing.view.zone)
    at = moment_of(int(row["next_at"]), _hours(doing, bulletin)).at
    job = Job(kind=KIND, subject=broadcast, branch=doing.known.branch, due_at=at)
    jobs.schedule(doing.tx, job, doing.now)


def _ask_second(doing: Doing, row: Row, move: MoveBroadcast) -> None:
    """Tell everybody else who may send that a text waits for them."""
    _plan(doing, row, move)
    author = PersonId(str(row["author"] or doing.known.person))
    for number, person in enumerate(broadcast_mail.senders(doing.tx, doing.known.branch, author)):
        voice = broadcast_mail.voice_of(doing.tx, doing.content, person)
        show = Choose(voice.say("button.bc-look"), Act("bc-show", (str(row["id"]),)))
        draft = _draft(voice.say("broadcast.please-approve"), show)
        key = f"{doing.view.fresh}:ask-{number}"
        broadcast_mail.tell(doing.tx, person, draft, key, doing.now)


def _approved(doing: Doing, row: Row, move: MoveBroadcast) -> None:
    doing.tx.update("broadcast", {"id": row["id"]}, {"approved": move.hash})
    is_now = bulletin_of(row, doing.view.zone).plan == Now()
    if is_now:
        first: Row = {"next_at": micros(doing.now + timedelta(seconds=UNDO_S))}
        doing.tx.update("broadcast", {"id": row["id"]}, first)
    else:
        _plan_again(doing, row)
    _schedule(doing, str(row["id"]))
    if is_now:
        _tell_author(doing, row, "broadcast.was-approved-now", Event.CHANGE, seconds=UNDO_S)
    else:
        _tell_author(doing, row, "broadcast.was-approved")


def _plan_again(doing: Doing, row: Row) -> None:
    """Of one that comes again: the next time that is still to come, where the planned one has passed."""
    bulletin = bulletin_of(row, doing.view.zone)
    if bulletin.plan is None or (bulletin.moment and bulletin.moment.at > doing.now):
        return
    for first in next_moments(bulletin.plan, _hours(doing, bulletin), doing.now, 1):
        doing.tx.update("broadcast", {"id": row["id"]}, {"next_at": micros(first.planned)})


def _refused(doing: Doing, row: Row, _move: MoveBroadcast) -> None:
    _tell_author(doing, row, "broadcast.was-refused")


def _tell_author(doing: Doing, row: Row, key: str, undo: Event | None = None, **gaps: int) -> None:
    if not row["author"] or row["author"] == doing.known.person:
        return
    author = PersonId(str(row["author"]))
    voice = broadcast_mail.voice_of(doing.tx, doing.content, author)
    wanted = str(row["id"])
    choices = [Choose(voice.say("button.bc-look"), Act("bc-show", (wanted,)))]
    if undo is not None:
        choices += [Choose(voice.say("button.bc-undo"), Act("bc-move", (wanted, undo.value)))]
    words = broadcast_texts.opening(bulletin_of(row, doing.view.zone), voice.language)
    draft = _draft(voice.say(key, words=words, **gaps), *choices)
    broadcast_mail.tell(doing.tx, author, draft, f"{doing.view.fresh}:author", doing.now)


def _unschedule(doing: Doing, row: Row, _move: MoveBroadcast) -> None:
    jobs.cancel(doing.tx, KIND, str(row["id"]))


def _changed(doing: Doing, row: Row, move: MoveBroadcast) -> None:
    """Back to a draft, in the hands of whoever changes it: agreement and times are gone."""
    _unschedule(doing, row, move)
    tx, person = doing.tx, doing.known.person
    empty: Row = {"author": person, "approved": None, "next_at": None, "cursor": None}
    tx.update("broadcast", {"id": row["id"]}, empty)
    _tell_author(doing, row, "broadcast.was-changed")


def _halted(doing: Doing, row: Row, _move: MoveBroadcast) -> None:
    """Nothing more leaves; who was not reached yet is written down as such by the job."""
    deliveries.call_off(doing.tx, {"broadcast": row["id"]}, Fate.HALTED)
    job = Job(kind=KIND, subject=str(row["id"]), branch=doing.known.branch, due_at=doing.now)
    jobs.schedule(doing.tx, job, doing.now)


def _go_on(doing: Doing, row: Row, _move: MoveBroadcast) -> None:
    """It goes out again as planned; of one whose author may not send any more, who said so is the author."""
    author, new = row["author"], doing.known.person
    if not author or not destinations.may_send(doing.tx, PersonId(str(author)), row):
        doing.tx.update("broadcast", {"id": row["id"]}, {"author": new})
    _plan_again(doing, row)
    _schedule(doing, str(row["id"]))


_AFTER: Final[Mapping[Event, Callable[[Doing, Row, MoveBroadcast], None]]] = {
    Event.SCHEDULE: _plan,
    Event.ASK: _ask_second,
    Event.APPROVE: _approved,
    Event.REFUSE: _refused,
    Event.PAUSE: _unschedule,
    Event.GO_ON: _go_on,
    Event.CANCEL: _unschedule,
    Event.CHANGE: _changed,
    Event.HALT: _halted,
}


def _test(doing: Doing, broadcast: str) -> None:
    """The very message, to its author alone, on every channel they are on."""
    row = doing.tx.get("broadcast", {"id": broadcast, "author": doing.known.person})
    if row is None:
        return
    bulletin, voice = bulletin_of(row, doing.view.zone), doing.view.language
    draft = broadcast_texts.message(
        broadcast_mail.Voice(doing.content.wording, voice), bulletin, voice, doing.view.flows
    )
    reply = sessions.show_between_turns(doing.tx, doing.known.person, draft)
    for number, address in enumerate(broadcast_mail.homes(doing.tx, doing.known.person)):
        target = Target(
            branch=doing.known.branch,
            person=doing.known.person,
            address=address,
            place=Place.PRIVATE,
        )
        key = f"{doing.view.fresh}:test-{number}"
        outbox.queue(doing.tx, target, (reply,), key, doing.now)


def _hours(doing: Doing, bulletin: Bulletin) -> Hours:
    return hours_of(bulletin, Hours(zone=doing.view.zone))


def _draft(text: str, *choices: Choose) -> Draft:
    return Draft(text=text, choices=choices, kind=ReplyKind.NOTICE, personal=True)
