"""The channels that keep the contract, each on a bench where a test can see and break what it does."""

import io
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rich.console import Console

from bot.channels.light_markdown import Paragraph, Run, plain_text
from bot.channels.splitting import Part
from bot.channels.telegram.called import Heard, Myself, meaning_of, to_utterance
from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.updates import Message as TelegramMessage
from bot.channels.telegram.updates import parse_update
from bot.channels.terminal import NAME, NO_LIMITS, TerminalChannel
from bot.channels.terminal_rendering import Look
from bot.channels.terminal_screen import PlainScreen, RichScreen, Screen
from bot.errors import DeliveryError, OutcomeUnknown, Rejected, Throttled, Unreachable
from bot.messages import Address, Utterance
from bot.service.ports import Capabilities, Channel
from tests.channels.telegram.api import BOT_ID, USERNAME, BotApi, Fault
from tests.channels.telegram.transport import bot_on

CODES: Final = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
MARKUP: Final = re.compile(r"\x1b\[(?:1|4|2;4|1;4)m|\x1b\]8;[^;]*;h")  # bold, underlined, a link


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message as people see it.

    Attributes:
        text: Its text, with the options where the channel writes them into the message.
        size: What the channel's limit counts of it.
        has_markup: Whether any of it is bold or a link.
    """

    text: str
    size: int
    has_markup: bool


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One channel to be tried.

    Attributes:
        channel: The channel.
        address: Somebody it reaches.
        messages: What they have seen so far.
        typed: The utterance of a line that they type.
        pressed: The utterance of pressing the option with a number.
        troubles: How to bring about each error that the medium knows, and whom to send to then.
    """

    channel: Channel
    address: Address
    messages: Callable[[], list[Shown]]
    typed: Callable[[str], Utterance]
    pressed: Callable[[int], Utterance]
    troubles: Mapping[type[DeliveryError], Callable[[], Address]]


@dataclass
class _Watched:
    """A screen that keeps apart what was shown on it."""

    screen: Screen
    stream: io.StringIO
    shown: list[Shown] = field(default_factory=list)

    def show(self, part: Part) -> None:
        start = self.stream.tell()
        self.screen.show(part)
        written = self.stream.getvalue()[start:]
        size, text = len(plain_text(part.blocks)), CODES.sub("", written).strip("\n")
        without = self.stream.tell()  # the numbers of options stand out by design
        self.screen.show(replace(part, options=()))
        marked = bool(MARKUP.search(self.stream.getvalue()[without:]))
        self.stream.seek(without)
        self.stream.truncate()
        self.shown.append(Shown(text=text, size=size, has_markup=marked))

    def note(self, text: str) -> None:
        self.screen.note(text)

    def busy(self, text: str) -> AbstractContextManager[object]:
        return self.screen.busy(text)


def _terminal(
    screen: Screen, stream: io.StringIO, capabilities: Capabilities = NO_LIMITS
) -> Bench:
    watched = _Watched(screen, stream)
    ann, bob = Address(NAME, "ann"), Address(NAME, "bob")
    channel = TerminalChannel(watched, {ann}, capabilities)

    def close() -> Address:
        stream.close()
        return ann

    return Bench(
        channel=channel,
        address=ann,
        messages=lambda: watched.shown,
        typed=channel.to_utterance,
        pressed=lambda number: channel.to_utterance(f"/press {number}"),
        troubles={Throttled: lambda: bob, OutcomeUnknown: close},
    )


def plain_terminal(capabilities: Capabilities = NO_LIMITS) -> Bench:
    stream = io.StringIO()
    return _terminal(PlainScreen(stream), stream, capabilities)


def rich_terminal() -> Bench:
    stream = io.StringIO()
    console = Console(
        file=stream, width=80, force_terminal=True, color_system="standard", legacy_windows=False
    )
    return _terminal(RichScreen(console, Look()), stream)


def telegram() -> Bench:
    """Telegram over python-telegram-bot, on a Bot API in the same process."""
    api, ann = BotApi(limits=False), Address("telegram", "5")
    api.chat(5)
    out = TelegramOut(
        bot_on(api), lambda _language: "Private", Pace(), lambda _before, _after: None
    )
    me = Myself(id=BOT_ID, username=USERNAME, commands=())

    def typed(line: str) -> Utterance:
        raw = {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": line}
        said = to_utterance(TelegramMessage.model_validate(raw), me)
        assert said is not None
        return said

    def pressed(number: int) -> Utterance:
        found = [data for label, data in _buttons(api) if label.startswith(f"{number}. ")]
        message = {"message_id": 1, "chat": {"id": 5, "type": "private"}}
        press = {"id": "1", "from": {"id": 5}, "data": found[-1], "message": message}
        update = parse_update({"update_id": 1, "callback_query": press})
        assert update is not None
        meaning = meaning_of(update, me)
        assert isinstance(meaning, Heard)
        return meaning.inbound.utterance

    def trouble(**fault: Any) -> Callable[[], Address]:
        def cause() -> Address:
            api.faults["sendMessage"].append(Fault(**fault))
            return ann

        return cause

    return Bench(
        channel=out,
        address=ann,
        messages=lambda: [_shown_on_telegram(message) for message in api.said(5)],
        typed=typed,
        pressed=pressed,
        troubles={
            Throttled: trouble(status=429, description="Too Many Requests", retry_after=7),
            Unreachable: trouble(status=403, description="Forbidden: bot was blocked by the user"),
            OutcomeUnknown: trouble(status=502),
            Rejected: trouble(status=400, description="Bad Request: can't parse entities"),
        },
    )


def _buttons(api: BotApi) -> list[tuple[str, str]]:
    return [
        (button["text"], button["callback_data"])
        for message in api.said(5)
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
    ]


def _shown_on_telegram(message: Mapping[str, Any]) -> Shown:
    """The message as somebody sees it; the address of a link is what they see on touching it."""
    text, said = str(message["text"]).encode("utf-16-le", "surrogatepass"), []
    size, end = len(text) // 2, 0
    for link in sorted(
        (one for one in message["entities"] if one["type"] == "a"), key=lambda one: one["offset"]
    ):
        stop = 2 * (link["offset"] + link["length"])
        run = Run(_text(text[2 * link["offset"] : stop]), address=link["url"])
        said += [_text(text[end : 2 * link["offset"]]), plain_text((Paragraph((run,)),))]
        end = stop
    said.append(_text(text[end:]))
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    labels = [button["text"] for row in rows for button in row]
    whole = "\n".join(["".join(said), *labels])
    return Shown(text=whole, size=size, has_markup=bool(message["entities"]))


def _text(units: bytes) -> str:
    return units.decode("utf-16-le", "surrogatepass")


def _slack() -> Bench:
    from tests.contracts.slack_bench import slack  # noqa: PLC0415 - it builds on this module

    return slack()


MAKERS: Final[Mapping[str, Callable[[], Bench]]] = {
    "terminal": rich_terminal,
    "plain-terminal": plain_terminal,
    "telegram": telegram,
    "short-terminal": lambda: plain_terminal(replace(NO_LIMITS, text_limit=120)),
    "slack": _slack,
}
