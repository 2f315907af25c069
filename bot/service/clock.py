"""The one place that reads the clock and draws chance."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final

_LETTERS: Final = b"abcdefghijklmnopqrstuvwxyz234567" * 8  # for each byte; all as often


class SystemClock:
    """The machine's own time and chance.

    Args:
        offset: Added to the time, for talking to the bot on another day.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        return datetime.now(UTC) + self._offset

    def fresh(self) -> str:
        """26 random characters of `a-z2-7`."""
        return secrets.token_bytes(26).translate(_LETTERS).decode()


DAY_S: Final = 86_400
SECOND: Final = 1_000_000  # microseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """A moment as the store writes it: microseconds since 1970 in UTC."""
    since = moment - _EPOCH
    return (
        since.days * DAY_S + since.seconds
    ) * SECOND + since.microseconds  # no division: it is slow


def moment(micros_: int) -> datetime:
    """The moment that the store wrote as microseconds."""
    return _EPOCH + timedelta(microseconds=micros_)
