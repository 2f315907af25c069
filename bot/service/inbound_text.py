"""What somebody said, as text, for the room where it waits for its turn; reads back equal."""

import base64
import json
from typing import Any, Final, assert_never

from bot.messages import (
    Address,
    Choice,
    Command,
    Edited,
    Filled,
    Given,
    Inbound,
    Place,
    Text,
    Token,
    Unreadable,
    Upload,
    Utterance,
)

FORMAT: Final = 1  # of the text below


def encode_inbound(inbound: Inbound) -> str:
    """What came in as JSON text."""
    written: dict[str, Any] = {
        "format": FORMAT,
        "key": inbound.key,
        "identity": [inbound.identity.channel, inbound.identity.id],
        "address": [inbound.address.channel, inbound.address.id],
        "place": inbound.place.value,
        "said": _written(inbound.utterance),
        "employer_reads": inbound.employer_reads,
        "private_way": inbound.private_way,
    }
    return json.dumps(written, ensure_ascii=False, separators=(",", ":"))


def decode_inbound(text: str) -> Inbound | None:
    """What came in, out of its text; None where another version of the program wrote it."""
    written = json.loads(text)
    if written.get("format") != FORMAT:
        return None
    return Inbound(
        key=written["key"],
        identity=Address(*written["identity"]),
        address=Address(*written["address"]),
        place=Place(written["place"]),
        utterance=_read(*written["said"]),
        employer_reads=written["employer_reads"],
        private_way=written["private_way"],
    )


def _written(utterance: Utterance) -> list[Any]:
    match utterance:
        case Text(text=text):
            return ["text", text]
        case Choice(token=token):
            return ["choice", token]
        case Command(name=name, argument=argument):
            return ["command", name, argument]
        case Edited(text=text):
            return ["edited", text]
        case Upload(name=name, content=content):
            return ["upload", name, base64.b64encode(content).decode("ascii")]
        case Filled(run=run, answers=answers):
            return ["filled", run, *([one.key, one.mark, one.value] for one in answers)]
        case Unreadable(kind=kind):
            return ["unreadable", kind]
        case _:
            assert_never(utterance)


def _read(kind: str, *words: Any) -> Utterance:
    match kind:
        case "text":
            return Text(*words)
        case "choice":
            return Choice(Token(words[0]))
        case "command":
            return Command(*words)
        case "edited":
            return Edited(*words)
        case "upload":
            return Upload(words[0], base64.b64decode(words[1]))
        case "filled":
            return Filled(words[0], tuple(Given(*one) for one in words[1:]))
        case _:
            return Unreadable(*words)
