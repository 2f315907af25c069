"""How well and how fast questions find their entry, beside what one would use instead.

    python -m benchmarks.matching FOLDER [--typos] [--vectors FILE] [--minilm]
    python -m benchmarks.matching --module FILE.py --protocol NAME [--protocol NAME ...]

FOLDER holds `faq.yaml` and `questions.jsonl`, one `{"q": text, "accept": [ids]}` a line; an empty
list means that nothing may answer. A module must have `protocol(name)`, which gives an object with
`entries()` (pairs of id and phrasings) and `data.test` (pairs of question and id), `data.oos`.

Every matcher runs on the same questions in the same process, on one core. An SVM is measured too
where scikit-learn is installed; with `--minilm`, our reader with that extra, and MiniLM by itself.
"""

import argparse
import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from rapidfuzz import fuzz, process, utils

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.faq.vector_source import VectorSource
from bot.faq.vectors import Table
from bot.knowledge.content import parse_file
from bot.knowledge.faq import Faq
from bot.knowledge.glossary import Glossary
from bot.messages import Outcome
from bot.settings import VectorChoice
from bot.storage.minilm import load_minilm
from bot.wiring_vectors import load_vectors

Entries = Sequence[tuple[str, Sequence[str]]]
WORD = r"(?u)\b\w+\b"
ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
TABLE = Path(__file__).parents[1] / "bot" / "faq" / "data" / "word_vectors.npz"


@dataclass(frozen=True, slots=True)
class Found:
    """What a matcher makes of a question.

    Attributes:
        ids: Entries, best first.
        answered: Whether it would answer; None where the matcher does not decide.
    """

    ids: tuple[str, ...]
    answered: bool | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A FAQ and questions to it; a question that nothing may answer accepts nothing."""

    name: str
    entries: Entries
    questions: Sequence[tuple[str, frozenset[str]]]


Matcher = Callable[[str], Found]


def ours(entries: Entries, vectors: VectorSource | None, *, minilm: bool = False) -> Matcher:
    """Our reader with no glossary, small talk or guard."""
    faq = Faq.model_validate(
        {
            "entries": [
                {"id": i, "question": texts[0], "phrasings": texts[1:], "answer": "-"}
                for i, texts in entries
            ]
        }
    )
    if minilm:
        vectors = load_vectors(VectorChoice("minilm"), faq)
    reader = Reader.build(faq, Beside(), Glossary(), cached=None, vectors=vectors)

    def ask(question: str) -> Found:
        part = reader.read(question).first
        ids = tuple(str(ranked.entry) for ranked in part.ranked)
        return Found(ids, part.outcome is Outcome.ANSWER)

    return ask


def whole_string(entries: Entries, scorer: Callable[..., float]) -> Matcher:
    """rapidfuzz over all phrasings."""
    said = [(utils.default_process(text), i) for i, texts in entries for text in texts]
    texts, owners = [text for text, _ in said], [owner for _, owner in said]

    def ask(question: str) -> Found:
        found = process.extract(utils.default_process(question), texts, scorer=scorer, limit=60)
        return Found(tuple(dict.fromkeys(owners[at] for _, _, at in found))[:10])

    return ask


def nearest_sentence(entries: Entries) -> Matcher:
    """MiniLM by itself: the entry of the phrasing whose vector is nearest."""
    said = [(text, i) for i, texts in entries for text in texts]
    model = load_minilm()
    rows, owners = model.many([text for text, _ in said]), [owner for _, owner in said]

    def ask(question: str) -> Found:
        order = np.argsort(-(rows @ model.one(question)))[:60]
        return Found(tuple(dict.fromkeys(owners[at] for at in order))[:10])

    return ask


def svm(entries: Entries) -> Matcher:
    """A linear SVM on TF-IDF of words and letters."""
    from sklearn.feature_extraction.text import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional
        TfidfVectorizer,
    )
    from sklearn.pipeline import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional
        make_union,
    )
    from sklearn.svm import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415 - optional
        LinearSVC,
    )

    said = [(text, i) for i, texts in entries for text in texts]
    features = make_union(
        TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), token_pattern=WORD),
        TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5)),
    )
    model = LinearSVC(C=1).fit(features.fit_transform([t for t, _ in said]), [i for _, i in said])

    def ask(question: str) -> Found:
        scores = model.decision_function(features.transform([question]))[0]
        return Found(tuple(str(model.classes_[at]) for at in np.argsort(-scores)[:10]))

    return ask


def with_slips(text: str) -> str:
    """The text with one slip of the keys in every eight characters, the same each time."""
    chance, letters = random.Random(text), list(text.lower())
    for _ in range(max(1, len(letters) // 8)):
        at = chance.randrange(len(letters)) if letters else 0
        kind = chance.randrange(4)
        if kind == 0:
            del letters[at : at + 1]
        elif kind == 1:
            letters[at:at] = letters[at : at + 1]
        elif kind == 2:
            letters[at : at + 2] = reversed(letters[at : at + 2])
        else:
            letters[at : at + 1] = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return "".join(letters)


def measure(name: str, build: Callable[[], Matcher], task: Task) -> str:
    """One matcher on one task, as a row."""
    start = perf_counter()
    ask = build()
    built_s = perf_counter() - start
    laps, found = [], []
    for question, _ in task.questions:
        start = perf_counter()
        found.append(ask(question))
        laps.append(perf_counter() - start)
    inside = [(f, a) for f, (_, a) in zip(found, task.questions, strict=True) if a]
    outside = [f for f, (_, a) in zip(found, task.questions, strict=True) if not a]
    first = [bool(f.ids) and f.ids[0] in a for f, a in inside]
    three = [not a.isdisjoint(f.ids[:3]) for f, a in inside]
    cells = [f"{100 * float(np.mean(first)):7.1f}", f"{100 * float(np.mean(three)):7.1f}"]
    if all(f.answered is None for f in found):
        cells += ["      -"] * 3
    else:
        right = [bool(f.answered) and r for (f, _), r in zip(inside, first, strict=True)]
        wrong = [bool(f.answered) and not r for (f, _), r in zip(inside, first, strict=True)]
        cells += [f"{100 * float(np.mean(row)):7.1f}" for row in (right, wrong)]
        out = [bool(f.answered) for f in outside]
        cells.append(f"{100 * float(np.mean(out)):7.1f}" if out else "      -")
    p50, p99 = np.percentile(laps, [50, 99]) * 1e3
    return f"{name:<26}{''.join(cells)}{p50:8.2f}{p99:8.2f}{built_s:8.2f}"


def matchers(
    task: Task, vectors: Table | None, *, minilm: bool
) -> Iterator[tuple[str, Callable[[], Matcher]]]:
    """Ours, and what one would use instead."""
    if minilm:
        yield "ours, with MiniLM", lambda: ours(task.entries, None, minilm=True)
        yield "MiniLM, nearest phrasing", lambda: nearest_sentence(task.entries)
    yield "ours, words alone", lambda: ours(task.entries, None)
    if vectors:
        yield "ours, with word vectors", lambda: ours(task.entries, vectors)
    yield "rapidfuzz WRatio", lambda: whole_string(task.entries, fuzz.WRatio)
    yield "rapidfuzz token_set_ratio", lambda: whole_string(task.entries, fuzz.token_set_ratio)
    if importlib.util.find_spec("sklearn"):
        yield "linear SVM, TF-IDF", lambda: svm(task.entries)


def of_folder(folder: Path) -> Task:
    """The task that a folder holds."""
    faq = parse_file(Faq, (folder / "faq.yaml").read_text(encoding="utf-8"), "faq.yaml")
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line) for line in lines if line.strip()]
    return Task(
        folder.name,
        [(str(entry.id), entry.asked_as()) for entry in faq.entries],
        [(one["q"], frozenset(one["accept"])) for one in asked],
    )


def of_module(file: Path, name: str) -> Task:
    """The task that a module of protocols gives under a name."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{file} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    found = module.protocol(name)
    inside = [(question, frozenset({owner})) for question, owner in found.data.test]
    outside = [(question, frozenset[str]()) for question in found.data.oos]
    return Task(name, [(i, list(texts)) for i, texts in found.entries()], [*inside, *outside])


