"""A room to talk in: a store, a small FAQ, a clock, and a screen that can be read."""

import asyncio
import io
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import count

from bot.channels.terminal_screen import PlainScreen
from bot.cli.chat_seat import Seat
from bot.cli.chat_talk import House, Talk
from bot.cli.transcript import TranscriptWriter
from bot.faq.ranking import Ranking
from bot.messages import Place, Role
from bot.service import audit, people
from bot.service.library import Edition, Library
from bot.service.ports import Row, Store, Tx
from bot.storage.memory import MemoryStore
from tests.builders import FixedClock, content_of, listed_reader

_SEEDS = count(1)  # two rooms may share a store, and keys come from chance


def furnished() -> Store:
    """A memory store as `open_store` hands one over."""
    store = MemoryStore()

    def set_up(tx: Tx) -> None:
        audit.set_install_key(tx, "k" * 26)
        people.add_branch(tx, people.DEFAULT_BRANCH, "Main branch", FixedClock().now())

    store.submit(set_up).result()
    return store


@dataclass
class Room:
    """One talk on a memory store; `screen` is what was shown so far."""

    store: Store = field(default_factory=furnished)
    name: str = "ann"
    place: Place = Place.PRIVATE
    listed: Mapping[str, Ranking] = field(default_factory=dict)
    transcript: TranscriptWriter | None = None
    clock: FixedClock = field(default_factory=lambda: FixedClock(seed=next(_SEEDS)))
    stream: io.StringIO = field(default_factory=io.StringIO)

    def __post_init__(self) -> None:
        content = content_of()
        edition = Edition(content, listed_reader(content, self.listed))
        house = House(store=self.store, library=Library(edition), clock=self.clock)
        screen = PlainScreen(self.stream)
        self.talk = Talk(house, Seat(name=self.name, place=self.place), screen, self.transcript)

    def open(self, *roles: Role, welcome: bool = False) -> str:
        """Open the talk and greet; what was shown by it."""

        async def opening() -> None:
            await self.talk.open(roles)
            await self.talk.greet(welcome=welcome)

        return self._shown_by(opening())

    def type(self, *lines: str) -> str:
        """What was shown to these lines."""

        async def typing() -> None:
            for line in lines:
                await self.talk.hear(line)

        return self._shown_by(typing())

    def rows(self, table: str) -> list[Row]:
        return self.store.submit(lambda tx: tx.find(table, {})).result()

    def _shown_by(self, doing: Coroutine[None, None, None]) -> str:
        before = 0 if self.stream.closed else len(self.stream.getvalue())
        asyncio.run(doing)
        return self.stream.getvalue()[before:].strip("\n")
