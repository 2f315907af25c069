"""What a prompt can ask about the talk: nothing yet while it is being opened, then the talk itself.

Opening takes most of a second. It goes on beside the prompt, so that people can type at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from bot.cli.chat_seat import Standing
from bot.errors import Done, Raised, attempted

if TYPE_CHECKING:
    from bot.cli.chat_opening import Opened
    from bot.messages import Option


class Desk:
    """A talk that is opened on a thread of its own.

    Args:
        open_it: Opens the talk; called once, on that thread.

    Attributes:
        was_greeted: Whether what comes before the first line has been shown.
    """

    def __init__(self, open_it: Callable[[], Opened]) -> None:
        self._open_it = open_it
        self._future: Future[Opened] = Future()
        self.was_greeted = False

    def start(self) -> None:
        """Begin to open. A process that ends meanwhile does not wait for it."""
        Thread(target=self._open, name="chat-opening", daemon=True).start()

    def wait(self) -> Opened:
        """The talk, once it is open.

        Raises:
            BotError: It cannot be opened.
        """
        return self._future.result()

    def when_ready(self, call: Callable[[], None]) -> None:
        """Call this from the opening thread when it is done, well or not; at once where it is."""
        self._future.add_done_callback(lambda _: call())

    @property
    def opened(self) -> Opened | None:
        """The talk, or None while it is not open."""
        is_open = self._future.done() and self._future.exception() is None
        return self._future.result() if is_open else None

    @property
    def is_ready(self) -> bool:
        """Whether the opening is done, well or not."""
        return self._future.done()

    @property
    def error(self) -> BaseException | None:
        """Why the talk could not be opened."""
        return self._future.exception() if self._future.done() else None

    @property
    def has_greeting(self) -> bool:
        """Whether there is something to show before the first line."""
        return bool(self.opened and not self.was_greeted and self.opened.talk.has_greeting)

    @property
    def standing(self) -> Standing:
        """What the person may do; before the talk is open, what everybody may."""
        return self.opened.talk.standing if self.opened else Standing()

    @property
    def offers(self) -> Mapping[int, Option]:
        """The options on the table by number."""
        return self.opened.talk.channel.offers if self.opened else {}

    async def greet(self, *, welcome: bool = True) -> None:
        """Show what there is to show before the first line, once; see `Talk.greet`."""
        if self.opened and not self.was_greeted:
            self.was_greeted = True
            await self.opened.talk.greet(welcome=welcome)

    def close(self) -> None:
        """Close the talk, if it was opened."""
        if self.opened:
            self.opened.close()

    def _open(self) -> None:
        match attempted(self._open_it):
            case Done(value=opened):
                self._future.set_result(opened)
            case Raised(error=error):
                self._future.set_exception(error)
