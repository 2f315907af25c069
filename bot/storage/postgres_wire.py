"""Statements that travel to the server together: sent at once, prepared once, answered at once.

psycopg's own pipeline sends each statement by itself, with three calls of the operating system, and the
server wakes up for each. Here all of them leave in one piece, and all answers are read at the end.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from psycopg.adapt import Transformer
from psycopg.errors import Error, InvalidSqlStatementName, error_from_result
from psycopg.generators import fetch_many, pipeline_communicate
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from bot.service.ports import Scalar
from bot.storage.postgres_rows import Connection

Answer = tuple[int, list[tuple[Scalar, ...]]]  # rows touched, rows read
Prepared = dict[str, bytes]  # what the statements of a connection are called on its server
_FAILED: Final = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED})


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters.

    Attributes:
        sql: With `$1`, `$2` ... for the parameters.
        values: The parameters, as the server reads them.
        count: How many rows it has to touch; None for any number.
    """

    sql: str
    values: Sequence[str] = ()
    count: int | None = None


def array_of(values: Sequence[Scalar]) -> str:
    """Values as the parameter of an array; none of them is empty."""
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


def ask(connection: Connection, prepared: Prepared, asked: Sequence[Statement]) -> list[Answer]:
    """Do statements one after the other, in one journey.

    Args:
        connection: On it, with or without a transaction.
        prepared: Of this connection; what is new is added.
        asked: The statements, at least one.

    Returns:
        The answer to each.

    Raises:
        psycopg.Error: The first refusal; those after it were not done.
    """
    fresh = dict.fromkeys(one.sql for one in asked if one.sql not in prepared)
    names = prepared | {sql: b"w%d" % number for number, sql in enumerate(fresh, len(prepared))}
    pgconn = connection.pgconn

    def send() -> None:
        for sql in fresh:
            pgconn.send_prepare(names[sql], sql.encode())
        for one in asked:
            pgconn.send_query_prepared(names[one.sql], [value.encode() for value in one.values])
        pgconn.pipeline_sync()

    pgconn.enter_pipeline_mode()
    try:
        results = connection.wait(_talk(connection, send, len(fresh) + len(asked)))
    finally:
        pgconn.exit_pipeline_mode()
    made = zip(fresh, results, strict=False)  # those that the server took, also before a refusal
    prepared.update((sql, names[sql]) for sql, one in made if one.status not in _FAILED)
    if failed := next((one for one in results if one.status in _FAILED), None):
        raise _error(failed, prepared)
    return list(_answers(connection, results[len(fresh) :]))


def _talk(
    connection: Connection, send: Callable[[], None], count: int
) -> Generator[Any, Any, list[PGresult]]:
    """Send, and read so many results and the mark behind them."""
    found = yield from pipeline_communicate(connection.pgconn, deque([send]))
    while len(found) <= count:
        found.append((yield from fetch_many(connection.pgconn)))
    return [results[0] for results in found[:count]]


def _error(failed: PGresult, prepared: Prepared) -> Error:
    error = error_from_result(failed)
    if isinstance(error, InvalidSqlStatementName):
        prepared.clear()  # somebody let go of them: they are made anew
    return error


def _answers(connection: Connection, results: Sequence[PGresult]) -> Iterator[Answer]:
    reader = Transformer(connection)
    for result in results:
        reader.set_pgresult(result)
        yield result.command_tuples or 0, reader.load_rows(0, result.ntuples, tuple)
