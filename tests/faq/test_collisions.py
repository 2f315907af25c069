"""Entries whose phrasings say the same are found before a person is answered the wrong one."""

import numpy as np

from bot.faq.collisions import collisions
from bot.faq.features import FeatureSpace
from bot.faq.nearest import Nearest
from bot.faq.words import as_written
from bot.knowledge.glossary import Glossary
from bot.language.lexicon import Lexicon
from bot.messages import EntryId
from tests.faq.faqs import bare_reader

ENTRIES = [EntryId("cost"), EntryId("time"), EntryId("abroad")]
PHRASINGS = ["what is the fee", "fees", "how long is the wait", "what do I pay", "in Spain"]
DENSE = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [1, 0.05, 0], [0, 0, 1]], np.float32)


def nearest() -> Nearest:
    texts = [as_written(text, Lexicon(Glossary())) for text in PHRASINGS]
    rows = FeatureSpace.learn(texts).rows(texts, DENSE, 1.0)
    return Nearest.of(rows, np.array([0, 2, 4], np.int32))


def test_two_entries_that_say_the_same_are_one_collision() -> None:
    (found,) = collisions(nearest(), ENTRIES, PHRASINGS)
    assert found.entries == ("cost", "time")
    assert found.phrasings == ("what is the fee", "what do I pay")
    assert found.count == 2
    assert 0.99 < found.likeness <= 1


def test_without_sentence_vectors_nothing_collides() -> None:
    assert bare_reader().collisions() == ()
