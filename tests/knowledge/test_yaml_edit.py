"""Adding to `faq.yaml`: what stands there stays, byte by byte, and the file always reads as expected (J3)."""

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.knowledge.drafting import (
    DraftEntry,
    entry_in_lines,
    entry_in_one_line,
    phrasing_in_one_line,
)
from bot.knowledge.yaml_edit import add_entry, add_phrasing
from bot.knowledge.yaml_text import Value, parse_yaml

OURS = (Path(__file__).parents[2] / "knowledge" / "faq.yaml").read_text(encoding="utf-8")
HEAD = "# top\nversion: 1\nentries:\n"
ONE = "  - id: a\n    question: A?\n    answer: |\n      Yes.\n\n      Well.\n"
LAYOUTS = {
    "block of texts": ONE + "    phrasings:\n      - x # one\n      - 'y: z'\n\n# end\n",
    "block of mappings": ONE + "    phrasings:\n    - {text: x, style: short}\n    # more\n",
    "mappings over lines": ONE + "    phrasings:\n      - text: x\n        style: short\n\n",
    "folded text last": ONE + "    phrasings:\n      - >\n        x\n        y\n\n\n",
    "in brackets": ONE + "    phrasings: [x, 'y]'] # two\n",
    "brackets over lines": ONE + "    phrasings: [x, # one\n      é,\n    ]\n    topic: b\n",
    "empty brackets": ONE + "    phrasings: [ ]\n",
    "none": ONE + "\n  # the next\n  - {id: b, question: B?, answer: No}\n",
    "no line end": ONE + "    phrasings:\n      - x",
    "windows": (ONE + "    phrasings:\n      - x\n").replace("\n", "\r\n"),
    "dash under dash": ONE.replace("\n  ", "\n").replace("  - id", "- id")
    + "  phrasings:\n  - x\n",
}
lines = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\ufeff\x85"),
    min_size=1,
    max_size=40,
).filter(str.strip)


def value_of(text: str) -> dict[str, Value]:
    value = parse_yaml(text, "faq.yaml").value
    assert isinstance(value, dict)
    return value


def entries_of(text: str) -> list[dict[str, Value]]:
    found = _listed(value_of(text)["entries"])
    return [entry for entry in found if isinstance(entry, dict)]


def _listed(value: Value) -> list[Value]:
    assert isinstance(value, list)
    return value


def removed(before: str, after: str) -> list[str]:
    rows = difflib.ndiff(before.splitlines(), after.splitlines())
    return [row for row in rows if row.startswith("- ")]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_phrasing_goes_to_the_end_of_the_list_in_every_layout(layout: str) -> None:
    text = HEAD + LAYOUTS[layout]
    after = add_phrasing(text, "a", 'say "hi": # {x}', "short")
    before_list = _listed(entries_of(text)[0].get("phrasings") or [])
    added: Value = {"text": 'say "hi": # {x}', "style": "short"}
    assert entries_of(after)[0]["phrasings"] == [*before_list, added]
    assert entries_of(after)[1:] == entries_of(text)[1:]
    assert after.count("#") == text.count("#") + 1, "a comment went"
    assert len(removed(text, after)) <= (1 if "brackets" in layout else 0)


@given(lines, st.sampled_from(sorted(LAYOUTS)))
def test_whatever_a_phrasing_is_the_file_reads_as_expected(words: str, layout: str) -> None:
    text = HEAD + LAYOUTS[layout]
    after = add_phrasing(text, "a", words)
    assert _listed(entries_of(after)[0]["phrasings"])[-1] == {"text": " ".join(words.split())}


@given(lines, st.text(max_size=80))
def test_whatever_a_draft_holds_both_forms_read_the_same(question: str, answer: str) -> None:
    draft = DraftEntry.of(question, answer or "x", known={"draft"})
    line = value_of(f"entries:\n{entry_in_one_line(draft)}\n")
    block = value_of("entries:\n" + "\n".join(entry_in_lines(draft, "  ")) + "\n")
    (one,), (other,) = _listed(line["entries"]), _listed(block["entries"])
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    assert {**one, "phrasings": []} == {**other, "phrasings": []}
    assert one["question"] == " ".join(question.split())
    assert one["draft"] is True


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_entry_goes_to_the_end_of_the_list_in_every_layout(layout: str) -> None:
    text = HEAD + LAYOUTS[layout]
    after = add_entry(text, DraftEntry.of("How far?", "Far.", known={"a"}))
    assert entries_of(after)[:-1] == entries_of(text)
    assert (entries_of(after)[-1]["id"], entries_of(after)[-1]["draft"]) == ("how-far", True)
    assert removed(text, after) == []


def test_our_own_file_is_added_to_in_one_line() -> None:
    after = add_phrasing(OURS, "cost-overview", "what do i pay then", "short")
    rows = [
        row
        for row in difflib.unified_diff(OURS.splitlines(), after.splitlines(), n=0)
        if row[:1] in "+-" and row[:3] not in {"+++", "---"}
    ]
    assert rows == ["+      " + phrasing_in_one_line("what do i pay then", "short")]


@pytest.mark.parametrize(
    ("text", "entry", "words", "says"),
    [
        (HEAD + ONE, "b", "x", "no entry `b`"),
        (HEAD + LAYOUTS["in brackets"], "a", "x", "has that phrasing already"),
        (HEAD + ONE + "    phrasings: x\n", "a", "y", "cannot be added to safely"),
        ("entries: [{id: a, question: A?, answer: B}]\n", "a", "y", "cannot be added to safely"),
    ],
)
def test_what_cannot_be_done_safely_is_refused_with_what_to_do(
    text: str, entry: str, words: str, says: str
) -> None:
    with pytest.raises(ContentError, match=says):
        add_phrasing(text, entry, words)


@pytest.mark.parametrize(
    "text", ["entries: [{id: a, question: A?, answer: B}]\n", "version: 1\n", "entries: []\n"]
)
def test_a_list_that_cannot_be_added_to_is_left_alone(text: str) -> None:
    with pytest.raises(ContentError, match="at the end of the list"):
        add_entry(text, DraftEntry.of("A?", "B", known=()))


def test_a_draft_has_an_id_of_its_own() -> None:
    assert DraftEntry.of("Why me?", "x", known={"why-me", "why-me-2"}).id == "why-me-3"
    assert DraftEntry.of("?!", "x", known=()).id == "draft"
