"""The prompt of a chat: a line editor with history, completion and a toolbar."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, get_app, in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.styles import Style

from bot.channels.terminal_text import on_one_line
from bot.cli import chat_texts
from bot.cli.chat_desk import Desk
from bot.cli.chat_seat import CALL, Seat
from bot.engine.commands import COMMANDS
from bot.errors import Refused
from bot.messages import Audience, Place, Role

LOCAL: Final = ("open", "press")  # commands of this channel alone
ARGUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    "audience": tuple(audience.value for audience in Audience),
    "language": ("en", "cy"),  # shapes.LANGUAGES; a test holds them together
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
        desk: What is known of the talk now; it may not be open yet.
        history: Where earlier lines are kept; None for this chat only.
    """

    def __init__(self, seat: Seat, desk: Desk, history: Path | None = None) -> None:
        self._seat = seat
        self._desk = desk
        self._session: PromptSession[str] = PromptSession(
            history=_history(history),
            completer=ChatCompleter(desk),
            complete_while_typing=Condition(_is_command),
            bottom_toolbar=self._toolbar,
            key_bindings=_keys(),
            style=STYLE,
            reserve_space_for_menu=6,
            enable_open_in_editor=False,
        )

    def lines(self) -> Iterator[str]:
        """Lines until the end of input. The first can be typed while the talk is being opened.

        Raises:
            KeyboardInterrupt: Ctrl-C on an empty line.
            BotError: The talk cannot be opened.
        """
        mark: StyleAndTextTuples = [("", "\n"), ("class:prompt", f"{self._mark()} ")]
        while True:
            try:
                yield self._session.prompt(mark, pre_run=self._watch)
            except EOFError:
                return

    def _watch(self) -> None:
        """Greet above the prompt as soon as the talk is open."""
        app = get_app()
        if self._desk.was_greeted or app.loop is None:
            return
        loop = app.loop

        def ready() -> None:
            with suppress(RuntimeError):  # the line was finished first, and its loop is closed
                loop.call_soon_threadsafe(lambda: self._ready(app))

        self._desk.when_ready(ready)

    def _ready(self, app: Application[str]) -> None:
        if not app.is_running:
            return
        if self._desk.error:
            app.exit(exception=self._desk.error)
        elif self._desk.has_greeting:
            app.create_background_task(self._greet(app))
        else:
            app.invalidate()

    async def _greet(self, app: Application[str]) -> None:
        async with in_terminal():
            await self._desk.greet()
        app.invalidate()

    def _mark(self) -> str:
        is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
        return f"{self._seat.name} {ARROW if is_unicode else '>'}"

    def _toolbar(self) -> StyleAndTextTuples:
        roles = sorted(self._desk.standing.roles - {Role.MEMBER}) or [Role.MEMBER]
        where = f"group, call me with {CALL}" if self._seat.place is Place.GROUP else "private"
        facts = f" {self._seat.name} · {', '.join(role.value for role in roles)} · {where}"
        hint = f"{chat_texts.TOOLBAR_KEYS if self._desk.is_ready else chat_texts.TOOLBAR_READING} "
        gap = get_app().output.get_size().columns - len(facts) - len(hint)
        return [("class:bottom-toolbar", facts + " " * gap + hint if gap > 2 else facts)]


class ChatCompleter(Completer):
    """Completes commands, as far as the person may use them, and the options on the table."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

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
        roles = self._desk.standing.roles
        known = [spec.name for spec in COMMANDS if spec.roles & roles]
        for command in sorted((*known, *LOCAL)):
            if command.startswith(name.lower()):
                yield Completion(f"/{command}", start_position=-len(text))

    def _arguments(self, name: str) -> tuple[str, ...]:
        if name == "press":
            return tuple(str(number) for number in self._desk.offers)
        return ARGUMENTS.get(name, ())

    def _labels(self, text: str) -> Iterator[Completion]:
        typed = text.lower()
        for number, option in self._desk.offers.items():
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
    try:
        path.touch(mode=0o600, exist_ok=True)
        path.chmod(0o600)
    except OSError as error:
        raise Refused(
            f"The history {path} cannot be written: {error.strerror}. Leave --history out."
        ) from None
    return FileHistory(str(path))
