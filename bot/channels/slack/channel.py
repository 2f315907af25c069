"""The port `Channel` on Slack: a reply becomes messages in a direct message or a thread.

In a channel only answers and questions are for all to see. Cards and notices, such as a signpost or a
refusal, are shown to the person who called, and to nobody else.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from html import unescape
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.deep_links import with_links
from bot.channels.slack.budgets import overruns
from bot.channels.slack.incoming import Said
from bot.channels.slack.presses import Presses
from bot.channels.slack.rendering import CAPABILITIES, Link, Message, render
from bot.channels.slack.sharing import Sharing
from bot.channels.slack.spots import NAME, Spot, spot_of
from bot.channels.slack.web_api import BlocksRefusedError, call
from bot.errors import OutcomeUnknown, Rejected, Unreachable
from bot.messages import Address, Place, Reply, ReplyKind

KNOWN: Final = 10_000  # direct messages and half-sent replies that are remembered
FOR_ALL: Final = frozenset({ReplyKind.ANSWER, ReplyKind.QUESTION})
ANY: Final = "any"  # part of a spot that nothing is sent to
EVENT: Final = "pathways_delivery"  # of the metadata that carries the outbox key

log = structlog.get_logger(__name__)


class _Remembered(OrderedDict[str, str]):
    """The newest of what was learnt: what falls out is looked up again."""

    def learn(self, key: str, value: str) -> None:
        self[key] = value
        self.move_to_end(key)
        while len(self) > KNOWN:
            self.popitem(last=False)


class SlackChannel:
    """Sends replies; see `Channel`.

    Args:
        client: Of the Web API.
        say: A text by its key and a language, when it is asked.
    """

    name = NAME
    capabilities = CAPABILITIES

    def __init__(self, client: AsyncWebClient, say: Callable[..., str]) -> None:
        self._client = client
        self._say = say
        self._presses = Presses(client, say)
        self._sharing = Sharing(client)
        self._directs = _Remembered()
        self._begun = _Remembered()  # of a reply in several messages: how many went out
        self._user = ""

    def introduce(self, user: str) -> None:
        """Tell the channel the bot's own account, which links lead to."""
        self._user = user

    def expect(self, said: Said) -> None:
        """Something is being heard: its replies belong to this button, or to this direct message."""
        if said.direct:
            self._directs.learn(f"{said.spot.team}:{said.spot.user}", said.direct)
        if said.press:
            self._presses.expect(said.inbound.key, said.press)

    async def send(
        self,
        address: Address,
        place: Place,
        reply: Reply,
        key: str,
        file: bytes | None = None,
    ) -> str:
        """See `Channel.send`. A reply that broke off goes on where it stopped.

        Raises:
            Throttled: Slack asked us to wait, or could not be reached.
            Unreachable: It can never arrive there.
            Rejected: Slack does not take it, there or anywhere.
            OutcomeUnknown: It may have arrived.
        """
        try:
            spot = spot_of(address)
        except ValueError as error:
            raise Unreachable("no address in Slack") from error
        if spot.is_direct != (place is Place.PRIVATE):
            raise Rejected("the place is not the address's")
        receipt, (turn, _, number) = key, key.rpartition("#")
        messages = self._rendered(spot, reply)
        begun = int(self._begun.get(key, "0"))
        for part, message in enumerate(messages[begun:], begun):
            receipt = await self._send(spot, reply, message, f"{key}.{part}")
            self._begun.learn(key, str(part + 1))
        if reply.attachment and file is not None and spot.is_direct:
            channel = await self._direct(spot)
            await self._sharing.share(channel, spot.thread, reply.attachment, file)
        self._begun.pop(key, None)
        if number == "0":
            await self._presses.show_choice(turn, reply.language)
        return receipt

    def look(self, reply: Reply, place: Place) -> tuple[str, ...]:
        """See `Showing.look`: the twin says all that the blocks show."""
        spot = (
            Spot(team=ANY, user=ANY)
            if place is Place.PRIVATE
            else Spot(team=ANY, user="", channel=ANY)
        )
        return tuple(unescape(message.text) for message in self._rendered(spot, reply))

    def _rendered(self, spot: Spot, reply: Reply) -> tuple[Message, ...]:
        linked = replace(reply, text=with_links(reply.text, partial(self._way_in, reply.language)))
        return render(
            _in_words(linked),
            self._say("slack.choose", reply.language),
            self._link(spot, reply),
            self._form(spot, reply),
        )

    def _form(self, spot: Spot, reply: Reply) -> str:
        """What the button says that opens answers in a modal; nothing where others read along."""
        return self._say("form.open", reply.language) if spot.is_direct else ""

    def _way_in(self, language: str, payload: str) -> str:
        """A link of Slack carries nothing, so it is said what to write."""
        return f"{self._say('link.slack-open', language)} **open {payload}**"

    def _link(self, spot: Spot, reply: Reply) -> Link | None:
        """What leads from a channel into the direct message with the bot."""
        if not reply.opens or spot.is_direct or not self._user:
            return None
        label = self._say("link.private", reply.language)
        return Link(label, f"slack://user?team={spot.team}&id={self._user}")

    async def _send(self, spot: Spot, reply: Reply, message: Message, key: str) -> str:
        message = _within_budget(message)
        turn, _, number = key.rpartition("#")
        if reply.in_place and number == "0.0":
            receipt = await self._presses.turn_page(turn, message)
            if receipt:
                return receipt
        try:
            return await self._post(spot, reply, message, key)
        except BlocksRefusedError as error:
            log.warning("slack.blocks-refused", error=str(error))
        # the twin says all of it, and every option can be typed
        return await self._post(spot, reply, Message((), message.text), key)

    async def _post(self, spot: Spot, reply: Reply, message: Message, key: str) -> str:
        channel = spot.channel or await self._way_to(spot)
        arguments: dict[str, object] = {"channel": channel, "text": message.text}
        if message.blocks:
            arguments["blocks"] = list(message.blocks)
        is_for_one = not spot.is_direct and _is_for_one(spot, reply)
        if spot.thread and not (is_for_one and spot.begins):
            arguments["thread_ts"] = spot.thread
        if is_for_one:
            answer = await call(self._client.chat_postEphemeral, user=spot.user, **arguments)
            return f"{channel}/{answer.get('message_ts', '')}"
        answer = await call(
            self._client.chat_postMessage,
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": EVENT, "event_payload": {"key": key}},
            **arguments,
        )
        channel = str(answer.get("channel") or channel)
        if not spot.channel and channel != spot.user:
            self._directs.learn(f"{spot.team}:{spot.user}", channel)
        return f"{channel}/{answer.get('ts', '')}"

    async def _way_to(self, spot: Spot) -> str:
        """Where to post what one person reads: to somebody new by their own id, which opens nothing.

        Slack lets us open 50 direct messages a minute, and post several hundred.
        """
        known = self._directs.get(f"{spot.team}:{spot.user}")
        return known or (await self._direct(spot) if spot.thread else spot.user)

    async def _direct(self, spot: Spot) -> str:
        """The direct message with a person, opened where we do not know it yet."""
        known = self._directs.get(f"{spot.team}:{spot.user}")
        if known:
            return known
        answer = await call(self._client.conversations_open, users=[spot.user])
        channel = _channel_of(answer)
        self._directs.learn(f"{spot.team}:{spot.user}", channel)
        return channel


def _within_budget(message: Message) -> Message:
    """The message, or its twin alone where Slack would refuse its blocks: the twin says all of it."""
    broken = overruns(message.blocks) if message.blocks else ()
    if not broken:
        return message
    log.warning("slack.over-budget", budgets=broken)
    return Message((), message.text)


def _in_words(reply: Reply) -> Reply:
    """A reply with what its picture shows said in words too."""
    if reply.attachment is None or not reply.attachment.text_twin:
        return reply
    return replace(reply, text=f"{reply.text}\n\n{reply.attachment.text_twin}")


def _is_for_one(spot: Spot, reply: Reply) -> bool:
    """Whether only the person who called is to see a reply in a channel."""
    return bool(spot.user) and (spot.alone or reply.kind not in FOR_ALL)


def _channel_of(answer: Mapping[str, Any]) -> str:
    opened = answer.get("channel")
    channel = opened.get("id") if isinstance(opened, dict) else None
    if not isinstance(channel, str) or not channel:
        raise OutcomeUnknown("no channel")
    return channel
