"""What is known to be outside a FAQ is not answered, and changes nothing else."""

import pytest

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.knowledge.outside import Outside
from bot.messages import Outcome
from tests.faq.faqs import FAQ, GLOSSARY, SENSITIVE, SMALLTALK, bare_reader
from tests.faq.test_reading import ASKED

OUTSIDE = Outside.model_validate(
    {
        "groups": [
            {
                "id": "cars",
                "texts": [
                    "how much does it cost to register a car",
                    "what is the fee for number plates",
                    "vehicle registration price",
                ],
            },
            {"id": "pay", "texts": ["how long until I get paid", "waiting for my wages"]},
            {"id": "trains", "texts": ["how many weeks until the train ticket ends"]},
        ]
    }
)


def reader(outside: Outside = OUTSIDE, cached: bytes | None = None) -> Reader:
    return Reader.build(FAQ, Beside(SENSITIVE, SMALLTALK, outside), GLOSSARY, cached=cached)


@pytest.mark.parametrize("text", [text for group in OUTSIDE.groups for text in group.texts])
def test_what_is_known_to_be_outside_is_not_answered(text: str) -> None:
    assert reader().read(text).first.outcome is Outcome.DECLINE


@pytest.mark.parametrize(
    "text", ["what is the fee for registering my car", "is a car expensive to register"]
)
def test_what_is_near_to_it_is_answered_less_surely(text: str) -> None:
    before, after = bare_reader().read(text).first, reader().read(text).first
    assert before.outcome is Outcome.ANSWER
    assert after.ranked[0].confidence < before.ranked[0].confidence - 0.01


@pytest.mark.parametrize(("text", "entry"), ASKED)
def test_what_the_faq_answers_still_comes_first(text: str, entry: str) -> None:
    assert reader().read(text).first.ranked[0].entry == entry


def test_no_group_is_ever_ranked() -> None:
    part = reader().read("vehicle registration price").first
    assert set(part.confidence_by_entry) == {entry.id for entry in FAQ.entries}
    assert part.explanation.nearest in {t for entry in FAQ.entries for t in entry.asked_as()}


def test_a_phrasing_word_for_word_is_answered_whatever_is_outside() -> None:
    same = Outside.model_validate({"groups": [{"id": "g", "texts": ["price of registration"]}]})
    assert reader(same).read("price of registration").first.outcome is Outcome.ANSWER


def test_an_index_without_the_outside_is_built_anew() -> None:
    kept = reader(Outside()).to_bytes()
    assert not reader(cached=kept).is_from_cache
    assert reader(cached=reader().to_bytes()).is_from_cache
