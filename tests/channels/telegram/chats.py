"""What the small Bot API keeps of a chat, and what it checks."""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

ABILITIES: Final = {
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


class ApiError(Exception):
    """What the Bot API answers instead of a result."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.parameters = parameters


@dataclass
class ChatState:
    """One chat as Telegram keeps it."""

    id: int
    type: str = "private"
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    sends: deque[float] = field(default_factory=deque)
    is_closed: str = ""
    moved_to: int | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call that came, its fields read."""

    method: str
    fields: Mapping[str, Any]


def field_value(name: str, value: Any) -> Any:
    """The value of a form field: objects come as JSON."""
    is_json = isinstance(value, str) and value[:1] in {"{", "["}
    try:
        return json.loads(value) if is_json and name not in {"text", "caption"} else value
    except ValueError:  # an id that only looks like it
        return value


def shown(entity: Any) -> dict[str, Any]:
    return {
        "type": entity.type,
        "offset": entity.offset,
        "length": entity.length,
        "url": entity.url,
    }


def check_photo(content: bytes) -> None:
    """What Telegram shows as a photo: up to 10 MB, sides of 10,000 together, at most 20 to 1."""
    if len(content) > 10_000_000:
        raise ApiError(400, "Bad Request: file is too big")
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ApiError(400, "Bad Request: IMAGE_PROCESS_FAILED")
    wide, high = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if wide + high > 10_000 or not 1 / 20 <= wide / high <= 20:
        raise ApiError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


def forget(times: deque[float], before: float) -> None:
    while times and times[0] <= before:
        times.popleft()
