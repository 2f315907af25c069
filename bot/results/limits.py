"""The least numbers of people that are shown: one place, for surveys, maps and plans."""

from typing import Final

SHOWN_FROM: Final = 5  # people; fewer are never shown to anybody who did not count them
SENSITIVE_FROM: Final = 10  # people, where the question is sensitive
