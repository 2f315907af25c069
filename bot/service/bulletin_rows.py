"""A broadcast as a row and back."""

import json
from dataclasses import replace
from datetime import datetime, tzinfo

from bot.engine.bulletins import Bulletin, hours_of
from bot.messages import BranchId, PersonId
from bot.planning.lifecycle import Status
from bot.planning.plans import Hours, Moment, decode_plan, encode_plan, opening
from bot.planning.recipients import Kind, Tally
from bot.service.clock import micros, moment
from bot.service.ports import Row

NO_TALLY = Tally()


def row_of(bulletin: Bulletin, branch: BranchId, author: PersonId, now: datetime) -> Row:
    """The row of a draft."""
    return {
        "id": bulletin.id,
        "branch": branch,
        "author": author,
        "status": Status.DRAFT.value,
        "texts": json.dumps(dict(bulletin.texts), ensure_ascii=False),
        "ready": bulletin.ready,
        "gaps": json.dumps(dict(bulletin.gaps), ensure_ascii=False),
        "kind": bulletin.kind.value if bulletin.kind else None,
        "topic": bulletin.topic,
        "audience": bulletin.audience,
        "button": bulletin.button,
        "plan": encode_plan(bulletin.plan) if bulletin.plan else None,
        "urgent": bulletin.urgent,
        "hash": bulletin.hash,
        "approved": None,
        "planned_at": None,
        "next_at": None,
        "cursor": None,
        "is_late": 0,
        "changed_at": micros(now),
    }


def bulletin_of(
    row: Row, zone: tzinfo, tally: Tally = NO_TALLY, person: PersonId | None = None
) -> Bulletin:
    """The broadcast of a row.

    Args:
        row: Of the table `broadcast`.
        zone: Whose wall clock its quiet hours go by.
        tally: What became of its recipients.
        person: Whose turn it is.
    """
    found = Bulletin(
        id=str(row["id"]),
        status=Status(str(row["status"])),
        texts=json.loads(str(row["texts"])),
        ready=str(row["ready"]),
        gaps=json.loads(str(row["gaps"])),
        kind=Kind(str(row["kind"])) if row["kind"] else None,
        topic=str(row["topic"]),
        audience=_text(row["audience"]),
        button=_text(row["button"]),
        plan=decode_plan(str(row["plan"])) if row["plan"] else None,
        urgent=str(row["urgent"]),
        tally=tally,
        is_mine=person is not None and row["author"] == person,
    )
    at = row["next_at"] if row["next_at"] is not None else row["planned_at"]
    if at is None:
        return found
    hours = hours_of(found, Hours(zone=zone))
    return replace(found, moment=moment_of(int(at), hours))


def moment_of(planned_at: int, hours: Hours) -> Moment:
    """The moment that was planned for a time, as it is now allowed to go out."""
    planned = moment(planned_at)
    return Moment(planned=planned, at=opening(planned, hours))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
