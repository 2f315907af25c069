"""A look through a whole folder: everything in one run, in order, and no error that is none."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.engine.commands import VERBS
from bot.errors import Problem
from bot.knowledge import lint_topics
from bot.knowledge.content import SHAPES
from bot.knowledge.faq import STYLES
from bot.knowledge.linting import Findings, lint

TODAY = date(2026, 11, 21)
ANY_DAY = date(2099, 12, 31)  # so that the calendar cannot break the tests of our own content
KNOWLEDGE = Path(__file__).parents[2] / "knowledge"

GUEST = """\
entries:
  - id: fees
    question: What does it cost?
    answer: It costs what the page says.
  - id: Opening Hours
    question: When is the branch office open, and whom may I ask there on a Friday in the afternoon?
    answer: On weekdays.
"""
SMALL = {
    "faq.yaml": """\
version: 1
sections:
  - {id: money, title: Money}
topics:
  - {id: fees, title: Fees, section: money}
entries:
  - id: fees
    topic: fees
    question: {en: What does it cost?, cy: Faint mae'n costio?}
    answer: |
      It costs **£12** in 2025. See [the page](https://www.example.org/fees).

      - Ask the body.
    sources:
      - {title: The page, url: "https://www.example.org/fees", as_of: 2025}
    compiled_at: 2026-11-20
    related: [time]
    phrasings:
      - {text: is it dear, style: short}
      - what is the damage
  - id: time
    topic: fees
    question: How long does it take?
    answer: It takes some weeks.
""",
    "glossary.yaml": """\
terms:
  - {id: iet, title: IET, meaning: A body, spellings: [iet], kind: body}
synonyms:
  - words: [fee, price]
""",
    "wording.yaml": """\
texts:
  welcome: Hello {name}.
  button.no: "No, leave it"
""",
}


def test_everything_is_said_in_one_run_by_file_and_line() -> None:
    texts = {
        "wording.yaml": "texts:\n  welcome: {cy: Helo}\n  button.no: Stop\n",
        "glossary.yaml": "terms:\n  - id: [\n",
        "faq.yaml": GUEST.replace("answer: On weekdays.", "answr: On weekdays.").replace(
            "It costs", "It costs <"
        ),
    }
    findings = lint(texts, TODAY, house=False)
    places = [(problem.file, problem.line) for problem in findings.errors]
    assert places == sorted(places)
    assert places == [
        ("faq.yaml", 4),
        ("faq.yaml", 5),
        ("faq.yaml", 7),
        ("glossary.yaml", 3),
        ("wording.yaml", 2),
        ("wording.yaml", 3),
    ]


def test_a_problem_reads_as_file_line_what_and_fix() -> None:
    findings = lint({"faq.yaml": GUEST.replace("answer:", "anwser:", 1)}, TODAY, house=False)
    assert str(findings.errors[-1]).startswith(
        "faq.yaml:4: `anwser` in `fees` is not a key we know."
    )
    assert "Did you mean `answer`?" in findings.errors[-1].fix


def test_a_small_folder_without_mistakes_has_no_errors() -> None:
    assert lint(SMALL, TODAY, house=False).errors == ()


def test_another_unions_folder_needs_no_more_than_questions_and_answers() -> None:
    findings = lint({"faq.yaml": GUEST}, TODAY, house=False)
    assert findings.errors == ()
    assert [problem.line for problem in findings.advice] == [5, 6]  # the id; the long label


def test_of_our_own_folder_more_is_asked() -> None:
    said = " ".join(
        str(problem) for problem in lint({"faq.yaml": GUEST}, TODAY, house=True).errors
    )
    for words in ("no source", "0 phrasings", "There is no `bodies.yaml`", "is no id"):
        assert words in said


def test_what_follows_a_broken_part_keeps_its_line() -> None:
    text = GUEST.replace("    answer: It costs what the page says.\n", "").replace(
        "On weekdays.", "On weekdays.\n    related: [Opening Hours]"
    )
    findings = lint({"faq.yaml": text}, TODAY, house=False)
    assert [(one.line, one.what) for one in findings.errors] == [
        (2, "`answer` in `fees` is missing."),
        (7, "`Opening Hours` is related to itself."),
    ]


def test_a_file_that_cannot_be_read_makes_nothing_else_wrong() -> None:
    texts = {**SMALL, "faq.yaml": "entries: [\n", "bodies.yaml": "bodies: none\n"}
    findings = lint(texts, TODAY, house=False)
    assert {problem.file for problem in findings.errors} == {"faq.yaml", "bodies.yaml"}


def test_what_there_is_is_counted() -> None:
    counts = lint(SMALL, TODAY, house=False).counts
    assert counts.entries == 2
    assert counts.phrasings == 2
    assert counts.phrasings_by_style == {"none": 1, "short": 1}
    assert counts.welsh_missing_by_file == {"faq.yaml": 5, "wording.yaml": 2}
    assert 0 < counts.reading_age < 12
    assert dict(counts.items()).items() >= {
        ("entries", "2"),
        ("phrasings, short", "1"),
        ("texts without Welsh, faq.yaml", "5"),
        ("reading age, years", f"{counts.reading_age:.1f}"),
    }


def test_nothing_is_nothing() -> None:
    counts = lint({}, TODAY, house=False).counts
    assert (counts.entries, counts.phrasings, counts.reading_age) == (0, 0, 0)


def test_the_verbs_no_label_may_equal_are_those_of_the_engine() -> None:
    assert lint_topics.VERBS == VERBS


def our_content() -> dict[str, str]:
    texts = {file.name: file.read_text(encoding="utf-8") for file in KNOWLEDGE.glob("*.yaml")}
    assert texts.keys() >= SHAPES.keys(), "are they where I look?"
    return texts


def test_our_own_content_has_no_errors() -> None:
    assert [str(problem) for problem in lint(our_content(), ANY_DAY, house=True).errors] == []


def test_our_own_content_is_complete() -> None:
    counts = lint(our_content(), ANY_DAY, house=True).counts
    assert counts.entries == 97
    assert counts.phrasings >= 97 * 40
    assert set(counts.phrasings_by_style) == set(STYLES)
    assert counts.reading_age < 12


LINES = [(file, n) for file, text in SMALL.items() for n in range(text.count("\n"))]
JUNK = [
    "",
    "  - ",
    "- [",
    "x: 1",
    "    id: fees",
    "  -  -",
    "? ",
    "    answer: [",
    "%",
    "\t",
    "a: &a *a",
]


def edited(place: int, junk: str, how: str) -> dict[str, str]:
    """The small folder with one line taken out, doubled, replaced, or put in."""
    file, n = LINES[place]
    rows = SMALL[file].split("\n")
    changed = {
        "out": rows[:n] + rows[n + 1 :],
        "twice": [*rows[: n + 1], *rows[n:]],
        "other": [*rows[:n], junk, *rows[n + 1 :]],
        "in": [*rows[:n], junk, *rows[n:]],
        "words": [*rows[:n], rows[n].split(":")[0] + ": " + junk, *rows[n + 1 :]],
    }
    return {**SMALL, file: "\n".join(changed[how])}


def is_well_said(problem: Problem, texts: dict[str, str]) -> bool:
    rows = texts.get(problem.file, "").count("\n") + 1
    return (
        1 <= problem.line <= rows
        and problem.what.strip().endswith(".")
        and problem.fix.strip().endswith((".", "?"))
    )


@given(
    place=st.integers(0, len(LINES) - 1),
    junk=st.sampled_from(JUNK) | st.text(max_size=20),
    how=st.sampled_from(["out", "twice", "other", "in", "words"]),
    house=st.booleans(),
)
@example(place=1, junk="", how="out", house=True)
def test_whatever_is_typed_the_answer_is_problems_on_lines(
    place: int, junk: str, how: str, house: bool
) -> None:
    texts = edited(place, junk, how)
    findings = lint(texts, TODAY, house=house)
    assert isinstance(findings, Findings)
    for problem in (*findings.errors, *findings.advice):
        assert is_well_said(problem, texts), problem


@pytest.mark.parametrize("file", sorted(SHAPES))
@given(text=st.text(max_size=200))
def test_no_text_at_all_raises(file: str, text: str) -> None:
    findings = lint({"faq.yaml": GUEST, file: text}, TODAY, house=False)
    assert all(problem.what and problem.fix for problem in findings.errors)
