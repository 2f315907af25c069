"""What PostgreSQL refuses, in our words; and which refusals only mean "once more"."""

from typing import Final

import psycopg
from psycopg import conninfo, errors

from bot.errors import Inconsistent, StoreBusy, StoreError, StoreFull

CLASHES: Final = (  # another process was in the way, and the transaction is gone
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
)
_FULL: Final = (errors.DiskFull, errors.ReadOnlySqlTransaction, errors.OutOfMemory)
_RIGHTS: Final = (errors.InsufficientPrivilege, errors.InvalidSchemaName)
_CONNECTION_CLASSES: Final = ("08", "57P")  # SQL states of a connection that was ended


def is_passing(error: psycopg.Error) -> bool:
    """Whether the same transaction may go well in a moment, on this connection or a new one."""
    return isinstance(error, CLASHES) or is_connection_lost(error)


def is_connection_lost(error: psycopg.Error) -> bool:
    """Whether the connection ended: the server went away, or let go of us."""
    state = error.sqlstate
    if state is None:  # it is no answer of the server
        return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    return state.startswith(_CONNECTION_CLASSES) or isinstance(
        error, errors.IdleInTransactionSessionTimeout | errors.TransactionTimeout
    )


def store_error(error: psycopg.Error, name: str) -> StoreError:
    """The error of ours that says the same, without any value.

    Args:
        error: What psycopg raised.
        name: The database, as `shown` gives it.
    """
    if isinstance(error, errors.IntegrityError):
        return Inconsistent(f"{error.diag.message_primary}.")  # names constraints, never values
    if isinstance(error, _FULL):
        return StoreFull(
            f"{name} cannot be written: its disk is full or it is read-only. "
            "Make room or allow writing, then try again."
        )
    if isinstance(error, CLASHES):
        return StoreBusy(f"{name} is busy. Try again in a moment.")
    if is_connection_lost(error):
        return lost(name)
    if isinstance(error, _RIGHTS):
        return StoreError(f"The user of {name} may not do this. Run `pathways doctor`.")
    kind = type(error).__name__
    return StoreError(f"{name} could not be read or written ({kind}). Nothing was stored.")


def lost(name: str) -> StoreError:
    """Nobody answers."""
    return StoreError(
        f"{name} cannot be reached. See that the address is right, and that PostgreSQL runs and takes "
        "connections from here, then try again."
    )


def shown(url: str) -> str:
    """A database address without the password and whatever else it carries."""
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.Error:
        return "The database"
    where = parts.get("host") or "localhost"
    return f"The database {parts.get('dbname') or '(default)'} on {where}"
