"""The real ways out to Telegram and Slack, in front of fakes that keep the platforms' limits."""

from dataclasses import replace
from typing import Protocol

from bot.channels.slack.opening import Slack, open_slack
from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.pacing import Pace
from bot.messages import Address, Place, Reply
from bot.service.clock import SystemClock
from bot.service.conversation import Conversation
from bot.service.intake import Intake
from bot.service.library import Library
from bot.service.ports import Capabilities, Store
from tests.builders import FixedClock
from tests.channels.slack.fake import FakeSlack
from tests.channels.slack.limits import POSTS_PER_S
from tests.channels.slack.offices import BY_HTTP
from tests.channels.slack.payloads import TEAM, direct_of
from tests.channels.telegram.api import BotApi
from tests.channels.telegram.chats import ApiError, ChatState
from tests.channels.telegram.transport import bot_on
from tests.service.crowds import WORDS

LIMIT = 30  # messages of Telegram within any second
Time = FixedClock | SystemClock


class Way(Protocol):
    """One platform: its way out, and what a test looks at."""

    name: str
    account: str  # of somebody, with a gap for their number
    per_s: float  # messages that the platform takes

    @property
    def capabilities(self) -> Capabilities:
        """See `Channel`."""
        ...

    async def open(self, library: Library, store: Store) -> None:
        """Begin."""

    async def close(self) -> None:
        """End."""

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        ...

    @property
    def refused(self) -> int:
        """How many messages were too many."""
        ...

    def told(self) -> list[str]:
        """In whose chats the broadcast stands, once for each time it does."""
        ...


async def _at_once(_wait_s: float) -> None:
    """The clock is moved by hand; nothing is waited for."""


class StrictApi(BotApi):
    """A Bot API that takes 30 messages within any second, and not one more."""

    refused = 0

    def _pace(self, chat: ChatState) -> None:
        now = self.clock()
        while self._sends and now - self._sends[0] >= 1:
            self._sends.popleft()
        if len(self._sends) >= LIMIT:
            self.refused += 1
            raise ApiError(429, "Too Many Requests: retry after 1", retry_after=1)
        super()._pace(chat)


class TelegramWay:
    """Telegram's way out, in front of a strict Bot API."""

    name = "telegram"
    capabilities = Capabilities(text_limit=4096, max_options=8, label_limit=60, restyles=False)
    account = "{}"
    per_s = float(LIMIT)

    def __init__(self, clock: Time, people: range) -> None:
        now = clock.now
        self._people = people
        self.api = StrictApi(clock=lambda: now().timestamp())
        for chat in people:
            self.api.chat(chat)
        self._out = TelegramOut(
            bot_on(self.api),
            lambda _: "Private",
            Pace(lambda: now().timestamp(), _at_once if isinstance(clock, FixedClock) else None),
            lambda _before, _after: None,
        )

    async def open(self, library: Library, store: Store) -> None:
        """See `Way`."""

    async def close(self) -> None:
        """See `Way`."""
        assert self.api.wrong == []

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        return await self._out.send(address, place, reply, key, file)

    @property
    def refused(self) -> int:
        """See `Way`."""
        return self.api.refused

    def told(self) -> list[str]:
        """See `Way`."""
        return [
            str(chat)
            for chat in self._people
            for message in self.api.said(chat)
            if WORDS in message["text"]
        ]


class SlackWay:
    """A workspace with its limits on, over HTTP."""

    name = "slack"
    account = f"{TEAM}:U{{}}"
    per_s = POSTS_PER_S

    def __init__(self, clock: Time, people: range) -> None:
        self._now = clock.now
        self._directs = {direct_of(f"U{number}"): str(number) for number in people}
        self.fake = FakeSlack(lambda: clock.now().timestamp())
        self._slack: Slack | None = None

    async def open(self, library: Library, store: Store) -> None:
        """See `Way`."""
        await self.fake.start()
        intake = Intake(Conversation(store, library, SystemClock()), store, lambda: None)
        self._slack = open_slack(
            replace(BY_HTTP, api_url=self.fake.api_url), intake, library, self._now
        )

    @property
    def capabilities(self) -> Capabilities:
        """See `Channel`."""
        return self._open.capabilities

    async def close(self) -> None:
        """See `Way`."""
        await self._open.close()
        await self.fake.stop()

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        return await self._open.send(address, place, reply, key, file)

    @property
    def _open(self) -> Slack:
        assert self._slack is not None
        return self._slack

    @property
    def refused(self) -> int:
        """See `Way`."""
        return len(self.fake.refused)

    def told(self) -> list[str]:
        """See `Way`."""
        said = (one for one in self.fake.messages if WORDS in one["text"])
        return [self._directs[one["channel"]] for one in said]
