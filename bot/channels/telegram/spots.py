"""Places on Telegram, as addresses write them: a chat, its topic, and what only one person there sees."""

from dataclasses import dataclass
from typing import Final

from bot.channels.telegram.options import NAME
from bot.messages import Address

TOPIC: Final = "/"  # before the topic of a chat
PRESS: Final = "!"  # before the press whose answer only whoever pressed can see


@dataclass(frozen=True, slots=True)
class Spot:
    """An address on Telegram, taken apart.

    Attributes:
        topic: Of a group with topics; None for none.
        press: The press of a button that is answered; empty for a message to the chat.
    """

    chat: int
    topic: int | None = None
    press: str = ""

    @classmethod
    def of(cls, address: Address) -> "Spot":
        """The spot of an address such as `-100123/45`, or `-100123!8461` for the answer to a press."""
        place, _, press = address.id.partition(PRESS)
        chat, _, topic = place.partition(TOPIC)
        return cls(int(chat), int(topic) if topic else None, press)


def whispering(address: Address, press: str) -> Address:
    """Where an answer to a press goes that only whoever pressed can see."""
    return Address(NAME, f"{address.id}{PRESS}{press}")
