"""The JSON Schema of every content file: for completion in an editor, and to name the nearest key."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.knowledge.content import SHAPES
from bot.knowledge.shapes import Shape
from bot.knowledge.yaml_text import Path

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Final = ["string", "number"]  # a number is as good as text: `as_of: 2019`


class _AsTyped(GenerateJsonSchema):
    """Describes what people type, which is a little more than what the shapes hold."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        """A text, or a number that is read as one."""
        return {**super().str_schema(schema), "type": _TEXT}

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """A mapping takes no other keys than those that fit."""
        made = super().dict_schema(schema)
        return {**made, "additionalProperties": False} if "patternProperties" in made else made

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Where we turn a bare text into a shape or a list, both may be typed."""
        return {"anyOf": [{"type": _TEXT}, super().function_before_schema(schema)]}


@cache
def schema_of(shape: type[Shape]) -> Mapping[str, Any]:
    """The JSON Schema of one file.

    Args:
        shape: What the file is parsed into.
    """
    made = shape.model_json_schema(schema_generator=_AsTyped, mode="validation")
    return {"$schema": DIALECT, **made}


def json_schemas() -> Mapping[str, Mapping[str, Any]]:
    """The JSON Schema of every content file, by file name."""
    return {file: schema_of(shape) for file, shape in SHAPES.items()}


def keys_at(schema: Mapping[str, Any], path: Path) -> tuple[str, ...]:
    """The keys that may stand in the mapping at a path; empty where any may, or none.

    Args:
        schema: Of the whole file.
        path: Keys, and numbers from 0 for the items of a list.
    """
    places = _places(schema, path)
    return tuple(dict.fromkeys(key for place in places for key in place.get("properties", {})))


def takes_text(schema: Mapping[str, Any], path: Path) -> bool:
    """Whether a bare text may stand at a path of a file with this schema."""
    return any("string" in place.get("type", ()) for place in _places(schema, path))


def _places(schema: Mapping[str, Any], path: Path) -> list[Any]:
    places = _opened(schema, schema)
    for step in path:
        places = [inner for place in places for inner in _below(schema, place, step)]
    return places


def _below(schema: Mapping[str, Any], place: Mapping[str, Any], step: str | int) -> list[Any]:
    if isinstance(step, int):
        inner = place.get("items")
    else:
        named = place.get("properties", {})
        others = [place.get("additionalProperties"), *place.get("patternProperties", {}).values()]
        inner = named.get(step) or next((one for one in others if isinstance(one, dict)), None)
    return _opened(schema, inner) if isinstance(inner, dict) else []


def _opened(schema: Mapping[str, Any], place: Mapping[str, Any]) -> list[Any]:
    """A place with its references and alternatives looked up."""
    if "$ref" in place:
        return _opened(schema, schema["$defs"][place["$ref"].rsplit("/", 1)[-1]])
    alternatives = [*place.get("anyOf", ()), *place.get("oneOf", ())]
    return [place] + [inner for one in alternatives for inner in _opened(schema, one)]
