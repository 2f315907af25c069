"""Connects to PostgreSQL the one way we use it: checked, in UTC-free numbers, with bounded waits."""

import re
from contextlib import ExitStack
from typing import Final

import psycopg
from psycopg import conninfo
from psycopg.types.numeric import Int8Dumper

from bot.errors import StoreError
from bot.storage.postgres_errors import shown, store_error
from bot.storage.postgres_rows import Connection

OLDEST: Final = 130_000  # PostgreSQL 13
CONNECT_S: Final = 5  # seconds to reach the server
PREPARED: Final = 512  # statements that the server keeps ready
SETTINGS: Final[dict[str, str]] = {
    "synchronous_commit": "on",  # an acknowledged turn survives a power cut
    "default_transaction_isolation": "read committed",
    "idle_in_transaction_session_timeout": "2s",  # a frozen process lets go of its locks
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "timezone": "UTC",
    "enable_hashjoin": "off",  # rows for many at once are found by their keys, one after the other,
    "enable_mergejoin": "off",  # also where the planner still takes a table for a small one
    "tcp_user_timeout": "10s",
}
NETWORK: Final[dict[str, int]] = {  # a network that went silent is given up after 11 s at most
    "keepalives": 1,
    "keepalives_idle": 5,  # seconds
    "keepalives_interval": 2,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds
}
COMPRESSION: Final = """SELECT set_config(name, 'lz4', false) FROM pg_settings
    WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)"""  # a quarter of the work
_DURABLE: Final = frozenset({"on", "remote_apply", "remote_write"})
_UTF8: Final = re.compile("utf-?8", re.IGNORECASE)


def connect(url: str) -> Connection:
    """Open a connection, in autocommit; transactions are begun and ended by hand.

    Raises:
        StoreError: The server cannot be reached, is too old, or keeps text in another way.
    """
    name = shown(url)
    try:
        connection = psycopg.connect(
            bounded(url),
            autocommit=True,
            connect_timeout=CONNECT_S,
            application_name="pathways",
            prepare_threshold=0,
            client_encoding="utf-8",
        )
    except psycopg.Error as error:
        raise _unreached(error, name) from error
    with ExitStack() as undo:
        undo.callback(connection.close)
        _set_up(connection, name)
        undo.pop_all()
    return connection


def bounded(url: str) -> str:
    """The address with bounds on waiting for a network that went silent, where it names none itself.

    Raises:
        psycopg.Error: It is no address.
    """
    named = conninfo.conninfo_to_dict(url)
    return conninfo.make_conninfo(
        url, **{name: value for name, value in NETWORK.items() if name not in named}
    )


def _unreached(error: psycopg.Error, name: str) -> StoreError:
    text = str(error).lower()
    if "pg_hba.conf" in text:
        return StoreError(
            f"{name} does not let this user in from here. Add a line to its pg_hba.conf."
        )
    if "ssl" in text:
        return StoreError(
            f"{name} does not speak TLS as its address asks (sslmode). Change either."
        )
    if "too many" in text or "connection slots" in text:
        return StoreError(f"{name} has no connection left. Raise max_connections there.")
    if "password" in text or "authentication" in text:
        return StoreError(f"{name} did not let us in. Check the user and the password.")
    if "does not exist" in text:
        return StoreError(f"{name} does not exist, or its user does not. Create it first.")
    return store_error(error, name)


def _set_up(connection: Connection, name: str) -> None:
    if connection.info.server_version < OLDEST:
        raise StoreError(
            f"{name} is too old. Pathways needs PostgreSQL {OLDEST // 10_000} or newer."
        )
    try:
        encoding = connection.info.parameter_status("server_encoding") or ""
        if not _UTF8.fullmatch(encoding):
            raise StoreError(f"{name} keeps text as {encoding}. Create it with ENCODING 'UTF8'.")
        connection.prepared_max = PREPARED
        connection.adapters.register_dumper(
            int, Int8Dumper
        )  # one statement for numbers of any size
        settings = ", ".join(
            f"set_config('{key}', '{value}', false)" for key, value in SETTINGS.items()
        )
        connection.execute(f"SELECT {settings}".encode())
        connection.execute(COMPRESSION)
    except psycopg.Error as error:
        raise store_error(error, name) from error
