"""The guard over the halves that were tuned on: floors that may rise and must not fall.

What nobody tuned on is in `held_out*.yaml`; docs/matching.md says how well it is heard.
"""

from pathlib import Path

import numpy as np
import pytest
import yaml

from bot.engine.commands import COMMANDS
from bot.faq.guard import LONG, TOPIC_WEIGHT, Hearing, Neighbours
from bot.faq.linear import Linear
from bot.faq.rows import Vector
from bot.messages import Outcome
from bot.service.library import Edition

HEARD = 0.97  # floor of sensitive messages that get a card
FALSE_CARDS = 0.025  # ceiling of a card shown to anything else
HALVES = ("questions.yaml", "questions_2.yaml")


def outcomes(edition: Edition, *, sensitive: bool) -> list[tuple[str, set[Outcome]]]:
    """What each text of the halves is taken for."""
    halves = [Path(__file__).with_name(name).read_text(encoding="utf-8") for name in HALVES]
    asked = [one for half in halves for one in yaml.safe_load(half)["questions"]]
    texts = [one["q"] for one in asked if (one.get("outcome") == "signpost") is sensitive]
    return [(text, {part.outcome for part in edition.read(text).parts}) for text in texts]


def test_what_is_sensitive_gets_a_card_and_never_an_answer(edition: Edition) -> None:
    found = outcomes(edition, sensitive=True)
    unheard = [text for text, taken in found if Outcome.SIGNPOST not in taken]
    assert len(unheard) <= (1 - HEARD) * len(found), unheard
    assert [text for text, taken in found if Outcome.ANSWER in taken] == []


def test_no_command_is_taken_for_a_cry_for_help(edition: Edition) -> None:
    """ "Leave me alone" and "stop texting me" are how people stop messages."""
    said = {phrase for spec in COMMANDS for phrase in (spec.name, *spec.phrases)}
    found = {one: {part.outcome for part in edition.read(one).parts} for one in sorted(said)}
    assert [one for one, taken in found.items() if Outcome.SIGNPOST in taken] == []


def test_hardly_anything_else_gets_a_card(edition: Edition) -> None:
    found = outcomes(edition, sensitive=False)
    carded = [text for text, taken in found if Outcome.SIGNPOST in taken]
    assert len(found) > 700
    assert len(carded) <= FALSE_CARDS * len(found), carded


def test_what_stands_in_a_list_is_taken_as_the_list_says(edition: Edition) -> None:
    """Every sixth text of each list, word for word; one that two topics share is either's."""
    content = edition.content
    for topic in content.sensitive.topics:
        for phrasing in topic.phrasings[::6]:
            assert {p.outcome for p in edition.read(phrasing.text).parts} == {Outcome.SIGNPOST}
    answered = [
        text
        for group in content.outside.groups
        for text in group.texts[::6]
        if Outcome.ANSWER in {part.outcome for part in edition.read(text).parts}
    ]
    assert answered == []


@pytest.mark.parametrize(("words", "less"), [(1, 0.0), (LONG, 0.0), (2 * LONG, 0.139)])
def test_a_long_text_must_say_more_to_raise_an_alarm(words: int, less: float) -> None:
    every = Linear(np.full((1, 1), 2, np.float32), np.zeros((2, 1), np.float32))
    nobody = Neighbours.of(np.zeros((0, 2), np.float32), np.zeros(0, bool))
    text = Vector(np.zeros(1, np.int32), np.ones(1, np.float32), np.zeros(2, np.float32))
    score = Hearing(every, every, nobody).score(text, words)
    assert score == pytest.approx(1 + TOPIC_WEIGHT - less, abs=0.001)
