"""Opens a chat: the store, the knowledge, the screen, and the talk over them. The slow half."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.channels.terminal_screen import Screen, open_screen
from bot.cli.chat_seat import Wanted
from bot.cli.chat_talk import House, Talk
from bot.cli.logs import set_up_logs
from bot.cli.progress import show_progress
from bot.knowledge.content import Content
from bot.messages import Place
from bot.service.library import Library
from bot.service.ports import Clock
from bot.settings import load_settings
from bot.wiring import database_path, load_edition, open_store, watch

if TYPE_CHECKING:
    from bot.cli.transcript import TranscriptWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A chat that can begin.

    Attributes:
        talk: The talk.
        screen: Where it is shown.
        closing: What is to be closed after it.
    """

    talk: Talk
    screen: Screen
    closing: ExitStack

    def close(self) -> None:
        """Finish the transcript and let go of the store."""
        self.closing.close()


def open_talk(wanted: Wanted, clock: Clock) -> Opened:
    """Open everything a chat needs.

    Raises:
        BotError: The store, the knowledge, the transcript or a setting is no good; the text says
            what to do.
    """
    set_up_logs("ERROR")
    with ExitStack() as stack:
        settings = load_settings()
        store = open_store(wanted.db, clock)
        stack.callback(store.close)
        folder = wanted.knowledge or settings.knowledge
        vectors = settings.vector_choice
        edition = load_edition(
            folder, cache=settings.cache, vectors=vectors, progress=show_progress
        )
        library = Library(edition)
        if folder is not None and settings.reload_s:
            reloader = watch(folder, library, settings.cache, settings.reload_s, vectors)
            stack.callback(reloader.close)
        transcript = _transcript(wanted, edition.content)
        if transcript:
            stack.callback(transcript.close)
        screen = open_screen(sys.stdout, os.environ, source_marks(edition.content))
        house = House(
            store=store,
            library=library,
            clock=clock,
            zone=ZoneInfo(settings.timezone),
            folder=database_path(wanted.db).parent / "files",
        )
        talk = Talk(house, wanted.seat, screen, transcript)
        asyncio.run(talk.open(wanted.roles))
        return Opened(talk=talk, screen=screen, closing=stack.pop_all())


def source_marks(content: Content) -> tuple[str, ...]:
    """How the lines begin that say where an answer comes from, in every language."""
    words = (content.wording.texts[key] for key in ("source.one", "source.many"))
    texts = {text.partition("{")[0].strip() for one in words for text in (one.en, one.cy or "")}
    return tuple(sorted(text for text in texts if text))


def _transcript(wanted: Wanted, content: Content) -> "TranscriptWriter | None":
    if wanted.transcript is None:
        return None
    from bot.cli.transcript import TranscriptWriter  # noqa: PLC0415 - brings YAML with it

    header: Mapping[str, str | Sequence[str] | None] = {
        "role": [role.value for role in wanted.roles],
        "place": wanted.seat.place.value if wanted.seat.place is Place.GROUP else None,
        "now": wanted.now.isoformat() if wanted.now else None,
    }
    return TranscriptWriter(wanted.transcript, header, content.known_words)
