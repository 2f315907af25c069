"""One transaction on PostgreSQL with many pieces of work in it, each whole or not at all."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus

from bot.errors import Done, Raised, attempted
from bot.service.ports import Foreseen, Scalar, Tx
from bot.storage.postgres_ahead import AheadRows, Look, UnforeseenError
from bot.storage.postgres_rows import Connection, PostgresRows
from bot.storage.postgres_wire import Prepared, Statement, array_of, ask
from bot.storage.transaction import Transaction

EVERYTHING: Final = 7_020_116_010  # the advisory lock of the whole store
ALONE_IDLE: Final = "30s"  # work that has the store to itself may compute for so long
_BEGIN: Final = Statement("BEGIN")
_COMMIT: Final = Statement("COMMIT")
_ALONE: Final = (
    _BEGIN,
    Statement(f"SELECT pg_advisory_xact_lock({EVERYTHING})"),
    Statement(  # in the place of _BUSY, and returns no rows: nobody else holds a lock
        f"SET LOCAL idle_in_transaction_session_timeout = '{ALONE_IDLE}'"
    ),
)
_LOCKING: Final = (_BEGIN, Statement(f"SELECT pg_advisory_xact_lock_shared({EVERYTHING})"))
_BUSY: Final = (
    "SELECT lock FROM unnest($1::bigint[]) AS lock WHERE NOT pg_try_advisory_xact_lock(lock)"
)


def lock_number(name: str) -> int:
    """The number of an advisory lock; two names in one number only wait for each other needlessly."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


@dataclass(slots=True, eq=False)
class Piece:
    """A queued piece of work.

    Attributes:
        work: What to do.
        future: Gets what it returned or raised.
        locks: Numbers of the locks it needs; None: nobody else may write meanwhile.
        is_begun: Whether its future runs, so that it cannot be cancelled any more.
        tries: How often it was undone because others were in the way.
        since: When it came, on the monotonic clock.
        is_ahead: Whether it waits for nobody, not even for work that is alone.
    """

    work: Callable[[Tx], object]
    future: "Future[Any]"
    locks: frozenset[int] | None
    is_begun: bool = False
    tries: int = 0
    since: float = field(default_factory=time.monotonic)
    is_ahead: bool = False

    @property
    def is_alone(self) -> bool:
        """Whether nobody else may write meanwhile."""
        return self.locks is None

    @property
    def foreseen(self) -> Foreseen[object] | None:
        """The work, where it says what it will read."""
        return self.work if isinstance(self.work, Foreseen) else None


@dataclass(frozen=True, slots=True)
class Ended:
    """A piece of work, and what it came to."""

    piece: Piece
    end: Done[object] | Raised


def _broken_off(piece: Piece, tx: Transaction, end: Raised) -> Ended | None:
    """What a piece came to of which nothing is kept; None where it has to be done once more, alone."""
    if not tx.must_be_alone:
        return Ended(piece, end)
    piece.locks = None
    return None


