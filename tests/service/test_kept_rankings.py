"""What words were taken for is kept for words of the content, and for nobody's own."""

from dataclasses import replace

import pytest

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.knowledge.faq import Faq
from bot.knowledge.smalltalk import Smalltalk
from bot.service.library import MOST_KEPT, Edition
from tests.builders import content_of

FAQ = Faq.model_validate(
    {
        "entries": [
            {"id": "taps", "question": "Who mends taps?", "answer": "A plumber."},
            {"id": "roofs", "question": "Who mends roofs?", "answer": "A roofer."},
        ]
    }
)
SMALLTALK = Smalltalk.model_validate(
    {"kinds": [{"id": "greeting", "phrasings": ["hello"], "replies": ["Hello."]}]}
)


def edition() -> Edition:
    content = replace(content_of(), faq=FAQ, smalltalk=SMALLTALK)
    built = Reader.build(FAQ, Beside(content.sensitive, SMALLTALK), content.glossary)
    return Edition(content, built)


@pytest.mark.parametrize(
    "text", ["Who mends taps?", "who mends taps", "hello", "topics", "Stop", "3"]
)
def test_words_of_the_content_are_read_once(text: str) -> None:
    here = edition()
    ranking = here.read(text)
    assert here.read(text) is ranking
    assert ranking == here.reader.read(text)


@pytest.mark.parametrize(
    "text", ["who mends my taps, I am Ann", "Ann", "07700 900123", "1234", ""]
)
def test_words_of_a_persons_own_are_forgotten_at_once(text: str) -> None:
    here = edition()
    here.read(text)
    assert not here.kept


def test_no_more_is_kept_than_there_is_room_for() -> None:
    here = edition()
    for blanks in range(MOST_KEPT + 10):
        here.read("topics" + " " * blanks)
    assert len(here.kept) == MOST_KEPT
