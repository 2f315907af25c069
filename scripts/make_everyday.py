"""Writes the second half of bot/language/everyday.txt: remarks from the templates of the word table.

    python -m scripts.make_everyday > lines.txt

The guard learns from them what everyday talk is. Fields of life that come near a sensitive topic are
left out; whoever adds the lines reads them first.
"""

from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parent
COUNT: Final = 1200
SEED: Final = 3
NEAR: Final = frozenset(
    {
        "working life",
        "unions and professional life",
        "jobs",
        "health",
        "mental health and relationships",
        "law, travel papers and safety",
        "benefits and public services",
    }
)
WORDS: Final = ("visa", "solicitor", "eviction", "stole", "fraud", "emergency", "passport", "boss")


def lines() -> list[str]:
    """Different remarks, the same ones every time."""
    random = Random(SEED)  # noqa: S311 - sentences to train with, no secrets
    frames, domains = _yaml("vectors_frames.yaml"), _yaml("vectors_domains.yaml")
    everyday = [domain for name, domain in domains.items() if name not in NEAR]
    found: dict[str, None] = {}
    while len(found) < COUNT:
        text = _line(random, frames, random.choice(everyday))
        if text and not any(word in text for word in WORDS):
            found[text] = None
    return sorted(found)


def _line(random: Random, frames: dict[str, Any], domain: dict[str, Any]) -> str:
    """A frame with its slots filled; empty where it needs forms of words that are not at hand."""
    frame = random.choice(frames["about an act" if random.random() < 0.5 else "about a thing"])
    fillings = {
        "act": random.choice(domain["acts"]),
        "thing": random.choice(domain["things"]),
        "other": random.choice(domain["things"]),
        "trouble": random.choice(domain["troubles"]),
        **{name: random.choice(frames[name]) for name in ("when", "where", "who", "adjective")},
    }
    try:
        return str(frame.format_map(fillings))
    except KeyError:
        return ""


def _yaml(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


if __name__ == "__main__":
    print("\n".join(lines()))  # noqa: T201 - its output
