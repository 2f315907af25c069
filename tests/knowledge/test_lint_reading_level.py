"""How sentences are told apart, and how hard a text is to read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.lint_prose import plain_text, rendered, sentences
from bot.knowledge.reading_level import easy_names, reading_age, syllables

SYLLABLES = {
    1: "the free fee year times worked learned rules asked moved skills view piece course based",
    2: "union unions people people's being seeing science council statement safety guidance table "
    "tables changes agreed wanted applied bodies sometimes before licensed value",
    3: "employer engineer agreement improvement requirement audience area idea interview "
    "colleges technical technician serious period organise",
    4: "registration engineering society variety usually material reliable",
    5: "organisation qualification",
}
WORDS = [(word, count) for count, words in SYLLABLES.items() for word in words.split()]

EASY = "You pay the body once a year. Ask your boss to help. Keep the bill."
HARD = "Institutional accountability necessitates comprehensive documentation of capability."


def texts_of(markdown: str) -> list[str]:
    return [sentence.text for sentence in sentences(markdown)]


@pytest.mark.parametrize(("word", "count"), WORDS)
def test_syllables_are_counted_as_they_are_spoken(word: str, count: int) -> None:
    assert syllables(word) == count


def test_a_number_is_read_at_a_glance() -> None:
    assert syllables("2026") == 1
    assert syllables("£12.50") == 1


def test_long_words_and_long_sentences_need_an_older_reader() -> None:
    assert reading_age(sentences(EASY)) < 8
    assert reading_age(sentences(HARD)) > 16
    joined = EASY.replace(". A", " and a").replace(". K", " and k")
    assert reading_age(sentences(joined)) > reading_age(sentences(EASY))


def test_the_age_is_that_of_the_formula() -> None:
    # 8 words in 2 sentences, 10 syllables: 0.39 * 4 + 11.8 * 10 / 8 - 15.59 is grade 0.72
    said = sentences("The cat sat on a table. Dogs agree.")
    assert reading_age(said) == pytest.approx(0.39 * 4 + 11.8 * 10 / 8 - 15.59 + 5)


def test_a_name_counts_as_one_short_word() -> None:
    text = "The Institution of Engineering and Technology's fees are here."
    names = easy_names(["Institution of Engineering and Technology", "IET"])
    assert reading_age(sentences(text), names) < reading_age(sentences(text)) - 5
    assert reading_age(sentences(text), names) == reading_age(sentences("The x fees are here."))


def test_the_longest_name_wins() -> None:
    names = easy_names(["Science", "Science Council"])
    assert reading_age(sentences("The Science Council pays."), names) == reading_age(
        sentences("The x pays.")
    )


def test_a_gap_counts_as_one_short_word() -> None:
    assert reading_age(sentences("Hello {wonderful_organisation}.")) == reading_age(
        sentences("Hello it.")
    )


def test_no_words_have_no_reading_age() -> None:
    assert reading_age(sentences("")) == 0
    assert reading_age(sentences("... - !")) == 0


def test_marks_are_no_part_of_what_people_read() -> None:
    text = "It is **dear**: see [the page](https://www.example.org/)."
    assert plain_text(text) == "It is dear: see the page."
    assert rendered(text) == "It is dear: see the page (https://www.example.org/)."


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Ask a body, e.g. the IET. It knows.", ["Ask a body, e.g. the IET.", "It knows."]),
        ("It began c. 2014 or so.", ["It began c. 2014 or so."]),
        ("The answer is no. Then go.", ["The answer is no.", "Then go."]),
        ("Ask Dr. Smith of St. John's. Now.", ["Ask Dr. Smith of St. John's.", "Now."]),
        ('She said "yes." Then she left.', ['She said "yes."', "Then she left."]),
        ("So it says. unionlearn says more.", ["So it says.", "unionlearn says more."]),
        (
            "It costs £1.50 at www.example.org/a.b now",
            ["It costs £1.50 at www.example.org/a.b now"],
        ),
        ("One\nline.\n\nAnother", ["One line.", "Another"]),
        (
            "You need:\n\n- a form\n- a note,\n  signed\n\nThen go.",
            ["You need:", "a form", "a note, signed", "Then go."],
        ),
    ],
)
def test_sentences_are_told_apart(markdown: str, expected: list[str]) -> None:
    assert texts_of(markdown) == expected


def test_an_item_knows_what_leads_its_list() -> None:
    said = sentences("Prices in 2025:\n\n- One.\n- Two.\n\nAfter.\n\n- Three.")
    assert [one.before for one in said] == [
        (),
        ("Prices in 2025:",),
        ("One.", "Prices in 2025:"),
        ("Two.",),
        ("After.",),
    ]


def test_a_sentence_after_a_colon_knows_what_came_before_the_colon() -> None:
    said = sentences("In 2025 prices rose. At one body: ten pounds.")
    assert said[-1].before == ("At one body:", "In 2025 prices rose.")


@given(st.text(max_size=300))
def test_no_word_is_lost_and_nothing_is_raised(text: str) -> None:
    said = sentences(text)
    kept = "".join("".join(one.text.split()) for one in said)
    bare = "".join(plain_text(text).split())
    assert len(kept) <= len(bare)
    assert sorted(filter(str.isalnum, kept)) == sorted(filter(str.isalnum, bare))
    assert reading_age(said) == reading_age(said)


@given(st.text(max_size=40))
def test_every_word_has_a_syllable(word: str) -> None:
    assert syllables(word) >= 1
