"""Leaves out of a question what only says how somebody feels: "what the hell does it cost" is about cost."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from bot.language.normalising import tokens
from bot.language.word_lists import word_list

Run = tuple[str, ...]

ASKING: Final = {
    "wtf": "what",
    "wth": "what",
    "wtaf": "what",
}  # a question word and a curse in one


def without_swearing(words: Sequence[str]) -> tuple[str, ...]:
    """Some words without curses; all of them where nothing else would be left.

    Args:
        words: Normalised tokens.
    """
    runs = _runs()
    if runs.keys().isdisjoint(words) and ASKING.keys().isdisjoint(words):
        return tuple(words)
    kept: list[str] = []
    at = 0
    while at < len(words):
        run = next(
            (one for one in runs.get(words[at], ()) if tuple(words[at : at + len(one)]) == one), ()
        )
        if not run:
            kept.append(ASKING.get(words[at], words[at]))
        at += len(run) or 1
    return tuple(kept or words)


@cache
def _runs() -> Mapping[str, tuple[Run, ...]]:
    """Runs of words by their first word, the longest first."""
    found: dict[str, set[Run]] = defaultdict(set)
    for line in word_list("swearing"):
        run = tokens(line)
        found[run[0]].add(run)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in found.items()}
