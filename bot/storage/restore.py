"""Putting a backup in the place of the database: set right first, then swapped in one step."""

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, TypeVar

from bot.errors import StoreError
from bot.service import moving
from bot.service.ports import Row, Store, Tx
from bot.service.restoring import Forgotten, is_of_one_install
from bot.storage import forgotten
from bot.storage.backup import open_backup, passing, tidy
from bot.storage.ownership import make_private_folder, own
from bot.storage.sqlite import SQLiteStore

T = TypeVar("T")
BESIDE: Final = ("-wal", "-shm")  # what SQLite keeps beside a database


def restore(
    backup: Path,
    database: Path,
    identity: Path | None,
    set_aside: Path,
    settle: Callable[[Tx, Sequence[Row]], T],
    unknown: Callable[[Store], None],
) -> T:
    """Put a backup in the place of the database.

    Args:
        backup: The backup.
        database: What it replaces, where it stands; nobody may own it.
        identity: The file with the private key; None for a plain backup.
        set_aside: Where the database that is replaced goes.
        settle: Sets the backup right, given the tombstones of the database that is replaced.
        unknown: Called with the backup where nobody knows these; what it raises ends the restore.

    Returns:
        What `settle` returned.

    Raises:
        StoreBusy: Pathways is running on this database.
        Refused: The backup cannot be opened; nothing was changed.
        StoreError: It could not be put there; the database is as it was.
    """
    owned = own(database)
    part = owned.path.with_name(f".{owned.path.name}.restore")
    try:
        left = forgotten.in_file(owned.path)
        open_backup(backup, part, identity)
        store = SQLiteStore(part)
        try:
            settled = set_right(store, left, settle, unknown)
            store.checkpoint().result()
        finally:
            store.close()
        _swap(part, owned.path, set_aside)
    except OSError as error:
        raise StoreError(f"{database} cannot be replaced ({error.strerror}).") from error
    finally:
        tidy(part)
        owned.release()
    return settled


def restore_into(
    backup: Path,
    target: Store,
    beside: Path,
    identity: Path | None,
    right: Callable[[Store], T],
    tell: Callable[[int, int], None],
) -> T:
    """Put a backup into an empty store of whatever kind; it is there wholly and set right, or not at all.

    Args:
        backup: The backup.
        target: Where it goes.
        beside: The opened backup lies beside this for as long as it takes.
        identity: The file with the private key; None for a plain backup.
        right: Sets the opened backup right before anything of it is written; what it raises ends all.
        tell: Is told of rows as they are done, and how many there are to do.

    Returns:
        What `right` returned.

    Raises:
        Refused: The backup cannot be opened, or the target is not empty.
        StoreError: It could not be read or written.
    """
    try:
        make_private_folder(beside.resolve().parent)
        with passing(beside) as part:
            open_backup(backup, part, identity)
            with closing(SQLiteStore(part)) as store:
                settled = right(store)
                whole = moving.count(store) * moving.READ_TIMES
                moving.move(store, target, is_rehearsal=False, tell=lambda rows: tell(rows, whole))
    except OSError as error:
        raise StoreError(
            f"{backup} cannot be opened beside {beside} ({error.strerror})."
        ) from error
    return settled


def set_right(
    store: Store,
    left: Forgotten | None,
    settle: Callable[[Tx, Sequence[Row]], T],
    unknown: Callable[[Store], None],
) -> T:
    """Settle a store that was put back, of whatever kind.

    Args:
        store: What was put back.
        left: What the database that is replaced says; None where it cannot be read. Where it is of
            another install, nobody knows who was forgotten, either.
        settle: As `restore` takes it.
        unknown: As `restore` takes it.

    Returns:
        What `settle` returned.
    """
    stones: Sequence[Row] = ()
    if left is not None and store.submit(lambda tx: is_of_one_install(tx, left)).result():
        stones = left.stones
    else:
        unknown(store)
    return store.submit(lambda tx: settle(tx, stones)).result()


def _swap(part: Path, database: Path, set_aside: Path) -> None:
    """The old database keeps its log until it is out of the way; then the new one takes the name."""
    if database.stat().st_size:
        set_aside.hardlink_to(database)
        for end in BESIDE:
            log = database.with_name(database.name + end)
            if log.exists():
                log.rename(set_aside.with_name(set_aside.name + end))
    part.replace(database)
