"""What an update means to us: an utterance, a chat that moved or went, or nothing.

In a private chat everything is for the bot. In a group it is only what calls it: a command, a mention,
a reply to one of its messages (G4). What somebody else's program wrote is never for it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

from bot.channels.telegram.options import NAME
from bot.channels.telegram.spots import whispering
from bot.channels.telegram.updates import Chat, Document, Entity, Message, Press, Update
from bot.engine.commands import parse_command
from bot.messages import (
    TOKEN_LIMIT,
    Address,
    Choice,
    Command,
    Edited,
    Inbound,
    Place,
    Text,
    Token,
    Unreadable,
    Utterance,
)

FILE: Final = ":file"  # ends the key of a file that came with words
_TARGET: Final = re.compile(r"/\w{1,64}@(\w+)", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Myself:
    """Who the bot is on Telegram.

    Attributes:
        id: Its account.
        username: What it is called, without the `@`.
        commands: Those that it hears in a group where they name no bot.
    """

    id: int
    username: str
    commands: Collection[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Somebody said something to us.

    Attributes:
        press: The button it came from, which wants an answer; None for anything written.
        message_id: The number of what was written; None for a button.
        document: A file to be fetched first; its text is what was said then.
        words: What was written with the file, to be heard before it; None where there is nothing.
    """

    inbound: Inbound
    press: Press | None = None
    message_id: int | None = None
    document: Document | None = None
    words: Inbound | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group became a supergroup, and has another number from now on."""

    before: Address
    after: Address


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether a chat can be written to has changed."""

    address: Address
    place: Place
    can_be: bool


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for us.

    Attributes:
        why: For the log.
        press: A button that wants an answer all the same.
    """

    why: str
    press: Press | None = None


Meaning = Heard | Moved | Reached | Ignored


def meaning_of(update: Update, me: Myself) -> Meaning:
    """What an update means to us."""
    if update.message:
        return _written(update, update.message, me, edited=False)
    if update.edited_message:
        return _written(update, update.edited_message, me, edited=True)
    if update.callback_query:
        return _pressed(update, update.callback_query, me)
    if update.my_chat_member:
        chat = update.my_chat_member.chat
        can_be = update.my_chat_member.new_chat_member.can_be_written_to
        return Reached(Address(NAME, str(chat.id)), _place(chat), can_be)
    return Ignored("kind")


def to_utterance(message: Message, me: Myself, *, edited: bool = False) -> Utterance | None:
    """What somebody said; None where it says nothing, or is not for us.

    A call of the bot by its name is not part of what was said.
    """
    if message.text is None:
        is_for_us = message.chat.type == "private" or _replies_to(message, me)
        return Unreadable(message.media) if message.media and is_for_us and not edited else None
    if message.chat.type != "private" and not _is_called(message, me):
        return None
    text = _without_mentions(message, me)
    if edited:
        return Edited(text)
    return parse_command(text) or Text(text)


def _written(update: Update, message: Message, me: Myself, *, edited: bool) -> Meaning:
    if message.migrate_to_chat_id is not None:
        after = Address(NAME, str(message.migrate_to_chat_id))
        return Moved(Address(NAME, str(message.chat.id)), after)
    who = message.from_
    if who is None or who.is_bot or message.is_automatic_forward or message.chat.type == "channel":
        return Ignored("nobody")
    file = to_utterance(message, me, edited=edited)
    words = _captioned(message, me, edited=edited)
    utterance = words or file
    if utterance is None:
        return Ignored("not-called")
    inbound = _inbound(update, message, who.id, utterance, me)
    document = message.document if isinstance(file, Unreadable) else None
    if words is None or file != Unreadable("file"):  # a picture with words is as good as words
        document = None if words else document
        return Heard(inbound=inbound, message_id=message.message_id, document=document)
    with_file = replace(inbound, key=f"{inbound.key}{FILE}", utterance=file)
    return Heard(
        inbound=with_file, message_id=message.message_id, document=document, words=inbound
    )


def _captioned(message: Message, me: Myself, *, edited: bool) -> Utterance | None:
    """What was written with a picture or a file, as if it had been written alone."""
    if message.text is not None or not (message.caption or "").strip():
        return None
    words = message.model_copy(
        update={"text": message.caption, "entities": message.caption_entities}
    )
    return to_utterance(words, me, edited=edited)


def _pressed(update: Update, press: Press, me: Myself) -> Meaning:
    data = press.data or ""
    if press.from_.is_bot or press.message is None or len(data.encode()) > TOKEN_LIMIT or not data:
        return Ignored("button", press)
    choice = Choice(Token(data))
    inbound = _inbound(update, press.message, press.from_.id, choice, me)
    if inbound.place is not Place.PRIVATE:
        inbound = replace(inbound, whisper_to=whispering(inbound.address, press.id))
    return Heard(inbound=inbound, press=press)


def _inbound(
    update: Update, message: Message, account: int, utterance: Utterance, me: Myself
) -> Inbound:
    return Inbound(
        key=f"{NAME}:{me.id}:{update.update_id}",
        identity=Address(NAME, str(account)),
        address=Address(NAME, message.address),
        place=_place(message.chat),
        utterance=utterance,
    )


def _place(chat: Chat) -> Place:
    return Place.PRIVATE if chat.type == "private" else Place.GROUP


def _is_called(message: Message, me: Myself) -> bool:
    return (
        _is_our_command(message.text or "", me)
        or _replies_to(message, me)
        or any(_is_mention(entity, message, me) for entity in message.entities)
    )


def _is_our_command(text: str, me: Myself) -> bool:
    """A command with our name, or one of ours with no name: `/poll` may be another bot's."""
    if target := _TARGET.match(text):
        return target[1].lower() == me.username.lower()
    command = parse_command(text)
    return isinstance(command, Command) and command.name in me.commands


def _replies_to(message: Message, me: Myself) -> bool:
    """Whether it answers a message of ours. A new topic is a message too, and not meant."""
    original = message.reply_to_message
    if original is None or original.forum_topic_created is not None:
        return False
    return original.from_ is not None and original.from_.id == me.id


def _is_mention(entity: Entity, message: Message, me: Myself) -> bool:
    if entity.type == "text_mention":
        return entity.user is not None and entity.user.id == me.id
    words = _cut(message.text or "", entity)
    return entity.type == "mention" and words.lower() == f"@{me.username}".lower()


def _without_mentions(message: Message, me: Myself) -> str:
    """The text without the calls of the bot by its name."""
    units = (message.text or "").encode("utf-16-le", "surrogatepass")
    for entity in sorted(message.entities, key=lambda one: -one.offset):
        if _is_mention(entity, message, me):
            start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
            units = units[:start] + units[end:]
    text = units.decode("utf-16-le", "replace")
    return text if text == message.text else " ".join(text.split(" ")).strip(" ,:")


def _cut(text: str, entity: Entity) -> str:
    units = text.encode("utf-16-le", "surrogatepass")
    start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
    return units[start:end].decode("utf-16-le", "replace")
