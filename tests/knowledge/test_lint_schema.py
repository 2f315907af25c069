"""The JSON Schemas that editors complete with accept what the bot accepts, and know our keys."""

import re
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BeforeValidator

from bot.knowledge.backing import as_list
from bot.knowledge.content import SHAPES
from bot.knowledge.schema import DIALECT, json_schemas, keys_at, schema_of, takes_text
from bot.knowledge.shapes import Shape, Slug, Words
from bot.knowledge.yaml_text import Value, parse_yaml

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
KNOWN = {
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "required",
    "items",
    "minItems",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMaximum",
}
SAYS_NOTHING = {"title", "description", "default", "format", "$schema", "$defs", "examples"}


class Closer(Shape):
    """A shape with all we use: a text in languages, a list, a mapping."""

    name: Words
    parts: tuple[Words, ...] = ()
    lines: Annotated[tuple[str, ...], BeforeValidator(as_list)] = ()
    by_slug: dict[Slug, int] = {}  # noqa: RUF012 - pydantic copies it
    by_key: dict[str, int] = {}  # noqa: RUF012 - pydantic copies it


def refused(schema: Any, value: Value, root: Any) -> str:
    """Why a schema refuses a value, "" where it does not. Raises on a keyword it does not know."""
    for keyword, rule in schema.items():
        if keyword in SAYS_NOTHING:
            continue
        match keyword:
            case "$ref":
                why = refused(root["$defs"][rule.rsplit("/", 1)[-1]], value, root)
            case "anyOf":
                whys = [refused(one, value, root) for one in rule]
                why = "" if "" in whys else " and ".join(whys)
            case "type":
                kinds = rule if isinstance(rule, list) else [rule]
                is_one = any(is_of(kind, value) for kind in kinds)
                why = "" if is_one else f"{value!r} is no {rule}"
            case "enum" | "const":
                why = "" if value in (rule if keyword == "enum" else [rule]) else f"{value!r}"
            case _:
                why = refused_inside(keyword, schema, value, root)
        if why:
            return why
    return ""


def refused_inside(keyword: str, schema: Any, value: Any, root: Any) -> str:
    rule = schema[keyword]
    match keyword:
        case "properties" if isinstance(value, dict):
            inner = [refused(rule[key], value[key], root) for key in value if key in rule]
        case "patternProperties" if isinstance(value, dict):
            fits = [(one, key) for one in rule for key in value if re.search(one, key)]
            inner = [refused(rule[one], value[key], root) for one, key in fits]
        case "additionalProperties" if isinstance(value, dict):
            named = schema.get("properties", {})
            patterns = schema.get("patternProperties", {})
            others = [key for key in value if key not in named]
            others = [key for key in others if not any(re.search(one, key) for one in patterns)]
            inner = [refused(rule, value[key], root) if rule else key for key in others]
        case "propertyNames" if isinstance(value, dict):
            inner = [refused(rule, key, root) for key in value]
        case "required" if isinstance(value, dict):
            inner = [key for key in rule if key not in value]
        case "items" if isinstance(value, list):
            inner = [refused(rule, item, root) for item in value]
        case "pattern" if isinstance(value, str):
            inner = [] if re.search(rule, value) else [f"{value!r} against {rule}"]
        case "minLength" | "maxLength" | "minItems" if isinstance(value, str | list):
            inner = [] if (len(value) >= rule) != (keyword == "maxLength") else [str(value)]
        case "minimum" | "maximum" | "exclusiveMaximum" if isinstance(value, int | float):
            good = value >= rule if keyword == "minimum" else value <= rule
            inner = [] if good else [str(value)]
        case _:
            assert keyword in KNOWN, f"the test does not know `{keyword}`"
            inner = []
    return next((why for why in inner if why), "")


def is_of(kind: str, value: Value) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


def test_there_is_a_schema_for_every_file() -> None:
    assert json_schemas().keys() == SHAPES.keys()
    assert all(schema["$schema"] == DIALECT for schema in json_schemas().values())


@pytest.mark.parametrize("file", SHAPES)
def test_a_schema_accepts_our_own_file(file: str) -> None:
    value = parse_yaml((KNOWLEDGE / file).read_text(encoding="utf-8"), file).value
    schema = json_schemas()[file]
    assert refused(schema, value, schema) == ""


@pytest.mark.parametrize(
    "value",
    [
        {"name": "A text"},
        {"name": 2019, "lines": "one"},
        {"name": "A text", "lines": ["one", "two"], "by_slug": {"a-b": 1}},
        {
            "name": {"en": "A text", "cy": None},
            "parts": ["one", {"en": "two"}],
            "by_key": {"a": 1},
        },
    ],
)
def test_a_schema_accepts_what_the_shape_accepts(value: Value) -> None:
    Closer.model_validate(value)
    schema = schema_of(Closer)
    assert refused(schema, value, schema) == ""


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"name": ["a list"]},
        {"name": {"cy": "Testun"}},
        {"name": "A text", "colour": "red"},
        {"name": "A text", "parts": "one"},
        {"name": "A text", "by_slug": {"A b": 1}},
        {"name": "A text", "by_key": {"a": "b"}},
    ],
)
def test_a_schema_refuses_what_the_shape_refuses(value: Value) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Closer.model_validate(value)
    schema = schema_of(Closer)
    assert refused(schema, value, schema) != ""


def test_the_keys_of_every_place_are_known() -> None:
    faq = json_schemas()["faq.yaml"]
    assert "entries" in keys_at(faq, ())
    assert {"id", "question", "answer"} <= set(keys_at(faq, ("entries", 3)))
    assert set(keys_at(faq, ("entries", 3, "phrasings", 0))) == {"text", "style"}
    assert set(keys_at(faq, ("entries", 3, "answer_for", "rep"))) == {"en", "cy"}
    assert keys_at(faq, ("nothing", "here")) == ()


def test_it_is_known_where_a_bare_text_may_stand() -> None:
    faq = json_schemas()["faq.yaml"]
    assert takes_text(faq, ("entries", 0, "question"))
    assert takes_text(faq, ("entries", 0, "phrasings", 1))
    assert not takes_text(faq, ("entries", 0))
    assert not takes_text(faq, ("entries", 0, "related"))
