"""The table of word vectors: how it is read, what it answers, and what it says of itself."""

import io
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.vectors import FORMAT, ROWS_READ, Table, bucket_numbers

WIDTH = 16
WORDS = ("card", "lost", "weather")
BUCKETS = 50
SHIPPED = files("bot.faq").joinpath("data/word_vectors.npz")


def plain_rows() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(len(WORDS) + BUCKETS, WIDTH)).astype(np.float32)


@pytest.fixture(scope="module")
def table() -> Table:
    return Table.of(WORDS, plain_rows(), {"model": "none"})


@pytest.fixture(scope="module")
def shipped() -> Table:
    return Table.from_bytes(SHIPPED.read_bytes())


def archive(table: Table, **changed: np.ndarray) -> bytes:
    with np.load(io.BytesIO(table.to_bytes())) as parts:
        whole = {name: parts[name] for name in parts} | changed
    file = io.BytesIO()
    np.savez(file, **whole)
    return file.getvalue()


def text_bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def test_a_text_is_the_sum_of_its_words(table: Table) -> None:
    rows = plain_rows()
    whole = rows[0] + rows[1]
    assert table.one("Lost card!") @ whole / np.linalg.norm(whole) > 0.98


def test_a_word_without_a_row_is_the_sum_of_its_letter_runs(table: Table) -> None:
    rows = plain_rows()
    runs = rows[[len(WORDS) + at for at in bucket_numbers("parrot", BUCKETS)]].sum(0)
    assert table.one("parrot") @ runs / np.linalg.norm(runs) > 0.98


def test_letter_runs_fall_into_the_buckets_they_were_trained_in() -> None:
    assert bucket_numbers("a", 1000) == [263]
    assert len(bucket_numbers("card", 1000)) == 4 + 3 + 2


@pytest.mark.parametrize("text", ["", "?!", "\U0001f600", " \n"])
def test_a_text_without_words_has_no_direction(table: Table, text: str) -> None:
    assert not table.one(text).any()


@given(st.text(max_size=300))
def test_any_text_has_a_vector_of_length_one_or_none(table: Table, text: str) -> None:
    vector = table.one(text)
    assert vector.shape == (WIDTH,)
    assert vector.dtype == np.float32
    length = float(np.linalg.norm(vector))
    assert length == 0 or length == pytest.approx(1, abs=1e-4)


def test_many_texts_are_read_like_one(table: Table) -> None:
    texts = ["lost card", "", "wether today"]
    assert np.array_equal(table.many(texts), np.stack([table.one(text) for text in texts]))
    assert table.many([]).shape == (0, WIDTH)


def test_a_very_long_text_is_read_in_part(table: Table) -> None:
    start = " ".join(f"word{at}" for at in range(ROWS_READ))
    assert np.array_equal(table.one(start), table.one(start + " card" * 50))


def test_a_table_comes_back_from_its_bytes(table: Table) -> None:
    data = table.to_bytes()
    again = Table.from_bytes(data)
    assert again.about == {"model": "none", "format": FORMAT}
    assert np.array_equal(again.one("lost parrot"), table.one("lost parrot"))
    assert again.to_bytes() == data


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 and no more", b"{}"])
def test_other_bytes_are_no_table(data: bytes) -> None:
    with pytest.raises(ValueError, match="no table of word vectors"):
        Table.from_bytes(data)


def test_a_pickle_is_refused(table: Table) -> None:
    with pytest.raises(ValueError, match="no table of word vectors"):
        Table.from_bytes(archive(table, rows=np.array([{"a": 1}], dtype=object)))


def test_a_table_of_another_format_says_so(table: Table) -> None:
    with pytest.raises(ValueError, match=f"another format than {FORMAT}"):
        Table.from_bytes(archive(table, about=text_bytes('{"format": 99}')))


@pytest.mark.parametrize(
    "part",
    [
        {"scales": np.ones(3, np.float32)},
        {"scales": np.ones(len(WORDS) + BUCKETS, np.float64)},
        {"rows": np.zeros((len(WORDS) + BUCKETS, 4), np.int8)},
        {"words": text_bytes("\n".join(f"w{at}" for at in range(len(WORDS) + BUCKETS)))},
    ],
)
def test_parts_that_do_not_fit_are_refused(table: Table, part: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Table.from_bytes(archive(table, **part))


@pytest.mark.parametrize(
    "part",
    [
        {"words": text_bytes("card\ncard\nlost")},
        {"scales": np.full(len(WORDS) + BUCKETS, np.nan, np.float32)},
    ],
)
def test_a_damaged_table_is_refused(table: Table, part: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match="damaged"):
        Table.from_bytes(archive(table, **part))


def test_the_shipped_table_names_its_model_its_texts_and_their_licences(shipped: Table) -> None:
    said = str(shipped.about)
    for source in ("all-MiniLM-L6-v2", "Apache-2.0", "Princeton", "WordNet 3.0 License", "MIT"):
        assert source in said


def test_the_shipped_table_is_small_enough() -> None:
    assert len(SHIPPED.read_bytes()) < 12_000_000


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        ("how much does it cost", "what is the price", "how long does it take"),
        ("i forgot my password", "reset login credentials", "i forgot my umbrella"),
        (
            "can my employer pay the fee",
            "will the company cover the charge",
            "can my dog eat meat",
        ),
        ("where do i get aprenticeship trainng", "apprenticeship training", "get the train"),
    ],
)
def test_the_shipped_table_knows_what_means_alike(
    shipped: Table, question: str, near: str, far: str
) -> None:
    asked, alike, unlike = shipped.many([question, near, far])
    assert asked @ alike > asked @ unlike