class Batch:
    """Runs pieces of work in one transaction.

    Args:
        connection: Without a transaction.
        name: The database, for messages.
        prepared: What is prepared on the connection.

    Attributes:
        is_committing: Whether the commit was sent: without an answer nobody knows how it ended.
    """

    def __init__(self, connection: Connection, name: str, prepared: Prepared) -> None:
        self._connection = connection
        self._name = name
        self._prepared = prepared
        self._rows = PostgresRows(connection, name)
        self._is_single = False
        self._is_marked = False
        self.is_committing = False

    def run(self, pieces: Sequence[Piece]) -> tuple[list[Ended], list[Piece]]:
        """Do what can be done now, and commit it.

        Args:
            pieces: All alone, or none of them. Where the first was in somebody's way before, only that
                one is done: by itself it holds nothing that another transaction could wait for.

        Returns:
            What is done, and what is to be done later: others hold its locks, or it must be alone.

        Raises:
            psycopg.Error: Nothing was committed, or nobody knows; see `is_committing`.
        """
        chosen = pieces[:1] if pieces[0].tries else pieces
        ends, left = self._in_one_or_other_way(chosen)
        return ends, [*left, *pieces[len(chosen) :]]

    def give_up(self) -> None:
        """Undo everything, as far as the connection lets us."""
        with suppress(psycopg.Error):
            if self._connection.info.transaction_status is not TransactionStatus.IDLE:
                self._take_back("ROLLBACK")

    def _in_one_or_other_way(self, pieces: Sequence[Piece]) -> tuple[list[Ended], list[Piece]]:
        """Read and write for all at once; where that fails, and for what may be long, one by one.

        What has the store to itself may be the move of a whole database, or a night's work: it is not kept
        in memory until its end, unless it is a turn.
        """
        if all(piece.foreseen or not piece.is_alone for piece in pieces):
            with suppress(UnforeseenError):
                return self._run_ahead(_foreseen_first(pieces))
            self.give_up()
        busy = self._begin(pieces)
        done = self._run_free(pieces, busy, self._run)
        self._end(done[0])
        return done

    def _run_ahead(self, pieces: Sequence[Piece]) -> tuple[list[Ended], list[Piece]]:
        """Do pieces that are read for at the start, and of which nothing is written before the end."""
        rows = AheadRows(self._connection, self._name, self._prepared)
        looks = [(piece, Look(work.reads())) for piece in pieces if (work := piece.foreseen)]
        answers = rows.read_ahead([look for _, look in looks], _opening(pieces))
        busy = {int(str(lock)) for _, found in answers[len(_LOCKING) :] for (lock,) in found}
        free = [look for piece, look in looks if busy.isdisjoint(piece.locks or ())]
        while any(look.questions for look in free):
            rows.read_ahead(free)
        done = self._run_free(pieces, busy, partial(self._run_one_ahead, rows))
        rows.send()
        self.is_committing = True
        ask(self._connection, self._prepared, (_COMMIT,))  # also where nothing was written
        return done

    @staticmethod
    def _run_free(
        pieces: Sequence[Piece], busy: set[int], run: Callable[[Piece], Ended | None]
    ) -> tuple[list[Ended], list[Piece]]:
        """Do those whose locks we have; the others are left, and what may not overtake them."""
        ends: list[Ended] = []
        left: list[Piece] = []
        for piece in pieces:
            locks = piece.locks or frozenset()
            end = None if busy & locks else run(piece)
            if end is None:
                busy |= locks
                left.append(piece)
            else:
                ends.append(end)
        return ends, left

    def _run_one_ahead(self, rows: AheadRows, piece: Piece) -> Ended | None:
        """Do one piece; None where it has to be done once more, alone."""
        tx = Transaction(rows, is_alone=piece.is_alone)
        end = attempted(partial(tx.run, piece.work))
        tx.close()
        if isinstance(end, Done):
            rows.keep()
            return Ended(piece, end)
        if isinstance(end.error, UnforeseenError):
            raise end.error
        if rows.trouble is not None:
            raise rows.trouble from end.error
        rows.let_go()
        return _broken_off(piece, tx, end)

    def _begin(self, pieces: Sequence[Piece]) -> set[int]:
        """Begin, with all locks there are to have; returns those that others hold."""
        self._is_single = len(pieces) == 1
        mark = "" if self._is_single else "; SAVEPOINT work"
        if pieces[0].is_alone:
            self._execute(
                f"BEGIN; SET LOCAL idle_in_transaction_session_timeout = '{ALONE_IDLE}'; "
                f"SELECT pg_advisory_xact_lock({EVERYTHING}){mark}"
            )
            return set()
        if pieces[0].is_ahead:
            self._execute(f"BEGIN{mark}")
            return set()
        wanted = ", ".join(str(lock) for piece in pieces for lock in piece.locks or ())
        cursor = self._execute(
            f"BEGIN; SELECT pg_advisory_xact_lock_shared({EVERYTHING}); SELECT DISTINCT lock FROM "  # noqa: S608 - our numbers
            f"unnest(ARRAY[{wanted}]::bigint[]) AS lock WHERE NOT pg_try_advisory_xact_lock(lock){mark}"
        )
        cursor.nextset()
        cursor.nextset()
        return {int(str(lock)) for (lock,) in cursor.fetchall()}

    def _run(self, piece: Piece) -> Ended | None:
        """Do one piece; None where it has to be done once more, alone."""
        self._mark()
        tx = Transaction(self._rows, is_alone=piece.is_alone)
        end = attempted(partial(tx.run, piece.work))
        tx.close()
        if isinstance(end, Done):
            return Ended(piece, end)
        if self._rows.trouble is not None:
            raise self._rows.trouble from end.error
        self._undo()
        return _broken_off(piece, tx, end)

    def _mark(self) -> None:
        """Set the point that a piece of several is rolled back to."""
        if self._is_marked:
            self._execute("RELEASE work; SAVEPOINT work")
        self._is_marked = not self._is_single

    def _undo(self) -> None:
        """Roll one piece back; the mark stays and serves the next."""
        self._take_back("ROLLBACK" if self._is_single else "ROLLBACK TO work")
        self._is_marked = False

    def _take_back(self, statement: str) -> None:
        """Not by psycopg, which would let go of all prepared statements then."""
        ask(self._connection, self._prepared, (Statement(statement),))

    def _end(self, ends: Sequence[Ended]) -> None:
        if all(isinstance(one.end, Raised) for one in ends):
            self.give_up()
            return
        self.is_committing = True
        self._execute("COMMIT")

    def _execute(self, statements: str) -> psycopg.Cursor[tuple[Scalar, ...]]:
        return self._connection.execute(statements.encode(), prepare=False)


def _opening(pieces: Sequence[Piece]) -> Sequence[Statement]:
    """What begins a transaction, with all locks there are to have."""
    if pieces[0].is_alone:
        return _ALONE
    if pieces[0].is_ahead:
        return (_BEGIN,)
    locks = sorted({lock for piece in pieces for lock in piece.locks or ()})
    return (*_LOCKING, Statement(_BUSY, (array_of(locks),)))


def _foreseen_first(pieces: Sequence[Piece]) -> list[Piece]:
    """What says what it reads goes first, so that nobody writes there meanwhile; no lock is overtaken."""
    first: list[Piece] = []
    rest: list[Piece] = []
    passed: set[int] = set()
    for piece in pieces:
        if piece.foreseen and passed.isdisjoint(piece.locks or ()):
            first.append(piece)
        else:
            rest.append(piece)
            passed |= piece.locks or set()
    return [*first, *rest]
