"""Texts to read: the phrase lists, and what Hypothesis makes of their words."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from bot.knowledge.wording import Wording
from tests.builders import shipped

FOLDER = Path(__file__).parent


def phrase_list(name: str) -> dict[str, list[list[Any]]]:
    parsed = yaml.safe_load((FOLDER / f"phrases-{name}.yaml").read_text(encoding="utf-8"))
    assert parsed.pop("version") == 1
    assert isinstance(parsed, dict)
    return parsed


def words(sections: Sequence[str]) -> list[str]:
    """Every word of some sections of both lists."""
    lists = (phrase_list(name) for name in ("development", "heldout"))
    found = {
        w
        for each in lists
        for section in sections
        for row in each[section]
        for w in row[0].split()
    }
    assert len(found) > 20, "are the phrases where I look?"
    return sorted(found)


def texts(*sections: str) -> st.SearchStrategy[str]:
    """Anything at all, and the words that the readers know in any order."""
    known = st.sampled_from(words(sections))
    numbers = st.integers(-5, 10**9).map(str)
    made = st.lists(st.one_of(known, known, numbers), min_size=1, max_size=8)
    joined = st.tuples(made, st.sampled_from((" ", " ", ", ", "-", "/", ""))).map(
        lambda t: t[1].join(t[0])
    )
    return st.one_of(joined, st.text(max_size=60), st.text(min_size=200, max_size=4096))


def wording() -> Wording:
    return Wording.model_validate(yaml.safe_load(shipped()["wording.yaml"]))
