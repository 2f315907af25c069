"""What a breach may have reached: whose data, of which kinds, and what was done with rights meanwhile.

Article 33 of the UK GDPR gives 72 hours to tell the Information Commissioner, and asks for the people
concerned, the kinds of data and how many records.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.service.clock import micros
from bot.service.moving import pages
from bot.service.ports import Row, Store
from bot.service.table import Personal, Table
from bot.service.tables import TABLE_BY_NAME, TABLES

NOTICE: Final = timedelta(hours=72)  # UK GDPR, Article 33(1)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data that lay in the store."""

    name: str
    people: int
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """What lay in the store in a span of time, and what was done.

    Attributes:
        people: How many people it knew.
        channels: How many accounts, by channel.
        kinds: What it held about them.
        returns: Anonymous survey returns; they lead to nobody.
        done: What was done with rights in that time: what, how often.
        tell_by: When the Information Commissioner has to know.
    """

    people: int
    channels: Sequence[tuple[str, int]]
    kinds: Sequence[Kind]
    returns: int
    done: Sequence[tuple[str, int]]
    tell_by: datetime


def look(store: Store, since: datetime, until: datetime, noticed: datetime) -> Incident:
    """What whoever had the store between two moments could have read.

    It is read a page at a time, so that nobody waits meanwhile. Data that was deleted since is not
    counted, since it is gone: the span should end today.
    """
    known: set[object] = set()
    channels: Counter[str] = Counter()
    for row in _there(store, TABLE_BY_NAME["identity"], until):
        known.add(row["person"])
        channels[str(row["channel"])] += 1
    done = Counter(
        str(row["what"])
        for row in _there(store, TABLE_BY_NAME["audit"], until)
        if int(row["at"] or 0) >= micros(since)
    )
    returns = store.submit(
        lambda tx: tx.count("survey_return", {}) + tx.count("survey_pool", {}), ()
    ).result()
    kinds = (_kind(store, table, table.personal, until) for table in TABLES if table.personal)
    return Incident(
        people=len(known),
        channels=sorted(channels.items()),
        kinds=[kind for kind in kinds if kind.rows],
        returns=returns,
        done=sorted(done.items()),
        tell_by=noticed + NOTICE,
    )


def accounts(store: Store, until: datetime) -> list[tuple[str, str]]:
    """Channel and account of everybody concerned, so that they can be told."""
    rows = _there(store, TABLE_BY_NAME["identity"], until)
    return sorted((str(row["channel"]), str(row["account"])) for row in rows)


def _kind(store: Store, table: Table, personal: Personal, until: datetime) -> Kind:
    """What a table held about people."""
    known: set[object] = set()
    count = 0
    for row in _there(store, table, until):
        if row[personal.column] is not None:
            known.add(row[personal.column])
            count += 1
    return Kind(personal.shown_as, len(known), count)


def _there(store: Store, table: Table, until: datetime) -> Iterator[Row]:
    """The rows of a table that may have stood by then."""
    for rows in pages(lambda read: store.submit(read, ()).result(), table):
        yield from (row for row in rows if _was_there(row, until))


def _was_there(row: Row, until: datetime) -> bool:
    """Whether a row may have stood by then: one that does not say when it was made may have."""
    moments = [int(row[name] or 0) for name in row if name == "at" or name.endswith("_at")]
    made = [moment for moment in moments if moment]
    return not made or min(made) <= micros(until)
