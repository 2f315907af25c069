"""How much Slack takes: each method has its tier, and posting has limits of its own.

From "Rate limits" of Slack's documentation: so many calls of a method a minute in a workspace, by its
tier, with short bursts; one message a second to a channel; and several hundred messages a minute to a
workspace, of which we take the least there can be. Its buckets are the strict reading of each.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final

POSTS_PER_S: Final = 300 / 60  # messages to a workspace
POSTS_AT_ONCE: Final = 10.0
CHANNEL_PER_S: Final = 1.0  # messages to one channel
CHANNEL_AT_ONCE: Final = 5.0
FEW: Final = 10.0  # calls of a method of the first tier at once: "a small amount of burst"
TIERS: Final[Mapping[str, float]] = {  # calls a minute
    "apps.connections.open": 1,
    "chat.postEphemeral": 100,
    "chat.update": 50,
    "conversations.members": 100,
    "conversations.open": 50,
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
    "views.open": 100,
    "views.publish": 100,
}


def hurried() -> float:
    """Seconds that pass a thousand times as fast, where a test does in moments what takes people hours."""
    return time.monotonic() * 1_000


@dataclass(slots=True)
class _Bucket:
    per_s: float
    size: float
    tokens: float
    at: float

    def missing_s(self, now: float) -> float:
        """Seconds until there is a token; 0 where there is one."""
        self.tokens = min(self.tokens + max(now - self.at, 0) * self.per_s, self.size)
        self.at = max(now, self.at)
        return max(1 - self.tokens, 0.0) / self.per_s


class Limits:
    """Says which calls are too many.

    Args:
        clock: Seconds that only rise.
        posts_per_s: Messages that the workspace takes.
    """

    def __init__(self, clock: Callable[[], float], posts_per_s: float = POSTS_PER_S) -> None:
        self._clock = clock
        self._posts_per_s = posts_per_s
        self._buckets: dict[str, _Bucket] = {}

    def wait_s(self, method: str, arguments: Mapping[str, Any]) -> int:
        """Whole seconds to wait before this call, as `Retry-After` says them; 0: it is carried out."""
        buckets = list(self._of(method, arguments))
        missing = max((one.missing_s(self._clock()) for one in buckets), default=0.0)
        if missing > 1e-6:
            return max(ceil(missing), 1)
        for one in buckets:
            one.tokens -= 1
        return 0

    def _of(self, method: str, arguments: Mapping[str, Any]) -> list[_Bucket]:
        if method == "chat.postMessage":
            channel = f"{method} {arguments.get('channel')}"
            return [
                self._bucket(method, self._posts_per_s, POSTS_AT_ONCE),
                self._bucket(channel, CHANNEL_PER_S, CHANNEL_AT_ONCE),
            ]
        if method not in TIERS:
            return []
        per_minute = TIERS[method]
        return [self._bucket(method, per_minute / 60, max(per_minute, FEW))]

    def _bucket(self, name: str, per_s: float, size: float) -> _Bucket:
        return self._buckets.setdefault(name, _Bucket(per_s, size, size, self._clock()))
