"""Many people at once, and a broadcast to all of them, put straight into a store."""

from datetime import datetime, timedelta

from bot.engine.bulletins import Bulletin
from bot.messages import PersonId, Role
from bot.planning.lifecycle import Status
from bot.planning.plans import Now
from bot.planning.recipients import Kind
from bot.service import audit, jobs, people
from bot.service.broadcasts import KIND
from bot.service.bulletin_rows import row_of
from bot.service.clock import micros
from bot.service.jobs import Job
from bot.service.ports import Row, Tx

BROADCAST = "b-crowd"
WORDS = "The survey closes on Friday."
BRANCH = people.DEFAULT_BRANCH
AUTHOR = PersonId("u-author")
FIRST = 1_000_000  # the number of the first account


def gather(tx: Tx, channel: str, count: int, now: datetime, account: str = "{}") -> None:
    """A branch with so many workplace reps, each with an account on a channel, named by a number."""
    audit.set_install_key(tx, "the key of an install")
    people.add_branch(tx, BRANCH, "Main branch", now)
    for number in range(count):
        person = f"p-{number:06}"
        row: Row = {"id": person, "branch": BRANCH, "audience": None, "language": "en"}
        tx.insert("person", {**row, "created_at": micros(now)})
        home: Row = {
            "channel": channel,
            "account": account.format(FIRST + number),
            "branch": BRANCH,
        }
        tx.insert("identity", {**home, "person": person, "created_at": micros(now)})
        role: Row = {"person": person, "name": Role.REP.value, "branch": BRANCH}
        tx.insert("role", {**role, "granted_by": "test", "granted_at": micros(now)})


def plant(tx: Tx, now: datetime, name: str = BROADCAST) -> None:
    """A broadcast to all of them that is due now; whoever wrote it is on no channel."""
    person: Row = {"id": AUTHOR, "branch": BRANCH, "audience": None, "language": "en"}
    tx.insert_new("person", {**person, "created_at": micros(now)})
    role: Row = {"person": AUTHOR, "name": Role.ULR.value, "branch": BRANCH}
    tx.insert_new("role", {**role, "granted_by": "test", "granted_at": micros(now)})
    bulletin = Bulletin(
        id=name,
        texts={"en": WORDS},
        kind=Kind.SERVICE,
        topic="news",
        audience=f"role:{Role.REP.value}",
        button="none",
        plan=Now(),
    )
    row = row_of(bulletin, BRANCH, AUTHOR, now)
    planned: Row = {"status": Status.SCHEDULED.value, "next_at": micros(now)}
    planned = {**planned, "approved": bulletin.hash}
    tx.insert("broadcast", {**row, **planned})
    due_at = now - timedelta(seconds=1)
    jobs.schedule(tx, Job(kind=KIND, subject=name, branch=BRANCH, due_at=due_at), now)
