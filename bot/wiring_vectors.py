"""Which sentence vectors there are, and how they are loaded."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.faq.vector_source import NoVectors, VectorSource
from bot.faq.vectors import Table
from bot.knowledge.faq import Faq
from bot.settings import VectorChoice
from bot.storage.array_archive import map_arrays
from bot.storage.files import load_cached, save_cached

if TYPE_CHECKING:
    from bot.faq.sentences import Progress, SentenceVectors

WORD_TABLE: Final = VectorChoice()
BESIDE_MINILM: Final = 0.6  # length of the word table's vectors beside MiniLM's; see ADR 23


def load_vectors(wanted: VectorChoice = WORD_TABLE, faq: Faq | None = None) -> VectorSource:
    """The sentence vectors that are wanted; none where the package has no table.

    Args:
        wanted: Which.
        faq: What they are for; without one they are of length 1.

    Raises:
        SettingsError: They need what is not installed, or not whole; the text says what to do.
    """
    if wanted.name == "minilm":
        return _with_table(_minilm(wanted.threads), faq)
    return _table()[0]


def vectors_name(wanted: VectorChoice) -> str:
    """A name for exactly these vectors: what is learnt with them belongs to it."""
    table = _table()[1]
    if wanted.name != "minilm":
        return table
    from bot.faq.joined_vectors import LONGER
    from bot.faq.scarcity import FEW

    return f"{_minilm_name()}-{BESIDE_MINILM}-{FEW}-{LONGER}-{table}"


@contextmanager
def vectors_for_building(
    wanted: VectorChoice, faq: Faq, kept: Path, progress: "Progress | None"
) -> Iterator[VectorSource]:
    """Vectors to build an index with, which remember what they read for the next one.

    Args:
        wanted: Which.
        faq: What the index is of.
        kept: The cache.
        progress: Told how many of how many new texts are read, where that takes its time.
    """
    if wanted.name != "minilm":
        yield load_vectors(wanted, faq)
        return
    from bot.faq.kept_vectors import KeptVectors

    key = f"vectors-{_minilm_name()}"
    remembering = KeptVectors(_minilm(wanted.threads), lambda: load_cached(kept, key), progress)
    yield _with_table(remembering, faq)
    if remembering.read:
        save_cached(kept, key, remembering.to_bytes())
    remembering.let_go()


def _with_table(source: VectorSource, faq: Faq | None) -> VectorSource:
    from bot.faq.joined_vectors import JoinedVectors, length_for

    length = 1.0
    if faq is not None:
        length = length_for(sum(len(one.asked_as()) for one in faq.entries), len(faq.entries))
    return JoinedVectors(source, _table()[0], BESIDE_MINILM, length)


@lru_cache(maxsize=1)
def _minilm(threads: int) -> "SentenceVectors":
    from bot.storage.minilm import load_minilm

    return load_minilm(threads)


def _minilm_name() -> str:
    from bot.storage.minilm import NAME

    return NAME


@lru_cache(maxsize=1)
def _table() -> tuple[VectorSource, str]:
    """The word table, and a name for exactly this one."""
    table = Path(str(files("bot.faq").joinpath("data", "word_vectors.npz")))
    if not table.is_file():
        return NoVectors(), "none"
    parts, name = map_arrays(table)
    return Table.from_parts(parts), name