def main() -> None:
    """Measure and print, in a process of its own where numpy was loaded for several cores."""
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        again = [sys.executable, "-m", "benchmarks.matching", *sys.argv[1:]]
        raise SystemExit(subprocess.run(again, env=os.environ | ONE_CORE, check=False).returncode)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="*", type=Path)
    parser.add_argument("--module", type=Path, help="a file with protocol(name)")
    parser.add_argument("--protocol", action="append", default=[])
    parser.add_argument("--typos", action="store_true", help="with slips of the keys")
    parser.add_argument("--vectors", type=Path, default=TABLE, help="a table of word vectors")
    parser.add_argument("--minilm", action="store_true", help="with the extra of that name")
    given = parser.parse_args()
    if not given.folder and not (given.module and given.protocol):
        parser.error("give a folder, or --module and --protocol")
    vectors = Table.from_bytes(given.vectors.read_bytes()) if given.vectors.exists() else None
    tasks = [of_folder(folder) for folder in given.folder]
    tasks += [of_module(given.module, name) for name in given.protocol]
    for task in tasks:
        if given.typos:
            slips = [(with_slips(question), accept) for question, accept in task.questions]
            task = Task(task.name + ", with slips", task.entries, slips)  # noqa: PLW2901 - the same, misspelt
        print(f"\n{task.name}: {len(task.entries)} entries, {len(task.questions)} questions")
        print(f"{'%; ms; s':<26}  first  in 3  right  wrong outside    p50     p99   build")
        for name, build in matchers(task, vectors, minilm=given.minilm):
            print(measure(name, build, task), flush=True)


if __name__ == "__main__":
    main()
