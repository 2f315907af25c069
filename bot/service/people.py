"""Who somebody is: from an account on a channel to a person, their roles and their choices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.engine.view import View
from bot.errors import Refused
from bot.messages import Address, Audience, BranchId, PersonId, Place, Role
from bot.service.clock import micros
from bot.service.ports import Row, Tx

DEFAULT_BRANCH: Final = BranchId("main")


@dataclass(frozen=True, slots=True)
class Known:
    """A person and the branch they belong to; `is_new` where this is their first turn."""

    person: PersonId
    branch: BranchId
    is_new: bool


def recognise(tx: Tx, identity: Address, fresh: str) -> Known:
    """The person behind an account; a new id where nobody has written from it before."""
    row = tx.get("identity", {"channel": identity.channel, "account": identity.id})
    if row is not None:
        return Known(PersonId(str(row["person"])), BranchId(str(row["branch"])), is_new=False)
    return Known(named(fresh), DEFAULT_BRANCH, is_new=True)


def named(fresh: str) -> PersonId:
    """The id of somebody new, made of chance."""
    return PersonId(f"p-{fresh}")


def enrol(tx: Tx, known: Known, identity: Address, now: datetime) -> None:
    """Write down a new person and the account they write from."""
    person: Row = {
        "id": known.person,
        "branch": known.branch,
        "audience": None,
        "language": "en",
        "created_at": micros(now),
    }
    account: Row = {
        "channel": identity.channel,
        "account": identity.id,
        "branch": known.branch,
        "person": known.person,
        "created_at": micros(now),
    }
    tx.insert("person", person)
    tx.insert("identity", account)


def view_of(tx: Tx, known: Known, place: Place, fresh: str) -> View:
    """What a turn may know of a person, read in the turn's transaction."""
    row: Row = tx.get("person", {"id": known.person}) or {}
    audience = row.get("audience")
    return View(
        person=known.person,
        branch=known.branch,
        place=place,
        fresh=fresh,
        audience=Audience(str(audience)) if audience else None,
        language=str(row.get("language") or "en"),
        roles=roles_of(tx, known.person),
        consents=agreements_of(tx, known.person),
        opt_outs=frozenset(
            str(row["topic"]) for row in tx.find("opt_out", {"person": known.person})
        ),
    )


def agreements_of(tx: Tx, person: PersonId) -> frozenset[tuple[str, str]]:
    """Every agreement in force: its purpose, and the version of the text."""
    rows = tx.find("consent", {"person": person, "withdrawn_at": None})
    return frozenset((str(row["purpose"]), str(row["wording_hash"])) for row in rows)


def private_address(tx: Tx, person: PersonId, channel: str = "") -> Address | None:
    """Where a person can be written to alone: their own account, as it is on every channel.

    Args:
        tx: The transaction.
        person: Whom to write to.
        channel: The channel that is preferred, where they have several.
    """
    rows = tx.find("identity", {"person": person}, order=("created_at",))
    found = [Address(str(row["channel"]), str(row["account"])) for row in rows]
    preferred = [address for address in found if address.channel == channel]
    return next(iter([*preferred, *found]), None)


def language_of(tx: Tx, person: PersonId) -> str:
    """The language somebody chose; English where they chose none."""
    row = tx.get("person", {"id": person}) or {}
    return str(row.get("language") or "en")


def roles_of(tx: Tx, person: PersonId) -> frozenset[Role]:
    """What a person may do; everybody is a member."""
    granted = tx.find("role", {"person": person})
    return frozenset({Role.MEMBER, *(Role(str(row["name"])) for row in granted)})


def grant(tx: Tx, known: Known, role: Role, granted_by: str, now: datetime) -> bool:
    """Grant a role; False where the person has it already."""
    row = {
        "person": known.person,
        "name": role.value,
        "branch": known.branch,
        "granted_by": granted_by,
        "granted_at": micros(now),
    }
    return tx.insert_new("role", row)


def add_branch(tx: Tx, branch: BranchId, name: str, now: datetime) -> bool:
    """Add a branch; False where there is one of that id."""
    return tx.insert_new("branch", {"id": branch, "name": name, "created_at": micros(now)})


def require_branch(tx: Tx, branch: BranchId) -> None:
    """Say so where a branch does not exist.

    Raises:
        Refused: There is none; the text lists those there are.
    """
    if tx.get("branch", {"id": branch}) is None:
        names = ", ".join(str(row["id"]) for row in tx.find("branch", {}))
        raise Refused(
            f"There is no branch `{branch}`. There is: {names}. Add it with `pathways branch add`."
        )
