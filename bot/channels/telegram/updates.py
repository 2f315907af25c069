"""An update as Telegram sends it: the few parts we look at, typed; everything else is let go.

Read by pydantic and not by python-telegram-bot, so that one update that makes no sense can neither stop
the others of its batch nor raise anything.
"""

from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

MEDIA: Final = {  # field of a message, and what we call it to people; the first that is there counts
    "photo": "photo",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "sticker": "sticker",
    "venue": "location",
    "location": "location",
    "document": "file",
    "contact": "contact",
    "poll": "other",
    "dice": "other",
    "game": "other",
    "story": "other",
    "paid_media": "other",
    "checklist": "other",
}
KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
ID: Final = 2**53  # ids of Telegram have at most 52 significant bits

T = TypeVar("T")
Id = Annotated[int, Field(gt=-ID, lt=ID)]
Many = Annotated[tuple[T, ...], Field(strict=False)]  # JSON has lists


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", populate_by_name=True)


class Account(_Part):
    """Somebody with an account."""

    id: Id
    is_bot: bool = False


class Chat(_Part):
    """A place where messages are."""

    id: Id
    type: Literal["private", "group", "supergroup", "channel"]


class Entity(_Part):
    """A stretch of a text; `offset` and `length` count UTF-16 units."""

    type: str
    offset: int = Field(ge=0, le=2**16)
    length: int = Field(ge=0, le=2**16)
    user: Account | None = None


class Original(_Part):
    """The message that another one replies to."""

    from_: Account | None = Field(default=None, alias="from")
    forum_topic_created: object = None


class Button(_Part):
    """A button below a message."""

    text: str = ""
    callback_data: str | None = None
    url: str | None = None


class Document(_Part):
    """A file that somebody sent."""

    file_id: str = Field(min_length=1, max_length=512)
    file_name: str = Field(default="", max_length=512)
    mime_type: str = Field(default="", max_length=256)
    file_size: int | None = Field(default=None, ge=0)


class Keyboard(_Part):
    """The buttons below a message, by rows."""

    inline_keyboard: Many[Many[Button]] = ()


class Message(_Part):
    """A message. One that is too old to be seen has its chat and its number only."""

    message_id: Id
    chat: Chat
    from_: Account | None = Field(default=None, alias="from")
    text: str | None = None
    entities: Many[Entity] = ()
    caption: str | None = None
    caption_entities: Many[Entity] = ()
    message_thread_id: Id | None = None
    is_topic_message: bool = False
    is_automatic_forward: bool = False
    reply_to_message: Original | None = None
    reply_markup: Keyboard | None = None
    migrate_to_chat_id: Id | None = None
    media: str | None = None
    document: Document | None = None

    @property
    def address(self) -> str:
        """Where to answer: the chat, and its topic where it has any."""
        if self.is_topic_message and self.message_thread_id is not None:
            return f"{self.chat.id}/{self.message_thread_id}"
        return str(self.chat.id)


class Press(_Part):
    """A button that somebody pressed. `message` is missing where Telegram knows it no longer."""

    id: str = Field(max_length=64)
    from_: Account = Field(alias="from")
    message: Message | None = None
    data: str | None = None


class Member(_Part):
    """What the bot is in a chat."""

    status: str
    is_member: bool | None = None

    @property
    def can_be_written_to(self) -> bool:
        """Whether a message to this chat arrives."""
        if self.status == "restricted":
            return bool(self.is_member)
        return self.status not in {"left", "kicked"}


class Membership(_Part):
    """The bot was blocked, let in, or thrown out."""

    chat: Chat
    new_chat_member: Member


class Update(_Part):
    """One thing that happened; at most one of the others is there."""

    update_id: Annotated[int, Field(ge=0, lt=ID)]
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Press | None = None
    my_chat_member: Membership | None = None


def parse_update(raw: object) -> Update | None:
    """The update of parsed JSON; None where it is none, or of no shape we know."""
    try:
        return Update.model_validate(_with_media(raw))
    except ValidationError:
        return None


def update_id_of(raw: object) -> int | None:
    """The number of an update, also of one that cannot be read; None where it has none."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if type(number) is int and 0 <= number < ID else None


def _with_media(raw: object) -> object:
    """The update with the kind of picture, recording ... of its message beside it."""
    if not isinstance(raw, dict):
        return raw
    named = {kind: _named(raw[kind]) for kind in KINDS[:2] if isinstance(raw.get(kind), dict)}
    return {**{kind: raw[kind] for kind in ("update_id", *KINDS) if kind in raw}, **named}


def _named(message: dict[str, object]) -> dict[str, object]:
    media = next((kind for key, kind in MEDIA.items() if message.get(key) is not None), None)
    return {**message, "media": media, "document": _document(message) if media == "file" else None}


def _document(message: dict[str, object]) -> Document | None:
    """The file of a message; one that makes no sense is none, and what was said still counts."""
    try:
        return Document.model_validate(message["document"])
    except ValidationError:
        return None
