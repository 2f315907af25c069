"""A phrasing put in other words, which the matcher has not seen, finds the same entry: a rate."""

from functools import cache
from pathlib import Path

import yaml

from bot.wiring import load_edition

FIRST = 0.68  # of all find their entry first
AMONG_THREE = 0.87


@cache
def places() -> tuple[int, ...]:
    """Where the right entry stood for each wording, from 0; 10 where it was not in the ranking."""
    text = (Path(__file__).parent / "second_wordings.yaml").read_text(encoding="utf-8")
    edition = load_edition(None)
    found: list[int] = []
    for entry, wordings in yaml.safe_load(text)["second_wordings"].items():
        for words in wordings:
            ranked = [one.entry for one in edition.reader.read(words).first.ranked]
            found.append(ranked.index(entry) if entry in ranked else 10)
    return tuple(found)


def test_there_are_enough_of_them() -> None:
    assert len(places()) > 3000


def test_most_find_their_entry_first() -> None:
    assert sum(place == 0 for place in places()) / len(places()) >= FIRST


def test_nearly_all_find_it_among_three() -> None:
    assert sum(place < 3 for place in places()) / len(places()) >= AMONG_THREE
