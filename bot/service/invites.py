"""One-time codes: how somebody gets a role. Only a hash is kept; guessing is slowed to nothing.

A code has 10 characters of a 32-letter alphabet (50 bits). Five tries in a quarter of an hour for a
person, a hundred an hour for everybody together, then a pause. Unknown, used and expired codes get
the same words, so that nobody learns which codes exist.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from bot.engine.commands import REPS
from bot.messages import BranchId, Role
from bot.service import audit, plans
from bot.service.clock import micros
from bot.service.people import Known, grant, roles_of
from bot.service.ports import AtLeast, Row, Tx, Where

CODE_LENGTH: Final = 10  # characters of a 32-letter alphabet: 50 bits
LIFETIME: Final = timedelta(days=14)
PERSON_TRIES: Final = 5
PERSON_WINDOW: Final = timedelta(minutes=15)
ALL_TRIES: Final = 100
ALL_WINDOW: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvite:
    """An invite to be made. `made_by` is a pseudonym, or `console`.

    Attributes:
        plan: The plan it lets somebody share, who has to be a rep of the branch already; empty for
            one that grants the role.
    """

    id: str
    branch: BranchId
    role: Role
    code: str
    made_by: str
    plan: str = ""


def make_invite(tx: Tx, invite: NewInvite, now: datetime) -> datetime:
    """Keep a new code; returns when it runs out."""
    expires_at = now + LIFETIME
    row: Row = {
        "id": invite.id,
        "branch": invite.branch,
        "code_hash": _hashed(tx, invite.code),
        "role": invite.role.value,
        "made_by": invite.made_by,
        "made_at": micros(now),
        "expires_at": micros(expires_at),
        "used_at": None,
        "used_by": None,
        "plan": invite.plan or None,
    }
    tx.insert("invite", row)
    audit.record(
        tx, invite.id, invite.branch, invite.made_by, "invite.made", invite.role.value, now
    )
    return expires_at


def use_code(
    tx: Tx, known: Known, code: str, fresh: str, now: datetime
) -> tuple[str, Role | None]:
    """Try a code.

    Returns:
        A wording key and the role it granted: `join.welcome`, `join.unknown` or `join.pause`. A code
        that lets somebody share a plan is not used up yet: `join.plan`, or `join.not-a-rep`.
    """
    if _too_many(tx, known, now):
        return "join.pause", None
    good: Where = {
        "code_hash": _hashed(tx, code),
        "expires_at": AtLeast(micros(now)),
        "used_at": None,
    }
    invite = tx.get("invite", good)
    if invite is not None and invite["plan"] is not None:
        return ("join.plan", None) if _may_share(tx, known, invite) else ("join.not-a-rep", None)
    used: Row = {"used_at": micros(now), "used_by": known.person}
    if invite is None or not tx.update("invite", good, used):  # another process may be quicker
        tx.insert(
            "join_try",
            {"id": fresh, "branch": known.branch, "person": known.person, "at": micros(now)},
        )
        return "join.unknown", None
    role, branch = Role(str(invite["role"])), BranchId(str(invite["branch"]))
    if branch != known.branch:
        plans.leave_all(tx, known.person, now)
        _move(tx, known, branch)
    who = audit.pseudonym(tx, known.person)
    grant(tx, Known(known.person, branch, is_new=False), role, str(invite["made_by"]), now)
    audit.record(tx, fresh, branch, who, "role.granted", role.value, now)
    return "join.welcome", role


def invite_of(tx: Tx, code: str) -> tuple[str, str]:
    """The id of the invite with a code, and the plan it is for; empty where there is none."""
    row = tx.get("invite", {"code_hash": _hashed(tx, code)}) or {}
    return str(row.get("id") or ""), str(row.get("plan") or "")


def plan_of(tx: Tx, known: Known, invite: str, now: datetime) -> str:
    """The plan that an invite lets somebody share now; empty where it does not, or no more."""
    row = tx.get("invite", {"id": invite, "used_at": None})
    is_good = row is not None and int(row["expires_at"] or 0) >= micros(now)
    return str(row["plan"] or "") if row and is_good and _may_share(tx, known, row) else ""


def spend(tx: Tx, known: Known, invite: str, now: datetime) -> None:
    """Use an invite up."""
    tx.update("invite", {"id": invite}, {"used_at": micros(now), "used_by": known.person})


def _may_share(tx: Tx, known: Known, invite: Row) -> bool:
    """Whether somebody is a rep of the invite's branch: the code alone grants no role."""
    return str(invite["branch"]) == known.branch and bool(roles_of(tx, known.person) & REPS)


def _too_many(tx: Tx, known: Known, now: datetime) -> bool:
    mine: Where = {"person": known.person, "at": AtLeast(micros(now - PERSON_WINDOW))}
    if tx.count("join_try", mine) >= PERSON_TRIES:
        return True
    return tx.count("join_try", {"at": AtLeast(micros(now - ALL_WINDOW))}) >= ALL_TRIES


def _hashed(tx: Tx, code: str) -> str:
    return blake2b(code.encode(), key=audit.install_key(tx), digest_size=16).hexdigest()


def _move(tx: Tx, known: Known, branch: BranchId) -> None:
    """A code of another branch takes the person there, with all that is theirs; roles stay behind."""
    tx.delete("role", {"person": known.person})
    for table, column in (("person", "id"), ("identity", "person"), ("session", "person")):
        tx.update(table, {column: known.person}, {"branch": branch})
    for table in ("consent", "opt_out", "feedback", "question"):
        tx.update(table, {"person": known.person}, {"branch": branch})
