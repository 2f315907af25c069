"""The table of promises is true as far as a test can tell: every id, every file and every test is there."""

import re

import pytest

from tests.builders import ROOT

PAGE = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.splitlines()
    if re.match(r"\| [RT]\d", line)
]
WANTED = [f"R{number:02}" for number in range(1, 53)] + [f"T{number}" for number in range(1, 28)]
VERDICTS = re.compile(r"met|short|missed|none|as R", re.IGNORECASE)
NO_TEST = {"R09", "R10", "R11", "T27"}  # figures, and what there is not


def test_every_promise_has_its_row() -> None:
    assert [row[0] for row in ROWS] == WANTED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_is_there(row: list[str]) -> None:
    name, _, held, proof, verdict = row
    places = re.findall(r"`([^`]+)`", held)
    assert places or held == "none"
    assert [place for place in places if not (ROOT / place).exists()] == []
    tests = re.findall(r"`([^`]+)::(\w+)`", proof)
    assert tests or name in NO_TEST or re.fullmatch(r"as R\d\d", proof)
    for file, test in tests:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^\s*(async )?def {test}\(", text, re.MULTILINE), f"{file}::{test}"
    assert VERDICTS.search(verdict)
