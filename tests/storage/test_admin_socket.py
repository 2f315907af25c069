"""Commands reach the owner of the database, and nothing that goes wrong ends it."""

import json
import socket
import stat
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.errors import Refused, StoreError
from bot.storage import admin_socket
from bot.storage.admin_socket import REQUEST_LIMIT, AdminSocket, ask_owner
from bot.storage.socket_place import PATH_LIMIT, find_socket

GOOD = b'{"command": "echo", "arguments": {"name": "value"}}\n'


def obey(command: str, arguments: Mapping[str, str]) -> Mapping[str, admin_socket.JSON]:
    match command:
        case "echo":
            return {"said": dict(arguments), "how many": len(arguments)}
        case "refuse":
            raise Refused("Only an admin may do that.")
        case "break":
            raise ZeroDivisionError(arguments["secret"])
        case "large":
            return {"text": "é" * 2_000_000}
        case _:
            return {}


@pytest.fixture
def db_path() -> Iterator[Path]:
    """A short path, whatever the folder for temporary files is called."""
    with tempfile.TemporaryDirectory(prefix="s-") as folder:
        yield Path(folder) / "chat.db"


@pytest.fixture
def owner(db_path: Path) -> Iterator[AdminSocket]:
    with closing(AdminSocket(db_path, obey)) as listening:
        yield listening


def talk(db_path: Path, sent: bytes) -> list[dict[str, object]]:
    """Send bytes and hear all answers, also where the owner will not read all of it."""
    heard = b""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as line:
        line.settimeout(30)
        line.connect(str(find_socket(db_path)))
        with suppress(ConnectionError):
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
        with suppress(ConnectionError):
            while part := line.recv(65536):
                heard += part
    return [json.loads(answer) for answer in heard.splitlines()]


def test_a_command_is_answered(owner: AdminSocket, db_path: Path) -> None:
    assert ask_owner(db_path, "echo", {"a": "\U0001f469\n", "b": ""}) == {
        "said": {"a": "\U0001f469\n", "b": ""},
        "how many": 2,
    }


def test_a_large_answer_comes_whole(owner: AdminSocket, db_path: Path) -> None:
    assert ask_owner(db_path, "large", {}) == {"text": "é" * 2_000_000}


def test_our_errors_are_answered_with_their_exit_status(owner: AdminSocket, db_path: Path) -> None:
    answer = {"error": "Only an admin may do that.", "exit": 2}
    assert ask_owner(db_path, "refuse", {}) == answer


def test_other_errors_are_answered_and_tell_nothing(owner: AdminSocket, db_path: Path) -> None:
    answer = ask_owner(db_path, "break", {"secret": "canary"})
    assert answer == {"error": "The running process could not do that; see its log.", "exit": 4}
    assert ask_owner(db_path, "echo", {}) == {"said": {}, "how many": 0}


def test_without_an_owner_there_is_no_answer(db_path: Path) -> None:
    assert ask_owner(db_path, "echo", {}) is None


def test_after_closing_there_is_no_answer(db_path: Path) -> None:
    listening = AdminSocket(db_path, obey)
    listening.close()
    listening.close()
    assert ask_owner(db_path, "echo", {}) is None
    assert not list(db_path.parent.glob("*.sock"))


def test_a_stale_socket_is_no_owner_and_is_replaced(db_path: Path) -> None:
    path = db_path.with_name("chat.db.sock")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as dead:
        dead.bind(str(path))
    assert path.is_socket()
    assert ask_owner(db_path, "echo", {}) is None
    with closing(AdminSocket(db_path, obey)):
        assert ask_owner(db_path, "echo", {}) == {"said": {}, "how many": 0}


def test_it_is_the_owners_alone(owner: AdminSocket, db_path: Path) -> None:
    path = find_socket(db_path)
    assert path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (b"\n", None),
        (b"hello\n", "not JSON"),
        (b"\xff\xfe\n", "not JSON"),
        (b"[" * 60_000 + b"\n", "not JSON"),
        (b"[]\n", "A request is"),
        (b'{"command": 5, "arguments": {}}\n', "A request is"),
        (b'{"command": "echo"}\n', "A request is"),
        (b'{"command": "echo", "arguments": {"n": 1}}\n', "A request is"),
        (b'{"command": "echo", "arguments": [], "more": 1}\n', "A request is"),
        (b"x" * (REQUEST_LIMIT + 10), f"has over {REQUEST_LIMIT:,} bytes"),
        (b"x" * 5_000_000, f"has over {REQUEST_LIMIT:,} bytes"),
    ],
)
def test_what_is_no_request_is_refused(
    owner: AdminSocket, db_path: Path, sent: bytes, says: str | None
) -> None:
    answers = talk(db_path, sent)
    assert len(answers) <= 1
    for answer in answers:
        assert answer["exit"] == 2
        assert says
        assert says in str(answer["error"])
    assert ask_owner(db_path, "echo", {}) is not None


