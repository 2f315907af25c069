"""The terminal as a channel: replies are shown on a screen, lines are read as utterances."""

import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final

from bot.channels.deep_links import with_links
from bot.channels.splitting import split
from bot.channels.terminal_screen import Screen
from bot.engine.commands import parse_command
from bot.errors import OutcomeUnknown, Throttled
from bot.messages import (
    UNNUMBERED,
    Address,
    Choice,
    Option,
    Place,
    Reply,
    Text,
    Token,
    Utterance,
)
from bot.service.ports import Capabilities

NAME: Final = "terminal"
NO_LIMITS: Final = Capabilities(
    text_limit=sys.maxsize, max_options=sys.maxsize, label_limit=sys.maxsize, restyles=False
)
AWAY_S: Final = 3600.0  # seconds until we look again whether somebody else sits here now
SAVED: Final = "The file is saved as {path}"
EXPIRED: Final = Token("expired")  # no button ever has it
LINE_LIMIT: Final = 16_384  # characters of a line that are passed on; the service reads 4,096

_PRESS = re.compile(r"/press\s+(\d{1,4})\s*$", re.IGNORECASE | re.ASCII)


class TerminalChannel:
    """The port `Channel` on one terminal.

    Args:
        screen: Where replies are shown.
        addresses: Whose replies are shown here; those of others wait until they sit here.
        capabilities: What it can show; a terminal has no limits of its own.
        folder: Where files that come with replies are saved; made when the first one comes.
    """

    name = NAME

    def __init__(
        self,
        screen: Screen,
        addresses: Collection[Address],
        capabilities: Capabilities = NO_LIMITS,
        folder: Path | None = None,
    ) -> None:
        self.capabilities = capabilities
        self._screen = screen
        self._folder = folder
        self._addresses = frozenset(addresses)
        self._offers: dict[int, Option] = {}
        self._turn = ""
        self._shown: list[Reply] = []
        self._is_gone = False

    async def send(
        self,
        address: Address,
        place: Place,  # noqa: ARG002 - who else reads there is the outbox's business
        reply: Reply,
        key: str,
        file: bytes | None = None,
    ) -> str:
        """Show one reply; see `Channel.send`.

        Returns:
            The key: a screen has no ids.

        Raises:
            Throttled: It is for somebody who does not sit here.
            OutcomeUnknown: The screen has gone; some of it may have been seen.
        """
        if address not in self._addresses:
            raise Throttled(AWAY_S)
        saved = self._save(reply, file)
        try:
            for part in split(_in_words(_linked(reply)), self.capabilities.text_limit):
                self._screen.show(part)
            if saved:
                self._screen.note(SAVED.format(path=saved))
        except (OSError, ValueError) as error:  # a closed stream raises ValueError
            self._is_gone = True
            raise OutcomeUnknown(type(error).__name__) from error
        self._remember(reply, key.rpartition("#")[0])
        return key

    def _save(self, reply: Reply, file: bytes | None) -> Path | None:
        """Save the file that comes with a reply, beside those that are there; None for no file."""
        if reply.attachment is None or file is None or self._folder is None:
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        name = Path(Path(reply.attachment.name).name)
        for number in count(1):
            path = self._folder / (name if number == 1 else f"{name.stem}-{number}{name.suffix}")
            try:
                with path.open("xb") as stream:
                    stream.write(file)
            except FileExistsError:
                continue
            return path
        return None

    async def may_post(self, place: Address, account: Address) -> Address | None:  # noqa: ARG002 - who sits here may post in the one group there is
        """See `Prover.may_post`."""
        return place

    @property
    def is_gone(self) -> bool:
        """Whether the screen has been closed under us."""
        return self._is_gone

    @property
    def offers(self) -> Mapping[int, Option]:
        """The options on the table by their numbers: those of the last turn that had any."""
        return self._offers

    def take_shown(self) -> tuple[Reply, ...]:
        """The replies that were shown since this was asked last, in order."""
        shown, self._shown = tuple(self._shown), []
        return shown

    def to_utterance(self, line: str) -> Utterance:
        """What a typed line means; `/press N` presses an option that is on the table."""
        return to_utterance(line, self._offers)

    def _remember(self, reply: Reply, turn: str) -> None:
        self._shown.append(reply)
        if not reply.options or reply.first_number == UNNUMBERED:
            return
        if turn != self._turn and reply.first_number == 1:
            self._turn, self._offers = turn, {}
        for place, option in enumerate(reply.options):
            self._offers[reply.first_number + place] = option


def _linked(reply: Reply) -> Reply:
    """A reply with the lines to type where links into a private talk belong."""
    return replace(reply, text=with_links(reply.text, lambda payload: f"/open {payload}"))


def _in_words(reply: Reply) -> Reply:
    """A reply with what its picture shows said in words, since a terminal shows none."""
    if reply.attachment is None or not reply.attachment.text_twin:
        return reply
    return replace(reply, text=f"{reply.text}\n\n{reply.attachment.text_twin}")


def to_utterance(line: str, offers: Mapping[int, Option] | None = None) -> Utterance:
    """What a typed line means.

    Args:
        line: As typed, without its line end.
        offers: The options on the table by their numbers.

    Returns:
        `/open CODE` follows a deep link and is the command `start`; `/press N` presses the option
        with this number as a button, and a button that has expired where there is none; another
        word behind a slash is a command; everything else, also an empty line, is text.
    """
    if press := _PRESS.match(line.strip()):
        option = (offers or {}).get(int(press[1]))
        return Choice(option.token if option else EXPIRED)
    return parse_command(line) or Text(line[:LINE_LIMIT])
