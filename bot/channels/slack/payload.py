"""Looking into what Slack sent, of which no byte is trusted: the right type, or it is malformed."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

Payload = Mapping[str, Any]

FIELDS: Final = 100  # of a form
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_KEY = re.compile(r"[\w.:-]{1,255}", re.ASCII)
_TS = re.compile(r"[0-9.]{1,32}", re.ASCII)


class MalformedError(ValueError):
    """Slack would not send this; the text names the field, never what stood in it."""


def parse_body(raw: bytes, content_type: str) -> Payload:
    """The payload of a request's body: JSON, or a form that may carry JSON in `payload`.

    Raises:
        MalformedError: It is not UTF-8, not JSON, too deep, no object, or of another type.
    """
    try:
        text = raw.decode("utf-8")
        if content_type == "application/json":
            return _object(text)
        if content_type != "application/x-www-form-urlencoded":
            raise MalformedError("content-type")
        form = parse_qs(text, keep_blank_values=True, max_num_fields=FIELDS)
    except (ValueError, RecursionError) as error:
        raise MalformedError("body") from error
    fields = {name: values[0] for name, values in form.items()}
    return _object(fields["payload"]) if "payload" in fields else fields


def _object(text: str) -> Payload:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError("body") from error
    if not isinstance(value, dict):
        raise MalformedError("body")
    return value


def inner(payload: Payload, name: str) -> Payload:
    """An object inside; an empty one where there is none.

    Raises:
        MalformedError: It is something else.
    """
    value = payload.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedError(name)
    return value


def items(payload: Payload, name: str) -> tuple[Payload, ...]:
    """A list of objects inside; an empty one where there is none.

    Raises:
        MalformedError: It is something else.
    """
    value = payload.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise MalformedError(name)
    return tuple(value)


def text_of(payload: Payload, name: str) -> str:
    """A text inside; empty where there is none.

    Raises:
        MalformedError: It is something else.
    """
    value = payload.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedError(name)
    return value


def id_of(payload: Payload, name: str) -> str:
    """The id of a workspace, person, channel or the like; empty where there is none.

    Raises:
        MalformedError: It could not be one.
    """
    return _like(_ID, payload, name)


def key_of(payload: Payload, name: str) -> str:
    """An id that names one delivery. It has to be there.

    Raises:
        MalformedError: It is missing, or could not be one.
    """
    found = _like(_KEY, payload, name)
    if not found:
        raise MalformedError(name)
    return found


def ts_of(payload: Payload, name: str) -> str:
    """The time stamp that names a message; empty where there is none.

    Raises:
        MalformedError: It could not be one.
    """
    return _like(_TS, payload, name)


def _like(pattern: re.Pattern[str], payload: Payload, name: str) -> str:
    found = text_of(payload, name)
    if found and not pattern.fullmatch(found):
        raise MalformedError(name)
    return found
