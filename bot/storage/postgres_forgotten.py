"""Who was forgotten in a PostgreSQL database that is replaced, and whether anybody still uses it."""

from contextlib import closing
from typing import Final

import psycopg

from bot.errors import StoreBusy, StoreError
from bot.service.restoring import Forgotten
from bot.storage.forgotten import INSTALL, STONES, found_in
from bot.storage.postgres_connection import connect
from bot.storage.postgres_errors import shown
from bot.storage.postgres_rows import Connection

OTHERS: Final = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
    AND application_name = 'pathways' AND pid <> pg_backend_pid()"""


def in_database(url: str) -> Forgotten | None:
    """Who was forgotten in a database; None where it cannot be read, or is none of ours.

    Raises:
        StoreBusy: Pathways is running on it.
    """
    try:
        with closing(connect(url)) as connection:
            _require_rest(connection, shown(url))
            installs = connection.execute(INSTALL.encode()).fetchall()
            return found_in(installs, connection.execute(STONES.encode()).fetchall())
    except StoreBusy:
        raise
    except (StoreError, psycopg.Error):
        return None


def _require_rest(connection: Connection, name: str) -> None:
    ((others,),) = connection.execute(OTHERS.encode()).fetchall()
    if others:
        raise StoreBusy(f"{name} is in use: Pathways is running. Stop it first.")
