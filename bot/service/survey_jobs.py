"""A survey closes by itself two hours after its last day, and whoever opened it is told."""

from datetime import datetime
from functools import partial
from typing import Final

from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.messages import BranchId, PersonId, Place, ReplyKind, plain
from bot.service import audit, jobs, outbox, people, sessions, surveys
from bot.service.job_runner import Finish
from bot.service.jobs import Job
from bot.service.library import Library
from bot.service.outbox import Target
from bot.service.ports import Clock, Row, Tx

KIND: Final = "close-survey"


def close_at(tx: Tx, survey: str, branch: BranchId, due_at: datetime, now: datetime) -> None:
    """Have a survey closed at a moment, and not at an earlier one that was said before."""
    jobs.schedule(tx, Job(kind=KIND, subject=survey, branch=branch, due_at=due_at), now)


class SurveyCloser:
    """Does the jobs that close surveys.

    Args:
        library: The words that say so.
        clock: Chance for ids.
    """

    def __init__(self, library: Library, clock: Clock) -> None:
        self._library = library
        self._clock = clock

    def do(self, job: Job, now: datetime) -> Finish:
        """Close a survey; what it returns does all of it."""
        return partial(self._close, job=job, now=now, fresh=self._clock.fresh())

    def _close(self, tx: Tx, *, job: Job, now: datetime, fresh: str) -> None:
        row = tx.get("survey", {"id": job.subject, "closed_at": None})
        if row is None:
            return  # somebody closed it meanwhile
        surveys.close(tx, job.subject, now)
        audit.record(tx, fresh, job.branch, "clock", "survey.closed", job.subject, now)
        if row["person"] is not None:
            self._tell(tx, PersonId(str(row["person"])), row, f"closed:{fresh}", now)

    def _tell(self, tx: Tx, person: PersonId, row: Row, key: str, now: datetime) -> None:
        """Tell whoever opened it, in their own chat."""
        address = people.private_address(tx, person)
        if address is None:
            return
        language, wording = people.language_of(tx, person), self._library.edition.content.wording
        text = wording.say(
            "survey.job-closed", language, survey=plain(str(row["workplace"] or row["flow"]))
        )
        show = Choose(
            wording.say("button.survey-results", language),
            Act("survey-results", (str(row["id"]),)),
        )
        draft = Draft(text=text, choices=(show,), kind=ReplyKind.NOTICE, personal=True)
        reply = sessions.show_between_turns(tx, person, draft)
        branch = BranchId(str(row["branch"]))
        target = Target(branch=branch, person=person, address=address, place=Place.PRIVATE)
        outbox.queue(tx, target, (reply,), key, now)
