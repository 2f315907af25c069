"""The parts that learn: features, the two scorers, thresholds, the guard's classifier."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.faq.calibration import ANSWER, SUGGEST, Rehearsal, Thresholds
from bot.faq.features import FeatureSpace, only
from bot.faq.guard import Neighbours
from bot.faq.index import Index
from bot.faq.linear import Trainer
from bot.faq.nearest import Nearest
from bot.faq.rows import Block
from bot.faq.word_for_word import WordForWord
from bot.faq.words import Words, as_written
from bot.knowledge.glossary import Glossary
from bot.language.lexicon import Lexicon
from tests.faq.faqs import FAQ, bare_reader, reader

LEXICON = Lexicon(Glossary())
TEXTS = [as_written(text, LEXICON) for entry in FAQ.entries for text in entry.asked_as()]
OWNERS = np.array([at for at, e in enumerate(FAQ.entries) for _ in e.asked_as()], np.int32)
NONE = np.zeros(0, np.float32)
SPACE = FeatureSpace.learn(TEXTS)
ROWS = SPACE.rows(TEXTS, np.zeros((len(TEXTS), 0), np.float32), 1.0)


def index_of() -> Index:
    found = Index.from_bytes(reader().to_bytes())
    assert found is not None
    return found


def test_every_vector_is_of_unit_length() -> None:
    for at in range(len(ROWS)):
        weights = ROWS.row(at).weights
        assert weights @ weights == pytest.approx(1, abs=1e-5)


def test_a_sentence_vector_has_its_share_of_the_length() -> None:
    dense = np.array([0.6, 0.8], np.float32)
    vector = SPACE.vector(TEXTS[0], dense, 2.0)
    assert vector.dense @ vector.dense == pytest.approx(4 / 5, abs=1e-5)
    assert vector.weights @ vector.weights == pytest.approx(1 / 5, abs=1e-5)


def test_unknown_words_leave_no_features() -> None:
    assert len(SPACE.vector(Words(("zzzz",)), NONE, 1.0).ids) == 0


def test_usual_words_weigh_less_than_rare_ones() -> None:
    heavy, light = SPACE.number("portfolio"), SPACE.number("the")
    assert heavy is not None
    assert light is not None
    assert SPACE.idf[heavy] > SPACE.idf[light]


def test_texts_beside_the_faq_do_not_change_its_features() -> None:
    space = FeatureSpace.learn(TEXTS, [Words(("strike", "ballot"))])
    assert space.names[: space.home] == SPACE.names
    assert (space.idf[: space.home] == SPACE.idf).all()
    vector = space.vector(Words(("registration", "strike")), NONE, 1.0)
    kept = only(vector, np.arange(len(space)) < space.home)
    assert kept.weights @ kept.weights == pytest.approx(1, abs=1e-5)


def test_the_cosine_of_a_phrasing_to_itself_is_one() -> None:
    nearest = Nearest.of(ROWS, np.array([0, 5, 10, 15], np.int32))
    for at in range(len(ROWS)):
        cosines = nearest.cosines(ROWS.row(at))
        assert cosines[at] == pytest.approx(1, abs=1e-5)
        assert nearest.by_entry(cosines)[OWNERS[at]] >= 1 - 1e-5


def test_the_classifier_knows_its_own_rows() -> None:
    linear = Trainer(ROWS, OWNERS, 4).train()
    scores = np.array([linear.scores(ROWS.row(at)) for at in range(len(ROWS))])
    assert (scores.argmax(1) == OWNERS).all()


def test_training_ends_where_the_objective_is_least() -> None:
    trainer = Trainer(ROWS, OWNERS, 4)
    for _ in range(20):
        trainer.train()
    best = trainer.linear.weights.copy()
    trainer.train()
    assert np.abs(trainer.linear.weights - best).max() < 1e-4


def test_rows_that_are_left_out_leave_no_trace() -> None:
    trainer = Trainer(ROWS, OWNERS, 4)
    trainer.train()
    before = trainer.linear.weights.copy()
    out = OWNERS == 2
    without = trainer.without(out, passes=30).linear
    assert (trainer.linear.weights == before).all()
    assert np.abs(without.weights[:, 2]).max() == pytest.approx(0, abs=1e-4)
    only_there = ~ROWS.columns(np.flatnonzero(~out))
    assert np.abs(without.weights[only_there]).max() == pytest.approx(0, abs=1e-4)


def test_thresholds_are_in_order() -> None:
    for thresholds in (index_of().thresholds, Thresholds()):
        assert 0 < thresholds.suggest_at < thresholds.answer_at


@given(st.lists(st.floats(-5, 9, width=32), min_size=1, max_size=40))
def test_confidences_keep_the_order_of_scores(scores: list[float]) -> None:
    thresholds = Thresholds(0.8, 1.3, 0.1)
    confidences = thresholds.confidences(np.array(sorted(scores), np.float32))
    assert (np.diff(confidences) >= 0).all()
    assert confidences.min() >= 0
    assert confidences.max() <= 1


def test_the_thresholds_are_the_same_for_people_everywhere() -> None:
    thresholds = Thresholds(0.8, 1.3, 0.1)
    shown = thresholds.confidences(np.array([0.8, 1.3], np.float32))
    assert shown == pytest.approx([SUGGEST, ANSWER], abs=1e-6)


def test_a_threshold_lets_no_more_through_than_it_may() -> None:
    rehearsal = Rehearsal.of([(score / 10, 0.2, False) for score in range(20)])
    threshold = rehearsal.least_score(0.0, 0.1)
    assert (rehearsal.scores >= threshold).sum() == 2
    assert rehearsal.least_score(0.3, 0.1) == 0.0
    assert Rehearsal.of([]).least_score(0.0, 0.1) == 0.0


def test_an_index_says_what_it_is() -> None:
    index = index_of()
    assert index.entries == len(FAQ.entries)
    assert index.guard is not None
    assert index.to_bytes() == reader().to_bytes()
    bare = Index.from_bytes(bare_reader().to_bytes())
    assert bare is not None
    assert bare.guard is None


@pytest.mark.parametrize("data", [b"", b"junk", b"PK\x03\x04junk"])
def test_what_is_no_index_is_refused(data: bytes) -> None:
    assert Index.from_bytes(data) is None


def test_a_large_faq_is_matched_like_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    firsts = np.array([0, 5, 10, 15], np.int32)
    dense = np.eye(4, dtype=np.float32)[OWNERS]
    rows = SPACE.rows(TEXTS, dense, 1.0)
    small = Nearest.of(rows, firsts)
    monkeypatch.setattr("bot.faq.nearest.LARGE", 10)
    monkeypatch.setattr("bot.faq.main_axes.AXES", 2)
    monkeypatch.setattr("bot.faq.nearest.CLOSER", 8)
    large = Nearest.of(rows, firsts)
    assert len(small) == len(large) == len(TEXTS)
    assert len(large.phrasings) < len(small.phrasings)
    assert large.dense.shape == large.rest.shape == (20, 2)
    for at in range(len(rows)):
        assert large.by_entry(large.cosines(rows.row(at))).argmax() == OWNERS[at]


def test_many_rows_come_out_as_each_alone() -> None:
    for at, text in enumerate(TEXTS):
        alone, row = SPACE.vector(text, NONE, 1.0), ROWS.row(at)
        assert (alone.ids == row.ids).all()
        assert alone.weights == pytest.approx(row.weights)


def test_a_block_holds_its_rows() -> None:
    which = np.array([7, 2, 11])
    block = Block(ROWS, which)
    matrix = block.matrix()
    for place, at in enumerate(which.tolist()):
        row = ROWS.row(at)
        assert matrix[place][np.searchsorted(block.ids, row.ids)] == pytest.approx(row.weights)
        assert np.count_nonzero(matrix[place]) == len(row.ids)


def test_some_rows_are_the_same_rows() -> None:
    some = ROWS.some(np.array([3, 0]))
    assert (some.row(0).ids == ROWS.row(3).ids).all()
    assert (some.row(1).weights == ROWS.row(0).weights).all()
    assert set(np.flatnonzero(ROWS.columns(np.array([3])))) == set(ROWS.row(3).ids.tolist())


def test_a_text_with_known_sensitive_neighbours_leads() -> None:
    dense = np.eye(2, dtype=np.float32)[[0, 0, 0, 1, 1, 1]]
    near = Neighbours.of(dense, np.array([True, True, True, False, False, False]))
    assert near.lead(np.array([2, 0], np.float32)) == pytest.approx(1)
    assert near.lead(np.array([0, 1], np.float32)) == pytest.approx(-1)
    assert Neighbours.of(dense[:4], np.array([True, True, True, False])).lead(dense[0]) == 0


def test_a_phrasing_is_found_word_for_word_and_a_shared_one_is_nobodys() -> None:
    asked = [(0, "One?"), (0, "both"), (0, "just a"), (1, "Two?"), (1, "Both!")]
    found = WordForWord.of(asked, ["neither", "one"])
    assert found.owner(("one",)) == 0
    assert found.owner(("just", "a")) == 0
    assert found.owner(("two",)) == 1
    assert found.owner(("both",)) is None
    assert found.owner(("neither",)) is None
    assert found.owner(()) is None
    assert found.is_outside(("neither",))
    assert not found.is_outside(("one",))


def test_weights_in_steps_score_like_plain_ones() -> None:
    trainer = Trainer(ROWS, OWNERS, len(FAQ.entries))
    plain = trainer.train()
    kept = plain.in_steps()
    assert kept.weights.dtype == np.int8
    for at in range(len(ROWS)):
        text = ROWS.row(at)
        assert kept.scores(text) == pytest.approx(plain.scores(text), abs=0.01)
        own = int(OWNERS[at])
        few = kept.of_features(text.ids, own)
        assert few == pytest.approx(plain.of_features(text.ids, own), abs=0.01)


def test_some_classes_score_as_they_did_among_all() -> None:
    plain = Trainer(ROWS, OWNERS, len(FAQ.entries)).train()
    some = np.array([0, 2])
    text = ROWS.row(0)
    assert plain.of_classes(some).scores(text) == pytest.approx(plain.scores(text)[some])
    assert plain.of_classes(some).weights.flags.c_contiguous  # rows are read 10,000 times


def test_only_a_mark_of_our_own_is_believed_without_a_look() -> None:
    data = reader().to_bytes()
    assert Index.from_bytes(data, is_whole=True) is not None
    assert Index.from_bytes(b"x" * 64 + data[64:], is_whole=True) is None
    broken = data[:-1] + bytes([data[-1] ^ 1])
    assert Index.from_bytes(broken) is None