def test_several_lines_get_several_answers(owner: AdminSocket, db_path: Path) -> None:
    assert len(talk(db_path, GOOD * 3)) == 3
    assert len(talk(db_path, GOOD + b"junk\n" + GOOD.strip())) == 3


def test_the_longest_request_is_taken(owner: AdminSocket, db_path: Path) -> None:
    room = REQUEST_LIMIT - len(GOOD.replace(b"value", b""))
    assert "said" in talk(db_path, GOOD.replace(b"value", b"v" * room))[0]
    assert "error" in talk(db_path, GOOD.replace(b"value", b"v" * (room + 1)))[0]
    with pytest.raises(StoreError, match="Make it shorter"):
        ask_owner(db_path, "echo", {"name": "v" * REQUEST_LIMIT})


def test_many_can_ask_at_once(owner: AdminSocket, db_path: Path) -> None:
    def ask(number: int) -> None:
        answers.append(ask_owner(db_path, "echo", {"n": str(number)}))

    answers: list[object] = []
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    said = [{"said": {"n": str(number)}, "how many": 1} for number in range(20)]
    assert sorted(answers, key=str) == sorted(said, key=str)


def test_one_who_says_nothing_holds_nobody_up(
    owner: AdminSocket, db_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = find_socket(db_path)
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as silent:
        silent.connect(str(path))
        assert ask_owner(db_path, "echo", {}) is not None


def test_one_who_takes_too_long_is_told_so(db_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admin_socket, "TIMEOUT_S", 0.05)
    with (
        closing(AdminSocket(db_path, obey)),
        closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as slow,
    ):
        slow.connect(str(find_socket(db_path)))
        slow.sendall(b'{"command"')
        assert "took over 0.05 s to come" in slow.recv(4096).decode()


def test_an_owner_that_hangs_up_is_an_error(db_path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as listener:
        listener.bind(str(db_path.with_name("chat.db.sock")))
        listener.listen()

        def hang_up(answer: bytes) -> None:
            caller, _ = listener.accept()
            with closing(caller):
                caller.recv(4096)
                caller.sendall(answer)

        for answer in (b"", b"junk\n", b"[1]\n", b'{"half'):
            thread = threading.Thread(target=hang_up, args=(answer,))
            thread.start()
            with pytest.raises(StoreError, match="gave no answer"):
                ask_owner(db_path, "echo", {})
            thread.join(30)


class TestLongPaths:
    @pytest.fixture
    def deep(self, db_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setattr(tempfile, "tempdir", str(db_path.parent))
        folder = db_path.parent / ("d" * PATH_LIMIT)
        folder.mkdir()
        return folder / "chat.db"

    def test_the_socket_lies_in_a_private_folder(self, deep: Path) -> None:
        assert ask_owner(deep, "echo", {}) is None
        with closing(AdminSocket(deep, obey)):
            assert ask_owner(deep, "echo", {}) == {"said": {}, "how many": 0}
            path = find_socket(deep)
            assert path
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert ask_owner(deep, "echo", {}) is None

    def test_a_folder_that_others_may_enter_is_not_used(self, deep: Path) -> None:
        AdminSocket(deep, obey).close()
        path = find_socket(deep)
        assert path
        path.parent.chmod(0o777)
        with pytest.raises(StoreError, match="belongs to somebody else"):
            AdminSocket(deep, obey)
        with pytest.raises(StoreError, match="belongs to somebody else"):
            ask_owner(deep, "echo", {})

    def test_a_link_put_in_its_place_is_not_followed(self, deep: Path) -> None:
        AdminSocket(deep, obey).close()
        path = find_socket(deep)
        assert path
        path.parent.rename(path.parent.with_name("elsewhere"))
        path.parent.symlink_to(path.parent.with_name("elsewhere"))
        with pytest.raises(StoreError, match="belongs to somebody else"):
            ask_owner(deep, "echo", {})


def test_a_place_where_no_socket_can_be(db_path: Path) -> None:
    with pytest.raises(StoreError, match="No socket can be made"):
        AdminSocket(db_path.parent / "missing" / "chat.db", obey)
