"""Lines without a line editor: from a pipe, or from a terminal that knows no more than a typewriter."""

from collections.abc import Iterator
from typing import BinaryIO, TextIO

READ_LIMIT = (
    65_536  # bytes of a line that are kept: four times what is passed on, for the widest signs
)


def piped_lines(source: BinaryIO) -> Iterator[str]:
    """The lines of a pipe, until it ends.

    Bytes that are no UTF-8 become replacement marks, and of a line that is far longer than anything
    we read only the beginning is kept, so that no line fills the memory.
    """
    while line := source.readline(READ_LIMIT):
        rest = line
        while not rest.endswith(b"\n") and (rest := source.readline(READ_LIMIT)):
            pass
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def bare_lines(source: BinaryIO, screen: TextIO, prompt: str) -> Iterator[str]:
    """The lines of a terminal that cannot move its cursor.

    Args:
        source: What is typed.
        screen: Where the prompt is written.
        prompt: Before each line.

    Raises:
        KeyboardInterrupt: Ctrl-C twice in a row: once, the terminal itself drops the line.
    """
    lines = piped_lines(source)
    interrupted = False
    while True:
        try:
            screen.write(prompt)
            screen.flush()
            line = next(lines, None)
        except KeyboardInterrupt:
            if interrupted:
                raise
            interrupted, lines = True, piped_lines(source)
            continue
        if line is None:
            return
        interrupted = False
        yield line
