"""One message of ours as a call: words, a photo or a document."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from telegram import LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode

from bot.channels.telegram.calling import ApiBot, calling, keyboard
from bot.channels.telegram.rendering import Form, Rendered
from bot.channels.telegram.spots import Spot
from bot.errors import Rejected

NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The bytes of a file, and what it is called when it is saved."""

    name: str
    content: bytes


async def post(
    bot: ApiBot, spot: Spot, message: Rendered, file: Named | None, asked: int | None
) -> int:
    """Send one message.

    Args:
        bot: Makes the call.
        spot: Where to.
        message: What to say; where its form is no text, the file goes with it.
        file: The file; None for a message of words.
        asked: The number of the message it answers; None for none.

    Returns:
        The number of the message.

    Raises:
        DeliveryError: One of its kinds, by what Telegram answered.
        ChatMigrated: The chat has another number now.
    """
    about: dict[str, Any] = {
        "parse_mode": ParseMode.HTML,
        "message_thread_id": spot.topic,
        "reply_markup": keyboard(message.rows),
        "reply_parameters": _answering(asked),
    }
    if file is None or message.form is Form.TEXT:
        said = bot.send_message(spot.chat, message.html, link_preview_options=NO_PREVIEW, **about)
        return (await calling(said)).message_id
    about["caption"] = message.html or None
    return (await _with_file(bot, spot.chat, message.form, file, about)).message_id


async def _with_file(
    bot: ApiBot, chat: int, form: Form, file: Named, about: dict[str, Any]
) -> Message:
    if form is Form.PHOTO:
        with suppress(Rejected):  # then not as a picture: Telegram has not sent it
            return await calling(bot.send_photo(chat, file.content, filename=file.name, **about))
    document = bot.send_document(
        chat, file.content, filename=file.name, disable_content_type_detection=True, **about
    )
    return await calling(document)


def _answering(asked: int | None) -> ReplyParameters | None:
    return ReplyParameters(asked, allow_sending_without_reply=True) if asked else None
