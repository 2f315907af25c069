"""The tree in the docstring is the tree of the errors, and each has a sentence and a status."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import errors
from bot.errors import (
    BotError,
    ContentError,
    Problem,
    Refused,
    SettingsError,
    StoreError,
    Throttled,
    Tried,
)
from tests.builders import content_of

TREE = re.compile(r"^(\s*)[*x-] (\w+)\s+(\S.*)$", re.MULTILINE)
BROKEN = Problem(file="faq.yaml", line=3, what="This is wrong.", fix="Put it right.")
EXAMPLES = {ContentError: ((BROKEN,),), Throttled: (3.0,)}


def kinds() -> Iterator[type[BotError]]:
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, BotError):
            yield value


def written() -> list[tuple[int, str]]:
    """The names of the docstring, each with how deep it stands."""
    found = [(len(indent) // 2, name) for indent, name, _ in TREE.findall(errors.__doc__ or "")]
    assert len(found) >= 13, "is the tree where I look?"
    return found


def test_the_docstring_is_the_tree() -> None:
    path: list[str] = []
    parents: dict[str, str] = {}
    for depth, name in written():
        path[depth:] = [name]
        parents[name] = path[depth - 1] if depth else "Exception"
    real = {kind.__name__: kind.__mro__[1].__name__ for kind in kinds()}
    assert parents == real


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_every_error_has_a_sentence_for_the_person(kind: type[BotError]) -> None:
    wording = content_of().wording
    assert kind.wording in wording.texts
    assert len(wording.say(kind.wording).split()) > 4
    assert wording.gaps(kind.wording) == frozenset()


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_every_error_has_the_status_of_the_design(kind: type[BotError]) -> None:
    expected = {ContentError: 1, Refused: 2, SettingsError: 3}.get(kind, 4)
    assert kind.exit_status == expected
    made = kind(*EXAMPLES.get(kind, ("text",)))
    assert str(made)


def test_a_problem_reads_as_editors_expect_it() -> None:
    assert str(BROKEN) == "faq.yaml:3: This is wrong. Put it right."
    assert str(ContentError((BROKEN, BROKEN))).count("\n") == 1
    assert ContentError((BROKEN,)).problems == (BROKEN,)


def test_a_throttle_says_for_how_long() -> None:
    assert Throttled(2.5).retry_after_s == 2.5
    assert "2.5 s" in str(Throttled(2.5))
    assert issubclass(StoreError, BotError)


def test_a_door_holds_what_goes_wrong_and_lets_through_what_is_named_and_what_is_cancelled() -> (
    None
):
    with Tried(KeyError) as tried:
        raise ValueError("x")
    assert isinstance(tried.error, ValueError)
    with pytest.raises(KeyError), Tried(KeyError):
        raise KeyError("y")
    with pytest.raises(asyncio.CancelledError), Tried():
        raise asyncio.CancelledError
    with Tried() as fine:
        pass
    assert fine.error is None


def test_there_is_one_way_to_catch_anything_and_its_doors_are_written_down() -> None:
    """A further one is a decision: it stands where a process takes work in, and it is logged."""
    text_by_file = {str(path): path.read_text("utf-8") for path in Path("bot").rglob("*.py")}
    assert len(text_by_file) > 300, "are they where I look?"
    broad = re.compile(r"except Exception|suppress\(\s*Exception")
    assert [name for name, text in text_by_file.items() if broad.search(text)] == []
    everything = [name for name, text in text_by_file.items() if "except BaseException" in text]
    assert everything == ["bot/errors.py"], "`attempted` holds what belongs to whoever waits"
    doors = {name: text.count("with Tried(") for name, text in text_by_file.items()}
    assert {name: count for name, count in doors.items() if count} == {
        "bot/channels/http.py": 1,
        "bot/channels/slack/taking.py": 1,
        "bot/channels/telegram/polling.py": 1,
        "bot/cli/chat_talk.py": 1,
        "bot/service/deliverer.py": 3,
        "bot/service/intake.py": 3,
        "bot/service/job_runner.py": 2,
        "bot/service/reloading.py": 1,
        "bot/storage/admin_socket.py": 1,
        "bot/storage/postgres_ahead.py": 1,  # no door: what a piece of work foresees is a hint only
        "bot/storage/minilm.py": 1,  # no door: a library whose errors have no common parent
    }
