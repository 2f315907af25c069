"""A real PostgreSQL for tests: one server for a whole run, a database for each process of it."""

import os
import subprocess
import sys
import tempfile
from fcntl import LOCK_EX, flock
from functools import cache
from pathlib import Path
from urllib.parse import quote

import psycopg

from bot.service.tables import TABLES
from bot.storage.postgres import PostgresStore
from tests.postgres import keeper

PATIENCE_S = 60  # seconds until a server that does not come up is given up


def run_pid() -> int:
    """The process that stands for the whole run: pytest's own, which is the parent of its workers."""
    return os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()


@cache
def server() -> tuple[Path, int]:
    """Folder of the socket and port of the run's server; the first to ask starts it."""
    base = Path(tempfile.gettempdir())
    folder = base / f"pathways-pg-{run_pid()}"
    with (base / f"pathways-pg-{run_pid()}.lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not (folder / "address").exists():
            _start(folder)
    where, port = (folder / "address").read_text().split()
    return Path(where), int(port)


def _start(folder: Path) -> None:
    command = [sys.executable, keeper.__file__, str(run_pid()), str(folder)]
    with (folder.parent / f"{folder.name}.log").open("w+") as said:
        made = subprocess.run(command, stdout=said, stderr=said, check=False, timeout=PATIENCE_S)
        said.seek(0)
        if made.returncode != 0:
            raise RuntimeError(f"No PostgreSQL for the tests: {said.read()}")


def url_of(database: str) -> str:
    """The address of a database of the run's server."""
    folder, port = server()
    return f"postgresql://pathways@/{database}?host={quote(str(folder), safe='')}&port={port}"


def new_database(name: str) -> str:
    """An empty database; returns its address."""
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return url_of(name)


@cache
def own_database(name: str = "own") -> str:
    """A database that this process shares with nobody, with its tables."""
    url = new_database(f"{name}_{os.getpid()}")
    PostgresStore(url).close()
    return url


def emptied(name: str = "own") -> str:
    """The address of this process's database, with nothing in its tables."""
    url = own_database(name)
    wiping = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(TABLES))  # noqa: S608 - ours
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(wiping.encode())
    return url


def empty_store() -> PostgresStore:
    """A store on it."""
    return PostgresStore(emptied())
