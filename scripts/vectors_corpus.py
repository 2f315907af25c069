"""The texts that the student learns from, each source with its licence.

No text of a public test set is among them, and none may be added.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

LONGEST_TEXT: Final = 18  # words; questions are short
PARTS: Final = ("noun", "verb", "adj", "adv")
_QUOTED: Final = re.compile(r'"([^"]+)"')
_BRACKETS: Final = re.compile(r"\([^)]*\)")
_SENTENCE_END: Final = re.compile(r"(?<=[.?!])\s+|\n+")
_MARKUP: Final = re.compile(r"\*\*|\[([^\]]*)\]\([^)]*\)|^[-#\d.]+ ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Gloss:
    """One meaning in WordNet: its words, what they mean, and examples."""

    lemmas: tuple[str, ...]
    meaning: str
    examples: tuple[str, ...]


def often(words: Iterable[str], least: int = 2) -> list[str]:
    """The words that occur at least so often, in the order they come."""
    return [word for word, count in Counter(words).items() if count >= least]


def compounds(folder: Path) -> list[str]:
    """Nouns of two words in WordNet, lower-case ones."""
    lemmas = (lemma for gloss in glosses(folder, ("noun",)) for lemma in gloss.lemmas)
    return _once(lemma for lemma in lemmas if lemma.count(" ") == 1 and lemma.islower())


def glosses(folder: Path, parts: Sequence[str] = PARTS) -> Iterator[Gloss]:
    """All meanings in WordNet.

    Args:
        folder: Holds `data.noun`, `data.verb`, `data.adj` and `data.adv`.
        parts: Which of them.
    """
    for part in parts:
        for line in (folder / f"data.{part}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                yield _gloss(line)


def parts_of_speech(folder: Path) -> dict[str, str]:
    """What each word of WordNet mostly is, by how often its meanings were met and how many it has."""
    best: dict[str, tuple[int, int, str]] = {}
    for part in PARTS:
        for line in (folder / f"index.{part}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                met = int(fields[5 + int(fields[3])])
                best[fields[0]] = max(best.get(fields[0], (0, 0, "")), (met, int(fields[2]), part))
    return {word: part for word, (_, _, part) in best.items()}


def wordnet_texts(folder: Path, known: frozenset[str]) -> list[str]:
    """Glosses, examples and compounds of the meanings whose words are among the known ones."""
    found: list[str] = []
    for at, gloss in enumerate(glosses(folder)):
        found.extend(text for text in gloss.examples if 2 <= len(text.split()) <= LONGEST_TEXT)
        lemmas = [lemma for lemma in gloss.lemmas if known.issuperset(lemma.lower().split())]
        found.extend(lemma for lemma in lemmas if " " in lemma)
        if lemmas and len(gloss.meaning.split()) <= LONGEST_TEXT:
            found.append(f"{lemmas[0]}: {gloss.meaning}" if at % 2 else gloss.meaning)
    return _once(found)


def faq_texts(paths: Sequence[Path]) -> list[str]:
    """Questions, phrasings and answers of our own FAQ, one sentence each."""
    found: list[str] = []
    for path in paths:
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["entries"]:
            for text in _strings(entry):
                found.extend(_SENTENCE_END.split(_MARKUP.sub(r" \1", text)))
    return _once(text.strip() for text in found if 2 <= len(text.split()) <= 2 * LONGEST_TEXT)


def _strings(entry: dict[str, Any]) -> Iterator[str]:
    yield _plain(entry["question"])
    for phrasing in entry.get("phrasings", ()):
        yield phrasing if isinstance(phrasing, str) else phrasing["text"]
    yield _plain(entry["answer"])


def _plain(text: str | dict[str, str]) -> str:
    return text if isinstance(text, str) else text["en"]


def _gloss(line: str) -> Gloss:
    fields, _, text = line.partition("|")
    parts = fields.split()
    count = int(parts[3], 16)
    lemmas = tuple(
        re.sub(r"\(\w+\)$", "", parts[4 + 2 * at]).replace("_", " ") for at in range(count)
    )
    meaning = _BRACKETS.sub("", _QUOTED.sub("", text)).split(";")[0].strip(" :-")
    examples = tuple(example.strip() for example in _QUOTED.findall(text))
    return Gloss(lemmas, meaning, examples)


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
