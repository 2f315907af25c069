"""The screen that the terminal channel writes on: a real one in colour, or a stream of plain text."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol, TextIO

from rich.console import Console, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.spinner import Spinner
from rich.text import Text

from bot.channels.splitting import Part
from bot.channels.terminal_rendering import COLUMN, MARGIN, Look, plain_part, rich_part
from bot.channels.terminal_text import is_dumb, on_one_line, printable

LINKING_PROGRAMS: Final = frozenset(  # of TERM_PROGRAM: they show a link behind words
    {"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"}
)
LINKING_MARKS: Final = (
    "VTE_VERSION",
    "WT_SESSION",
    "KONSOLE_VERSION",
    "KITTY_WINDOW_ID",
    "DOMTERM",
)


class Screen(Protocol):
    """Where the bot's words and our own notes are shown.

    A method raises OSError where the terminal or the reader of the pipe has gone.
    """

    def show(self, part: Part) -> None:
        """Show one message of the bot."""

    def note(self, text: str) -> None:
        """Show a line that the bot did not say."""

    def busy(self, text: str) -> AbstractContextManager[object]:
        """Say that something takes a while, for as long as the context lasts."""


class PlainScreen:
    """Plain text, without an escape code.

    Args:
        stream: Written to, and flushed after each message.
        width: Characters of a line; None leaves the lines as long as they are.
    """

    def __init__(self, stream: TextIO, width: int | None = None) -> None:
        self._stream = stream
        self._width = width
        self._gap = "\n" if width else ""  # on a terminal something stands above already

    def show(self, part: Part) -> None:
        """See `Screen.show`."""
        self._write(plain_part(part, self._width))

    def note(self, text: str) -> None:
        """See `Screen.note`."""
        self._write(f"({on_one_line(text)})\n")

    def busy(self, text: str) -> AbstractContextManager[object]:  # noqa: ARG002 - nothing to say
        """See `Screen.busy`: a stream is told nothing that is not for keeps."""
        return nullcontext()

    def _write(self, text: str) -> None:
        self._stream.write(f"{self._gap}{text}")
        self._gap = "\n"
        self._stream.flush()


class RichScreen:
    """A terminal in colour.

    Args:
        console: Writes to it.
        look: How.
    """

    def __init__(self, console: Console, look: Look) -> None:
        self._console = console
        self._look = look

    def show(self, part: Part) -> None:
        """See `Screen.show`."""
        self._print(rich_part(part, self._look))

    def note(self, text: str) -> None:
        """See `Screen.note`."""
        self._print(Padding(Text(printable(text), style="dim italic"), (0, 0, 0, MARGIN)))

    def busy(self, text: str) -> AbstractContextManager[object]:
        """See `Screen.busy`. Standard output stays what it is: others may be opening it just now."""
        return Live(
            Spinner("dots", Text(text, style="dim"), style="dim"),
            console=self._console,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def _print(self, shown: RenderableType) -> None:
        self._console.print()
        self._console.print(shown, width=min(self._console.width, COLUMN + MARGIN))


def open_screen(
    stream: TextIO, environment: Mapping[str, str], source_marks: tuple[str, ...] = ()
) -> Screen:
    """The screen that fits a stream: in colour only on a terminal that wants it.

    Args:
        stream: Usually standard output.
        environment: Of this process; `NO_COLOR` and what the terminal says of itself are read.
        source_marks: See `Look`.
    """
    is_terminal = stream.isatty()
    if not is_terminal:
        return PlainScreen(stream)
    if environment.get("NO_COLOR") or is_dumb(environment):
        return PlainScreen(stream, COLUMN)
    console = Console(file=stream, highlight=False, markup=False, emoji=False, force_terminal=True)
    is_unicode = (stream.encoding or "").lower().startswith("utf")
    look = Look(
        hyperlinks=shows_hyperlinks(environment),
        bullet="\N{BULLET}" if is_unicode else "-",
        source_marks=source_marks,
    )
    return RichScreen(console, look)


def shows_hyperlinks(environment: Mapping[str, str]) -> bool:
    """Whether this is a terminal that is known to show links behind words."""
    if environment.get("TMUX") or environment.get("STY"):
        return False  # it may swallow them
    if environment.get("TERM_PROGRAM") in LINKING_PROGRAMS:
        return True
    return any(environment.get(mark) for mark in LINKING_MARKS)
