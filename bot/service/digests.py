"""The weekly digest for union learning reps: five lines, each about something one can act on (J6)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import partial
from typing import Final

from bot.engine.broadcast_texts import at_least
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.language.recurrence import Recurrence, next_times
from bot.messages import BranchId, PersonId, ReplyKind, Role, plain
from bot.planning.recipients import ALL, WEEK, Fate
from bot.results.limits import SHOWN_FROM
from bot.service import broadcast_mail, jobs
from bot.service.clock import micros, moment
from bot.service.desks import WAITING
from bot.service.job_runner import Finish
from bot.service.jobs import Job
from bot.service.library import Library
from bot.service.ports import AtLeast, OneOf, Row, Tx, Where

KIND: Final = "digest"  # of the job
TOPIC: Final = "digest"  # what somebody says no to who wants none
AT: Final = time(9)  # on Mondays
STILL: Final = timedelta(weeks=4)  # a plan in which nothing was done for so long is stuck
PATIENCE: Final = timedelta(hours=24)  # older than this it waits for the next week


def ensure(tx: Tx, branch: BranchId, now: datetime) -> None:
    """Have a branch's digest made every week; does nothing where that is so already."""
    if tx.get("due_job", {"id": f"{KIND}:{branch}"}) is None:
        jobs.schedule(tx, Job(kind=KIND, subject=branch, branch=branch, due_at=now), now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figures:
    """What stands in it.

    Attributes:
        top: The words that were asked most, scrubbed as they are kept; empty for none.
        begun: What was filled in, by enough people to be told; else 0. So is `finished`.
    """

    waiting: int
    misses: int
    top: str
    stale: int
    begun: int
    finished: int
    stuck: int
    sent: int


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

    def lost(self, job: Job, now: datetime) -> Finish:
        """This week's could not be made: the next one is made all the same."""
        return partial(self._go_on, job=job, now=now)

    def _write(self, tx: Tx, job: Job, now: datetime) -> None:
        if job.payload and now - job.due_at <= PATIENCE:
            self._send(tx, job.branch, now)
        self._go_on(tx, job, now)

    def _go_on(self, tx: Tx, job: Job, now: datetime) -> None:
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
        rows = tx.find("role", {"branch": branch, "name": Role.ULR.value})
        for person in sorted({str(row["person"]) for row in rows}):
            no = tx.find("opt_out", {"person": person, "topic": OneOf((ALL, TOPIC))}, limit=1)
            if not no:
                self._tell(tx, PersonId(person), figures, now)

    def _tell(self, tx: Tx, person: PersonId, figures: _Figures, now: datetime) -> None:
        voice = broadcast_mail.voice_of(tx, self.library.edition.content, person)
        top = figures.top or voice.say("digest.nothing")
        text = voice.say(
            "digest",
            waiting=figures.waiting,
            misses=figures.misses,
            top=top,
            stale=figures.stale,
            begun=at_least(voice, figures.begun),
            finished=at_least(voice, figures.finished),
            stuck=figures.stuck,
            sent=figures.sent,
        )
        choices = (
            Choose(voice.say("button.digest-questions"), Act("command", ("questions", ""))),
            Choose(voice.say("button.bc-list"), Act("bc-list")),
            Choose(voice.say("button.bc-stop"), Act("opt-out", (TOPIC,))),
        )
        draft = Draft(text=text, choices=choices, kind=ReplyKind.NOTICE, personal=True)
        broadcast_mail.tell(tx, person, draft, f"{KIND}:{person}:{micros(now)}", now)


def _figures(tx: Tx, branch: BranchId, now: datetime) -> _Figures:
    week = AtLeast(micros(now - WEEK))
    of: Where = {"branch": branch}
    missed = tx.find("miss", {**of, "at": week})
    return _Figures(
        waiting=tx.count("question", {**of, "status": WAITING}),
        misses=len(missed),
        top=plain(_most_asked(missed)),
        stale=len({row["entry"] for row in tx.find("review", of)}),
        begun=_of_several(tx.find("run", {**of, "began_at": week})),
        finished=_of_several(tx.find("run", {**of, "submitted_at": week})),
        stuck=_stuck(tx, branch, now - STILL),
        sent=tx.count("delivery", {**of, "at": week, "fate": Fate.SENT.value}),
    )


def _stuck(tx: Tx, branch: BranchId, since: datetime) -> int:
    """Action plans in hand in which nobody has done anything since then."""
    plans = tx.find("plan", {"branch": branch, "ended_at": None})
    old = [row["id"] for row in plans if str(row["made_on"]) < since.date().isoformat()]
    lately = AtLeast(micros(since))
    return sum(not tx.find("plan_event", {"plan": one, "at": lately}, limit=1) for one in old)


def _most_asked(missed: list[Row]) -> str:
    """The words that most people asked; empty where too few did.

    Whoever asks has another name each month, so people are counted within one.
    """
    askers: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in missed:
        month = f"{moment(int(row['at'] or 0)):%Y-%m}"
        askers[str(row["words"]), month].add(str(row["asker"]))
    most = max(askers, key=lambda asked: len(askers[asked]), default=None)
    return most[0] if most and len(askers[most]) >= SHOWN_FROM else ""


def _of_several(runs: list[Row]) -> int:
    """How many, where that is not the doing of a few people."""
    return len(runs) if len({row["person"] for row in runs}) >= SHOWN_FROM else 0
