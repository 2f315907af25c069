"""Sending a broadcast, a page of recipients at a time, until everybody has a row that says what became.

It can be cut short and begun again anywhere: nobody gets a second row, and so no second message. Each
step is one transaction. Few messages wait in the outbox at a time, so that a stop, a "no more of these"
or a weekly limit counts for all the others at once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Final

from bot.engine import broadcast_texts
from bot.engine.bulletins import TO_PLACE, Bulletin, hours_of
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.language.recurrence import Recurrence
from bot.messages import Address, BranchId, PersonId, Place, ReplyKind
from bot.planning.lateness import GRACE, PROMPT, Due, Timing, due
from bot.planning.lifecycle import Event, Status, after, may
from bot.planning.plans import Hours, Now, opening
from bot.planning.recipients import Fate, Kind, fate
from bot.service import (
    audit,
    broadcast_mail,
    deliveries,
    destinations,
    jobs,
    outbox,
    recipients,
)
from bot.service.broadcast_mail import BUSY
from bot.service.bulletin_rows import bulletin_of, moment_of
from bot.service.clock import micros, moment
from bot.service.job_runner import Finish
from bot.service.jobs import Job
from bot.service.library import Library
from bot.service.outbox import Target
from bot.service.ports import Row, Scalar, Tx

PAGE: Final = 250  # recipients of one step
LOW: Final = 120  # waiting messages below which the next page is written down
STEP: Final = timedelta(seconds=1)  # between two looks while it is being sent
RESTORED: Final = "restored"  # of a job: when a backup was put back, which brought it with it
DONE: Final = "~"  # of a cursor: everybody has their row; sorts behind every id


@dataclass(frozen=True, slots=True)
class Sending:
    """Does the jobs that send broadcasts.

    Attributes:
        library: The words around a broadcast.
        zone: Whose wall clock its times go by.
    """

    library: Library
    zone: tzinfo

    def do(self, job: Job, now: datetime) -> Finish:
        """Take the next step of a broadcast."""
        return partial(self._step, job=job, now=now)

    def lost(self, job: Job, now: datetime) -> Finish:
        """A step went wrong again and again: what to write stops it, and says so."""
        return partial(self._lose, job=job, now=now)

    def _lose(self, tx: Tx, job: Job, now: datetime) -> None:
        if step := self._look(tx, job, now):
            step.lose()

    def _look(self, tx: Tx, job: Job, now: datetime) -> "_Step | None":
        row = tx.get("broadcast", {"id": job.subject})
        if row is None:
            return None
        return _Step(tx=tx, row=row, job=job, now=now, library=self.library, zone=self.zone)

    def _step(self, tx: Tx, job: Job, now: datetime) -> None:
        step = self._look(tx, job, now)
        if step is None:
            return
        match step.status:
            case Status.SCHEDULED:
                step.begin()
            case Status.SENDING:
                step.go_on()
            case Status.HALTED:
                step.write_off()
            case _:
                return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One step on one broadcast, in its transaction."""

    tx: Tx
    row: Row
    job: Job
    now: datetime
    library: Library
    zone: tzinfo

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def branch(self) -> BranchId:
        return BranchId(str(self.row["branch"]))

    @property
    def status(self) -> Status:
        return Status(str(self.row["status"]))

    @property
    def planned_at(self) -> int:
        return int(self.row["planned_at"] or 0)

    def bulletin(self) -> Bulletin:
        return bulletin_of(self.row, self.zone)

    @property
    def restored_at(self) -> int | None:
        """When a backup was put back that this stood in; None for never."""
        at = self.job.payload.get(RESTORED)
        return None if at is None else int(at)

    def hours(self) -> Hours:
        return hours_of(self.bulletin(), Hours(zone=self.zone))

    def begin(self) -> None:
        """Its time may have come: begin, begin late, or skip what is too old."""
        if self.row["next_at"] is None:
            return
        plan, hours = self.bulletin().plan or Now(), self.hours()
        found = due(plan, hours, moment_of(int(self.row["next_at"]), hours), self.now)
        restored_at = self.restored_at
        if found.moment.at > self.now:
            self._again(found.moment.at)
        elif restored_at is not None and micros(found.moment.at) <= restored_at:
            self._skip(found, "broadcast.restored")
        elif found.timing is Timing.SKIPPED and self.now - found.moment.at <= PROMPT:
            self._put_off(opening(self.now, hours))
        elif found.timing is Timing.SKIPPED:
            self._skip(found)
        elif why := destinations.objection(self.tx, self.row, self.bulletin(), self.now):
            self._withdraw(why)
        else:
            self._begin(found)

    def _withdraw(self, why: str) -> None:
        """It does not go out; whoever wrote it hears so, and everybody who could send it now.

        One that comes again is only paused: somebody else may take it on.
        """
        is_again = isinstance(self.bulletin().plan, Recurrence)
        self._move(Event.PAUSE if is_again else Event.CANCEL)
        why += "-again" if is_again else ""
        self._note("broadcast.withdrawn")
        author = self._author()
        told = broadcast_mail.senders(self.tx, self.branch, but=author)
        for person in (author, *told) if author else told:
            self._tell(why, to=person)

    def _put_off(self, at: datetime) -> None:
        """The quiet hours began in the moment it was due: it waits for their end."""
        self.tx.update("broadcast", {"id": self.id}, {"next_at": micros(at)})
        self._again(at)

    def _begin(self, found: Due) -> None:
        """From here on `planned_at` names this time, and `next_at` the one after it."""
        begun = self._move(
            Event.BEGIN,
            planned_at=micros(found.moment.planned),
            next_at=micros(found.following.planned) if found.following else None,
            cursor="",
            is_late=int(found.timing is Timing.LATE),
        )
        if found.missed:
            self._tell("broadcast.missed", count=found.missed)
        replace(begun, job=replace(self.job, due_at=self.now)).go_on()

    def _move(self, event: Event | None, **changes: Scalar) -> "_Step":
        """What happens to it, as the lifecycle has it; None where it stays where it stands."""
        status = (after(self.status, event) if event else None) or self.status
        told: Row = {**changes, "status": status.value, "changed_at": micros(self.now)}
        self.tx.update("broadcast", {"id": self.id}, told)
        return replace(self, row={**self.row, **told})

    def _skip(self, found: Due, why: str = "broadcast.skipped") -> None:
        """Too late to be of use: the author is told, and of several times the next one stands."""
        following = found.following
        next_at = micros(following.planned) if following else None
        self._move(None if following else Event.MISS, next_at=next_at)
        self._note("broadcast.skipped")
        self._tell(why, count=found.missed + 1)
        if following:
            self._again(following.at)

    def go_on(self) -> None:
        """Write the next page down where few wait; at the end count and report.

        What did not leave in time, or before the quiet hours, is called off.
        """
        if self.now - self.job.due_at > PROMPT:
            self._come_back()
            return
        is_over = self._is_over()
        if is_over:
            deliveries.call_off(self.tx, self._rows(), Fate.SKIPPED)
        waiting = self.tx.find(
            "delivery", {**self._rows(), "fate": Fate.WAITING.value}, limit=LOW + 1
        )
        if len(waiting) > LOW:
            self._again(self.now + STEP)
            return
        if self.row["cursor"] != DONE:
            self._write_page(Fate.SKIPPED if is_over else Fate.WAITING)
            self._again(self.now)
            return
        if len(waiting) > deliveries.lost(self.tx, waiting):
            self._again(self.now + STEP)
            return
        self._finish()

    def _come_back(self) -> None:
        """After an outage: what is left is marked late, and its planned time counts again."""
        deliveries.take_back_overdue(self.tx, self._rows(), self.now - PROMPT)
        planned = moment_of(self.planned_at, self.hours()).at
        changes: Row = {"cursor": "", "is_late": 1, "changed_at": micros(planned)}
        self.tx.update("broadcast", {"id": self.id}, changes)
        self._again(self.now)

    def _is_over(self) -> bool:
        """Whether the rest would come too late: since it began, or where it had to, as planned."""
        began = moment(int(self.row["changed_at"] or 0))
        return opening(self.now, self.hours()) - began > GRACE

    def write_off(self) -> None:
        """Stopped: everybody who has no row yet gets one that says so; then the report.

        After a backup was put back nobody knows whom it has reached since.
        """
        if self.row["planned_at"] is None or self.row["cursor"] is None:
            return
        is_restored = self.restored_at is not None
        if self.row["cursor"] == DONE:
            self._report("broadcast.report-restored" if is_restored else "broadcast.report-halted")
            return
        self._write_page(Fate.UNKNOWN if is_restored else Fate.HALTED)
        jobs.schedule(self.tx, replace(self.job, due_at=self.now), self.now)

    def lose(self) -> None:
        """Nothing more of it leaves; who was not reached yet is written down, where that can be done."""
        if may(self.status, Event.HALT):
            self._move(Event.HALT)
            deliveries.call_off(self.tx, {"broadcast": self.id}, Fate.HALTED)
            self._note("broadcast.lost")
        elif self.status is not Status.HALTED:
            return
        if self.status is Status.SENDING:
            self._again(self.now)
        self._tell("broadcast.lost")

    def _write_page(self, best: Fate = Fate.WAITING) -> None:
        """Write the next page down; `best` is what becomes of those whom nothing speaks against."""
        audience = str(self.row["audience"])
        if audience.startswith(TO_PLACE):
            self._write_place(audience.removeprefix(TO_PLACE), best)
            self._at(DONE)
            return
        cursor = str(self.row["cursor"] or "")
        page = recipients.members(self.tx, self.branch, audience, cursor, PAGE)
        facts = recipients.facts_of(self.tx, page, self.now)
        homes = recipients.addresses_of(self.tx, page)
        bulletin = self.bulletin()
        for person in page:
            known = recipients.within(audience, facts[person])
            found = fate(known, bulletin.kind or Kind.CAMPAIGN, bulletin.topic)
            if found is Fate.WAITING:
                found = best
            key = self._row_for(person, found)
            if key and found is Fate.WAITING:
                self._queue(bulletin, PersonId(person), homes[person], key)
        self._at(page[-1] if len(page) == PAGE else DONE)

    def _queue(self, bulletin: Bulletin, person: PersonId, home: Address, key: str) -> None:
        edition, is_late = self.library.edition, bool(self.row["is_late"])
        reply, is_busy = broadcast_mail.to_person(
            self.tx, edition.content, edition.flows, bulletin, person, is_late=is_late
        )
        due_at = self.now
        if is_busy and (since := broadcast_mail.busy_since(self.tx, person)):
            due_at = self._within_hours(max(self.now, moment(since * 1_000_000) + BUSY))
        target = Target(branch=self.branch, person=person, address=home, place=Place.PRIVATE)
        outbox.queue_broadcast(self.tx, target, reply, key, self.now, due_at)

    def _within_hours(self, at: datetime) -> datetime:
        """The moment itself, or now where it would fall into the quiet hours."""
        return at if opening(at, self.hours()) == at else self.now

    def _write_place(self, wanted: str, best: Fate) -> None:
        place = self.tx.get("destination", {"id": wanted, "branch": self.branch})
        found = Fate.BLOCKED if place is None else best
        key = self._row_for(None, found)
        if place is None or key is None or found is not Fate.WAITING:
            return
        content, is_late = self.library.edition.content, bool(self.row["is_late"])
        reply = broadcast_mail.to_place(content, self.bulletin(), is_late=is_late)
        address = Address(str(place["channel"]), str(place["address"]))
        target = Target(branch=self.branch, person=None, address=address, place=Place.GROUP)
        outbox.queue_broadcast(self.tx, target, reply, key, self.now, self.now)

    def _row_for(self, person: str | None, found: Fate) -> str | None:
        """Write down what becomes of one recipient; None where that stands already."""
        salt = f"{self.id}:{self.planned_at}"
        name = audit.pseudonym(self.tx, PersonId(person or TO_PLACE), salt)
        key = f"{deliveries.PREFIX}{self.id}:{self.planned_at}:{name}"
        row: Row = {
            "id": key,
            "branch": self.branch,
            "broadcast": self.id,
            "planned_at": self.planned_at,
            "person": person,
            "fate": found.value,
            "at": micros(self.now),
        }
        return key if self.tx.insert_new("delivery", row) else None

    def _finish(self) -> None:
        """Everybody is settled: report, and wait for the next time where there is one."""
        following = self.row["next_at"]
        self._move(Event.FINISH if following is None else Event.REST)
        self._report("broadcast.report")
        if following is not None:
            self._again(moment_of(int(following), self.hours()).at)

    def _report(self, key: str) -> None:
        tally = deliveries.tally(self.tx, self.id, self.planned_at)
        self._note("broadcast.sent", " ".join(f"{f.value}={n}" for f, n in tally.counts.items()))
        author = self._author()
        if author is None:
            return
        voice = broadcast_mail.voice_of(self.tx, self.library.edition.content, author)
        figures = broadcast_texts.figures(voice, tally, str(self.row["audience"]))
        words = broadcast_texts.opening(self.bulletin(), voice.language)
        self._post(author, voice.say(key, words=words, figures=figures), voice, "report")

    def _tell(self, key: str, *, count: int = 0, to: PersonId | None = None) -> None:
        reader = to or self._author()
        if reader is None:
            return
        voice = broadcast_mail.voice_of(self.tx, self.library.edition.content, reader)
        words = broadcast_texts.opening(self.bulletin(), voice.language)
        said = voice.say(key, words=words, count=count)
        self._post(reader, said, voice, f"told-{to}" if to else "told")

    def _post(self, author: PersonId, text: str, voice: broadcast_mail.Voice, what: str) -> None:
        show = Choose(voice.say("button.bc-look"), Act("bc-show", (self.id,)))
        draft = Draft(text=text, choices=(show,), kind=ReplyKind.NOTICE, personal=True)
        key = f"{self.id}:{micros(self.now)}:{what}"
        broadcast_mail.tell(self.tx, author, draft, key, self.now)

    def _author(self) -> PersonId | None:
        return PersonId(str(self.row["author"])) if self.row["author"] else None

    def _note(self, what: str, detail: str = "") -> None:
        fresh = f"{self.id}-{micros(self.now)}"
        audit.record(self.tx, fresh, self.branch, "bot", what, f"{self.id} {detail}", self.now)

    def _rows(self) -> Row:
        return {"broadcast": self.id, "planned_at": self.planned_at}

    def _at(self, cursor: str) -> None:
        self.tx.update("broadcast", {"id": self.id}, {"cursor": cursor})

    def _again(self, at: datetime) -> None:
        job = Job(kind="broadcast", subject=self.id, branch=self.branch, due_at=at)
        jobs.schedule(self.tx, job, self.now)
