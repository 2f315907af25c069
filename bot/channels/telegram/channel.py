"""The way out to people on Telegram: replies as messages, edits and links."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog
from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import ChatMigrated

from bot.channels.deep_links import with_links
from bot.channels.telegram.attachments import with_file
from bot.channels.telegram.calling import ApiBot, keyboard, tolerating
from bot.channels.telegram.keyboards import Keyboards, Shown
from bot.channels.telegram.options import NAME
from bot.channels.telegram.pacing import Pace
from bot.channels.telegram.posting import NO_PREVIEW, Named, post
from bot.channels.telegram.rendering import (
    BUTTONS_LIMIT,
    LABEL_SHOWN,
    TEXT_LIMIT,
    Button,
    Form,
    Rendered,
    render,
    words_of,
)
from bot.channels.telegram.spots import Spot
from bot.channels.telegram.typing_sign import TypingSign
from bot.channels.telegram.updates import Press
from bot.channels.telegram.whispers import Whispers
from bot.errors import DeliveryError, Throttled
from bot.messages import Address, Choice, Inbound, Place, Reply
from bot.service.ports import Capabilities

CAPABILITIES: Final = Capabilities(
    text_limit=TEXT_LIMIT, max_options=BUTTONS_LIMIT, label_limit=LABEL_SHOWN, restyles=True
)
UNDER_WAY: Final = 5_000  # deliveries of several messages whose progress is remembered

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One reply on its way."""

    address: Address
    place: Place
    reply: Reply
    key: str
    file: Named | None = None

    @property
    def turn(self) -> str:
        """The key of the utterance that it answers."""
        return self.key.rpartition("#")[0]

    def shown(self, message_id: int, message: Rendered) -> Shown:
        """What its buttons stand below."""
        chat = Spot.of(self.address).chat
        return Shown(chat=chat, message_id=message_id, rows=message.rows, turn=self.turn)

    @property
    def is_first(self) -> bool:
        """Whether it is the first reply of its turn."""
        return self.key.rpartition("#")[2] == "0"


