"""What the applying of effects has at hand: one argument instead of five."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.engine.view import View
from bot.knowledge.content import Content
from bot.messages import Address, Reply, ReplyKind
from bot.records import quick
from bot.service.people import Known
from bot.service.ports import Tx


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The transaction, whose turn it is, on which channel, and what was known when it was decided.

    Attributes:
        chance: Fresh chance at each call, for an id that nothing else of the turn may lead to.
        account: The account they write from.
        address: Where they are written to.
    """

    tx: Tx
    known: Known
    view: View
    content: Content
    now: datetime
    chance: Callable[[], str]
    channel: str = ""
    account: Address | None = None
    address: Address | None = None

    def say(self, key: str, /, **gaps: str | int) -> Reply:
        """A personal reply out of the wording catalogue."""
        text = self.content.wording.say(key, self.view.language, **gaps)
        return Reply(text=text, kind=ReplyKind.NOTICE, personal=True)
