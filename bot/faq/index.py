"""The index of a FAQ: everything that is slow to find out, and can be kept as bytes.

The bytes are plain arrays behind their digest: reading them runs nothing and copies nothing, so that of
a mapped file only what is looked at is held; what is broken or of another format is refused before it is
unpacked. They say nothing of the words' order in the files, so an index belongs to exactly the content it
was built from; whoever keeps it must key it by a hash of that content.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.faq.array_bytes import Arrays, pack_arrays, unpack_arrays
from bot.faq.beside import INNOCENT, Beside
from bot.faq.calibration import Learnt, Thresholds, calibrate
from bot.faq.features import FeatureSpace
from bot.faq.guard import OF_FAQ, GuardModel, Hearing, Neighbours, learn_guard
from bot.faq.lens import Lens
from bot.faq.linear import Costs, Linear, Trainer
from bot.faq.matcher import Matcher
from bot.faq.nearest import Nearest
from bot.faq.rows import Ints, Rows
from bot.faq.scarcity import help_for_few
from bot.faq.vector_source import VectorSource
from bot.faq.word_for_word import WordForWord
from bot.faq.words import Words, as_written, count_words
from bot.knowledge.faq import Faq
from bot.language.lexicon import Lexicon
from bot.language.name_list import NameList

FORMAT: Final = 23  # of the bytes, which begin with it: another number is built anew
DENSE_WEIGHT: Final = 1.3  # of the sentence vector, beside words and letters

_DIGEST_SIZE: Final = hashlib.sha256().digest_size
_BEFORE: Final = 64  # bytes before the arrays, which aligns them: the digest and the format
_MARK: Final = (b"pathways index %d" % FORMAT).ljust(_BEFORE - _DIGEST_SIZE, b"\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A FAQ and its sensitive topics, learnt.

    Attributes:
        entries: How many entries the FAQ has; at least one.
        counts: How often each word stands in it, and in the texts beside it.
        matcher: Ranks the entries.
        thresholds: What its scores mean.
        guard: What is sensitive; None where there are no topics.
        word_for_word: Which entry each phrasing belongs to, and what is known to be outside.
    """

    entries: int
    counts: Mapping[str, int]
    matcher: Matcher
    thresholds: Thresholds
    guard: GuardModel | None
    word_for_word: WordForWord

    def to_bytes(self) -> bytes:
        """The index as bytes, for `from_bytes`."""
        about = {
            "entries": self.entries,
            "home": self.matcher.space.home,
            "thresholds": asdict(self.thresholds),
            "alarm_at": self.guard.alarm_at if self.guard else None,
            "sensitive": self.guard.hearing.neighbours.sensitive if self.guard else 0,
        }
        arrays: dict[str, NDArray[Any]] = {
            "about": _pack([json.dumps(about)]),
            "words": _pack(list(self.counts)),
            "counts": np.array(list(self.counts.values()), np.int32),
            "names": _pack(self.matcher.space.names),
            "idf": self.matcher.space.idf,
            "lens.middle": self.matcher.lens.middle,
            "lens.axes": self.matcher.lens.axes,
            "digests": self.word_for_word.digests,
            "owners": self.word_for_word.owners,
            **{f"nearest.{n}": a for n, a in self.matcher.nearest.arrays().items()},
            **_linear_arrays("matcher", self.matcher.linear),
        }
        if self.matcher.outside:
            arrays |= _linear_arrays("outside", self.matcher.outside)
        if self.guard:
            heard = self.guard.hearing
            arrays |= _linear_arrays("alarm", heard.alarm)
            arrays |= _linear_arrays("topics", heard.topics)
            arrays["neighbours.dense"] = heard.neighbours.dense
            arrays["neighbours.rest"] = heard.neighbours.rest
            arrays["guard.digests"] = self.guard.word_for_word.digests
            arrays["guard.owners"] = self.guard.word_for_word.owners
            arrays["neighbours.axes"] = heard.neighbours.axes
        packed = pack_arrays(arrays)
        return _digest(packed) + _MARK + packed

    @classmethod
    def from_bytes(cls, data: bytes | memoryview, *, is_whole: bool = False) -> "Index | None":
        """The index that was made into bytes; None where they are broken or of another format.

        Args:
            data: Looked into for as long as the index lives; a mapped file will do.
            is_whole: Whether whoever kept them has found them to be as they were: then they are not
                read through once more, which would hold all of a mapped file in memory.
        """
        whole = memoryview(data)
        digest, mark, packed = whole[:_DIGEST_SIZE], whole[_DIGEST_SIZE:_BEFORE], whole[_BEFORE:]
        is_ours = mark == _MARK and (is_whole or _digest(packed) == digest)
        return cls._of(unpack_arrays(packed)) if is_ours else None

    @classmethod
    def _of(cls, arrays: Arrays) -> "Index":
        about = json.loads(_unpack(arrays["about"])[0])
        guard = None
        if about["alarm_at"] is not None:
            neighbours = Neighbours(
                arrays["neighbours.dense"],
                arrays["neighbours.rest"],
                arrays["neighbours.axes"],
                about["sensitive"],
            )
            hearing = Hearing(_linear(arrays, "alarm"), _linear(arrays, "topics"), neighbours)
            said = WordForWord(arrays["guard.digests"], arrays["guard.owners"])
            guard = GuardModel(hearing, about["alarm_at"], said)
        outside = _linear(arrays, "outside") if "outside.dense" in arrays else None
        nearest = Nearest(**{name: arrays[f"nearest.{name}"] for name in Nearest.__slots__})
        space = FeatureSpace(NameList(arrays["names"].tobytes()), arrays["idf"], about["home"])
        lens = Lens(arrays["lens.middle"], arrays["lens.axes"])
        return cls(
            entries=about["entries"],
            counts=dict(zip(_unpack(arrays["words"]), arrays["counts"].tolist(), strict=True)),
            matcher=Matcher(space, lens, nearest, _linear(arrays, "matcher"), outside),
            thresholds=Thresholds(**about["thresholds"]),
            guard=guard,
            word_for_word=WordForWord(arrays["digests"], arrays["owners"]),
        )


