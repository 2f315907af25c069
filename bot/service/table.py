"""How a table is declared: its columns, its keys, and what it holds about people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

ColumnType = Literal["text", "integer", "real"]
TEXT: Final = "text"
INTEGER: Final = "integer"
REAL: Final = "real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What a table holds about a person.

    Attributes:
        column: The column with the person's id.
        on_forget: `delete` the rows, or `blank` the column where others need the row.
        shown_as: What the rows are called in `/mydata`, in plain words.
        hidden: Columns that `/mydata` leaves out, with the reason in the table's comment.
        also: Further columns with the id of a person; forgetting them blanks these.
    """

    column: str
    on_forget: Literal["delete", "blank"]
    shown_as: str
    hidden: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table.

    Attributes:
        name: Its name in SQL.
        columns: Name to type, in order.
        key: The primary key.
        optional: Columns that may be empty.
        unique: Further sets of columns that may not occur twice (empty ones may).
        indexes: Sets of columns that are searched by.
        references: Column to the table whose single-column key it holds.
        personal: What it holds about people; None for nothing.
        is_shuffled: Whether its rows lie in the order of their key and no other, so that the file does
            not say which came first.
        kept_with: The class of `retention.yaml` that says how long, and the column with the survey whose
            close it counts from: rows that have no time of their own.
        kept: The class of `retention.yaml` that says how long, and the column that counts; None: always.
    """

    name: str
    columns: Mapping[str, ColumnType]
    key: tuple[str, ...]
    optional: frozenset[str] = frozenset()
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    personal: Personal | None = None
    is_shuffled: bool = False
    kept: tuple[str, str] | None = None
    kept_with: tuple[str, str] | None = None
