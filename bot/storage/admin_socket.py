"""How commands reach the process that owns the database: a socket beside it, for its owner alone.

One JSON object on a line asks, `{"command": "invite", "arguments": {"role": "ulr"}}`, one on a
line answers. What goes wrong is answered too: `{"error": "a sentence", "exit": 4}`.
"""

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Final

import structlog

from bot.errors import BotError, StoreError, Tried
from bot.storage.socket_place import find_socket, make_socket_place

REQUEST_LIMIT: Final = 1024 * 1024  # bytes of one request with its line end: a list of areas fits
ANSWER_LIMIT: Final = 64 * 1024 * 1024  # bytes of one answer; the largest is one person's export
TIMEOUT_S: Final = 10.0  # seconds a request may take to arrive, and an answer to come
USAGE: Final = 2  # exit status of a request that cannot be read

JSON = str | int | float | bool | None | list["JSON"] | Mapping[str, "JSON"]
Handler = Callable[[str, Mapping[str, str]], Mapping[str, JSON]]

log = structlog.get_logger()


class _RequestError(Exception):
    """What came is no request; the text says why."""


class AdminSocket:
    """Listens for commands until `close`, each caller on a thread of its own.

    Args:
        db_path: The database that this process owns; the socket lies beside it. A stale one is
            removed: only the owner may make this.
        handler: Carries a command out: its name and arguments in, the answer out. It may raise
            BotError, whose text and exit status are answered. It is called from several threads.

    Raises:
        StoreError: The socket cannot be made.
    """

    def __init__(self, db_path: Path, handler: Handler) -> None:
        self._handler = handler
        try:
            self._path = make_socket_place(db_path)
            self._socket = _listen(self._path)
        except OSError as error:
            raise StoreError(
                f"No socket can be made beside {db_path} ({error.strerror or error}). "
                "Put the database into a folder of your own."
            ) from error
        threading.Thread(target=self._accept, name="admin-socket", daemon=True).start()

    def close(self) -> None:
        """Take no more commands; those that run come to their end. Before the store's `close`."""
        with suppress(OSError):
            self._path.unlink()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        lines = _Lines(caller, REQUEST_LIMIT)
        with closing(caller), suppress(OSError):
            try:
                while line := lines.receive():
                    _send(caller, self._answer(line))
            except _RequestError as error:
                _send(caller, {"error": str(error), "exit": USAGE})

    def _answer(self, line: bytes) -> Mapping[str, JSON]:
        with Tried() as tried:
            command, arguments = _parse_request(line)
            return self._handler(command, arguments)
        match tried.error:
            case _RequestError() as error:
                return {"error": str(error), "exit": USAGE}
            case BotError() as error:
                return {"error": str(error), "exit": error.exit_status}
            case error:
                log.warning("admin.failed", error=type(error).__name__)
                return {"error": "The running process could not do that; see its log.", "exit": 4}


def ask_owner(db_path: Path, command: str, arguments: Mapping[str, str]) -> dict[str, JSON] | None:
    """Have the process that owns a database carry out a command.

    Returns:
        Its answer, or None where no process listens: the file may be opened then.

    Raises:
        StoreError: It listens but did not answer, or the request is too long.
    """
    path = find_socket(db_path)
    if path is None:
        return None
    request = _line({"command": command, "arguments": dict(arguments)})
    if len(request) > REQUEST_LIMIT:
        raise StoreError(f"A command may have at most {REQUEST_LIMIT:,} bytes. Make it shorter.")
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as owner:
        owner.settimeout(TIMEOUT_S)
        try:
            owner.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise StoreError(
                f"The process that owns {db_path} cannot be reached ({error.strerror or error}). "
                "Ask as the person it runs as."
            ) from error
        return _ask(owner, request, db_path)


def _ask(owner: socket.socket, request: bytes, db_path: Path) -> dict[str, JSON]:
    try:
        owner.sendall(request)
        answer = json.loads(_Lines(owner, ANSWER_LIMIT).receive())
    except (OSError, ValueError, RecursionError, _RequestError) as error:
        raise _silence(db_path) from error
    if not isinstance(answer, dict):
        raise _silence(db_path)
    return answer


def _silence(db_path: Path) -> StoreError:
    return StoreError(
        f"The process that owns {db_path} gave no answer. It may still have done it: look before "
        "you try again."
    )


def _listen(path: Path) -> socket.socket:
    with ExitStack() as undo:
        listener = undo.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
        with suppress(FileNotFoundError):
            path.unlink()
        before = os.umask(0o177)  # so that it is private from its first moment
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen()
        undo.pop_all()
        return listener


class _Lines:
    """The lines that a peer sends, each within a time and a size."""

    def __init__(self, peer: socket.socket, limit: int) -> None:
        self._peer = peer
        self._limit = limit
        self._received = bytearray()

    def receive(self) -> bytes:
        """The next line, without its end; empty when there are no more."""
        deadline = time.monotonic() + TIMEOUT_S
        while (end := self._received.find(b"\n")) < 0 and len(self._received) < self._limit:
            part = self._receive(deadline - time.monotonic())
            if not part:
                end = len(self._received)
                break
            self._received += part
        if not 0 <= end < self._limit:
            raise _RequestError(f"The line has over {self._limit:,} bytes.")
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line

    def _receive(self, left_s: float) -> bytes:
        try:
            self._peer.settimeout(max(left_s, 0.001))
            return self._peer.recv(self._limit)
        except TimeoutError:
            raise _RequestError(f"The line took over {TIMEOUT_S:g} s to come.") from None


def _parse_request(line: bytes) -> tuple[str, dict[str, str]]:
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise _RequestError("The request is not JSON.") from None
    match request:
        case {"command": str(command), "arguments": dict(arguments)} if len(request) == 2:
            if all(isinstance(value, str) for value in arguments.values()):
                return command, arguments
    raise _RequestError('A request is {"command": text, "arguments": {text: text}}.')


def _send(peer: socket.socket, answer: Mapping[str, JSON]) -> None:
    peer.settimeout(TIMEOUT_S)
    peer.sendall(_line(answer))


def _line(value: Mapping[str, JSON]) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode() + b"\n"
