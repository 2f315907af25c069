"""A reply as text, for the outbox; reads back equal."""

from dataclasses import asdict

import msgspec

from bot.messages import Attachment, Option, Reply, ReplyKind


def encode_reply(reply: Reply) -> str:
    """The reply as JSON text."""
    written = {
        "text": reply.text,
        "options": [[option.token, option.label, option.lasts] for option in reply.options],
        "first": reply.first_number,
        "kind": reply.kind.value,
        "personal": reply.personal,
        "in_place": reply.in_place,
        "opens": reply.opens,
    }
    if reply.attachment:
        written["attachment"] = asdict(reply.attachment)
    if reply.form:
        written["form"] = reply.form
    if reply.language != "en":
        written["language"] = reply.language
    return msgspec.json.encode(written).decode()


def decode_reply(text: str) -> Reply:
    """The reply of a JSON text."""
    written = msgspec.json.decode(text)
    attachment = written.get("attachment")
    return Reply(
        text=written["text"],
        options=tuple([Option(*row) for row in written["options"]]),
        first_number=written["first"],
        kind=ReplyKind(written["kind"]),
        personal=written["personal"],
        in_place=written.get("in_place", False),
        opens=written.get("opens"),
        attachment=Attachment(**attachment) if attachment else None,
        form=written.get("form", ""),
        language=written.get("language", "en"),
    )
