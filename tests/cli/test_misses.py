"""`pathways misses` and `pathways content` on a real database and a real folder (J1-J4, I7)."""

import json
from pathlib import Path

import pytest

from bot.storage.editions import keep_edition
from bot.storage.files import read_folder
from bot.storage.sqlite import SQLiteStore
from tests.builders import SENSITIVE, FixedClock
from tests.cli.conftest import Ended, Run
from tests.service.houses import House

FAQ = """# our own
entries:
  - id: cost
    question: How much does it cost?  # the money
    answer: Ten pounds.
    phrasings:
      - what is the fee
      - how much do i pay
  - id: taps
    question: Who mends the taps?
    answer: The estates team.
    phrasings: [tap repair, the tap drips]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    (made / "faq.yaml").write_text(FAQ, encoding="utf-8")
    (made / "sensitive.yaml").write_text(SENSITIVE, encoding="utf-8")
    return made


@pytest.fixture
def go(run: Run, home: Path, folder: Path, tmp_path: Path) -> Run:
    """A database with one miss of two people, and the folder as the content."""
    house = House(SQLiteStore(home / "var" / "own.db"), clock=FixedClock())
    for who in ("ann", "ben"):
        house.say(who, "are dogs allowed in the lab")
    house.store.close()
    settings = {
        "DATABASE_URL": "sqlite:///var/own.db",
        "KNOWLEDGE": str(folder),
        "CACHE": str(tmp_path / "cache"),
    }

    def typed(*arguments: str) -> Ended:
        return run(*arguments, settings=settings)

    return typed


@pytest.fixture
def item(go: Run) -> str:
    listed = go("misses").out.splitlines()
    assert listed[-1] == "1 new"
    assert "    2  are dogs allowed in the lab" in listed[0]
    return str(listed[0].split()[0])


def test_an_item_is_decided_about_and_is_then_in_another_list(go: Run, item: str) -> None:
    for name, status in (("later", "later"), ("done", "done"), ("ignore", "ignored")):
        ended = go("misses", name, item)
        assert (ended.status, ended.out) == (0, f"{item} is now {status}.\n")
        assert item in go("misses", "--status", status).out
        assert go("misses").out == "0 new\n"
    assert go("misses", "reopen", item).status == 0
    assert go("misses").out.splitlines()[-1] == "1 new"


def test_a_draft_is_printed_as_a_diff_and_changes_nothing(
    go: Run, item: str, folder: Path
) -> None:
    ended = go("misses", "draft", item)
    assert ended.status == 0
    added = [line for line in ended.out.splitlines() if line.startswith("+ ")]
    assert "+    draft: true" in added
    assert '+    question: "are dogs allowed in the lab"' in added
    assert (folder / "faq.yaml").read_text(encoding="utf-8") == FAQ


def test_a_written_draft_keeps_the_file_and_answers_nobody(
    go: Run, item: str, folder: Path
) -> None:
    assert go("misses", "draft", item, "--write").status == 0
    assert (folder / "faq.yaml").read_text(encoding="utf-8").startswith(FAQ)
    asked = go("ask", "--json", "are dogs allowed in the lab")
    assert json.loads(asked.out)["entry"] is None
    assert "is a draft: nobody is answered with it." in go("check").out


def test_a_phrasing_that_another_entry_answers_is_refused_with_the_collision(
    go: Run, item: str, folder: Path
) -> None:
    words = ("--text", "the tap drips", "--write")
    ended = go("misses", "phrasing", item, "cost", *words)
    assert ended.status == 1
    assert "'the tap drips' is answered already by taps (1.00)" in ended.err
    assert (folder / "faq.yaml").read_text(encoding="utf-8") == FAQ


def test_a_phrasing_that_takes_a_golden_question_away_is_refused(
    go: Run, item: str, folder: Path
) -> None:
    golden = '{"q": "how do i get the tap mended quickly", "accept": ["taps"]}\n'
    (folder / "golden.jsonl").write_text(golden, encoding="utf-8")
    words = ("--text", "how do i get the tap mended quickly", "--write")
    ended = go("misses", "phrasing", item, "cost", *words)
    assert ended.status == 1
    assert "'how do i get the tap mended quickly' would go to cost" in ended.err
    assert (folder / "faq.yaml").read_text(encoding="utf-8") == FAQ


def test_a_phrasing_that_harms_nothing_is_written_in_one_line(
    go: Run, item: str, folder: Path
) -> None:
    golden = '{"q": "tap repair", "accept": ["taps"]}\n'
    (folder / "golden.jsonl").write_text(golden, encoding="utf-8")
    words = ("--text", "price please", "--style", "short", "--write")
    ended = go("misses", "phrasing", item, "cost", *words)
    assert ended.status == 0, ended.err
    assert "Tried out on 1 golden questions" in ended.err
    line = '      - {text: "price please", style: short}\n'
    whole = FAQ.replace("how much do i pay\n", f"how much do i pay\n{line}")
    assert (folder / "faq.yaml").read_text(encoding="utf-8") == whole


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("misses", "ignore", "m-00000000"), "There is no `m-00000000`"),
        (("misses", "draft", "m-00000000"), "There is no `m-00000000`"),
        (("misses", "--branch", "far"), "There is no branch `far`"),
        (("misses", "--status", "old"), "Invalid value"),
        (("content", "rollback", "abc"), "no such state"),
    ],
)
def test_what_cannot_be_done_says_why(go: Run, arguments: tuple[str, ...], says: str) -> None:
    ended = go(*arguments)
    assert ended.status == 2
    assert says in ended.err


def test_an_entry_that_is_not_there_is_named(go: Run, item: str) -> None:
    ended = go("misses", "phrasing", item, "nothing")
    assert ended.status == 1
    assert "no entry `nothing`" in ended.err


def test_our_own_content_is_not_written_to(run: Run, go: Run, item: str) -> None:
    settings = {"DATABASE_URL": "sqlite:///var/own.db"}
    ended = run("misses", "draft", item, "--write", settings=settings)
    assert ended.status == 2
    assert "Copy the folder" in ended.err
    assert run("content", "history", settings=settings).status == 2


def test_a_rollback_goes_to_the_newest_state_without_mistakes(
    go: Run, folder: Path, tmp_path: Path
) -> None:
    moment = FixedClock()
    good = read_folder(folder)
    keep_edition(tmp_path / "cache", folder, good, moment.now())
    moment.pass_(hours=1)
    (folder / "faq.yaml").write_text("entries: [", encoding="utf-8")
    keep_edition(tmp_path / "cache", folder, read_folder(folder), moment.now())
    (folder / "faq.yaml").write_text("entries: ]", encoding="utf-8")
    ended = go("content", "rollback")
    assert ended.status == 0
    assert read_folder(folder) == good
    listed = go("content", "history").out.splitlines()
    assert len(listed) == 3
    assert [line[0] for line in listed].count("*") == 1
    bad = listed[0].split()[0]
    assert go("content", "rollback", bad).status == 0, "a state that is named is put back as it is"
    assert (folder / "faq.yaml").read_text(encoding="utf-8") == "entries: ]"
