"""The student: a row for each word and letter run whose sums come near the teacher's vectors.

A word's share in a text is its own row plus those of its letter runs over the root of their number; a
word without a row has the runs alone. Rows that ship are folded: a known word's row holds its runs.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as fn

from bot.faq.vectors import bucket_numbers
from bot.language.normalising import tokens
from scripts.vectors_typos import slip

Floats = NDArray[np.float32]
SIF: Final = 1e-3  # a word of this share of all text starts at half the length of a rare one
ZIPF_SHIFT: Final = 2.7
ZIPF_MASS: Final = 10.0
LIKENESS: Final = 3.0  # weight of the in-batch similarities
CONTRAST: Final = 0.2  # weight of the in-batch softmax similarities
SHARPNESS: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train."""

    width: int = 256
    buckets: int = 20_000
    epochs: int = 10
    batch: int = 512
    rate: float = 3e-3
    misspelt: float = 0.35  # share of texts that get typos
    unread: float = 0.1  # share of known words that are read by their letter runs alone
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows and weights of some texts, flat, with the start of each text; and which texts they are."""

    which: Tensor
    numbers: Tensor
    weights: Tensor
    starts: Tensor


class Reader:
    """Turns texts into row numbers: words first, then buckets of letter runs.

    Args:
        words: Those with a row of their own.
        plan: How to train.
    """

    def __init__(self, words: Sequence[str], plan: Plan) -> None:
        self._plan = plan
        self._count = len(words)
        self._number = {word: at for at, word in enumerate(words)}
        self._shares: dict[str, tuple[list[int], list[float]]] = {}
        self._random = Random(plan.seed)  # noqa: S311 - an order of texts, no secrets

    def batches(self, texts: Sequence[str], weights: Floats) -> Iterator[Batch]:
        """The texts once, in a random order, some misspelt.

        Args:
            texts: As they are asked.
            weights: How often each text is taken, on average; float32 [texts].
        """
        random = self._random
        taken = [at for at, w in enumerate(weights.tolist()) for _ in range(_round(w, random))]
        random.shuffle(taken)
        for begin in range(0, len(taken) - self._plan.batch + 1, self._plan.batch):
            which = taken[begin : begin + self._plan.batch]
            yield self._batch(which, [self._noisy(texts[at]) for at in which])

    def _noisy(self, text: str) -> list[str]:
        if self._random.random() < self._plan.misspelt:
            text = slip(text, self._random)
        return list(tokens(text))

    def _batch(self, which: list[int], texts: list[list[str]]) -> Batch:
        numbers: list[int] = []
        weights: list[float] = []
        starts: list[int] = []
        for words in texts:
            starts.append(len(numbers))
            for word in words:
                n, w = self._share(word)
                skip = int(self._is_hidden(n))
                numbers.extend(n[skip:])
                weights.extend(w[skip:])
        return Batch(
            torch.tensor(which),
            torch.tensor(numbers),
            torch.tensor(weights),
            torch.tensor(starts),
        )

    def _is_hidden(self, numbers: list[int]) -> bool:
        """Whether a word is read by its letter runs alone this time, if it has a row at all."""
        has_row = len(numbers) > 1 and numbers[0] < self._count
        return has_row and self._random.random() < self._plan.unread

    def _share(self, word: str) -> tuple[list[int], list[float]]:
        if word not in self._shares:
            runs = [self._count + at for at in bucket_numbers(word, self._plan.buckets)]
            weight = max(1, len(runs)) ** -0.5
            own = [self._number[word]] if word in self._number else []
            found = (own + runs, [1.0] * len(own) + [weight] * len(runs))
            if len(self._shares) > 400_000:
                self._shares.clear()
            self._shares[word] = found
        return self._shares[word]


class Student(nn.Module):
    """Sums of rows."""

    def __init__(self, first: Floats, plan: Plan) -> None:
        super().__init__()
        torch.manual_seed(plan.seed)
        runs = torch.randn(plan.buckets, plan.width) * 0.01
        start = torch.cat([torch.from_numpy(first), runs])
        self.rows = nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="sum")

    def forward(self, batch: Batch) -> Tensor:
        """Unit vectors, float32 [texts, width]."""
        return fn.normalize(self.rows(batch.numbers, batch.starts, batch.weights), dim=-1)


def axes(vectors: Floats, width: int) -> Floats:
    """The main axes of the teacher's vectors, float32 [384, width]; they are not centred."""
    values, found = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    return np.ascontiguousarray(found[:, np.argsort(-values)[:width]]).astype(np.float32)


