"""What a breach may have reached: whose data, of which kinds, and what was done with rights meanwhile.

Article 33 of the UK GDPR gives 72 hours to tell the Information Commissioner, and asks for the people
concerned, the kinds of data and how many records.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.service.clock import micros
from bot.service.ports import AtLeast, AtMost, Row, Tx
from bot.service.tables import TABLES

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


def look(tx: Tx, since: datetime, until: datetime, noticed: datetime) -> Incident:
    """What whoever had the store between two moments could have read.

    Data that was deleted since is not counted, since it is gone: the span should end today.
    """
    identities = [row for row in tx.find("identity", {}) if _was_there(row, until)]
    done = [
        str(row["what"])
        for row in tx.find("audit", {"at": AtLeast(micros(since))})
        if int(row["at"] or 0) <= micros(until)
    ]
    channels = [str(row["channel"]) for row in identities]
    return Incident(
        people=len({row["person"] for row in identities}),
        channels=_counted(channels),
        kinds=_kinds(tx, until),
        returns=tx.count("survey_return", {}) + tx.count("survey_pool", {}),
        done=_counted(done),
        tell_by=noticed + NOTICE,
    )


def accounts(tx: Tx, until: datetime) -> list[tuple[str, str]]:
    """Channel and account of everybody concerned, so that they can be told."""
    rows = tx.find("identity", {"created_at": AtMost(micros(until))})
    return sorted((str(row["channel"]), str(row["account"])) for row in rows)


def _kinds(tx: Tx, until: datetime) -> list[Kind]:
    found = []
    for table in TABLES:
        if table.personal is None:
            continue
        rows = [row for row in tx.find(table.name, {}) if row[table.personal.column] is not None]
        there = [row for row in rows if _was_there(row, until)]
        if there:
            people = {row[table.personal.column] for row in there}
            found.append(Kind(table.personal.shown_as, len(people), len(there)))
    return found


def _was_there(row: Row, until: datetime) -> bool:
    """Whether a row may have stood by then: one that does not say when it was made may have."""
    moments = [int(row[name] or 0) for name in row if name == "at" or name.endswith("_at")]
    made = [moment for moment in moments if moment]
    return not made or min(made) <= micros(until)


def _counted(names: Sequence[str]) -> list[tuple[str, int]]:
    return sorted((name, names.count(name)) for name in set(names))
