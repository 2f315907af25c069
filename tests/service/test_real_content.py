"""The whole house over the content we ship: any words, any button, any order; and figures that must hold."""

import random

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.commands import COMMANDS
from bot.faq.ranking import Part
from bot.messages import TOKEN_LIMIT, Choice, Command, Edited, Outcome, Place, Text, Utterance
from bot.service.library import Edition
from bot.storage.memory import MemoryStore
from tests.builders import ROOT, Talk, answered
from tests.service.houses import GROUP, House

COMMON = ["cost", "fee", "how", "long", "who", "rail", "iet", "is", "are", "the", "engtech", "7"]
STARTS = ("cost-overview", "what-is-professional-registration", "how-long-does-it-take")


def house_of(edition: Edition) -> House:
    house = House(MemoryStore(), edition.content)
    house.library.replace(edition)
    return house


def slipped(words: str, chance: random.Random) -> str:
    """Words with two letters swapped."""
    at = chance.randrange(max(len(words) - 1, 1))
    return words[:at] + words[at : at + 2][::-1] + words[at + 2 :]


def check_part(part: Part) -> None:
    confidences = [ranked.confidence for ranked in part.ranked]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)
    assert len(part.ranked) <= 10
    expected = {Outcome.ANSWER: {1}, Outcome.DISAMBIGUATE: {2, 3}}.get(part.outcome, {0})
    assert len(part.offered) in expected
    assert bool(part.topic) is (part.outcome in {Outcome.SIGNPOST, Outcome.SMALLTALK})


words = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(COMMON)).map(" ".join),
    st.sampled_from(["1", "2", "none of these", "and how long?", "ok", "🙂", "stop", "/why"]),
)


@settings(max_examples=60)
@given(text=words)
def test_whatever_is_typed_the_reader_gives_a_ranking_that_can_be_used(
    edition: Edition, text: str
) -> None:
    ranking = edition.read(text)
    assert ranking.parts
    for part in ranking.parts:
        check_part(part)
        assert {ranked.entry for ranked in part.ranked} <= set(edition.content.entry_by_id)


@settings(max_examples=25)
@given(
    walk=st.lists(st.tuples(words, st.integers(0, 99), st.sampled_from(list(Place))), max_size=8)
)
def test_any_walk_through_the_whole_house_is_answered(
    edition: Edition, walk: list[tuple[str, int, Place]]
) -> None:
    house = house_of(edition)
    for text, number, place in walk:
        utterance: Utterance = Text(text)
        tokens = [option.token for sent in house.channel.sent for option in sent.reply.options]
        match number % 5:
            case 0 if tokens:
                utterance = Choice(tokens[number % len(tokens)])
            case 1:
                utterance = Command(COMMANDS[number % len(COMMANDS)].name, text)
            case 2:
                utterance = Edited(text)
            case _:
                pass
        before = len(house.channel.sent)
        assert house.hear("ann", utterance, place)
        house.deliver()
        said = house.channel.sent[before:]
        assert said, utterance
        assert {one.address.id for one in said} == {"ann" if place is Place.PRIVATE else GROUP}
        for one in said:
            assert one.reply.text.strip()
            assert not (one.reply.personal and place is Place.GROUP)
            assert all(len(option.token.encode()) <= TOKEN_LIMIT for option in one.reply.options)


def test_every_entry_answers_its_own_question_through_the_whole_house(edition: Edition) -> None:
    house, chance, wrong = house_of(edition), random.Random(1), list[str]()
    entries = list(edition.content.entry_by_id.values())
    assert len(entries) >= 97
    for entry in chance.sample(entries, 25):
        house.say("ann", entry.question.en)
        last = house.session("ann").last
        if last is None or last.entry != entry.id:
            wrong.append(entry.id)
    assert wrong == []


def test_a_slip_of_the_finger_still_finds_the_entry_or_offers_it(edition: Edition) -> None:
    chance, entries = random.Random(2), list(edition.content.entry_by_id.values())[::2]
    found = [
        entry.id in edition.read(slipped(entry.question.en, chance)).first.offered
        for entry in entries
    ]
    assert sum(found) >= 0.85 * len(found)


def test_a_topic_in_the_air_bends_hardly_any_question_that_is_not_ours(edition: Edition) -> None:
    """Out of scope, right after an answer: at most 3 % may be answered that would not have been (A2, A8)."""
    file = ROOT / "tests" / "content" / "questions.yaml"
    asked = [
        one["q"]
        for one in yaml.safe_load(file.read_text(encoding="utf-8"))["questions"]
        if not one["accept"]
    ]
    assert len(asked) >= 150
    bent = []
    for question in asked:
        ranking = edition.read(question)
        if any(part.outcome is Outcome.ANSWER for part in ranking.parts):
            continue
        for start in STARTS:
            talk = Talk(edition.content)
            talk.say("before", answered(start))
            turn = talk.say(question, ranking)
            last = turn.session.last
            if last and last.at_turn == talk.session.turn and last.outcome is Outcome.ANSWER:
                bent.append((start, question, last.entry))
    assert len(bent) <= 0.03 * len(asked) * len(STARTS), bent
