"""How fast broadcasts go out: a bucket of tokens for each channel, in the store, so that processes share it.

A reply never waits here: it takes its token on credit, and the broadcast that goes out meanwhile waits
for it instead. What a channel asks for one address (`retry_after`) is the outbox's business.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.planning.recipients import PER_S
from bot.service.clock import micros, moment
from bot.service.ports import Row, Tx

SIZE: Final = 2.0  # tokens that gather, so that any second holds two more than the pace at most
CREDIT: Final = 30.0  # tokens that replies may owe
PLACE_GAP: Final = {  # between two broadcast messages to one group or channel
    "telegram": timedelta(seconds=3),  # 20 a minute
    "slack": timedelta(seconds=1),
}


class Pace:
    """What may go out in one claim; reads the buckets once and writes back what was taken.

    Args:
        tx: The transaction of the claim.
        now: The time.
    """

    def __init__(self, tx: Tx, now: datetime) -> None:
        self._tx = tx
        self._now = now
        self._tokens: dict[str, float] = {}

    def within(self, rows: Iterable[Row], is_bulk: Callable[[Row], bool]) -> Iterator[Row]:
        """The rows that may go out now: every reply, and as many of the others as there are tokens."""
        for row in rows:
            channel = str(row["channel"])
            if channel not in PER_S:
                yield row
                continue
            tokens = self._of(channel)
            if is_bulk(row) and tokens < 1:
                continue
            self._tokens[channel] = max(tokens - 1, -CREDIT)
            yield row

    def save(self) -> None:
        """Write the buckets back."""
        for channel, tokens in self._tokens.items():
            row: Row = {"channel": channel, "tokens": tokens, "at": micros(self._now)}
            if not self._tx.insert_new("pace", row):
                self._tx.update("pace", {"channel": channel}, row)

    def _of(self, channel: str) -> float:
        if channel not in self._tokens:
            self._tokens[channel] = _tokens(self._tx, channel, self._now)
        return self._tokens[channel]


def ready_at(tx: Tx, channel: str, due_at: datetime, now: datetime) -> datetime:
    """When a broadcast message that is due can go out: not before there are a few tokens."""
    if channel not in PER_S:
        return due_at
    missing = SIZE - _tokens(tx, channel, now)
    return max(due_at, now + timedelta(seconds=max(missing, 0.0) / PER_S[channel]))


def _tokens(tx: Tx, channel: str, now: datetime) -> float:
    """The tokens of now; a clock that was put back adds none, and takes none away."""
    row = tx.get("pace", {"channel": channel})
    if row is None:
        return SIZE
    passed = max((now - moment(int(row["at"] or 0))).total_seconds(), 0.0)
    return min(float(row["tokens"] or 0.0) + passed * PER_S[channel], SIZE)
