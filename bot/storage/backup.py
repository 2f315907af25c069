"""Backups: a copy at one moment while the bot runs, encrypted to a key held elsewhere.

The format is [age](https://age-encryption.org): what encrypts is public, so that neither this machine
nor whoever steals it can read its own backups. The plain copy lies beside the database, which is as
plain, and only for as long as it takes to encrypt it.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from glob import escape
from io import BufferedReader, BufferedWriter
from pathlib import Path
from shutil import copyfileobj
from tempfile import mkstemp
from typing import TYPE_CHECKING, Final

from bot.errors import Refused, StoreError
from bot.storage.aside import aside
from bot.storage.migrations import check_schema
from bot.storage.ownership import FILE_MODE, make_private_folder
from bot.storage.sqlite_errors import store_error

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient

MAGIC: Final = b"SQLite format 3\0"  # how a plain copy begins
PASSING: Final = ".part"  # how the name of a file ends that lasts as long as a backup is made
BESIDE: Final = ("", "-wal", "-shm", ".lock", ".sock")  # a database, and what lies beside one
LEFT_S: Final = 86_400.0  # seconds after which such a file is one that somebody died over
INSTALL: Final = (
    "Encrypted backups need one more package: run `pip install 'pathways-bot[backup]'`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was written.

    Attributes:
        path: Where it is.
        size: Its bytes.
        rows: How many rows are in it.
        is_encrypted: Whether a key is needed to read it.
    """

    path: Path
    size: int
    rows: int
    is_encrypted: bool


def new_key(path: Path) -> str:
    """Make a key pair: the private key goes into a file of its own, the public one is returned.

    Raises:
        Refused: The file stands already, or cannot be written; or age is not installed.
    """
    try:
        from pyrage import x25519  # noqa: PLC0415 - optional
    except ImportError as error:
        raise Refused(INSTALL) from error
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    try:
        with _private(path) as stream:
            stream.write(f"# public key: {public}\n{identity}\n".encode())
    except OSError as error:
        raise Refused(f"{path} cannot be written ({error.strerror}). Name a new file.") from error
    return public


def check_recipient(recipient: str) -> None:
    """Refuse what is no public key.

    Raises:
        Refused: It is none, or age is not installed.
    """
    _recipient(recipient)


def write_backup(database: Path, target: Path, recipient: str | None) -> Backup:
    """Copy a database, also one in use, to a new file; turns that are taken meanwhile go first.

    Args:
        database: The file of the store.
        target: Where the backup goes; it may not stand yet.
        recipient: The public key it is encrypted to; None leaves it plain.

    Raises:
        Refused: There is no database, the target stands already, or the key is none.
        StoreError: It could not be copied; no half backup is left.
    """
    if not database.exists():
        raise Refused(f"There is no database at {database} to back up.")
    return write_sealed(
        database, target, recipient, lambda copy: aside(partial(_copy, database, copy))
    )


def write_sealed(
    beside: Path, target: Path, recipient: str | None, fill: Callable[[Path], int]
) -> Backup:
    """Have a copy made in a private file, and put it encrypted under its name.

    Args:
        beside: The copy lies beside this for as long as it takes.
        target: Where the backup goes; it may not stand yet.
        recipient: The public key it is encrypted to; None leaves it plain.
        fill: Makes the copy in an empty file; returns how many rows are in it.

    Raises:
        Refused: The target stands already, or the key is none.
        StoreError: It could not be copied; no half backup is left.
    """
    if target.exists():
        raise Refused(f"{target} is there already. Name a new file.")
    if recipient is not None:
        _recipient(recipient)
    try:
        make_private_folder(target.resolve().parent)
        make_private_folder(beside.resolve().parent)
        with passing(beside) as copy:
            rows = fill(copy)
            _seal(copy, target, recipient)
    except sqlite3.Error as error:
        raise store_error(error, str(beside)) from error
    except OSError as error:
        where = error.filename or target  # it may be the copy's folder
        raise StoreError(f"No backup was made: {where} ({error.strerror}).") from error
    return Backup(
        path=target, size=target.stat().st_size, rows=rows, is_encrypted=recipient is not None
    )


