"""Every command says what it is for, and every mistake of a person is a status and a sentence."""

import re
import subprocess
import sys

import pytest

from bot.cli.main import COMMANDS
from tests.cli.conftest import Run

TRACE = "Traceback (most recent call last)"


def test_the_commands_are_those_of_the_design() -> None:
    assert sorted(COMMANDS) == sorted(
        [
            "chat",
            "ask",
            "eval",
            "flow",
            "check",
            "stale",
            "run",
            "doctor",
            "branch",
            "invite",
            "erase",
            "retention",
            "misses",
            "content",
            "survey",
            "map",
            "export",
            "backup",
            "restore",
            "incident",
            "migrate-store",
        ]
    )


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_lists_every_command_with_its_line(run: Run, flag: str) -> None:
    ended = run(flag)
    assert ended.status == 0
    for name, (_, text) in COMMANDS.items():
        assert re.search(rf"^  {name}\s", ended.out, re.MULTILINE)
        assert " ".join(text.split()) in " ".join(ended.out.split())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_its_own(run: Run, name: str) -> None:
    ended = run(name, "--help")
    assert ended.status == 0
    assert f"Usage: pathways {name}" in ended.out
    described = ended.out.split("Options:")[0]
    assert len(described.split()) > 8, "it says what it is for"
    for line in ended.out.split("Options:")[1].splitlines():
        if re.match(r"  -", line):
            assert "--help" in line or len(line.split()) > 1


def test_the_version_is_said(run: Run) -> None:
    ended = run("--version")
    assert ended.status == 0
    assert re.match(r"pathways, version \d+\.\d+", ended.out)


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("fly",),
        ("ask",),
        ("ask", "--fly"),
        ("eval",),
        ("eval", "no-such-file.jsonl"),
        ("invite",),
        ("invite", "--role", "queen"),
        ("run", "--only", "carrier-pigeon"),
        ("branch",),
        ("branch", "fly"),
        ("branch", "add", "leeds"),
        ("erase", "telegram"),
        ("chat", "--place", "moon"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(run: Run, arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert len(ended.err.split()) > 3
    assert TRACE not in ended.err


def test_ctrl_c_ends_with_130_and_no_trace(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.retention.load_settings", interrupt)
    ended = run("retention")
    assert (ended.status, ended.out) == (130, "")
    assert TRACE not in ended.err


def test_a_no_to_the_question_ends_with_130(run: Run) -> None:
    run("invite", "--role", "rep", settings={"DATABASE_URL": "sqlite:///x.db"})
    ended = run(
        "erase", "test", "nobody", stdin=b"n\n", settings={"DATABASE_URL": "sqlite:///x.db"}
    )
    assert ended.status == 2
    assert "Nobody with this account" in ended.err


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`pathways stale | head -1`"""
    command = f"{sys.executable} -m bot stale | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert TRACE not in done.stderr
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
