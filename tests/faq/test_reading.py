"""The door of the FAQ: what some words are taken for."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.faq.calibration import ANSWER
from bot.faq.ranking import Part
from bot.faq.reading import LISTED, Reader
from bot.faq.smalltalk import NUMBER
from bot.knowledge.faq import Faq
from bot.messages import Outcome
from tests.faq.faqs import (
    BESIDE,
    FAQ,
    GLOSSARY,
    NOTHING,
    bare_reader,
    faq_of,
    reader,
)

ASKED = [(text, entry.id) for entry in FAQ.entries for text in entry.asked_as()]
ODD = (
    "",
    " ",
    "?",
    "!!!",
    "\U0001f600",
    "a",
    "\u0442\u0435\u0441\u0442",
    "x" * 5000,
    "word " * 4000,
)


def check(part: Part, text: str) -> None:
    """What holds of every part of every ranking."""
    confidences = [ranked.confidence for ranked in part.ranked]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in part.confidence_by_entry.values())
    is_ranked = part.words.strip() and (part.topic != NUMBER or part.ranked)  # digits are not
    assert len(part.ranked) == (min(LISTED, len(FAQ.entries)) if is_ranked else 0)
    assert {ranked.entry for ranked in part.ranked} <= set(part.confidence_by_entry)
    assert part.words in text
    match part.outcome:
        case Outcome.ANSWER:
            assert part.offered == (part.ranked[0].entry,)
            assert confidences[0] >= ANSWER
        case Outcome.DISAMBIGUATE:
            assert 1 <= len(part.offered) <= 3
        case _:
            assert not part.offered
    assert bool(part.topic) == (part.outcome in {Outcome.SIGNPOST, Outcome.SMALLTALK})


@given(st.text(max_size=20_000))
@example("word " * 4000)
@example("\ud800")
def test_any_text_is_taken_for_something(text: str) -> None:
    ranking = reader().read(text)
    for part in ranking.parts:
        check(part, text)
    assert reader().read(text) == ranking


@given(st.lists(st.sampled_from([w for text, _ in ASKED for w in text.split()]), max_size=30))
def test_any_mix_of_the_faqs_own_words_is_taken_for_something(words: list[str]) -> None:
    text = " ".join(words)
    for part in reader().read(text).parts:
        check(part, text)


@pytest.mark.parametrize(("text", "entry"), ASKED)
def test_a_phrasing_asked_word_for_word_finds_its_own_entry(text: str, entry: str) -> None:
    assert reader().read(text).first.ranked[0].entry == entry
    assert bare_reader().read(text.upper()).first.ranked[0].entry == entry


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_are_never_answered(text: str) -> None:
    for read in (reader(), bare_reader()):
        assert read.read(text).first.outcome is not Outcome.ANSWER


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("hw much dos registraton csot", "cost"),
        ("is it dear to register", "cost"),
        ("howlong does registration take", "duration"),
        ("WHAT EVIDENCE DO I NEED", "evidence"),
    ],
)
def test_slips_and_synonyms_find_the_entry(text: str, entry: str) -> None:
    part = reader().read(text).first
    assert part.ranked[0].entry == entry
    assert part.outcome in {Outcome.ANSWER, Outcome.DISAMBIGUATE}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("i want to kill myself", "crisis"),
        ("i dont want to live", "crisis"),
        ("they saked me and i want to kil myself", "crisis"),
        ("I was sacked this morning", "dismissal"),
        ("how much does registration cost? i was sacked", "dismissal"),
    ],
)
def test_what_is_sensitive_comes_before_everything(text: str, topic: str) -> None:
    ranking = reader().read(text)
    assert len(ranking.parts) == 1
    assert (ranking.first.outcome, ranking.first.topic) == (Outcome.SIGNPOST, topic)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hello", "greeting"),
        ("Hellooooo!", "greeting"),
        ("cheers mate", "thanks"),
        ("thnak you", "thanks"),
        ("42", "number-alone"),
        ("\U0001f44d", "emoji-alone"),
        ("?", "nonsense"),
        ("\u0441\u043a\u043e\u043b\u044c\u043a\u043e \u044d\u0442\u043e", "other-language"),
        ("ile to kosztuje prosze", "other-language"),
    ],
)
def test_small_talk_is_recognised(text: str, kind: str) -> None:
    part = reader().read(text).first
    assert (part.outcome, part.topic) == (Outcome.SMALLTALK, kind)


def test_a_greeting_before_a_question_is_no_small_talk() -> None:
    assert reader().read("hello, how much does registration cost?").first.outcome is Outcome.ANSWER


@pytest.mark.parametrize("text", ["the", "how", "42", "what", "\U0001f600"])
def test_one_word_that_says_nothing_never_answers(text: str) -> None:
    read = Reader.build(faq_of("how the 42 what", "something else", "a third one"), *NOTHING)
    assert read.read(text).first.outcome is Outcome.DECLINE


def test_an_unknown_content_word_lowers_confidence() -> None:
    sure = reader().read("how much does registration cost").first
    unsure = reader().read("how much does a giraffe registration cost").first
    assert unsure.ranked[0].confidence < sure.ranked[0].confidence


def test_two_questions_get_two_parts() -> None:
    parts = reader().read("How much does registration cost? What evidence do I need?").parts
    assert [part.offered for part in parts] == [("cost",), ("evidence",)]
    assert [part.words for part in parts] == [
        "How much does registration cost?",
        "What evidence do I need?",
    ]


def test_the_same_question_twice_is_one() -> None:
    text = "How much does registration cost? What is the price of registration?"
    assert len(reader().read(text).parts) == 1


def test_it_says_why_in_the_faqs_own_words_only() -> None:
    explanation = reader().read("secretname wants the pirce of registraton").first.explanation
    assert explanation.nearest == "price of registration"
    assert explanation.repaired == ("price", "registration")
    assert "price" in explanation.features
    assert explanation.margin > 0
    assert "secretname" not in repr(explanation)


def test_reading_from_bytes_changes_nothing() -> None:
    again = Reader.build(FAQ, BESIDE, GLOSSARY, cached=reader().to_bytes())
    texts = [text for text, _ in ASKED] + ["hw much csot", "hello", "sacked", "pizza", *ODD]
    assert [again.read(text) for text in texts] == [reader().read(text) for text in texts]
    assert again.to_bytes() == reader().to_bytes()


@given(st.binary(max_size=300), st.integers(0, 3000))
@settings(max_examples=25, deadline=None)
def test_broken_bytes_are_built_anew(junk: bytes, at: int) -> None:
    whole = bare_reader().to_bytes()
    for cached in (junk, whole[:at], whole[:at] + junk + whole[at + len(junk) :]):
        read = Reader.build(FAQ, *NOTHING, cached=cached)
        assert read.read("price of registration").first.ranked[0].entry == "cost"


def test_bytes_of_another_faq_are_built_anew() -> None:
    other = Reader.build(faq_of("one thing", "another thing"), *NOTHING)
    read = Reader.build(FAQ, *NOTHING, cached=other.to_bytes())
    assert read.read("price of registration") == bare_reader().read("price of registration")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
def test_any_number_of_entries_with_one_phrasing_is_enough(count: int) -> None:
    words = [f"word{at}" for at in range(count)]
    read = Reader.build(faq_of(*words), *NOTHING)
    ranked = read.read("word0").first.ranked
    assert len(ranked) == min(count, LISTED)
    assert not count or ranked[0].entry == "entry-0"
    assert Reader.build(faq_of(*words), *NOTHING, read.to_bytes()).read("word0").parts


def test_entries_without_words_can_be_read() -> None:
    read = Reader.build(faq_of("???", "\U0001f600", "a real question"), *NOTHING)
    assert read.read("a real question").first.ranked[0].entry == "entry-2"


def test_entries_demand_words() -> None:
    entries = [dict(entry) for entry in FAQ.model_dump()["entries"]]
    entries[0]["must_have"] = ["price", "how much"]
    entries[1]["block_if"] = ["pizza"]
    entries[2]["min_score"] = 1.0
    read = Reader.build(Faq.model_validate({"entries": entries}), *NOTHING)
    assert read.read("how much does registration cost").first.outcome is Outcome.ANSWER
    assert read.read("is it expensive to register").first.outcome is not Outcome.ANSWER
    assert (
        read.read("how long does pizza registration take").first.confidence_by_entry[
            FAQ.entries[1].id
        ]
        == 0.0
    )
    assert read.read("evidence i need then").first.outcome is not Outcome.ANSWER


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("how much", True), ("cost?", True), ("can i join", True), ("fees", False), ("", False)],
)
def test_a_plain_question_is_known_by_its_form(text: str, is_one: bool) -> None:
    assert reader().read(text).is_question is is_one


def test_what_sounds_sensitive_is_offered_and_not_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "the price of getting registered"
    assert reader().read(text).first.outcome is Outcome.ANSWER
    monkeypatch.setattr("bot.faq.reading.UNEASY_AT", -9.0)
    assert reader().read(text).first.outcome is Outcome.DISAMBIGUATE
    assert reader().read(text).first.offered[0] == "cost"


def test_curses_are_no_part_of_a_question_and_the_guard_hears_them() -> None:
    plain, sworn = (
        reader().read(f"{curse}price of registration").first for curse in ("", "wtf ffs ")
    )
    assert sworn.offered == plain.offered == ("cost",)
    assert reader().read("bloody sacked").first.outcome is Outcome.SIGNPOST


def test_a_lone_number_is_not_ranked() -> None:
    part = reader().read("3").first
    assert (part.outcome, part.ranked) == (Outcome.SMALLTALK, ())
