"""Rights in chat: see everything, delete everything.

All of it walks the registry in `tables.py`: a new table that holds something on people is covered on
the day it is declared, and a test fails if it declares nothing.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot.messages import BranchId, PersonId, Place, Reply, plain
from bot.service import audit
from bot.service.clock import micros, moment
from bot.service.doing import Doing
from bot.service.files import FileRequest, MadeFile
from bot.service.people import Known
from bot.service.ports import AtLeast, Row, Tx, Where
from bot.service.table import Table
from bot.service.tables import TABLES

SHOWN_ROWS: Final = 10  # of one kind in the chat; the file has all
VALUE: Final = 120  # characters of a value in the chat; likewise
_INNER: Final = frozenset(  # columns that only the program has a use for
    {
        "id",
        "branch",
        "seq",
        "version",
        "state",
        "secret",
        "tries",
        "receipt",
        "lane",
        "policy",
        "subject",
        "due_at",
        "ended_at",
    }
)
_TIMES: Final = frozenset(
    {"at", "created_at", "updated_at", "given_at", "withdrawn_at", "granted_at"}
)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one table about one person."""

    table: Table
    rows: tuple[Row, ...]


def held(tx: Tx, person: PersonId) -> tuple[Held, ...]:
    """Everything kept about a person, table by table; tables with nothing are left out."""
    found: list[Held] = []
    for table in TABLES:
        if table.personal is None:
            continue
        rows = tuple(tx.find(table.name, {table.personal.column: person}))
        if rows:
            hidden = frozenset(table.personal.hidden)
            cut = tuple({k: v for k, v in row.items() if k not in hidden} for row in rows)
            found.append(Held(table, cut))
    return tuple(found)


def copy_of(tx: Tx, person: PersonId) -> str:
    """Everything kept about a person as JSON: the copy that the law speaks of."""
    data = {one.table.name: list(one.rows) for one in held(tx, person)}
    return json.dumps(data, ensure_ascii=False, indent=1)


def gather_copy(tx: Tx, request: FileRequest) -> MadeFile:
    """The copy as a file, for whoever asked for it. Nothing of it is kept once it was sent."""
    return MadeFile(
        name="my-data.json",
        media_type="application/json",
        content=copy_of(tx, request.person).encode(),
        caption=request.content.wording.say("mydata.file", request.language),
        is_fleeting=True,
    )


def shown(doing: Doing) -> tuple[Reply]:
    """Everything kept about the person in words; every detail of it comes as a file."""
    blocks: list[str] = []
    for one in held(doing.tx, doing.known.person):
        name = one.table.personal.shown_as if one.table.personal else one.table.name
        said = (_line(one.table, row) for row in one.rows[:SHOWN_ROWS])
        lines = [f"- {line}" for line in said if line]
        if len(one.rows) > SHOWN_ROWS:
            lines.append(
                f"- {doing.content.wording.say('mydata.more', count=len(one.rows) - SHOWN_ROWS)}"
            )
        rows = "\n".join(lines)
        blocks.append(f"**{name}** ({len(one.rows)})\n\n{rows}".strip())
    head = doing.say("mydata.head")
    text = "\n\n".join((head.text, *blocks, doing.say("mydata.foot").text))
    return (Reply(text=text, kind=head.kind, personal=True),)


def _line(table: Table, row: Row) -> str:
    """What a row says to people: no ids, counters or inner state; empty where it says nothing else."""
    inner = {*_INNER, *table.references, table.personal.column if table.personal else ""}
    said = (
        f"{plain(key.replace('_', ' '))}: {value}"
        for key, kept in row.items()
        if key not in inner and (value := _value(key, kept))
    )
    return "; ".join(said)


def _value(key: str, value: object) -> str:
    """A value in words; empty where it is none for people."""
    if value is None:
        return ""
    if key in _TIMES or key.endswith("_at"):
        return f"{moment(int(str(value))):%d %B %Y %H:%M} UTC"
    text = _inside(str(value))
    return plain(text if len(text) <= VALUE else f"{text[:VALUE]} ...")


def _inside(text: str) -> str:
    """What a text says; of JSON the text or the value in it, and nothing where it has neither."""
    if not text.startswith(("{", "[", '"')):
        return text
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if isinstance(found, dict):
        found = found.get("text", found.get("value"))
    if isinstance(found, list):
        found = ", ".join(str(one) for one in found if not isinstance(one, (dict, list)))
    return "" if found is None or isinstance(found, dict) else " ".join(str(found).split())


def forget(doing: Doing) -> Reply:
    """Delete a person in this transaction, and leave a tombstone for backups that are put back."""
    who = audit.pseudonym(doing.tx, doing.known.person)
    count = erase(doing.tx, doing.known, doing.now)
    audit.record(
        doing.tx,
        doing.view.fresh,
        doing.known.branch,
        who,
        "person.forgotten",
        f"{count} rows",
        doing.now,
    )
    return doing.say("forget.done", count=count)


def erase(tx: Tx, known: Known, now: datetime) -> int:
    """Delete or blank every row about a person; returns how many rows that was."""
    for row in tx.find("identity", {"person": known.person}):
        stone: Row = {
            "identity_hash": tombstone(tx, str(row["channel"]), str(row["account"])),
            "branch": known.branch,
            "at": micros(now),
        }
        if not tx.insert_new("tombstone", stone):
            tx.update("tombstone", {"identity_hash": stone["identity_hash"]}, {"at": micros(now)})
    count = _unsend(tx, known.person)
    for table in reversed(TABLES):  # children stand after their parents
        if table.personal is None:
            continue
        where = {table.personal.column: known.person}
        if table.personal.on_forget == "delete":
            count += tx.delete(table.name, where)
        else:
            count += tx.update(table.name, where, {table.personal.column: None})
        for column in table.personal.also:
            tx.update(table.name, {column: known.person}, {column: None})
    return count


def _unsend(tx: Tx, person: PersonId) -> int:
    """Delete what still waits for this person under nobody's name, such as a copy of their data."""
    private = {"place": Place.PRIVATE.value, "person": None}
    addresses = {
        (row["channel"], row[column])
        for table, column in (("identity", "account"), ("outbox", "address"))
        for row in tx.find(table, {"person": person})
    }
    return sum(
        tx.delete("outbox", {**private, "channel": channel, "address": address})
        for channel, address in addresses
    )


def tombstone(tx: Tx, channel: str, account: str) -> str:
    """The mark of a forgotten account: a keyed hash that leads back to nobody without this install."""
    key = audit.install_key(tx)
    return blake2b(f"{channel}:{account}".encode(), key=key, digest_size=16).hexdigest()


def apply_tombstones(tx: Tx, now: datetime) -> int:
    """After a backup was put back: forget again whom it brought back. Returns how many people.

    Whoever came back by themselves, after they had been forgotten, stays.
    """
    gone = 0
    for row in tx.find("identity", {}):
        mark: Where = {
            "identity_hash": tombstone(tx, str(row["channel"]), str(row["account"])),
            "at": AtLeast(int(row["created_at"] or 0)),
        }
        if tx.get("tombstone", mark) is not None:
            known = Known(PersonId(str(row["person"])), BranchId(str(row["branch"])), is_new=False)
            erase(tx, known, now)
            gone += 1
    return gone