class TelegramOut:
    """The port `Channel` on Telegram.

    Args:
        bot: Makes the calls.
        link_label: What a link into a private talk says, in a language.
        pace: How fast it may send.
        on_move: Called when a group has another number: the address before, and the one after.
    """

    name = NAME
    capabilities = CAPABILITIES

    def __init__(
        self,
        bot: ApiBot,
        link_label: Callable[[str], str],
        pace: Pace,
        on_move: Callable[[Address, Address], None],
    ) -> None:
        self._bot = bot
        self._link_label = link_label
        self._pace = pace
        self._on_move = on_move
        self.username = ""
        self.whispers = Whispers(bot)
        self._typing = TypingSign(bot)
        self._keyboards = Keyboards()
        self._asked: OrderedDict[str, int] = OrderedDict()  # turn to the message of a group
        self._arrived: OrderedDict[str, list[int]] = OrderedDict()

    def expect(self, inbound: Inbound, press: Press | None, message_id: int | None) -> None:
        """A turn begins: its replies belong below this message, or in the place of that button's."""
        spot = Spot.of(inbound.address)
        if press and press.message and isinstance(inbound.utterance, Choice):
            token = inbound.utterance.token
            self._keyboards.press(inbound.key, inbound.address.id, press.message, token)
            if inbound.whisper_to:
                self.whispers.expect(inbound.key)
        elif message_id is not None and inbound.place is Place.GROUP:
            self._asked[inbound.key] = message_id
            if len(self._asked) > UNDER_WAY:
                self._asked.popitem(last=False)
        self._typing.begin(inbound.key, spot.chat, spot.topic)

    def forget(self, turn: str) -> None:
        """No reply comes of this turn: it was taken in before."""
        self._typing.end(turn)
        self.whispers.said(turn)
        self._keyboards.pressed(turn)
        self._asked.pop(turn, None)

    async def close(self) -> None:
        """Show nobody any more that the bot is typing."""
        await self._typing.close()

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """Send one reply as one message or several; see `Channel.send`.

        Where it breaks off in the middle, the next try goes on with the first message that is
        missing. What arrived is remembered until the process ends.

        Returns:
            The numbers of its messages, with spaces between.

        Raises:
            DeliveryError: One of its kinds.
        """
        named = (
            Named(name=reply.attachment.name, content=file)
            if reply.attachment and file is not None
            else None
        )
        sending = Sending(address=address, place=place, reply=reply, key=key, file=named)
        self._typing.end(sending.turn)
        if press := Spot.of(address).press:
            await self.whispers.whisper(sending.turn, press, reply.text)
            self.forget(sending.turn)
            return f"press {press}"
        self.whispers.said(sending.turn)
        try:
            numbers = await self._send(sending)
        except ChatMigrated as error:
            after = Address(NAME, str(error.new_chat_id))
            self._on_move(address, after)
            numbers = await self._send_moved(replace(sending, address=after))
        self._arrived.pop(key, None)
        return " ".join(map(str, numbers))

    async def _send_moved(self, sending: Sending) -> list[int]:
        try:
            return await self._send(sending)
        except ChatMigrated:  # twice: it can wait until we have heard where it is
            raise Throttled(1.0) from None

    async def _send(self, sending: Sending) -> list[int]:
        content = sending.file.content if sending.file else None
        messages = self._rendered(sending.reply, content)
        arrived = self._progress(sending.key)
        if not arrived and sending.is_first and await self._took_the_place(sending, messages):
            return arrived
        for message in messages[len(arrived) :]:
            arrived.append(await self._post(sending, message, is_first=not arrived))
        last = messages[-1]
        if last.rows:
            shown = sending.shown(arrived[-1], last)
            await self._supersede(sending, shown)
        return arrived

    def look(self, reply: Reply, _place: Place) -> tuple[str, ...]:
        """See `Showing.look`."""
        return tuple(words_of(message) for message in self._rendered(reply))

    def _rendered(self, reply: Reply, file: bytes | None = None) -> tuple[Rendered, ...]:
        reply = replace(reply, text=with_links(reply.text, self._way_in))
        messages = with_file(reply, file) if reply.attachment else render(reply)
        if reply.opens is None or not self.username:
            return messages
        url = f"{address_of(self.username)}?start={reply.opens}"
        link = Button(text=self._link_label(reply.language), url=url)
        return (*messages[:-1], replace(messages[-1], rows=(*messages[-1].rows, (link,))))

    def _way_in(self, payload: str) -> str:
        """The address of a private talk that begins with something; what to type, without a name."""
        return (
            f"{address_of(self.username)}?start={payload}"
            if self.username
            else f"/start {payload}"
        )

    def _progress(self, key: str) -> list[int]:
        arrived = self._arrived.setdefault(key, [])
        if len(self._arrived) > UNDER_WAY:
            self._arrived.popitem(last=False)
        return arrived

    async def _post(self, sending: Sending, message: Rendered, *, is_first: bool) -> int:
        spot = Spot.of(sending.address)
        await self._pace.wait(spot.chat)
        asked = self._asked.pop(sending.turn, None) if is_first and sending.is_first else None
        try:
            return await post(self._bot, spot, message, sending.file, asked)
        except Throttled as error:
            self._pace.hold(spot.chat, error.retry_after_s)
            raise

    async def _took_the_place(self, sending: Sending, messages: tuple[Rendered, ...]) -> bool:
        """See to the message whose button led here: it is replaced, or keeps what was chosen."""
        found = self._keyboards.pressed(sending.turn)
        if found is None:
            return False
        shown, token = found
        if sending.reply.in_place and len(messages) == 1 and messages[0].form is Form.TEXT:
            return await self._replace(sending, shown, messages[0])
        rows = self._keyboards.settle(sending.address.id, shown, token)
        await self._restyle(shown, keyboard(rows))
        return False

    async def _replace(self, sending: Sending, shown: Shown, message: Rendered) -> bool:
        """Put a message in the place of another; False where it can no longer be changed."""
        is_there = await tolerating(
            self._bot.edit_message_text(
                message.html,
                chat_id=shown.chat,
                message_id=shown.message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard(message.rows),
            )
        )
        if not is_there:
            return False
        self._progress(sending.key).append(shown.message_id)
        await self._supersede(sending, sending.shown(shown.message_id, message))
        return True

    async def _supersede(self, sending: Sending, shown: Shown) -> None:
        """Messages with buttons of earlier turns have had their time."""
        before = self._keyboards.show(sending.address.id, shown)
        if sending.place is not Place.PRIVATE:
            return
        for old in before:
            if (rows := self._keyboards.outlived(old)) != old.rows:
                await self._restyle(old, keyboard(rows))

    async def _restyle(self, shown: Shown, markup: InlineKeyboardMarkup | None) -> None:
        """Change the buttons of a message. For the eye alone: it may fail, and nothing is lost."""
        try:
            await tolerating(
                self._bot.edit_message_reply_markup(
                    chat_id=shown.chat, message_id=shown.message_id, reply_markup=markup
                )
            )
        except (DeliveryError, ChatMigrated) as error:
            log.info("telegram.not-restyled", error=type(error).__name__)


def address_of(username: str) -> str:
    """Where anybody begins to talk with a bot."""
    return f"https://t.me/{username}"
