"""Who did what, without saying who: people stand in the audit log under a pseudonym."""

import json
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot.errors import StoreError
from bot.messages import BranchId, PersonId
from bot.service.clock import micros
from bot.service.ports import AtLeast, Row, Tx

INSTALL_KEY: Final = "pseudonym-key"  # of the row with what tells one install from another
_LINE = ("id", "branch", "who", "what", "detail", "at")  # the columns that are tied


def install_key(tx: Tx) -> bytes:
    """The key of this install's pseudonyms.

    Raises:
        StoreError: The store was never set up.
    """
    row = tx.get("install", {"name": INSTALL_KEY})
    if row is None:
        raise StoreError("The database was not set up. Start Pathways once with this database.")
    return str(row["value"]).encode()


def set_install_key(tx: Tx, fresh: str) -> None:
    """Keep a key for pseudonyms, unless there is one."""
    tx.insert_new("install", {"name": INSTALL_KEY, "value": fresh})


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
    row: Row = {
        "id": f"{micros(now)}-{what}-{fresh}",
        "branch": branch,
        "who": who,
        "what": what,
        "detail": detail,
        "at": micros(now),
    }
    tx.insert("audit", row)
    last = _last_link(tx)
    link: Row = {
        "seq": int(last["seq"] or 0) + 1 if last else 1,
        "line": row["id"],
        "branch": branch,
        "hash": _tied(tx, str(last["hash"]) if last else "", row),
        "at": micros(now),
    }
    tx.insert("audit_link", link)


def tampered(tx: Tx) -> str | None:
    """The first line of the log that is not as it was written; None where all is as it was.

    Found are lines that were changed, added behind the program's back, or taken out of the middle.
    What the purge took from the beginning is no fault.
    """
    links = tx.find("audit_link", {}, order=("seq",))
    if not links:
        return None
    since = AtLeast(int(links[0]["at"] or 0))
    lines = {line["id"]: line for line in tx.find("audit", {"at": since})}
    before: Row | None = None
    for link in links:
        line = lines.pop(link["line"], None)
        if line is None or (before and int(link["seq"] or 0) != int(before["seq"] or 0) + 1):
            return str(link["line"])
        is_first = before is None and int(link["seq"] or 0) > 1
        tied = _tied(tx, str(before["hash"]) if before else "", line)
        if not is_first and tied != link["hash"]:
            return str(link["line"])
        before = link
    return next((str(line) for line in lines), None)  # nothing ties these to the others


def _last_link(tx: Tx) -> Row | None:
    rows = tx.find("audit_link", {}, order=("-seq",), limit=1)
    return rows[0] if rows else None


def _tied(tx: Tx, before: str, line: Row) -> str:
    """The hash of a line and of everything before it, with the key of this install."""
    text = json.dumps([before, *(line[name] for name in _LINE)], ensure_ascii=False)
    return blake2b(text.encode(), key=install_key(tx), digest_size=16).hexdigest()
