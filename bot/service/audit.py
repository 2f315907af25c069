"""Who did what, without saying who: people stand in the audit log under a pseudonym."""

from datetime import datetime
from hashlib import blake2b

from bot.errors import StoreError
from bot.messages import BranchId, PersonId
from bot.service.clock import micros
from bot.service.ports import Tx

_KEY = "pseudonym-key"


def install_key(tx: Tx) -> bytes:
    """The key of this install's pseudonyms.

    Raises:
        StoreError: The store was never set up.
    """
    row = tx.get("install", {"name": _KEY})
    if row is None:
        raise StoreError("The database was not set up. Start Pathways once with this database.")
    return str(row["value"]).encode()


def set_install_key(tx: Tx, fresh: str) -> None:
    """Keep a key for pseudonyms, unless there is one."""
    tx.insert_new("install", {"name": _KEY, "value": fresh})


def pseudonym(tx: Tx, person: PersonId, salt: str = "") -> str:
    """A name for a person that leads back to nobody without the key of this install.

    Args:
        tx: To read the key.
        person: Whom to name.
        salt: Another salt gives another name: a month, so that months cannot be joined.
    """
    return blake2b(f"{salt}:{person}".encode(), key=install_key(tx), digest_size=8).hexdigest()


def record(  # noqa: PLR0913, PLR0917 - a row of the log has these columns
    tx: Tx, fresh: str, branch: BranchId, who: str, what: str, detail: str, now: datetime
) -> None:
    """Add a line to the audit log.

    Args:
        tx: The transaction of the thing that is done.
        fresh: Unique; becomes the line's id.
        branch: Whose it is.
        who: A pseudonym, or `console` for somebody at the machine.
        what: The event's name, such as `invite.made`.
        detail: Facts, never words that somebody wrote.
        now: When.
    """
    tx.insert(
        "audit",
        {
            "id": f"{micros(now)}-{what}-{fresh}",
            "branch": branch,
            "who": who,
            "what": what,
            "detail": detail,
            "at": micros(now),
        },
    )
