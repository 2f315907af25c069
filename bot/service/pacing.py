"""How fast broadcasts go out: a bucket of tokens for each channel, in the store, so that processes share it.

A reply never waits here: it takes its token on credit, and the broadcast that goes out meanwhile waits
for it instead. What a channel asks for one address (`retry_after`) is the outbox's business. Where it may
mean all of them, the whole broadcast waits, and goes on more slowly: not every limit is published.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from bot.messages import Address
from bot.planning.recipients import PER_S
from bot.service.clock import micros, moment
from bot.service.ports import AtMost, Row, Tx

AT_ONCE: Final = 2.0  # tokens that a broadcast waits for, and that gather while nothing is sent
SIZE: Final = {
    "telegram": 5.0,
    "slack": 6.0,
}  # what gathers while we are busy, so that none is lost
BUSY_S: Final = 1.0  # seconds; after a longer silence there is no time to make up for
CREDIT: Final = 30.0  # tokens that replies may owe
SLOWER: Final = 0.8  # of the pace, after a channel asked us to wait
CALM: Final = timedelta(seconds=10)  # what else it asks within this was on its way already
GAIN_PER_S: Final = 1 / 1800  # of the full pace, won back each second: all of it in half an hour
SLOWEST: Final = 0.1  # of the full pace
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
            self._tokens[channel] = min(max(tokens - 1, -CREDIT), tokens)
            yield row

    def save(self) -> None:
        """Write the buckets back."""
        for channel, tokens in self._tokens.items():
            _save(self._tx, channel, tokens, self._now)

    def _of(self, channel: str) -> float:
        if channel not in self._tokens:
            self._tokens[channel] = _tokens(self._tx, channel, self._now)
        return self._tokens[channel]


def hold(tx: Tx, channel: str, wait_s: float, now: datetime) -> None:
    """A channel asked a broadcast to wait: all of it does, and goes on more slowly for a while."""
    if channel not in PER_S:
        return
    share = _share(tx, channel, now)
    cut = tx.get("pace", {"channel": _slowed(channel)})
    if cut is None or now - moment(int(cut["at"] or 0)) >= CALM:
        share = max(share * SLOWER, SLOWEST)
        _save(tx, _slowed(channel), share, now)
    standing = 1 - wait_s * PER_S[channel] * share
    _save(tx, channel, min(_tokens(tx, channel, now), standing), now)


def ready_at(tx: Tx, channel: str, due_at: datetime, now: datetime) -> datetime:
    """When a broadcast message that is due can go out: not before there are a few tokens."""
    if channel not in PER_S:
        return due_at
    missing, per_s = AT_ONCE - _tokens(tx, channel, now), PER_S[channel] * _share(tx, channel, now)
    return max(due_at, now + timedelta(seconds=max(missing, 0.0) / per_s))


def _tokens(tx: Tx, channel: str, now: datetime) -> float:
    """The tokens of now; a clock that was put back adds none, and takes none away."""
    row = tx.get("pace", {"channel": channel})
    if row is None:
        return AT_ONCE
    passed, had = _since(row, now), float(row["tokens"] or 0.0)
    gained = passed * PER_S[channel] * _share(tx, channel, now)
    return min(had + gained, SIZE[channel] if passed <= BUSY_S else max(AT_ONCE, had))


def _share(tx: Tx, channel: str, now: datetime) -> float:
    """How much of the full pace is kept to: less for a while after the channel asked us to wait."""
    row = tx.get("pace", {"channel": _slowed(channel)})
    if row is None:
        return 1.0
    return min(float(row["tokens"] or 0.0) + _since(row, now) * GAIN_PER_S, 1.0)


def _slowed(channel: str) -> str:
    """The name of the row that holds a channel's share; no channel has a space in its name."""
    return f"{channel} share"


def _since(row: Row, now: datetime) -> float:
    return max((now - moment(int(row["at"] or 0))).total_seconds(), 0.0)


def _save(tx: Tx, name: str, tokens: float, now: datetime) -> None:
    row: Row = {"channel": name, "tokens": tokens, "at": micros(now)}
    if not tx.insert_new("pace", row):
        tx.update("pace", {"channel": name}, row)


def space_out(tx: Tx, place: Address, lane: str, now: datetime) -> None:
    """What else of a lane waits for the same group or channel keeps its distance.

    Args:
        tx: The transaction.
        place: Where something of it arrived just now.
        lane: The lane.
        now: The time.
    """
    gap = PLACE_GAP.get(place.channel)
    if gap is None:
        return
    later = micros(now + gap)
    waiting = {"channel": place.channel, "address": place.id, "lane": lane, "status": "queued"}
    tx.update("outbox", {**waiting, "due_at": AtMost(later)}, {"due_at": later})
