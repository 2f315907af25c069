"""What a model made of phrasings is kept: only new ones are read, and an index is the same either way."""

import numpy as np
import pytest

from bot.faq.array_bytes import pack_arrays
from bot.faq.kept_vectors import DIGEST_SIZE, KeptVectors
from tests.faq.sources import WIDTH, Letters, letter_vectors

TEXTS = ["lost card", "", "what is the fee", "lost card", "how long"]


def kept(model: Letters, data: bytes | None = None) -> KeptVectors:
    return KeptVectors(letter_vectors(model), lambda: data)


def test_a_text_is_read_once() -> None:
    model = Letters()
    first = kept(model)
    rows = first.many(TEXTS)
    assert np.allclose(rows, letter_vectors(Letters()).many(TEXTS), atol=1e-3)
    assert first.read == 4
    assert model.read == 3, "nothing is in the empty text"
    assert np.array_equal(first.many(TEXTS), rows)
    assert first.read == 4


def test_the_next_one_reads_only_what_is_new() -> None:
    first = kept(Letters())
    first.many(TEXTS)
    model = Letters()
    again = kept(model, first.to_bytes())
    rows = again.many([*TEXTS, "brand new"])
    assert model.read == 1
    assert again.read == 1
    assert np.array_equal(rows[: len(TEXTS)], first.many(TEXTS))
    assert np.array_equal(rows, kept(Letters()).many([*TEXTS, "brand new"]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no arrays at all",
        pack_arrays({"digests": np.zeros(DIGEST_SIZE, np.uint8)}),
        pack_arrays(
            {
                "digests": np.zeros(DIGEST_SIZE, np.uint8),
                "rows": np.zeros((1, WIDTH + 1), np.float16),
            }
        ),
        pack_arrays({"digests": np.zeros(5, np.uint8), "rows": np.zeros((1, WIDTH), np.float16)}),
    ],
)
def test_what_is_no_such_memory_is_no_memory(data: bytes) -> None:
    source = kept(Letters(), data)
    source.many(TEXTS)
    assert source.read == 4


def test_what_was_used_last_is_kept_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.faq.kept_vectors.MOST", 2)
    first = kept(Letters())
    first.many(["old", "older"])
    first.many(["new", "old"])
    model = Letters()
    again = kept(model, first.to_bytes())
    again.many(["new", "old"])
    assert model.read == 0
    again.many(["older"])
    assert model.read == 1


def test_a_question_is_not_kept() -> None:
    source = kept(Letters())
    empty = source.to_bytes()
    assert source.one("what is the fee").any()
    assert source.to_bytes() == empty


def test_whoever_waits_is_told_of_new_texts_only() -> None:
    told: list[tuple[int, int]] = []
    source = KeptVectors(
        letter_vectors(Letters()), lambda: None, lambda done, of: told.append((done, of))
    )
    source.many(["a", "b"])
    source.many(["a", "b", "c"])
    assert told == [(2, 2), (1, 1)]
