"""How long one question takes to rank: with about 600 phrasings of our FAQ, and with all of them.

Beside it, in the same run: rapidfuzz's default scorer over the same phrasings. Processor time, so that
other programs on the machine count little.

`python -m benchmarks.ranking [minilm]`
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from rapidfuzz import process

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.knowledge.content import Content
from bot.knowledge.faq import Faq
from bot.settings import VectorChoice
from bot.wiring import load_content
from bot.wiring_vectors import load_vectors

FEW: Final = 6  # phrasings of each entry: 97 entries have about 600
ASKED: Final = 300
COMPARED: Final = 30  # questions for the other scorer, which takes far longer
ENDING: Final = " please"  # so that no question is a phrasing word for word


def main() -> None:
    """Measure and print."""
    content = load_content(None)
    for name, faq in (("a few phrasings an entry", _few(content.faq)), ("all", content.faq)):
        phrasings = [text for entry in faq.entries for text in entry.asked_as()]
        began = time.process_time()
        reader = _reader(content, faq)
        built = time.process_time() - began
        step = max(1, len(phrasings) // ASKED)
        asked = [text + ENDING for text in phrasings[::step]]
        print(f"{name}: {len(phrasings):,} phrasings, index built in {built:.1f} s CPU")
        _show("Pathways, a whole reading", reader.read, asked)
        _show("rapidfuzz extractOne", partial(_compared, phrasings), asked[:COMPARED])
        _show("Pathways, a lone number", reader.read, ["3"] * ASKED)


def _compared(phrasings: Sequence[str], text: str) -> object:
    return process.extractOne(text, phrasings)


def _few(faq: Faq) -> Faq:
    entries = tuple(
        entry.model_copy(update={"phrasings": entry.phrasings[:FEW]}) for entry in faq.entries
    )
    return faq.model_copy(update={"entries": entries})


def _reader(content: Content, faq: Faq) -> Reader:
    choice = VectorChoice("minilm" if "minilm" in sys.argv else "table")
    return Reader.build(
        faq,
        Beside(content.sensitive, content.smalltalk, content.outside),
        content.glossary,
        vectors=load_vectors(choice, faq),
    )


def _show(name: str, does: Callable[[str], object], texts: Sequence[str]) -> None:
    took = []
    for text in texts:
        began = time.thread_time()
        does(text)
        took.append((time.thread_time() - began) * 1000)
    took.sort()
    print(
        f"  {name:30} p50 {took[len(took) // 2]:7.2f} ms   p99 {took[len(took) * 99 // 100]:7.2f} ms"
    )


if __name__ == "__main__":
    main()
