"""Every call is held against aiogram's models, which are the Bot API in a form that programs can read."""

from collections.abc import Mapping
from typing import Any, Final

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from aiogram.types import BufferedInputFile
from pydantic import ValidationError

METHODS: Final = {
    kind.__api_method__: kind
    for kind in vars(aiogram.methods).values()
    if isinstance(kind, type) and issubclass(kind, TelegramMethod) and kind is not TelegramMethod
}


def mistakes_in(method: str, fields: Mapping[str, Any]) -> list[str]:
    """What is wrong with the name and the fields of a call; nothing, for a right one."""
    kind = METHODS.get(method)
    if kind is None:
        return [f"no such method: {method}"]
    try:
        read = kind.model_validate({name: _file(value) for name, value in fields.items()})
    except ValidationError as error:
        return [f"{method}: {error}"]
    unknown = set(fields) - set(kind.model_fields)
    unknown |= {name for value in vars(read).values() for name in _extra(value)}
    return [f"{method}: unknown fields {sorted(unknown)}"] if unknown else []


def _file(value: Any) -> Any:
    """A part of a form with a file, as the models have it; every other value as it is."""
    return BufferedInputFile(value[1], value[0]) if isinstance(value, tuple) else value


def _extra(value: Any) -> set[str]:
    found = set(getattr(value, "model_extra", None) or ())
    for inner in value if isinstance(value, list) else ():
        found |= _extra(inner)
    if hasattr(value, "__pydantic_fields__"):
        for inner in vars(value).values():
            found |= _extra(inner)
    return found
