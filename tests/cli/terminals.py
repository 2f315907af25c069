"""A real terminal under test: a process on a pseudo-terminal, its keys, and what it shows."""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

PATIENCE_S = 60.0  # until a test gives up on a text; never slept
CODES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[=>]|\r")
READY = "\x1b[?2004h"  # the line editor takes pasted text now: each prompt begins with it
CTRL_C, CTRL_D, ENTER, TAB = "\x03", "\x04", "\r", "\t"


@dataclass
class Terminal:
    """A process on a pseudo-terminal of 80 columns.

    Attributes:
        raw: Everything it has written.
        seen: Where the last text that was expected ends.
        ready: Where the last prompt began.
    """

    process: int
    keyboard: int
    raw: str = ""
    seen: int = 0
    ready: int = 0
    _bytes: bytes = field(default=b"", repr=False)

    @classmethod
    def run(cls, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Self:
        """Start `python -m bot` with these arguments."""
        process, keyboard = pty.fork()
        if process == 0:
            # whoever started the tests in the background has it ignored
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.chdir(folder)
            command = [sys.executable, "-m", "bot", *arguments]
            os.execve(sys.executable, command, dict(environment))  # noqa: S606 - it is what we test
        return cls(process, keyboard)

    def type(self, keys: str) -> None:
        os.write(self.keyboard, keys.encode())

    def expect(self, text: str) -> str:
        """Read until a text is shown, behind what was expected before; what was shown until then."""
        end = time.monotonic() + PATIENCE_S
        while (place := self.shown.find(text, self.seen)) < 0:
            if not self._read(end):
                raise AssertionError(f"never shown: {text!r}, but:\n{self.shown[self.seen :]}")
        before, self.seen = self.shown[self.seen : place], place + len(text)
        return before

    def prompted(self) -> None:
        """Read until one prompt more is ready for keys."""
        end = time.monotonic() + PATIENCE_S
        while (place := self.raw.find(READY, self.ready)) < 0:
            if not self._read(end):
                raise AssertionError(f"no prompt, but:\n{self.shown[self.seen :]}")
        self.ready = place + len(READY)

    def ended(self) -> int:
        """Read to the end; the exit status."""
        end = time.monotonic() + PATIENCE_S
        while self._read(end):
            pass
        _, status = os.waitpid(self.process, 0)
        os.close(self.keyboard)
        return os.waitstatus_to_exitcode(status)

    @property
    def shown(self) -> str:
        """Everything shown, without codes, with runs of spaces and line ends as one space."""
        return " ".join(CODES.sub("", self.raw).split())

    def _read(self, end: float) -> bool:
        ready, _, _ = select.select([self.keyboard], [], [], max(end - time.monotonic(), 0))
        if not ready:
            return False
        try:
            read = os.read(self.keyboard, 65_536)
        except OSError:  # the other end is closed
            return False
        self._bytes += read
        self.raw = self._bytes.decode("utf-8", errors="replace")
        if b"\x1b[6n" in read:  # where is the cursor?
            self.type("\x1b[1;1R")
        return bool(read)
