"""What people say and what the bot says, as typed values; and the ids of everything.

Texts the bot says are *light Markdown*: paragraphs, `**bold**`, `- ` lists and links. It is the only
markup in the house; a renderer per channel turns it into what that channel shows. Words a person
wrote go into it through `plain`, so that they can never become markup.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from bot.records import quick

PersonId = NewType("PersonId", str)
BranchId = NewType("BranchId", str)
EntryId = NewType("EntryId", str)
Token = NewType("Token", str)  # opaque, at most 64 bytes; what a pressed button sends back

TEXT_LIMIT = 4096  # characters of an utterance that are read; the rest is cut off and said so
UNNUMBERED = 0  # as the first number of options that a typed number does not mean
UPLOAD_LIMIT = 262_144  # bytes of a file that is read; a bigger one is `Unreadable`
TOKEN_LIMIT = 64  # bytes; Telegram's callback_data, the narrowest of our channels


class Outcome(StrEnum):
    """What became of a question. There are no others."""

    ANSWER = "answer"
    DISAMBIGUATE = "disambiguate"
    DECLINE = "decline"
    SIGNPOST = "signpost"
    SMALLTALK = "smalltalk"


class Audience(StrEnum):
    """Whose wording is used. It grants nothing."""

    MEMBER = "member"
    APPRENTICE = "apprentice"
    REP = "rep"
    ULR = "ulr"
    EMPLOYER = "employer"


class Role(StrEnum):
    """What a person may do. Granted by a code, never by asking."""

    MEMBER = "member"
    REP = "rep"
    ULR = "ulr"
    EDITOR = "editor"
    OFFICER = "officer"
    ADMIN = "admin"


class Place(StrEnum):
    """Who else can read what is written there."""

    PRIVATE = "private"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is reached on one channel, for example `telegram` and a chat id."""

    channel: str
    id: str


@dataclass(frozen=True, slots=True)
class Text:
    """Words somebody typed."""

    text: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A button somebody pressed."""

    token: Token


@dataclass(frozen=True, slots=True)
class Command:
    """A command such as `/audience rep`, its name without the slash and in lower case."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Edited:
    """An earlier message, changed. It corrects; it never asks anew."""

    text: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent, as its bytes: at most `UPLOAD_LIMIT` of them."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """One answer of a form that somebody changed.

    Attributes:
        key: The slot.
        mark: Of what stood there when the form was opened; see `engine.forms.mark_of`.
        value: What stands there now; empty for nothing.
    """

    key: str
    mark: str
    value: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was sent: what was changed in it of the answers of a run."""

    run: str
    answers: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something we cannot read: a picture, a voice message, a sticker, a place."""

    kind: str


Utterance = Text | Choice | Command | Edited | Upload | Filled | Unreadable


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One utterance as a channel handed it over.

    Attributes:
        key: The channel's own id of it, with the channel's name before it. Taken in once.
        identity: Who said it, as the channel knows them: channel and account id.
        address: Where to answer.
        place: Whether others can read there.
        utterance: What was said.
        employer_reads: Whether the place may belong to the person's employer, who can then read it.
        private_way: An address where they can talk without their employer; empty for none.
        whisper_to: Where only they see an answer to this, for a moment; None where there is no such thing.
    """

    key: str
    identity: Address
    address: Address
    place: Place
    utterance: Utterance
    employer_reads: bool = False
    private_way: str = ""
    whisper_to: Address | None = None


class ReplyKind(StrEnum):
    """What a reply is for: channels may show them differently."""

    ANSWER = "answer"
    QUESTION = "question"
    CARD = "card"
    NOTICE = "notice"
    WHISPER = "whisper"  # for whoever pressed a button and nobody else, where a channel can


@quick
@dataclass(frozen=True, slots=True)
class Option:
    """A button below a reply; also reachable by its number and by typing its label.

    Attributes:
        lasts: Whether it makes sense beside its message when the talk has moved on, as a vote does.
    """

    token: Token
    label: str
    lasts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a reply.

    Attributes:
        file: The id of the row that holds its bytes.
        name: What it is called when it is saved.
        media_type: For example `image/png`.
        text_twin: What a picture shows, in words; empty where the reply's text says it.
    """

    file: str
    name: str
    media_type: str
    text_twin: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One thing the bot says.

    Attributes:
        text: Light Markdown, complete without the options.
        options: Buttons, in order.
        first_number: The number of the first option; numbers run on through the replies of a turn.
            `UNNUMBERED` where a number is an answer itself: buttons and labels work, numbers do not.
        kind: What it is for.
        personal: Whether it is about this person, and so may never reach a shared place.
        in_place: Whether it may take the place of the message whose button led to it.
        opens: What a link into a private talk with the bot carries; None for no such link.
        attachment: A file that goes with it; None for none.
        form: The run whose answers can be edited in a form, on a channel that has forms; empty: none.
        language: Of whoever reads it, for the few words that a channel adds.
    """

    text: str
    options: tuple[Option, ...] = ()
    first_number: int = 1
    kind: ReplyKind = ReplyKind.NOTICE
    personal: bool = False
    in_place: bool = False
    opens: str | None = None
    attachment: Attachment | None = None
    form: str = ""
    language: str = "en"


_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&:@/$])")


def plain(words: str) -> str:
    """Words a person wrote, safe inside light Markdown: no character keeps a meaning.

    Line breaks become spaces, so that nothing can begin a list or a heading.
    """
    return _MARKUP.sub(r"\\\1", " ".join(words.split()))