def open_backup(backup: Path, copy: Path, identity: Path | None) -> int:
    """Make the plain database of a backup, and check that it is whole.

    Args:
        backup: The file.
        copy: Where the database goes; replaced where it stands.
        identity: The file with the private key; None for a plain backup.

    Returns:
        How many rows are in it.

    Raises:
        Refused: The key does not fit or is missing, or the backup is none.
        SchemaTooNew: A newer version of Pathways made it.
    """
    copy.unlink(missing_ok=True)
    try:
        with backup.open("rb") as sealed, _private(copy) as plain:
            _unseal(backup, sealed, plain, identity)
        with closing(sqlite3.connect(copy)) as connection:
            check_schema(connection, str(backup))
            return _checked(connection)
    except OSError as error:
        raise Refused(f"{backup} cannot be read ({error.strerror}).") from error
    except sqlite3.Error as error:
        raise Refused(f"{backup} is damaged. Take another backup.") from error


def _copy(database: Path, copy: Path) -> int:
    """One moment of a database, without its free pages; the bot goes on writing meanwhile."""
    with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)) as source:
        source.execute("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as connection:
        return _checked(connection)


def _checked(connection: sqlite3.Connection) -> int:
    """How many rows a database holds, once it is known to be whole."""
    if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("not whole")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    counts = (
        connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - its own tables
        for (name,) in names
    )
    return int(sum(counts))


@contextmanager
def passing(beside: Path) -> Iterator[Path]:
    """A new private file beside another one, for a while; no other backup has it.

    What SQLite keeps beside it goes with it, and so does what a backup left that died half-way.
    """
    start = f".{beside.name}."
    descriptor, name = mkstemp(PASSING, start, beside.parent)
    os.close(descriptor)
    made = Path(name)
    try:
        oldest = made.stat().st_mtime - LEFT_S
        for left in beside.parent.glob(f"{escape(start)}*{PASSING}"):
            if left.stat().st_mtime < oldest:
                tidy(left)
        yield made
    finally:
        tidy(made)


def tidy(path: Path) -> None:
    """Take a database away, with all that lies beside it while it is open."""
    for end in BESIDE:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _seal(copy: Path, target: Path, recipient: str | None) -> None:
    """The copy under its own name, encrypted; it stands there whole or not at all."""
    with passing(target) as part:
        with copy.open("rb") as plain, part.open("wb") as sealed:
            if recipient is None:
                copyfileobj(plain, sealed)
            else:
                import pyrage  # noqa: PLC0415 - optional; the recipient was read with it

                pyrage.encrypt_io(plain, sealed, [_recipient(recipient)])
            sealed.flush()
            os.fsync(sealed.fileno())
        part.replace(target)


def _unseal(
    backup: Path, sealed: BufferedReader, plain: BufferedWriter, identity: Path | None
) -> None:
    """Write the database of a backup that was opened."""
    is_plain = sealed.read(len(MAGIC)) == MAGIC
    sealed.seek(0)
    if is_plain:
        copyfileobj(sealed, plain)
        return
    if identity is None:
        raise Refused(
            f"{backup} is encrypted. Name the file with the private key: --identity KEY."
        )
    try:
        import pyrage  # noqa: PLC0415 - optional
    except ImportError as error:
        raise Refused(INSTALL) from error
    keys = _keys(identity)
    try:
        pyrage.decrypt_io(sealed, plain, [pyrage.x25519.Identity.from_str(key) for key in keys])
    except (pyrage.DecryptError, pyrage.IdentityError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disk's own trouble; age has no number for a part that was changed
        raise Refused(
            f"The key in {identity} does not open {backup}, or the backup is damaged."
        ) from error


def _keys(identity: Path) -> list[str]:
    lines = identity.read_text().splitlines()
    keys = [line.strip() for line in lines if line.strip().startswith("AGE-SECRET-KEY-")]
    if not keys:
        raise Refused(f"{identity} holds no private key: a line that begins with AGE-SECRET-KEY-.")
    return keys


def _recipient(text: str) -> "Recipient":
    try:
        import pyrage  # noqa: PLC0415 - optional
    except ImportError as error:
        raise Refused(INSTALL) from error
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError as error:
        raise Refused(
            "That is no public key: it begins with age1. `pathways backup --new-key FILE` makes one."
        ) from error


def _private(path: Path) -> BufferedWriter:
    """A new file that only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, FILE_MODE)
    return os.fdopen(descriptor, "wb")
