"""The prompt of a chat: a line editor with history, completion and a toolbar."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import Style

from bot.channels.terminal_text import on_one_line
from bot.cli import chat_texts
from bot.cli.chat_talk import CALL, Seat, Standing
from bot.engine.commands import COMMANDS
from bot.knowledge.shapes import LANGUAGES
from bot.messages import Audience, Option, Place, Role

LOCAL: Final = ("open", "press")  # commands of this channel alone
ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "audience": tuple(audience.value for audience in Audience),
    "language": LANGUAGES,
    "invite": tuple(role.value for role in Role),
}
ARROW: Final = "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}"
STYLE: Final = Style.from_dict(
    {
        "prompt": "bold ansicyan",
        "bottom-toolbar": "noreverse fg:ansibrightblack",
        "completion-menu": "bg:default fg:default",
        "completion-menu.completion.current": "reverse",
        "scrollbar.background": "bg:default",
        "scrollbar.button": "bg:ansibrightblack",
    }
)


class ChatPrompt:
    """Asks for one line after the other at a real terminal.

    Args:
        seat: Who sits here.
        standing: What they may do now.
        offers: The options on the table now, by number.
        history: Where earlier lines are kept; None for this chat only.
    """

    def __init__(
        self,
        seat: Seat,
        standing: Callable[[], Standing],
        offers: Callable[[], Mapping[int, Option]],
        history: Path | None = None,
    ) -> None:
        self._seat = seat
        self._standing = standing
        self._session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=ChatCompleter(standing, offers),
            complete_while_typing=Condition(_is_command),
            bottom_toolbar=self._toolbar,
            key_bindings=_keys(),
            style=STYLE,
            reserve_space_for_menu=6,
            enable_open_in_editor=False,
        )

    def lines(self) -> Iterator[str]:
        """Lines until the end of input.

        Raises:
            KeyboardInterrupt: Ctrl-C on an empty line.
        """
        while True:
            try:
                yield self._session.prompt([("", "\n"), ("class:prompt", f"{self._mark()} ")])
            except EOFError:
                return

    def _mark(self) -> str:
        is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        return f"{self._seat.name} {ARROW if is_unicode else '>'}"

    def _toolbar(self) -> StyleAndTextTuples:
        roles = sorted(self._standing().roles - {Role.MEMBER}) or [Role.MEMBER]
        where = f"group, call me with {CALL}" if self._seat.place is Place.GROUP else "private"
        facts = f" {self._seat.name} · {', '.join(role.value for role in roles)} · {where}"
        keys = f"{chat_texts.TOOLBAR_KEYS} "
        gap = get_app().output.get_size().columns - len(facts) - len(keys)
        return [("class:bottom-toolbar", facts + " " * gap + keys if gap > 2 else facts)]


class ChatCompleter(Completer):
    """Completes commands, as far as the person may use them, and the options on the table."""

    def __init__(
        self, standing: Callable[[], Standing], offers: Callable[[], Mapping[int, Option]]
    ) -> None:
        self._standing = standing
        self._offers = offers

    def get_completions(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002 - prompt-toolkit's signature
    ) -> Iterable[Completion]:
        """What the text before the cursor could become; see `Completer`."""
        text = document.text_before_cursor.lstrip()
        if text.startswith("/"):
            yield from self._commands(text)
        else:
            yield from self._labels(text)

    def _commands(self, text: str) -> Iterator[Completion]:
        name, space, argument = text[1:].partition(" ")
        if space:
            for value in self._arguments(name.lower()):
                if value.startswith(argument.lower()):
                    yield Completion(value, start_position=-len(argument))
            return
        roles = self._standing().roles
        known = [spec.name for spec in COMMANDS if spec.roles & roles]
        for command in sorted((*known, *LOCAL)):
            if command.startswith(name.lower()):
                yield Completion(f"/{command}", start_position=-len(text))

    def _arguments(self, name: str) -> tuple[str, ...]:
        if name == "press":
            return tuple(str(number) for number in self._offers())
        return ARGUMENTS.get(name, ())

    def _labels(self, text: str) -> Iterator[Completion]:
        typed = text.lower()
        for number, option in self._offers().items():
            label = on_one_line(option.label)
            if label.lower().startswith(typed) or str(number) == typed:
                yield Completion(label, start_position=-len(text), display=f"{number}  {label}")


def _is_command() -> bool:
    return get_app().current_buffer.text.startswith("/")


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    def _(event: KeyPressEvent) -> None:
        """Clear the line; on an empty one, leave."""
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=KeyboardInterrupt(), style="class:aborting")

    return keys


def _history(path: Path | None) -> History:
    """Earlier lines; in a file only where that was asked for, and then only its owner can read it."""
    if path is None:
        return InMemoryHistory()
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    return FileHistory(str(path))
