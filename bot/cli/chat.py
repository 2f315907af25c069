"""`pathways chat`: talk to the bot in this terminal, or send it lines through a pipe."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from bot.channels.terminal_text import is_dumb
from bot.cli import chat_texts
from bot.cli.chat_desk import Desk
from bot.cli.chat_input import bare_lines, piped_lines
from bot.cli.chat_seat import Seat, Wanted
from bot.messages import Place, Role
from bot.service.clock import SystemClock
from bot.service.ports import Clock

if TYPE_CHECKING:
    from bot.cli.chat_opening import Opened
    from bot.cli.chat_prompt import ChatPrompt

SQLITE: Final = "sqlite:///"
DATABASE: Final = f"{SQLITE}var/chat.db"
ZONE: Final = ZoneInfo("Europe/London")
NOON: Final = time(12)
INTERRUPTED: Final = 130  # exit status, as shells know it

_NAME = re.compile(r"[\w.'-][\w .'-]{0,39}")


class FixedClock:
    """A clock that stands still. Chance is as ever, so that keys differ from one chat to the next.

    Args:
        moment: Aware; what it always says.
    """

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)
        self._chance = SystemClock()

    def now(self) -> datetime:
        """The moment, in UTC."""
        return self._moment

    def fresh(self) -> str:
        """26 random characters of `a-z2-7`."""
        return self._chance.fresh()


class Options(TypedDict):
    """What stands on the command line, as click hands it over."""

    name: str
    role: tuple[str, ...]
    place: str
    db: str
    now: datetime | None
    transcript: Path | None
    knowledge: Path | None
    history: bool


def parse_now(text: str) -> datetime:
    """A day or a time in ISO form; a day is its noon, and a time without a zone is London's.

    Raises:
        ValueError: It is neither.
    """
    if len(text) == len("2026-11-21"):
        return datetime.combine(date.fromisoformat(text), NOON, ZONE).astimezone(UTC)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def _now(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    try:
        return parse_now(text) if text is not None else None
    except (ValueError, OverflowError):
        raise click.BadParameter(chat_texts.BAD_NOW) from None


def _name(_context: click.Context, _option: click.Parameter, text: str) -> str:
    if not _NAME.fullmatch(text):
        raise click.BadParameter(chat_texts.BAD_NAME)
    return text


def _database(_context: click.Context, _option: click.Parameter, url: str) -> str:
    if not url.removeprefix(SQLITE) or not url.startswith(SQLITE):
        raise click.BadParameter(chat_texts.BAD_DATABASE)
    return url


@click.command(name="chat")
@click.option(
    "--as",
    "name",
    default="you",
    callback=_name,
    metavar="NAME",
    show_default=True,
    help="Who you are: another name is another person of this database.",
)
@click.option(
    "--role",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="Give yourself this role, in this database only. Repeats.",
)
@click.option(
    "--place",
    type=click.Choice([place.value for place in Place]),
    default="private",
    show_default=True,
    help="Whether others can read: in a group it answers only when called.",
)
@click.option(
    "--db",
    default=DATABASE,
    callback=_database,
    metavar="URL",
    show_default=True,
    help="Where this chat is kept.",
)
@click.option("--now", callback=_now, metavar="ISO", help="Talk as if it were this day or time.")
@click.option(
    "--transcript",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the conversation, scrubbed, to a new YAML file: a test, once its `bot:` lines are right.",
)
@click.option(
    "--knowledge",
    type=click.Path(path_type=Path),
    help="A folder that replaces the content we ship; a file it lacks comes from ours.",
)
@click.option(
    "--history",
    is_flag=True,
    help="Keep what you type in a file beside the database, for the arrow keys.",
)
def chat(**options: Unpack[Options]) -> int:
    """Talk to the bot in this terminal. Lines that come through a pipe are read too.

    Type a question, the number of an option, or a command such as /help. /open CODE follows a link
    with that code, and /press N presses option N as a button.

    Exit status: 0 at the end of input, 130 after Ctrl-C.
    """
    wanted = Wanted(
        seat=Seat(name=options["name"], place=Place(options["place"])),
        db=options["db"],
        roles=tuple(Role(role) for role in options["role"]),
        now=options["now"],
        transcript=options["transcript"],
        knowledge=options["knowledge"],
        keeps_history=options["history"],
    )
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    clock: Clock = FixedClock(wanted.now) if wanted.now else SystemClock()
    desk = Desk(lambda: _opened(wanted, clock))
    try:
        return _converse(wanted, desk)
    finally:
        desk.close()


command = chat


def _opened(wanted: Wanted, clock: Clock) -> "Opened":
    from bot.cli.chat_opening import open_talk  # noqa: PLC0415 - half a second, spent beside the prompt

    return open_talk(wanted, clock)


def _converse(wanted: Wanted, desk: Desk) -> int:
    is_real = sys.stdin.isatty() and sys.stdout.isatty()
    status = 0
    with asyncio.Runner() as runner:
        try:
            for line in _lines(wanted, desk, runner, is_real=is_real):
                talk = _wait(desk).talk
                runner.run(desk.greet(welcome=False))
                runner.run(talk.hear(line))
        except KeyboardInterrupt:
            status = INTERRUPTED
        except BrokenPipeError:
            _give_up_output()
            return 0
    if is_real:
        _say_goodbye(wanted, desk)
    return status


def _lines(wanted: Wanted, desk: Desk, runner: asyncio.Runner, *, is_real: bool) -> Iterator[str]:
    """Open the talk before the first line or, where somebody was here before, beside it."""
    path = Path(wanted.db.removeprefix(SQLITE))
    has_editor = is_real and not is_dumb(os.environ)
    if has_editor and path.exists():
        prompt = _prompt(wanted, desk, path)
        desk.start()
        return prompt.lines()
    desk.start()
    _wait(desk)
    runner.run(desk.greet(welcome=is_real))
    if has_editor:
        return _prompt(wanted, desk, path).lines()
    if is_real:
        return bare_lines(sys.stdin.buffer, sys.stdout, f"\n{wanted.seat.name} > ")
    return piped_lines(sys.stdin.buffer)


def _prompt(wanted: Wanted, desk: Desk, path: Path) -> "ChatPrompt":
    from bot.cli.chat_prompt import ChatPrompt  # noqa: PLC0415 - 0.1 s that a pipe need not wait

    history = path.with_suffix(".history") if wanted.keeps_history else None
    return ChatPrompt(wanted.seat, desk, history)


def _wait(desk: Desk) -> "Opened":
    if not desk.is_ready:
        from bot.channels.terminal_screen import open_screen  # noqa: PLC0415 - not needed when ready

        with open_screen(sys.stdout, os.environ).busy(chat_texts.READING):
            return desk.wait()
    return desk.wait()


def _say_goodbye(wanted: Wanted, desk: Desk) -> None:
    if desk.opened is None:
        return
    desk.opened.screen.note(chat_texts.GOODBYE)
    if wanted.transcript:
        desk.opened.screen.note(chat_texts.WRITTEN.format(path=wanted.transcript))


def _give_up_output() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, without a complaint at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
