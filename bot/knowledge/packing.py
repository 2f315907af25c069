"""Content as bytes and back: parsed YAML is slow to make and quick to read from JSON.

Only what `parse_content` has accepted is packed, so that nothing is checked for the editor again.
"""

import json
from typing import Any, Final

from pydantic import ValidationError

from bot.knowledge.content import MORE_WORDING, SHAPES, Content

FORMAT: Final = 1  # another number, or shapes that changed, and it is parsed anew


def pack(content: Content) -> bytes:
    """The content as bytes, for `unpack`."""
    parts = {
        field: shape.model_dump_json(exclude_defaults=True)
        for field in _fields()
        if (shape := getattr(content, field)) is not None
    }
    return json.dumps({"format": FORMAT, "hash": content.hash, "parts": parts}).encode()


def unpack(data: bytes | memoryview) -> Content | None:
    """The content of some bytes; None where another version of the program wrote them."""
    try:
        packed = json.loads(bytes(data))
        if packed["format"] != FORMAT:
            return None
        fields: dict[str, Any] = {
            field: shape.model_validate(json.loads(packed["parts"].pop(field)), strict=False)
            for field, shape in _fields().items()
            if field in packed["parts"]
        }
        return Content(hash=packed["hash"], **fields)
    except (ValueError, KeyError, TypeError, ValidationError):
        return None


def _fields() -> dict[str, type[Any]]:
    """Field of `Content` to its shape."""
    return {
        file.removesuffix(".yaml"): shape
        for file, shape in SHAPES.items()
        if file not in MORE_WORDING
    }
