"""`pathways chat`: talk to the bot in this terminal, or send it lines through a pipe."""

import asyncio
import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final, TypedDict, Unpack
from zoneinfo import ZoneInfo

import click

from bot.channels.terminal_screen import Screen, is_dumb, open_screen
from bot.cli import chat_texts
from bot.cli.chat_input import bare_lines, piped_lines
from bot.cli.chat_talk import House, Seat, Talk
from bot.cli.logs import set_up_logs
from bot.cli.transcript import TranscriptWriter
from bot.knowledge.content import Content
from bot.messages import Command, Place, Role
from bot.service.clock import SystemClock
from bot.service.library import Library
from bot.service.ports import Clock
from bot.settings import load_settings
from bot.wiring import SQLITE, database_path, load_edition, open_store

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
    """What stands on the command line."""

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
    set_up_logs("ERROR")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    with ExitStack() as stack:
        return _run(options, stack)


command = chat


def _run(options: Options, stack: ExitStack) -> int:
    clock: Clock = FixedClock(options["now"]) if options["now"] else SystemClock()
    settings = load_settings()
    store = open_store(options["db"], clock)
    stack.callback(store.close)
    screen = open_screen(sys.stdout, os.environ)
    with screen.busy(chat_texts.READING):
        edition = load_edition(options["knowledge"] or settings.knowledge, cache=settings.cache)
    screen = open_screen(sys.stdout, os.environ, source_marks(edition.content))
    transcript = _transcript(options, edition.content)
    seat = Seat(name=options["name"], place=Place(options["place"]))
    house = House(store=store, library=Library(edition), clock=clock)
    talk = Talk(house, seat, screen, transcript)
    if transcript:
        stack.callback(transcript.close)
    runner = stack.enter_context(asyncio.Runner())
    runner.run(talk.open([Role(role) for role in options["role"]]))
    return _converse(options, talk, screen, runner)


def _converse(options: Options, talk: Talk, screen: Screen, runner: asyncio.Runner) -> int:
    is_real = sys.stdin.isatty() and sys.stdout.isatty()
    status = 0
    try:
        if is_real and talk.standing.is_new and talk.seat.place is Place.PRIVATE:
            runner.run(talk.say(Command("start")))
        for line in _lines(options, talk, is_real=is_real):
            runner.run(talk.hear(line))
    except KeyboardInterrupt:
        status = INTERRUPTED
    except BrokenPipeError:
        _give_up_output()
        return 0
    if is_real:
        screen.note(chat_texts.GOODBYE)
    return status


def _give_up_output() -> None:
    """Nobody reads any more: what is still buffered goes nowhere, without a complaint at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _lines(options: Options, talk: Talk, *, is_real: bool) -> Iterator[str]:
    if not is_real:
        return piped_lines(sys.stdin.buffer)
    if is_dumb(os.environ):
        return bare_lines(sys.stdin.buffer, sys.stdout, f"\n{talk.seat.name} > ")
    from bot.cli.chat_prompt import ChatPrompt  # noqa: PLC0415 - 0.2 s that a pipe need not wait

    history = database_path(options["db"]).with_suffix(".history") if options["history"] else None
    return ChatPrompt(
        talk.seat, lambda: talk.standing, lambda: talk.channel.offers, history
    ).lines()


def source_marks(content: Content) -> tuple[str, ...]:
    """How the lines begin that say where an answer comes from, in every language."""
    words = (content.wording.texts[key] for key in ("source.one", "source.many"))
    texts = {text.partition("{")[0].strip() for one in words for text in (one.en, one.cy or "")}
    return tuple(sorted(text for text in texts if text))


def _transcript(options: Options, content: Content) -> TranscriptWriter | None:
    path = options["transcript"]
    if path is None:
        return None
    now = options["now"]
    header = {
        "role": list(options["role"]),
        "place": "group" if options["place"] == Place.GROUP.value else None,
        "now": now.isoformat() if now else None,
    }
    return TranscriptWriter(path, header, content.known_words)
