"""The weekly digest for union learning reps: five lines, each about something one can act on (J6)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import partial
from typing import Final

from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.language.recurrence import Recurrence, next_times
from bot.messages import BranchId, PersonId, ReplyKind, Role, plain
from bot.planning.recipients import ALL, WEEK, Fate
from bot.service import broadcast_mail, jobs
from bot.service.clock import micros
from bot.service.desks import WAITING
from bot.service.job_runner import Finish
from bot.service.jobs import Job
from bot.service.library import Library
from bot.service.ports import AtLeast, OneOf, Tx

KIND: Final = "digest"  # of the job
TOPIC: Final = "digest"  # what somebody says no to who wants none
AT: Final = time(9)  # on Mondays
PATIENCE: Final = timedelta(hours=24)  # older than this it waits for the next week


def ensure(tx: Tx, branch: BranchId, now: datetime) -> None:
    """Have a branch's digest made every week; does nothing where that is so already."""
    if tx.get("due_job", {"id": f"{KIND}:{branch}"}) is None:
        jobs.schedule(tx, Job(kind=KIND, subject=branch, branch=branch, due_at=now), now)


@dataclass(frozen=True, slots=True)
class Digests:
    """Does the jobs that send it.

    Attributes:
        library: The words.
        zone: Whose Monday it is.
    """

    library: Library
    zone: tzinfo

    def do(self, job: Job, now: datetime) -> Finish:
        """Send it where it is Monday, and have the next one made."""
        return partial(self._write, job=job, now=now)

    def _write(self, tx: Tx, job: Job, now: datetime) -> None:
        if job.payload and now - job.due_at <= PATIENCE:
            self._send(tx, job.branch, now)
        again = Job(
            kind=KIND,
            subject=job.subject,
            branch=job.branch,
            due_at=self._monday(now),
            payload={"weekly": "yes"},
        )
        jobs.schedule(tx, again, now)

    def _monday(self, now: datetime) -> datetime:
        start = now.astimezone(self.zone).date()
        weekly = Recurrence("FREQ=WEEKLY;BYDAY=MO", start, AT)
        return next_times(weekly, self.zone, now, 1)[0].at

    def _send(self, tx: Tx, branch: BranchId, now: datetime) -> None:
        figures = _figures(tx, branch, now)
    def lost(self, job: Job, now: datetime) -> Finish:
        """This week's could not be made: the next one is made all the same."""
        return partial(self._go_on, job=job, now=now)

        rows = tx.find("role", {"branch": branch, "name": Role.ULR.value})
        for person in sorted({str(row["person"]) for row in rows}):
            no = tx.find("opt_out", {"person": person, "topic": OneOf((ALL, TOPIC))}, limit=1)
        self._go_on(tx, job, now)

    def _go_on(self, tx: Tx, job: Job, now: datetime) -> None:
            if not no:
                self._tell(tx, PersonId(person), figures, now)

    def _tell(
        self, tx: Tx, person: PersonId, figures: Mapping[str, str | int], now: datetime
    ) -> None:
        voice = broadcast_mail.voice_of(tx, self.library.edition.content, person)
        top = figures["top"] or voice.say("digest.nothing")
        text = voice.say(
            "digest",
            waiting=figures["waiting"],
            misses=figures["misses"],
            top=top,
            stale=figures["stale"],
            begun=figures["begun"],
            finished=figures["finished"],
            sent=figures["sent"],
        )
        choices = (
            Choose(voice.say("button.digest-questions"), Act("command", ("questions", ""))),
            Choose(voice.say("button.bc-list"), Act("bc-list")),
            Choose(voice.say("button.bc-stop"), Act("opt-out", (TOPIC,))),
        )
        draft = Draft(text=text, choices=choices, kind=ReplyKind.NOTICE, personal=True)
        broadcast_mail.tell(tx, person, draft, f"{KIND}:{person}:{micros(now)}", now)


def _figures(tx: Tx, branch: BranchId, now: datetime) -> Mapping[str, str | int]:
    """What stands in it: figures, and the words that were asked most, scrubbed as they are kept."""
    week = AtLeast(micros(now - WEEK))
    of = {"branch": branch}
    missed = [str(row["words"]) for row in tx.find("miss", {**of, "at": week})]
    begun = tx.count("run", {**of, "began_at": week})
    asked = Counter(missed).most_common(1)
    return {
        "waiting": tx.count("question", {**of, "status": WAITING}),
        "misses": len(missed),
        "top": plain(asked[0][0]) if asked else "",
        "stale": len({row["entry"] for row in tx.find("review", of)}),
        "begun": begun,
        "finished": tx.count("run", {**of, "submitted_at": week}),
        "sent": tx.count("delivery", {**of, "at": week, "fate": Fate.SENT.value}),
    }
