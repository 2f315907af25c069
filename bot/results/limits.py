"""The least numbers of people that are shown: one place, for surveys, maps and plans."""

from typing import Final

SHOWN_FROM: Final = 5  # people; fewer are never shown to anybody who did not count them
SENSITIVE_FROM: Final = 10  # people, where the question is sensitive


def in_steps(count: int) -> int | None:
    """A count of people as it may be told: in steps of the least number that is shown.

    Returns:
        The step at or below it; None for too few.
    """
    return count - count % SHOWN_FROM if count >= SHOWN_FROM else None
