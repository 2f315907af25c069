"""What `pathways doctor` looks at on PostgreSQL. Changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import psycopg

from bot.errors import StoreError
from bot.storage.migrations import STEPS
from bot.storage.postgres_connection import connect
from bot.storage.postgres_errors import shown, store_error
from bot.storage.postgres_rows import Connection
from bot.storage.postgres_schema import taken_steps

CLOCK_S: Final = 5.0  # seconds that the clocks of two machines may differ
SPARE: Final = 10  # connections that should be left for others
RIGHTS: Final = """SELECT has_schema_privilege(current_schema(), 'CREATE'),
    coalesce(bool_and(has_table_privilege(quote_ident(tablename), 'SELECT, INSERT, UPDATE, DELETE')
        AND tableowner = current_user), true)
    FROM pg_tables WHERE schemaname = current_schema()"""
WRITING: Final = "SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')"
ROOM: Final = """SELECT current_setting('max_connections')::int
    - current_setting('superuser_reserved_connections')::int - count(*)
    FROM pg_stat_activity WHERE backend_type = 'client backend'"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that was looked at; `is_well` None where it could be better."""

    is_well: bool | None
    what: str


def look(url: str, now: Callable[[], datetime]) -> Iterator[Seen]:
    """Look at a database: whether it can be reached, is new enough, ours, and may be written."""
    name = shown(url)
    try:
        with closing(connect(url)) as connection:
            yield Seen(is_well=True, what=f"{name} runs PostgreSQL {_version(connection)}.")
            if wrong := [*_writing(connection, name), *_rights(connection, name)]:
                yield from wrong
                return
            yield _steps(connection, name)
            yield from _room(connection, name)
            yield from _durability(connection, name)
            yield from _clock(connection, name, now)
    except StoreError as error:
        yield Seen(is_well=False, what=str(error))
    except psycopg.Error as error:
        yield Seen(is_well=False, what=str(store_error(error, name)))


def is_up_to_date(url: str) -> bool:
    """Whether it has all our tables, so that nothing has to be made before it is read.

    Raises:
        StoreError: It cannot be read, or is not ours.
    """
    name = shown(url)
    try:
        with closing(connect(url)) as connection:
            is_written = not list(_writing(connection, name))
            return is_written and len(taken_steps(connection, name)) == len(STEPS)
    except psycopg.Error as error:
        raise store_error(error, name) from error


def _writing(connection: Connection, name: str) -> Iterator[Seen]:
    ((is_standby, read_only),) = connection.execute(WRITING.encode()).fetchall()
    if is_standby:
        what = f"{name} is a standby: it only follows another server. Name that one, the primary."
        yield Seen(is_well=False, what=what)
    elif read_only == "on":
        what = (
            f"{name} takes no changes (default_transaction_read_only is on). Turn that off there."
        )
        yield Seen(is_well=False, what=what)


def _clock(connection: Connection, name: str, now: Callable[[], datetime]) -> Iterator[Seen]:
    ((theirs,),) = connection.execute(b"SELECT extract(epoch FROM clock_timestamp())").fetchall()
    ahead_s = now().timestamp() - float(str(theirs))
    if abs(ahead_s) > CLOCK_S:
        where = "ahead of" if ahead_s > 0 else "behind"
        what = f"The clock is {abs(ahead_s):.0f} s {where} that of {name}. Turn time synchronisation on"
        yield Seen(is_well=None, what=f"{what}, on both machines.")


def _version(connection: Connection) -> str:
    return connection.info.parameter_status("server_version") or "of no known version"


def _steps(connection: Connection, name: str) -> Seen:
    missing = len(STEPS) - len(taken_steps(connection, name))
    if missing == len(STEPS):
        return Seen(is_well=True, what="It is empty. Its tables are made at the first start.")
    if missing:
        return Seen(
            is_well=True, what=f"{missing} steps of its tables are taken at the next start."
        )
    return Seen(is_well=True, what="Its tables are up to date.")


def _rights(connection: Connection, name: str) -> Iterator[Seen]:
    ((may_create, may_use),) = connection.execute(RIGHTS.encode()).fetchall()
    user = connection.info.user
    if not may_create:
        fix = f'GRANT CREATE ON SCHEMA public TO "{user}"'
        yield Seen(is_well=False, what=f"{name}: {user} may not make tables. Run `{fix};` there.")
    if not may_use:
        yield Seen(
            is_well=False,
            what=f"{name}: {user} does not own all tables. Name the user that does, or change their "
            f'owner (`ALTER TABLE ... OWNER TO "{user}";`).',
        )


def _room(connection: Connection, name: str) -> Iterator[Seen]:
    ((room,),) = connection.execute(ROOM.encode()).fetchall()
    if int(str(room)) < SPARE:
        yield Seen(
            is_well=None, what=f"{name} has {room} connections left. Raise max_connections."
        )


def _durability(connection: Connection, name: str) -> Iterator[Seen]:
    for setting in ("fsync", "full_page_writes"):
        ((value,),) = connection.execute(f"SHOW {setting}".encode()).fetchall()
        if value != "on":
            what = f"{name} has {setting} off: a power cut can lose what was acknowledged. Turn it on."
            yield Seen(is_well=None, what=what)
