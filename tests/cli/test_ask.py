"""`pathways ask`: one object per line, each as it comes; and `eval` and `check` on broken input."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from bot.messages import Outcome
from bot.service.library import Edition
from tests.cli.conftest import Run

KEYS = ["question", "outcome", "entry", "confidence", "candidates", "text"]  # design.md, section 9
SHORT, LONG = 200, 2_000  # lines
COST = "How much does registration cost?"


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.split("\n") if line]


def test_a_question_of_several_words_is_one_question(run: Run, lite: Path) -> None:
    ended = run("ask", "How", "much", "does", "registration", "cost?", "--knowledge", str(lite))
    assert ended.status == 0
    assert ended.out.startswith(f"{COST}\n\nIt costs less than you think.")
    assert "not yet checked on the live page" in ended.out


def test_the_keys_are_those_of_the_design(run: Run, lite: Path) -> None:
    for extra in ([], ["--why"]):
        ended = run("ask", COST, "--json", "--knowledge", str(lite), *extra)
        (found,) = objects(ended.out)
        assert list(found) == [*KEYS, *(["why"] if extra else [])]
        assert (found["question"], found["outcome"], found["entry"]) == (COST, "answer", "cost")
        best = [candidate["confidence"] for candidate in found["candidates"]]
        assert 0 < len(best) <= 10
        assert best == sorted(best, reverse=True)
        assert all(0 <= confidence <= 1 for confidence in best)
        assert found["confidence"] == best[0]
        assert "**" not in found["text"]


def test_why_says_what_decided(run: Run, lite: Path) -> None:
    ended = run("ask", COST, "--why", "--knowledge", str(lite))
    for part in ("outcome: answer", "best: cost", "margin: ", "nearest phrasing: "):
        assert part in ended.out


def test_there_is_exactly_one_object_per_line_whatever_the_line(run: Run, lite: Path) -> None:
    lines = [
        COST.encode(),
        b"",
        b"   ",
        b"\xff\xfe\x80 not text",
        "🙂".encode(),
        "a\u2028b\x85c\u2029d".encode(),
        b"a\rb\x0bc\x0cd",
        b"\0",
        b"x" * 6_000,
        b'{"q": "json"}',
        b"/help",
        b"i want to end it all",
        b"the last one without an end",
    ]
    ended = run("ask", "--json", "--stdin", "--knowledge", str(lite), stdin=b"\n".join(lines))
    assert ended.status == 0
    assert len(ended.out.splitlines()) == len(lines), (
        "also for a reader that knows other line ends"
    )
    found = objects(ended.out)
    assert [list(one) for one in found] == [KEYS] * len(lines)
    assert {one["outcome"] for one in found} <= {outcome.value for outcome in Outcome}
    assert found[1]["candidates"] == []
    assert found[3]["question"] == "\ufffd\ufffd\ufffd not text"
    assert found[5]["question"] == "a\u2028b\x85c\u2029d"
    assert found[11]["outcome"] == "signpost"
    assert all((one["entry"] is not None) is (one["outcome"] == "answer") for one in found)


def test_windows_line_ends_are_no_part_of_a_question(run: Run, lite: Path) -> None:
    ended = run(
        "ask", "--json", "--stdin", "--knowledge", str(lite), stdin=f"{COST}\r\n".encode() * 2
    )
    assert [one["question"] for one in objects(ended.out)] == [COST, COST]


def test_with_a_folder_of_ones_own_no_guard_but_crisis_unless_it_brings_one(
    run: Run, lite: Path
) -> None:
    stdin = b"i want to kill myself\nthey want to sack me\n"
    arguments = ("ask", "--json", "--stdin", "--knowledge", str(lite))
    own = [one["outcome"] for one in objects(run(*arguments, stdin=stdin).out)]
    assert own[1] == "signpost", "the folder's own guard counts"
    (lite / "sensitive.yaml").unlink()
    bare = [one["outcome"] for one in objects(run(*arguments, stdin=stdin).out)]
    assert bare[0] == "signpost"
    assert bare[1] != "signpost"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "no such folder"),
        ("entries: [", "not valid YAML"),
        ("entries: [{id: a}]", "`question` is missing"),
        ("entries: &a [*a]", "alias"),
        ("", "faq.yaml"),
    ],
)
@pytest.mark.parametrize("command", ["ask", "eval"])
def test_content_that_cannot_be_used_ends_with_1_and_says_where(
    run: Run, lite: Path, tmp_path: Path, text: str | None, says: str, command: str
) -> None:
    folder = tmp_path / "nowhere"
    if text is not None:
        folder = lite
        (folder / "faq.yaml").write_text(text)
    questions = tmp_path / "q.jsonl"
    questions.write_text('{"q": "x", "accept": []}\n')
    ended = run(command, "x" if command == "ask" else str(questions), "--knowledge", str(folder))
    assert (ended.status, ended.out) == (1, "")
    assert says in ended.err
    assert "Traceback" not in ended.err


class Asking:
    """`pathways ask --json --stdin` as a process, asked line by line."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "ask", "--json", "--stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATHWAYS_CACHE": str(cache), "PATH": "", "HOME": str(folder)},
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.keyboard: BinaryIO = self.process.stdin  # type: ignore[assignment]  # a pipe of bytes
        self.screen: BinaryIO = self.process.stdout  # type: ignore[assignment]  # a pipe of bytes

    def ask(self, line: bytes) -> dict[str, Any]:
        """The answer to a line; nothing else is written before it has come."""
        self.keyboard.write(line + b"\n")
        self.keyboard.flush()
        found = json.loads(self.screen.readline())
        assert isinstance(found, dict)
        return found

    def end(self) -> tuple[int, bytes, bytes]:
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


