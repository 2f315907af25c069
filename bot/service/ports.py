"""What the service needs from the outside: a store, channels, a clock and chance.

Ports belong to their user. Adapters satisfy them without knowing each other; `bot/wiring.py` alone
imports both sides.
"""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from bot.messages import Address, Place, Reply

T = TypeVar("T")
Scalar = str | int | float | None
Row = Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class AtMost:
    """Matches a value at or below this one; never an empty one."""

    value: int | float | str


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Matches a value at or above this one; never an empty one."""

    value: int | float | str


@dataclass(frozen=True, slots=True)
class OneOf:
    """Matches any of these values; with none, matches nothing."""

    values: tuple[str | int, ...]


Condition = Scalar | AtMost | AtLeast | OneOf
Where = Mapping[str, Condition]


@dataclass(frozen=True, slots=True)
class Selection:
    """What `Tx.find` may be asked for; with a limit of 1 and no order, what `Tx.get` may be."""

    table: str
    where: Where
    order: tuple[str, ...] = ()
    limit: int | None = None


# Yields what will be read, gets the rows of each, and yields what follows from them.
Foresight = Generator[Sequence[Selection], Sequence[Sequence[Row]], None]


class Tx(Protocol):
    """One transaction: rows in, rows out. Table and column names are constants of `tables.py`.

    Everything a piece of work does through it happens wholly or not at all. A condition that is a
    bare value means equality; `None` matches an empty column.
    """

    def insert(self, table: str, row: Row) -> None:
        """Add a row.

        Raises:
            Inconsistent: A row with this key stands already, a reference is missing, a column is
                unknown, or a required one is empty. The work is rolled back.
        """

    def insert_all(self, table: str, rows: Sequence[Row]) -> None:
        """Add many rows with the same columns, faster than one by one.

        Raises:
            Inconsistent: As `insert` does. The work is rolled back.
        """

    def insert_new(self, table: str, row: Row) -> bool:
        """Add a row unless its key, or a unique column of it, stands already.

        Returns:
            False where it stood: nothing was written.
        """

    def get(self, table: str, where: Where) -> Row | None:
        """The one row that matches, or None. With several, the first by primary key."""

    def find(
        self,
        table: str,
        where: Where,
        *,
        order: Sequence[str] = (),
        limit: int | None = None,
    ) -> list[Row]:
        """The rows that match.

        Args:
            table: A table of `tables.py`.
            where: All conditions must hold.
            order: Columns to sort by, `-` before one for falling; then always the primary key.
            limit: At most so many rows; None for all.
        """

    def update(self, table: str, where: Where, changes: Row) -> int:
        """Change the rows that match; returns how many."""

    def amend(self, table: str, where: Where, changes: Row) -> None:
        """Change the rows that match, where nobody asks how many: it may be sent with later changes."""

    def delete(self, table: str, where: Where) -> int:
        """Delete the rows that match; returns how many.

        Raises:
            Inconsistent: Another row refers to one of them.
        """

    def count(self, table: str, where: Where) -> int:
        """How many rows match."""

    def alone(self) -> None:
        """From here on nobody else may be writing: what follows reads and changes what is not its own.

        Where others may be, the work is broken off here, nothing of it is kept, and it runs once more
        from its beginning with the store to itself. Let what this raises pass.
        """


def select(tx: Tx, selection: Selection) -> list[Row]:
    """The rows of a selection."""
    return tx.find(selection.table, selection.where, order=selection.order, limit=selection.limit)


@dataclass(frozen=True, slots=True)
class Foreseen(Generic[T]):
    """Work that says beforehand what it will probably read.

    A store that lies a way off then fetches it for everybody who waits, at once; others only do the work.
    What the work sees and what comes of it is the same, whatever was foreseen.

    Attributes:
        work: What to do.
        reads: Begins to say what it will read. It only looks at the rows it gets, and changes nothing.
    """

    work: Callable[[Tx], T]
    reads: Callable[[], Foresight] = field(repr=False)

    def __call__(self, tx: Tx) -> T:
        """Do the work."""
        return self.work(tx)


def foreseen_as(work: Callable[[Tx], T], wrapped: Callable[[Tx], T]) -> Callable[[Tx], T]:
    """Work that was wrapped into something, with what was foreseen of it."""
    return Foreseen(wrapped, work.reads) if isinstance(work, Foreseen) else wrapped


class Store(Protocol):
    """Keeps rows, one piece of work after the other, each in one transaction."""

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        """Queue a piece of work; it runs on the writer, and is durable when this resolves.

        The future raises what `work` raised (nothing of it was written then), or a StoreError where
        the store could not commit. Callable from any thread.

        Args:
            work: What to do. Where several processes share a store and one is in another's way, it may
                be undone and run again, so it changes nothing but rows. A `Foreseen` is quicker where
                the store lies a way off.
            locks: None: nobody else writes meanwhile, in any process. Names: work without a common
                name may run at the same time in another process. None are needed by what only reads,
                or only changes rows on conditions that say what it expects of them.
        """

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        """Queue a short piece of work that does not wait behind others, nor for anybody's lock.

        For what must be on disk within a moment, however much waits. Else as `submit`.
        """

    def checkpoint(self) -> "Future[None]":
        """Leave no trace of deleted rows in the store's files, when this resolves."""

    def close(self) -> None:
        """Finish what is queued, then let go of the file. Later work is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a channel can show; the renderer asks this and never which channel it is.

    Attributes:
        text_limit: Characters of one message.
        max_options: Buttons below one message; 0 where there are none, only numbers.
        label_limit: Characters of a button's label.
        restyles: Whether a sent message can be edited.
    """

    text_limit: int
    max_options: int
    label_limit: int
    restyles: bool


class Channel(Protocol):
    """The way out to people on one medium."""

    name: str
    capabilities: Capabilities

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """Send one reply.

        Args:
            address: Where to.
            place: Whether others can read there.
            reply: What to say.
            key: The outbox key of this delivery, for channels that can carry one.
            file: The bytes of its attachment; None for none, and where they are gone.

        Returns:
            The receipt: the channel's own id of what was sent.

        Raises:
            Throttled: Try again later; the others go on.
            Unreachable: Never try again.
            OutcomeUnknown: It may have arrived.
        """


class Showing(Protocol):
    """A channel that can say beforehand how something will look there."""

    def look(self, reply: Reply, place: Place) -> tuple[str, ...]:
        """What people read there of a reply, by the renderer that sends it; nothing is sent.

        Args:
            reply: What would be said.
            place: Whether others could read it there.

        Returns:
            The words of each message, without markup; its buttons are lines at the end of the last.
        """


class Clock(Protocol):
    """Time and chance: the only places they come from."""

    def now(self) -> datetime:
        """The time, aware and in UTC."""

    def fresh(self) -> str:
        """26 random characters of `a-z2-7`: 130 bits that nobody can guess."""