def _digest(packed: bytes | memoryview) -> bytes:
    return hashlib.sha256(packed).digest()


def build_index(faq: Faq, beside: Beside, lexicon: Lexicon, vectors: VectorSource) -> Index:
    """Learn a FAQ.

    Args:
        faq: At least one entry.
        beside: What else people say.
        lexicon: The glossary.
        vectors: Sentence vectors.
    """
    asked = [(at, text) for at, entry in enumerate(faq.entries) for text in entry.asked_as()]
    groups = enumerate(beside.outside.groups, start=len(faq.entries))
    outside = [(at, text) for at, group in groups for text in group.texts]
    owners = np.array([owner for owner, _ in (*asked, *outside)], np.int32)
    spoken = beside.for_the_guard()
    phrasings = [as_written(text, lexicon) for _, text in asked]
    others = [as_written(text, lexicon) for _, text in (*outside, *spoken)]
    texts = [*phrasings, *others]
    space = FeatureSpace.learn(phrasings, others)
    every = _rows(space, texts, vectors)
    matcher, thresholds = _learn_faq(space, every, owners, texts, len(faq.entries))
    guard = None
    if beside.sensitive.topics:
        topics = [OF_FAQ] * len(asked) + [INNOCENT] * len(outside) + [at for at, _ in spoken]
        sure = partial(_confidence, matcher, thresholds, texts, every)
        lengths = np.array([len(text.words) for text in texts], np.int32)
        of = np.array(topics, np.int32)
        said = WordForWord.of(
            (one for one in spoken if one[0] != INNOCENT),
            (text for at, text in spoken if at == INNOCENT),
        )
        guard = learn_guard(every, of, lengths, said, sure)
    return Index(
        entries=len(faq.entries),
        counts=count_words(texts),
        matcher=matcher,
        thresholds=thresholds,
        guard=guard,
        word_for_word=WordForWord.of(asked, (text for _, text in outside)),
    )


def _learn_faq(
    space: FeatureSpace, every: Rows, owners: Ints, texts: Sequence[Words], entries: int
) -> tuple[Matcher, Thresholds]:
    """Learn the entries, and what is outside, by the features of the entries alone.

    Args:
        space: All features.
        every: All rows: phrasings first, then texts outside.
        owners: The entry of each phrasing, then the group of each text outside, numbered on.
        texts: Their words.
        entries: How many entries there are.
    """
    rows = every.some(np.arange(len(owners))).within(np.arange(len(space)) < space.home)
    is_outside = owners >= entries
    asked = np.flatnonzero(~is_outside)
    lens = Lens.learn(rows.dense[asked], owners[asked])
    rows = replace(rows, dense=lens.through(rows.dense))
    costs = Costs.where_few(help_for_few(len(asked), entries))
    trainer = Trainer(rows.some(asked), owners[asked], entries, costs)
    outside = None
    if is_outside.any():
        outside = Trainer(rows, np.where(is_outside, 0, -1).astype(np.int32), 1)
    firsts = np.searchsorted(owners, np.arange(int(owners[-1]) + 1)).astype(np.int32)
    matcher = Matcher(
        space,
        lens,
        Nearest.of(rows, firsts),
        trainer.train().of_first(space.home).in_steps(),
        outside.train().of_first(space.home).in_steps() if outside else None,
    )
    return matcher, calibrate(Learnt(matcher, trainer, outside, rows, owners, texts))


def _confidence(
    matcher: Matcher, thresholds: Thresholds, texts: Sequence[Words], rows: Rows, at: int
) -> float:
    """How sure the FAQ is that it answers a text."""
    match = matcher.match(texts[at], rows.row(at))
    return float(thresholds.confidences(match.scores).max())


def _rows(space: FeatureSpace, texts: Sequence[Words], vectors: VectorSource) -> Rows:
    dense = vectors.many([" ".join(text.words) for text in texts])
    return space.rows(texts, dense, DENSE_WEIGHT)


def _linear_arrays(name: str, linear: Linear) -> dict[str, NDArray[Any]]:
    arrays = {f"{name}.weights": linear.weights, f"{name}.dense": linear.dense}
    return arrays if linear.steps is None else {**arrays, f"{name}.steps": linear.steps}


def _linear(arrays: Arrays, name: str) -> Linear:
    steps = arrays.get(f"{name}.steps")
    return Linear(arrays[f"{name}.weights"], arrays[f"{name}.dense"], steps)


def _pack(lines: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


def _unpack(packed: NDArray[Any]) -> list[str]:
    return packed.tobytes().decode().split("\n")
