"""Make the pictures of `docs/broadcasts.md`: a real talk with the bot, step by step, in a terminal.

Run it again after a change of the wording: `python -m scripts.make_broadcast_pictures`.
"""

import asyncio
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from bot.channels.terminal_rendering import Look
from bot.channels.terminal_screen import RichScreen
from bot.cli.chat_seat import Seat
from bot.cli.chat_talk import House, Talk
from bot.messages import Place, Role
from bot.service import audit, people
from bot.service.library import Library
from bot.service.ports import Store, Tx
from bot.storage.memory import MemoryStore
from bot.wiring import BRANCH_NAME, load_edition

FOLDER: Final = Path(__file__).parents[1] / "docs" / "images"
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
WIDTH: Final = 84  # characters of a line in the pictures
PAGE: Final = (  # the picture without fonts from elsewhere: it shows whatever the reader has
    '<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">\n'
    "<style>\n.{unique_id}-matrix {{ font-family: monospace; font-size: {char_height}px;"
    " line-height: {line_height}px; }}\n{styles}\n</style>\n"
    '<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}"'
    ' height="{terminal_height}" /></clipPath>{lines}</defs>\n{chrome}\n'
    '<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">'
    '{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>\n</svg>\n'
)
STEPS: Final[Sequence[tuple[str, Sequence[str]]]] = (
    ("begin", ("/broadcast",)),
    ("fill", ("1", "Friday")),
    ("who", ("2",)),
    ("preview", ("every second Tuesday at 9",)),
    ("confirm", ("1",)),
    ("list", ("/broadcast", "7", "1")),
)


class _Clock:
    """Stands still on a Monday, and draws the same chance each time, so that the pictures stay."""

    def __init__(self) -> None:
        self._drawn = 0

    def now(self) -> datetime:
        """See `Clock.now`."""
        return NOON

    def fresh(self) -> str:
        """See `Clock.fresh`."""
        self._drawn += 1
        return f"{self._drawn:026}"


async def _pictures(library: Library) -> None:
    clock, store = _Clock(), MemoryStore()
    _set_up(store, clock)
    house = House(store=store, library=library, clock=clock, zone=ZoneInfo("Europe/London"))
    for rep in ("ann", "ben"):
        other = _talk(house, rep, _console())
        await other.open((Role.REP,))
        await other.hear("hello")
    console = _console()
    talk = _talk(house, "uma", console)
    await talk.open((Role.ULR,))
    for name, lines in STEPS:
        for line in lines:
            console.print()
            console.print(Text(f"> {line}", style="bold cyan"))
            await talk.hear(line)
        svg = console.export_svg(title="Pathways", code_format=PAGE, unique_id=f"bc-{name}")
        (FOLDER / f"broadcast-{name}.svg").write_text(svg, encoding="utf-8")


def _talk(house: House, name: str, console: Console) -> Talk:
    return Talk(house, Seat(name=name, place=Place.PRIVATE), RichScreen(console, Look()))


def _console() -> Console:
    return Console(
        file=io.StringIO(), record=True, width=WIDTH, force_terminal=True, highlight=False
    )


def _set_up(store: Store, clock: _Clock) -> None:
    def work(tx: Tx) -> None:
        audit.set_install_key(tx, clock.fresh())
        people.add_branch(tx, people.DEFAULT_BRANCH, BRANCH_NAME, NOON)

    store.submit(work).result()


def main() -> None:
    """Make them all."""
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(_pictures(Library(load_edition(None))))


if __name__ == "__main__":
    main()
