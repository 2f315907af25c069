"""`pathways check --deep` asks what was written, and fails where golden questions go wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.check import command
from tests.faq.faqs import FAQ

GOLDEN = [
    ("how much does registration cost", "cost"),
    ("how long does registration take", "duration"),
    ("what evidence do I need", "evidence"),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATHWAYS_CACHE", str(tmp_path / "cache"))
    made = tmp_path / "knowledge"
    made.mkdir()
    entries = [entry.model_dump(mode="json", exclude_defaults=True) for entry in FAQ.entries]
    (made / "faq.yaml").write_text(json.dumps({"version": 1, "entries": entries}))
    return made


def golden(folder: Path, questions: list[tuple[str, str]]) -> None:
    lines = [json.dumps({"q": q, "accept": [entry], "topic": "all"}) for q, entry in questions]
    (folder / "golden.jsonl").write_text("\n".join(lines))


def check(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(
        command, ["--knowledge", str(folder), "--quiet", *options], standalone_mode=False
    )


def test_golden_questions_that_are_right_pass(folder: Path) -> None:
    golden(folder, GOLDEN)
    done = check(folder, "--deep")
    assert done.return_value == 0, done.output
    assert "right 100 %" in done.output
    assert "pairs of entries collide" in done.output


def test_a_golden_question_that_is_answered_wrong_fails(folder: Path) -> None:
    golden(folder, [*GOLDEN[:2], ("how much does registration cost", "abroad")])
    done = check(folder, "--deep")
    assert done.return_value == 1
    assert "Too many wrong answers to golden questions: 33.3 %." in done.output


def test_a_question_that_nothing_may_answer_fails_where_it_is_answered(folder: Path) -> None:
    golden(folder, GOLDEN)
    with (folder / "golden.jsonl").open("a") as file:
        file.write("\n" + json.dumps({"q": "how much does registration cost", "accept": []}))
    done = check(folder, "--deep")
    assert done.return_value == 1
    assert "questions that have no answer: 100.0 %" in done.output


def test_without_golden_questions_only_collisions_are_listed(folder: Path) -> None:
    done = check(folder, "--deep")
    assert done.return_value == 0
    assert "wrong" not in done.output


def test_a_shallow_check_asks_nothing(folder: Path) -> None:
    golden(folder, [("how much does registration cost", "abroad")])
    assert check(folder).return_value == 0
