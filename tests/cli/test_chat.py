import os
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import chat_texts
from bot.cli.chat import FixedClock, command, parse_now
from bot.cli.chat_prompt import ARROW
from bot.cli.transcript import parse_transcript
from bot.messages import Place
from bot.storage.sqlite import SQLiteStore
from tests.builders import FAQ, ROOT, SENSITIVE, wording
from tests.cli.terminals import CTRL_C, CTRL_D, ENTER, TAB, Terminal

QUESTION = "How much does registration cost?"
ANSWER = "It costs less than you think."


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A small FAQ, its index kept between the tests, and a terminal in colour."""
    knowledge = tmp_path_factory.mktemp("knowledge")
    (knowledge / "faq.yaml").write_text(FAQ, encoding="utf-8")
    (knowledge / "sensitive.yaml").write_text(SENSITIVE, encoding="utf-8")
    return {
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(ROOT),
        "PATHWAYS_KNOWLEDGE": str(knowledge),
        "PATHWAYS_CACHE": str(tmp_path_factory.mktemp("cache")),
    }


Chat = Callable[..., subprocess.CompletedProcess[str]]
Open = Callable[..., Terminal]


@pytest.fixture
def chat(tmp_path: Path, environment: Mapping[str, str]) -> Chat:
    """Send lines through a pipe."""

    def run(said: str | bytes, *arguments: str) -> subprocess.CompletedProcess[str]:
        program = [sys.executable, "-m", "bot", "chat", *arguments]
        given = said.encode() if isinstance(said, str) else said
        done = subprocess.run(
            program, input=given, capture_output=True, cwd=tmp_path, env=environment, check=False
        )
        texts = (done.stdout.decode(), done.stderr.decode())
        return subprocess.CompletedProcess(program, done.returncode, *texts)

    return run


@pytest.fixture
def terminal(tmp_path: Path, environment: Mapping[str, str]) -> Open:
    """Sit down at a terminal."""

    def run(*arguments: str, **changes: str) -> Terminal:
        return Terminal.run(["chat", *arguments], tmp_path, {**environment, **changes})

    return run


def test_lines_through_a_pipe_are_answered_in_order_as_plain_text(chat: Chat) -> None:
    done = chat(f"{QUESTION}\n2\n/press 9\n")
    places = [done.stdout.index(text) for text in (ANSWER, "Many do.", "too old")]
    assert places == sorted(places)
    assert done.stdout.startswith(QUESTION)
    assert "The fee page (https://example.org/fees)" in done.stdout
    assert "\x1b" not in done.stdout
    assert "Hello" not in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_nothing_through_a_pipe_is_nothing(chat: Chat) -> None:
    done = chat("")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_odd_lines_are_answered_and_obeyed_by_nobody(chat: Chat) -> None:
    lines = (b"\xff\xfe\xe9", b"", b"\x1b[2J\x1b]0;t\x07\x00", b"x" * 5_000, b"y" * 3_000_000)
    done = chat(b"\n".join((*lines, "\u202e\u05e9 \U0001f600".encode(), b"/status")))
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert done.stdout.count("No survey, map or plan is under way.") == 1
    assert "Traceback" not in done.stderr


def test_the_day_can_be_chosen(chat: Chat) -> None:
    warning = "Take care:"
    assert warning not in chat(QUESTION, "--now", "2026-11-21").stdout
    assert warning in chat(QUESTION, "--now", "2027-06-01", "--db", "sqlite:///later.db").stdout


def test_roles_and_names_belong_to_the_database(chat: Chat) -> None:
    assert wording("refused.role") in chat("/why", "--as", "Ann").stdout
    assert wording("why.nothing") in chat("/why", "--as", "Ann", "--role", "editor").stdout
    assert wording("refused.role") in chat("/why", "--as", "Bob").stdout
    assert wording("refused.role") in chat("/why", "--as", "Ann", "--db", "sqlite:///b.db").stdout


def test_in_a_group_it_answers_only_when_called(chat: Chat) -> None:
    done = chat(f"{QUESTION}\n@pathways {QUESTION}\n", "--place", Place.GROUP.value)
    assert done.stdout.startswith(f"({chat_texts.NOT_CALLED})\n\n{QUESTION}\n\n{ANSWER}")


def test_a_chat_can_be_written_down(chat: Chat, tmp_path: Path) -> None:
    assert (
        chat(f"{QUESTION}\n/status\n", "--transcript", "new.yaml", "--role", "rep").returncode == 0
    )
    text = (tmp_path / "new.yaml").read_text(encoding="utf-8")
    transcript = parse_transcript(text, "new.yaml")
    assert [turn.user for turn in transcript.turns] == [QUESTION, "/status"]
    again = chat("/help", "--transcript", "new.yaml")
    assert again.returncode == 2
    assert "already" in again.stderr


def make_broken(folder: Path) -> None:
    (folder / "broken").mkdir()
    (folder / "broken" / "faq.yaml").write_text("entries: [", encoding="utf-8")
    (folder / "folder.db").mkdir()
    (folder / "text.db").write_text("no database", encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--knowledge", "broken"], 1, "faq.yaml:2: This is not valid YAML"),
        (["--knowledge", "missing"], 1, "There is no such folder"),
        (["--db", "sqlite:///folder.db"], 4, "is a folder"),
        (["--db", "sqlite:///text.db"], 4, "is no Pathways database"),
        (["--transcript", "missing/new.yaml"], 2, "cannot be written"),
    ],
    ids=str,
)
def test_what_cannot_be_is_said_in_one_sentence_with_a_status(
    arguments: Sequence[str], status: int, words: str, chat: Chat, tmp_path: Path
) -> None:
    make_broken(tmp_path)
    done = chat(f"{QUESTION}\n", *arguments)
    assert done.returncode == status
    assert words in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--db", "postgresql://x"], chat_texts.BAD_DATABASE),
        (["--db", "sqlite:///"], chat_texts.BAD_DATABASE),
        (["--now", "yesterday"], chat_texts.BAD_NOW),
        (["--now", "0001-01-01T00:00:00+12:00"], chat_texts.BAD_NOW),
        (["--as", "#group"], chat_texts.BAD_NAME),
        (["--as", ""], chat_texts.BAD_NAME),
        (["--role", "king"], "'king' is not one of"),
    ],
    ids=str,
)
def test_a_wrong_option_is_told_with_what_it_should_be(
    arguments: Sequence[str], words: str
) -> None:
    done = CliRunner().invoke(command, arguments)
    assert done.exit_code == 2
    assert words in done.stderr


def test_a_database_in_use_is_refused(chat: Chat, tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "var" / "chat.db")
    done = chat("/help\n")
    store.close()
    assert done.returncode == 4
    assert "Another Pathways process is using var/chat.db." in done.stderr


def test_a_reader_that_leaves_early_is_no_trouble(
    tmp_path: Path, environment: Mapping[str, str]
) -> None:
    program = [sys.executable, "-m", "bot", "chat"]
    with subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
    ) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stdin.write(b"/help\n" * 3)
        process.stdin.close()
        assert process.wait() == 0
        assert process.stderr.read() == b""


def test_a_newcomer_at_a_terminal_is_welcomed_and_can_talk(terminal: Open) -> None:
    here = terminal()
    here.expect("Hello. I am Pathways.")
    here.expect("An employer")
    here.expect(f"you {ARROW}")
    here.prompted()
    here.type(QUESTION + ENTER)
    here.expect(ANSWER)
    assert "\x1b[1mless\x1b[0m" in here.raw
    here.expect("Not helpful")
    here.prompted()
    here.type("some words" + CTRL_C + "4" + ENTER)
    here.expect("Thank you.")
    here.prompted()
    here.type(CTRL_C)
    here.expect(chat_texts.GOODBYE)
    assert here.ended() == 130


def test_somebody_known_can_type_at_once_and_ends_with_the_input(
    chat: Chat, terminal: Open
) -> None:
    assert chat("/help\n").returncode == 0
    here = terminal("--transcript", "new.yaml")
    here.prompted()
    here.type(QUESTION + ENTER)
    here.expect(ANSWER)
    here.prompted()
    here.type(CTRL_D)
    here.expect(chat_texts.GOODBYE)
    here.expect("new.yaml")
    assert here.ended() == 0
    assert "Hello. I am Pathways." not in here.shown


def test_typed_lines_are_kept_only_where_that_was_asked_for(
    chat: Chat, terminal: Open, tmp_path: Path
) -> None:
    chat("/help\n")
    history = tmp_path / "var" / "chat.history"
    for arguments in ((), ("--history",)):
        assert not history.exists()
        here = terminal(*arguments)
        here.prompted()
        here.type("/status" + ENTER)
        here.expect("Words I use")
        here.prompted()
        here.type(CTRL_D)
        assert here.ended() == 0
    assert "/status" in history.read_text(encoding="utf-8")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_commands_and_labels_are_completed(terminal: Open) -> None:
    here = terminal()
    here.expect("An employer")
    here.prompted()
    here.type("An a" + TAB)
    here.expect("pprentice")
    here.type(ENTER)
    here.expect("From now on I use the words for: An apprentice.")
    here.prompted()
    here.type("/stat")
    here.expect("/status")  # in the menu
    here.type(TAB)
    here.expect("us")
    here.type(ENTER)
    here.expect("Words I use: An apprentice")
    here.prompted()
    here.type(CTRL_D)
    assert here.ended() == 0


def test_without_colours_nothing_is_coloured(terminal: Open) -> None:
    here = terminal(NO_COLOR="1")
    here.expect("Hello. I am Pathways.")
    here.prompted()
    assert "\x1b" not in here.raw[: here.raw.index("An employer")]
    here.type(CTRL_D)
    assert here.ended() == 0


def test_a_dumb_terminal_gets_no_code_at_all(terminal: Open) -> None:
    here = terminal(TERM="dumb")
    here.expect("you >")
    here.type(QUESTION + "\n")
    here.expect(ANSWER)
    here.expect("you >")
    here.type("words" + CTRL_C)
    here.expect("you >")
    here.type("/status\n")
    here.expect("Words I use")
    here.expect("you >")
    here.type(CTRL_C)
    here.expect("you >")
    here.type(CTRL_C)
    here.expect(chat_texts.GOODBYE)
    assert here.ended() == 130
    assert "\x1b" not in here.raw


def test_what_goes_wrong_beside_the_prompt_is_said_too(
    chat: Chat, terminal: Open, tmp_path: Path
) -> None:
    chat("/help\n")
    make_broken(tmp_path)
    here = terminal("--knowledge", "broken")
    here.expect("faq.yaml:2: This is not valid YAML")
    assert here.ended() == 1
    assert "Traceback" not in here.shown


def test_who_is_new_to_a_known_database_is_welcomed_above_the_prompt(
    chat: Chat, terminal: Open
) -> None:
    chat("/help\n")
    here = terminal("--as", "Bob")
    here.expect("Hello. I am Pathways.")
    here.prompted()
    here.expect(f"Bob {ARROW}")
    here.prompted()
    here.type("/topics" + ENTER)
    here.expect("What would you like to know about?")
    here.prompted()
    here.type(CTRL_D)
    assert here.ended() == 0


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-21", datetime(2026, 11, 21, 12, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 7, 1, 11, tzinfo=UTC)),
        ("2026-07-01T09:30", datetime(2026, 7, 1, 8, 30, tzinfo=UTC)),
        ("2026-07-01T09:30+00:00", datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
        ("2026-07-01T09:30:00Z", datetime(2026, 7, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_day_is_its_noon_and_a_time_is_londons(text: str, moment: datetime) -> None:
    assert parse_now(text) == moment


def test_a_fixed_clock_stands_still_and_its_chance_does_not() -> None:
    clock = FixedClock(parse_now("2026-07-01"))
    assert clock.now() == clock.now() == datetime(2026, 7, 1, 11, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    assert clock.fresh() != clock.fresh()
