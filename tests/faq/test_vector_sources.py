"""The contract of every source of sentence vectors, and what each is good for in a reader."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.faq.beside import Beside
from bot.faq.joined_vectors import JoinedVectors, length_for
from bot.faq.reading import Reader
from bot.faq.sentences import PIECES_READ
from bot.faq.vector_source import Floats, VectorSource
from bot.knowledge.glossary import Glossary
from bot.messages import Outcome
from tests.faq.faqs import FAQ
from tests.faq.sources import SOURCES, Letters, letter_vectors

TEXTS = ["what is the fee", "", "how long does it take", "lost card", "what is the fee", "?!"]
NOTHING = Beside(), Glossary()


@pytest.fixture(params=list(SOURCES))
def source(request: pytest.FixtureRequest) -> VectorSource:
    return SOURCES[request.param]()


def reader(source: VectorSource, cached: bytes | None = None) -> Reader:
    return Reader.build(FAQ, *NOTHING, cached=cached, vectors=source)


def test_rows_are_of_length_one_or_of_none(source: VectorSource) -> None:
    found = source.many(TEXTS)
    assert found.dtype == np.float32
    assert found.shape == (len(TEXTS), len(source.one("")))
    lengths = np.linalg.norm(found, axis=1)
    assert all(length == 0 or length == pytest.approx(1, abs=1e-3) for length in lengths)


def test_a_text_with_nothing_in_it_has_no_direction(source: VectorSource) -> None:
    assert not source.one("").any()
    assert not source.many(["", " "]).any()


def test_no_texts_have_no_rows(source: VectorSource) -> None:
    assert source.many([]).shape == (0, len(source.one("")))


def test_a_text_has_one_vector_whatever_is_read_beside_it(source: VectorSource) -> None:
    together = source.many(TEXTS)
    for text, row in zip(TEXTS, together, strict=True):
        assert np.allclose(source.one(text), row, atol=1e-5)
    assert np.array_equal(source.many(TEXTS), together)


def test_threads_read_beside_each_other(source: VectorSource) -> None:
    alone = [source.one(text) for text in TEXTS]
    with ThreadPoolExecutor(3) as pool:
        for row, expected in zip(pool.map(source.one, TEXTS * 5), alone * 5, strict=True):
            assert np.allclose(row, expected, atol=1e-5)


@settings(max_examples=15)
@given(text=st.text(max_size=200))
@pytest.mark.parametrize("name", list(SOURCES))
def test_any_text_has_a_vector(name: str, text: str) -> None:
    assert np.isfinite(SOURCES[name]().one(text)).all()


def test_a_reader_with_it_finds_what_was_asked(source: VectorSource) -> None:
    part = reader(source).read("what is the fee for the register").first
    assert part.outcome is Outcome.ANSWER
    assert part.offered == ("cost",)


def test_an_index_comes_back_for_the_vectors_it_was_built_with(source: VectorSource) -> None:
    built = reader(source)
    again = reader(source, built.to_bytes())
    assert again.is_from_cache
    assert again.read("pay each year") == built.read("pay each year")


def test_an_index_of_other_vectors_is_built_anew() -> None:
    kept = reader(SOURCES["table"]()).to_bytes()
    for name in ("none", "minilm", "minilm and table"):
        assert not reader(SOURCES[name](), kept).is_from_cache


def test_vectors_are_longer_where_an_entry_has_few_phrasings() -> None:
    assert length_for(97, 97) == length_for(970, 97) == pytest.approx(1.7)
    assert length_for(1_940, 97) == pytest.approx(1.35)
    assert 1 < length_for(8_400, 97) < 1.1
    table = SOURCES["table"]()
    long = JoinedVectors(table, table, 0.5, 1.7)
    assert np.linalg.norm(long.many(["what is the fee", ""]), axis=1) == pytest.approx([1.7, 0])


def test_minilm_knows_what_means_alike_without_a_word_in_common() -> None:
    asked, alike, unlike = SOURCES["minilm"]().many(
        ["my boss refuses to fund it", "the employer will not pay", "the river floods in spring"]
    )
    assert asked @ alike > asked @ unlike + 0.2


def test_a_very_long_text_is_read_in_part() -> None:
    model = Letters()
    widths: list[int] = []

    def measured(numbers: NDArray[np.int64]) -> Floats:
        widths.append(numbers.shape[1])
        return model(numbers)

    letter_vectors(measured).many(["a " * 5_000, "b"])
    assert sorted(widths) == [3, PIECES_READ]


def test_whoever_waits_is_told_how_far_it_is() -> None:
    told: list[tuple[int, int]] = []
    letter_vectors(Letters()).many(
        ["a", "b c", "c", "d e f"], lambda done, of: told.append((done, of))
    )
    assert told == [(2, 4), (3, 4), (4, 4)]
