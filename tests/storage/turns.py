"""A turn as the service makes it, without the talking: key, session, answer and reply at once.

And what its traces must look like afterwards, however the process that made it ended.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StaleSession
from bot.service.ports import Row, Tx, Where


@dataclass(frozen=True, slots=True)
class Update:
    """What a platform delivers: its own id of it, whose it is, and which answer it gives."""

    key: str
    person: str
    number: int


def turn(update: Update) -> Callable[[Tx], bool]:
    """The work of one turn; it returns False where the update was taken in before."""

    def work(tx: Tx) -> bool:
        if not tx.insert_new("inbound_key", {"key": update.key, "branch": "b", "at": 1}):
            return False
        version, numbers = _load(tx, update.person)
        state = json.dumps([*numbers, update.number])
        where: Where = {"person": update.person, "version": version}
        if tx.update("session", where, {"version": version + 1, "state": state}) != 1:
            raise StaleSession
        _answer(tx, update)
        _reply(tx, update)
        return True

    return work


def _load(tx: Tx, person: str) -> tuple[int, list[int]]:
    tx.insert_new("branch", {"id": "b", "name": "Rail", "created_at": 1})
    tx.insert_new("person", {"id": person, "branch": "b", "language": "en", "created_at": 1})
    new: Row = {"person": person, "branch": "b", "version": 0, "state": "[]", "updated_at": 1}
    tx.insert_new("session", new)
    session = tx.get("session", {"person": person}) or new
    return int(str(session["version"])), json.loads(str(session["state"]))


def _answer(tx: Tx, update: Update) -> None:
    tx.insert(
        "feedback",
        {
            "person": update.person,
            "about": update.key,
            "branch": "b",
            "helpful": update.number,
            "at": 1,
        },
    )


def _reply(tx: Tx, update: Update) -> None:
    row: Row = {
        "id": f"{update.key}:0",
        "branch": "b",
        "person": update.person,
        "seq": update.number,
        "channel": "telegram",
        "address": update.person,
        "place": "private",
        "lane": "reply",
        "policy": "resend",
        "body": "x" * 300,
        "status": "queued",
        "tries": 0,
        "due_at": 1,
        "made_at": 1,
    }
    tx.insert("outbox", row)


def wrongs(db_path: Path, acknowledged: Collection[Update]) -> list[str]:
    """Everything that is wrong with a database after these updates were acknowledged.

    Others may be in it too, but then wholly: each with its answer, its reply and its step of the
    session, once.
    """
    with closing(sqlite3.connect(db_path)) as database:
        database.execute("PRAGMA synchronous=OFF")
        found = [text for (text,) in database.execute("PRAGMA integrity_check") if text != "ok"]
        if found:
            return found
        try:
            return _wrong_rows(database, acknowledged)
        except sqlite3.OperationalError as error:  # cut before the tables were there
            return [str(error)] if acknowledged else []


def _wrong_rows(database: sqlite3.Connection, acknowledged: Collection[Update]) -> list[str]:
    keys = {key for (key,) in database.execute("SELECT key FROM inbound_key")}
    answers = Counter(key for (key,) in database.execute("SELECT about FROM feedback"))
    replies = Counter(key[:-2] for (key,) in database.execute("SELECT id FROM outbox"))
    wrong = [f"lost {update}" for update in acknowledged if update.key not in keys]
    if answers != Counter(keys):
        wrong.append(f"answers {answers.items() ^ Counter(keys).items()}")
    if replies != Counter(keys):
        wrong.append(f"replies {replies.items() ^ Counter(keys).items()}")
    return wrong + _wrong_sessions(database)


def _wrong_sessions(database: sqlite3.Connection) -> list[str]:
    given: dict[str, list[int]] = {}
    for person, number in database.execute("SELECT person, helpful FROM feedback"):
        given.setdefault(person, []).append(number)
    wrong = []
    for person, version, state in database.execute("SELECT person, version, state FROM session"):
        numbers = json.loads(state)
        if sorted(numbers) != sorted(given.get(person, [])) or version != len(numbers):
            wrong.append(f"session of {person}: version {version}, {numbers}")
    return wrong
