"""What a small and a large FAQ cost: building, fetching the index from the cache, one question, memory.

    python -m benchmarks.sizes FOLDER

FOLDER holds `train.csv` and `test.csv`, each with a head and then `text,entry`. The first eight texts of
every entry are the small FAQ, all of them the large one; questions are those of the test. Each FAQ is
built in one process and asked in another, which finds the index kept. Seconds are the processor's,
memory is the most that the process held. Beside it: Python with numpy and rapidfuzz, and rapidfuzz's
default scorer over the same phrasings.
"""

import csv
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import process_time, thread_time
from typing import Final

from rapidfuzz import process

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.knowledge.faq import Faq
from bot.knowledge.glossary import Glossary
from bot.storage.files import load_cached, save_cached
from bot.wiring_vectors import load_vectors

FEW: Final = 8  # phrasings of an entry in the small FAQ
ASKED: Final = 500
COMPARED: Final = 30  # questions for the other scorer, which takes far longer


def main() -> None:
    """Measure and print."""
    if len(sys.argv) == 5:
        _part(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
        return
    folder = Path(sys.argv[1])
    nothing = "import numpy, rapidfuzz; print(open('/proc/self/status').read())"
    bare = subprocess.run([sys.executable, "-c", nothing], stdout=subprocess.PIPE, check=True)
    print(f"python with numpy and rapidfuzz: {_most_held(bare.stdout.decode()):.0f} MB")
    for few in (FEW, 0):
        with tempfile.TemporaryDirectory() as cache:
            for part in ("build", "ask"):
                command = [
                    sys.executable,
                    "-m",
                    "benchmarks.sizes",
                    part,
                    str(folder),
                    cache,
                    str(few),
                ]
                one_core = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
                subprocess.run(command, env=one_core, check=True)


def _part(part: str, folder: Path, cache: Path, few: int) -> None:
    faq = _faq(folder, few)
    phrasings = [text for entry in faq.entries for text in entry.asked_as()]
    vectors = load_vectors()
    began = process_time()
    kept = None if part == "build" else load_cached(cache, "index")
    reader = Reader.build(faq, Beside(), Glossary(), kept, vectors, is_whole=True)
    took = process_time() - began
    if part == "build":
        save_cached(cache, "index", reader.to_bytes())
        print(f"{len(phrasings):,} phrasings: built in {took:.2f} s, {_megabytes():.0f} MB")
        return
    asked = [text for text, _ in _pairs(folder / "test.csv")]
    asked = asked[:: max(1, len(asked) // ASKED)]
    ours = _percentiles(reader.read, asked)
    print(f"  fetched in {took:.3f} s; a question {ours}; {_megabytes():.0f} MB")
    print(
        f"  rapidfuzz extractOne {_percentiles(partial(_compared, phrasings), asked[:COMPARED])}"
    )


def _faq(folder: Path, few: int) -> Faq:
    texts: dict[str, list[str]] = defaultdict(list)
    for text, entry in _pairs(folder / "train.csv"):
        texts[entry].append(text)
    entries = [
        {
            "id": entry,
            "question": first,
            "phrasings": others[: few - 1] if few else others,
            "answer": "-",
        }
        for entry, (first, *others) in texts.items()
    ]
    return Faq.model_validate({"entries": entries})


def _pairs(file: Path) -> list[tuple[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        _, *rows = csv.reader(opened)
    return [(text, entry) for text, entry in rows]


def _compared(phrasings: Sequence[str], text: str) -> object:
    return process.extractOne(text, phrasings)


def _percentiles(does: Callable[[str], object], texts: Sequence[str]) -> str:
    laps = []
    for text in texts:
        began = thread_time()
        does(text)
        laps.append((thread_time() - began) * 1000)
    laps.sort()
    return f"p50 {laps[len(laps) // 2]:.2f} p99 {laps[len(laps) * 99 // 100]:.2f} ms"


def _megabytes() -> float:
    return _most_held(Path("/proc/self/status").read_text(encoding="utf-8"))


def _most_held(status: str) -> float:
    """Megabytes, from what the system says of a process: of itself alone, not of who began it."""
    return next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line) / 1024


if __name__ == "__main__":
    main()
