"""A reply with a file as messages: the words as its caption where they fit, else before and below it.

A picture is shown as a photo while it keeps to Telegram's limits; everything else is a document, which
arrives as it was made. Whoever cannot see it reads its text twin.
"""

from dataclasses import replace
from typing import Final

from telegram.constants import FileSizeLimit, MessageLimit

from bot.channels.telegram.rendering import NO_WORDS, Form, Rendered, render
from bot.messages import Attachment, Reply

CAPTION_LIMIT: Final = int(MessageLimit.CAPTION_LENGTH)  # UTF-16 units after the HTML is read
DOCUMENT_LIMIT: Final = int(FileSizeLimit.FILESIZE_UPLOAD)  # bytes
PHOTO_LIMIT: Final = int(FileSizeLimit.PHOTOSIZE_UPLOAD)  # bytes
SIDES_LIMIT: Final = 10_000  # pixels of a photo, width and height together; core.telegram.org
RATIO_LIMIT: Final = 20  # of a photo's longer side to its shorter one; core.telegram.org
PNG: Final = b"\x89PNG\r\n\x1a\n"
PNG_SIZES: Final = slice(16, 24)  # where a PNG says its width and its height, four bytes each


def with_file(reply: Reply, file: bytes | None) -> tuple[Rendered, ...]:
    """A reply with an attachment as messages, in order; the buttons are on the last.

    Args:
        reply: What to say; it has an attachment.
        file: The bytes; None where they are gone, and the words have to do.
    """
    if reply.attachment is None or file is None or len(file) > DOCUMENT_LIMIT:
        return render(_words(reply, reply.text, _twin(reply)))
    form = form_of(reply.attachment, file)
    if one := _caption(_words(reply, reply.text, _twin(reply))):
        return (replace(one, form=form),)
    told, rest = replace(_words(reply, reply.text), options=()), _words(reply, _twin(reply))
    if caption := _caption(told):
        return (replace(caption, form=form), *render(rest))
    above = render(told) if told.text else ()
    if caption := _caption(rest):
        return (*above, replace(caption, form=form))
    return (*above, Rendered(html="", form=form), *render(rest))


def form_of(attachment: Attachment, file: bytes) -> Form:
    """How a file is sent."""
    if attachment.media_type != "image/png" or not file.startswith(PNG) or len(file) > PHOTO_LIMIT:
        return Form.DOCUMENT
    sizes = file[PNG_SIZES]
    width, height = int.from_bytes(sizes[:4]), int.from_bytes(sizes[4:])
    shorter, longer = sorted((width, height))
    fits = shorter > 0 and longer <= RATIO_LIMIT * shorter and width + height <= SIDES_LIMIT
    return Form.PHOTO if fits else Form.DOCUMENT


def _twin(reply: Reply) -> str:
    return reply.attachment.text_twin if reply.attachment else ""


def _words(reply: Reply, *texts: str) -> Reply:
    """The reply as words alone."""
    said = "\n\n".join(text for text in texts if text.strip())
    return replace(reply, text=said, attachment=None)


def _caption(reply: Reply) -> Rendered | None:
    """The words and the buttons as one caption; None where they are too long."""
    parts = render(reply, CAPTION_LIMIT)
    if len(parts) > 1:
        return None
    return replace(parts[0], html="") if parts[0].html == NO_WORDS else parts[0]