@pytest.fixture
def asking(tmp_path: Path, cache: Path, edition: Edition) -> Iterator[Asking]:
    """A process that asks the real content, whose index has been built."""
    assert edition.content.faq.entries
    made = Asking(tmp_path, cache)
    yield made
    made.process.kill()
    made.process.communicate()


@pytest.mark.parametrize("lines", [SHORT, pytest.param(LONG, marks=pytest.mark.long)])
def test_each_line_is_answered_as_it_comes(asking: Asking, lines: int) -> None:
    asked = ["hw much dos registraton cost", "", "zzz qqq", "hello", "i want to end it all", "7"]
    asked += ["who can help me with the form", "how long", "is there an interview"]
    first = [asking.ask(line.encode()) for line in asked]
    assert [list(one) for one in first] == [KEYS] * len(asked)
    assert first[0]["entry"] == "cost-overview"
    for number in range(lines - len(asked)):
        place = number % len(asked)
        found = asking.ask(asked[place].encode())
        assert found == first[place], "the same line, the same answer"
    assert asking.end() == (0, b"", b"")


QUESTIONS = '{"q": "How much does registration cost?", "accept": ["cost"], "style": "plain"}\n'


def test_eval_counts_by_topic_and_style(run: Run, lite: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(QUESTIONS + '\n{"q": "who won the cup in 1966", "accept": []}\n')
    ended = run("eval", str(file), "--json", "--knowledge", str(lite))
    assert ended.status == 0
    figures = json.loads(ended.out)
    assert set(figures) == {"all", "topic", "style"}
    assert figures["all"]["all"]["in_scope"]["right"] == 1
    assert sum(figures["all"]["all"]["out_of_scope"].values()) == 1
    assert figures["style"]["plain"]["in_scope"]["right"] == 1
    assert figures["topic"]["fees"]["in_scope"]["right"] == 1


def test_eval_reads_yaml_too_and_prints_a_table(run: Run, lite: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.yaml"
    file.write_text(f"questions:\n  - {QUESTIONS}")
    ended = run("eval", str(file), "--knowledge", str(lite), "--wrong")
    assert ended.status == 0
    assert "plain" in ended.out
    assert "100" in ended.out


@pytest.mark.parametrize(
    ("option", "value", "status"),
    [
        ("--fail-under", "100", 0),
        ("--fail-under", "101", 1),
        ("--fail-over", "0", 0),
        ("--fail-over", "-1", 1),
    ],
)
def test_eval_fails_where_a_threshold_says_so(
    run: Run, lite: Path, tmp_path: Path, option: str, value: str, status: int
) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(QUESTIONS)
    assert run("eval", str(file), "--knowledge", str(lite), option, value).status == status


BROKEN = {
    "no-json.jsonl": (b'{"q": "x"}\nnot json\n', "no-json.jsonl:2: This is no question."),
    "no-question.jsonl": (b'{"accept": []}\n', "no-question.jsonl:1: This is no question."),
    "no-list.jsonl": (b'{"q": "x", "accept": "cost"}\n', "This is no question."),
    "a-list.jsonl": (b"[1, 2]\n", "This is no question."),
    "no-text.jsonl": (b"\xff\xfe\n", "not UTF-8"),
    "broken.yaml": (b"questions: [", "This is not valid YAML"),
    "no-questions.yaml": (b"other: 1\n", "no list `questions`"),
    "bomb.yaml": (b"questions: &a [*a]\n", "alias"),
    "third.yaml": (b"questions:\n- {q: a}\n- {q: b}\n- {a: c}\n", "third.yaml:4"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_questions_that_cannot_be_read_end_with_1_and_say_where(
    run: Run, lite: Path, tmp_path: Path, name: str
) -> None:
    data, says = BROKEN[name]
    file = tmp_path / name
    file.write_bytes(data)
    ended = run("eval", str(file), "--knowledge", str(lite))
    assert (ended.status, ended.out) == (1, "")
    assert says in ended.err
    assert "Traceback" not in ended.err


def test_check_ends_with_1_where_something_must_be_put_right(run: Run, lite: Path) -> None:
    ended = run("check", "--knowledge", str(lite))
    assert ended.status == 1
    assert re.search(r"^[a-z]+\.yaml:\d+: ", ended.out, re.MULTILINE)
    assert run("check", "--knowledge", str(lite / "nowhere")).status == 1


def test_check_writes_schemas_for_editors(run: Run, home: Path) -> None:
    assert run("check", "--schemas", "schemas").status == 0
    written = sorted(file.name for file in (home / "schemas").iterdir())
    assert "faq.schema.json" in written
    assert all(json.loads((home / "schemas" / name).read_text()) for name in written)


def test_stale_lists_facts_with_their_pages_and_as_a_table(run: Run) -> None:
    listed = run("stale")
    assert listed.status == 0
    count = int(listed.out.splitlines()[-1].split()[0])
    assert count > 50
    table = run("stale", "--csv")
    assert table.out.splitlines()[0] == "file,id,what,as of,why,page"
    assert len(table.out.splitlines()) >= count + 1
