"""Setting a store right after a backup was put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.service import outbox, privacy
from bot.service.clock import moment
from bot.service.ports import Row, Tx

_DATED: Final = (  # what every day of a bot leaves something in
    ("inbound_key", "at"),
    ("audit", "at"),
    ("person", "created_at"),
    ("tombstone", "at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was set right.

    Attributes:
        forgotten: People that the backup had brought back, and who were forgotten again.
        unsent: Messages that waited when the backup was made; they may have gone out since.
    """

    forgotten: int
    unsent: int


def last_known(tx: Tx) -> datetime | None:
    """When the newest thing in a store happened; None where nothing ever did."""
    newest = [
        int(row[column] or 0)
        for table, column in _DATED
        for row in tx.find(table, {}, order=(f"-{column}",), limit=1)
    ]
    return moment(max(newest)) if newest else None


def settle(tx: Tx, tombstones: Sequence[Row], now: datetime) -> Settled:
    """Forget again who was forgotten since, and send nothing a second time.

    Args:
        tx: On the store that was put back.
        tombstones: Rows of the table `tombstone` that were written since the backup.
        now: The time.
    """
    for stone in tombstones:
        if not tx.insert_new("tombstone", stone):
            mark = {"identity_hash": stone["identity_hash"]}
            known = tx.get("tombstone", mark) or {}
            latest = max(int(stone["at"] or 0), int(known.get("at") or 0))
            tx.update("tombstone", mark, {"at": latest})
    return Settled(forgotten=privacy.apply_tombstones(tx, now), unsent=outbox.abandon_all(tx, now))