def first_rows(vectors: Floats, shares: Floats, axes_: Floats) -> Floats:
    """Where word rows start: the teacher's vector of the word, the less the more frequent it is."""
    projected = vectors @ axes_
    projected /= np.linalg.norm(projected, axis=1, keepdims=True)
    rows: Floats = projected * (SIF / (SIF + shares))[:, None]
    return rows.astype(np.float32)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learnt.

    Attributes:
        texts: What is read.
        vectors: The teacher's unit vectors of the texts, float32 [texts, 384].
        weights: How often each text is taken in an epoch, on average; float32 [texts].
    """

    texts: Sequence[str]
    vectors: Floats
    weights: Floats


def train(lesson: Lesson, student: Student, reader: Reader, plan: Plan) -> None:
    """Bring the student's vectors near the teacher's.

    Args:
        lesson: What is learnt.
        student: Is changed.
        reader: Of the same words.
        plan: How to.
    """
    whole = torch.from_numpy(lesson.vectors)
    near = fn.normalize(whole @ torch.from_numpy(axes(lesson.vectors, plan.width)), dim=-1)
    rule = torch.optim.Adam(student.parameters(), lr=plan.rate, fused=True)
    steps = int(float(lesson.weights.sum()) / plan.batch) * plan.epochs
    step, began = 0, time.monotonic()
    for epoch in range(plan.epochs):
        total = 0.0
        for batch in reader.batches(lesson.texts, lesson.weights):
            rule.param_groups[0]["lr"] = plan.rate * max(0.0, 1 - step / steps)
            loss = _loss(student(batch), near[batch.which], whole[batch.which])
            rule.zero_grad()
            loss.backward()
            rule.step()
            total += float(loss.detach())
            step += 1
        mean, spent = total * (epoch + 1) / max(1, step), time.monotonic() - began
        print(f"epoch {epoch + 1}: loss {mean:.4f}, {spent:.0f} s", flush=True)  # noqa: T201 - a script


def _loss(found: Tensor, near: Tensor, whole: Tensor) -> Tensor:
    alike, wanted = found @ found.T, whole @ whole.T
    aside = torch.eye(len(found), dtype=torch.bool)
    said = (SHARPNESS * alike).masked_fill(aside, -1e4).log_softmax(-1)
    meant = (SHARPNESS * wanted).masked_fill(aside, -1e4).log_softmax(-1)
    contrast = fn.kl_div(said, meant, log_target=True, reduction="batchmean")
    away = 1 - (found * near).sum(-1).mean()
    return away + LIKENESS * (alike - wanted).square().mean() + CONTRAST * contrast


def _round(weight: float, random: Random) -> int:
    whole = int(weight)
    return whole + (random.random() < weight - whole)


def folded(student: Student, words: Sequence[str], plan: Plan) -> Floats:
    """The rows that ship: words with their runs, then buckets; float32 [words + buckets, width]."""
    rows = student.rows.weight.detach().numpy()
    runs = rows[len(words) :]
    found = rows.copy()
    for at, word in enumerate(words):
        numbers = bucket_numbers(word, plan.buckets)
        found[at] += runs[numbers].sum(0) / np.float32(len(numbers) ** 0.5)
    return found


def shares_of_text(rank: Mapping[str, int], words: Sequence[str]) -> Floats:
    """How much of all text each word makes up, by Zipf's law; float32 [words].

    Args:
        rank: Of frequent words, from 1.
        words: Any; one without a rank is as rare as the rarest.
    """
    ranks = np.array([rank.get(word, len(rank)) for word in words], np.float32)
    return (1 / (ZIPF_MASS * (ranks + ZIPF_SHIFT))).astype(np.float32)
