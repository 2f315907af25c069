"""Which buttons stand below which message, as far as this process remembers.

When the talk moves on, an old question keeps only what was chosen, with a tick, so that nobody faces a
wall of buttons. This is for the eye alone: every button is safe however old it is, so nothing of it has
to survive a restart. What is not remembered is read from the message that Telegram shows with a press.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from bot.channels.telegram.rendering import Button, Rows, ticked, without_choice
from bot.channels.telegram.updates import Button as Sent
from bot.channels.telegram.updates import Keyboard, Message
from bot.messages import Token

T = TypeVar("T")
REMEMBERED: Final = 5_000  # chats whose last buttons are remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of ours with buttons.

    Attributes:
        turn: The turn it belongs to; empty where nobody remembers.
    """

    chat: int
    message_id: int
    rows: Rows
    turn: str = ""


class Keyboards:
    """The messages with buttons of each address's last turn, and the presses that are being answered."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, tuple[Shown, ...]] = OrderedDict()
        self._pressed: OrderedDict[str, tuple[Shown, Token]] = OrderedDict()

    def show(self, address: str, shown: Shown) -> tuple[Shown, ...]:
        """Remember a message with buttons; returns those of earlier turns, whose time is over."""
        last = self._last.get(address, ())
        same = tuple(one for one in last if one.turn == shown.turn)
        others = tuple(one for one in same if one.message_id != shown.message_id)
        _keep(self._last, address, (*others, shown))
        return tuple(one for one in last if one not in same and one.message_id != shown.message_id)

    def press(self, key: str, address: str, message: Message, token: Token) -> None:
        """Remember what was pressed until the turn with this key is answered."""
        last = self._last.get(address, ())
        read = Shown(
            chat=message.chat.id, message_id=message.message_id, rows=_rows(message.reply_markup)
        )
        known = (one for one in last if one.message_id == message.message_id)
        _keep(self._pressed, key, (next(known, read), token))

    def pressed(self, key: str) -> tuple[Shown, Token] | None:
        """What was pressed in the turn with this key. Asked once."""
        return self._pressed.pop(key, None)

    def settle(self, address: str, shown: Shown, token: Token) -> Rows:
        """The buttons of a message once one of them was pressed."""
        is_vote = any(one.lasts and one.token == token for row in shown.rows for one in row)
        rows = ticked(shown.rows, token) if is_vote else without_choice(shown.rows, token)
        last = self._last.get(address, ())
        if any(one.message_id == shown.message_id for one in last):
            others = tuple(one for one in last if one.message_id != shown.message_id)
            still = (replace(shown, rows=rows),) if is_vote else ()  # a vote closes nothing
            self._last[address] = (*others, *still)
        return rows

    @staticmethod
    def outlived(shown: Shown) -> Rows:
        """The buttons of a message that was answered in words, or not at all."""
        return without_choice(shown.rows, None)


def _keep(kept: "OrderedDict[str, T]", key: str, value: T) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)


def _rows(keyboard: Keyboard | None) -> Rows:
    rows = keyboard.inline_keyboard if keyboard else ()
    return tuple(tuple(_button(button) for button in row) for row in rows)


def _button(button: Sent) -> Button:
    token = Token(button.callback_data) if button.callback_data else None
    return Button(text=button.text, token=token, url=button.url)
