"""Mistakes of shape: what pydantic found, said in words for somebody who edits YAML."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from bot.errors import Problem
from bot.knowledge.schema import keys_at, takes_text
from bot.knowledge.yaml_text import Document, Path, Value

NEAR: Final = 60.0  # rapidfuzz ratio, 0-100: `qestion` is as near, `colour` is not

_NO_SLUG = re.compile(r"[^a-z0-9]+")
_QUOTED = re.compile(r"'([^']*)'")


def shape_problems(
    error: ValidationError, document: Document, file: str, schema: Mapping[str, Any]
) -> tuple[Problem, ...]:
    """Every mistake of shape in a file, each on its line.

    Args:
        error: What the shape said of the file's value.
        document: The file.
        file: Its name.
        schema: Its JSON Schema, to know which keys may stand where.
    """
    found: dict[tuple[int, str], Problem] = {}
    for mistake in error.errors(include_url=False):
        path = typed_path(mistake["loc"], document.value)
        what, fix = _words(mistake, path, document.value, schema)
        line = document.line(path)
        found.setdefault((line, what), Problem(file=file, line=line, what=what, fix=fix))
    return tuple(sorted(found.values(), key=lambda problem: problem.line))


def typed_path(location: tuple[int | str, ...], value: Value) -> Path:
    """A pydantic location as the path somebody typed: without `en` where the text stands bare."""
    path = tuple(part for part in location if part != "[key]")
    if len(path) > 1 and path[-1] in {"en", "text"} and not isinstance(at(value, path[:-1]), dict):
        return path[:-1]
    return path


def at(value: Value, path: Path) -> Value:
    """The value at a path; None where there is none."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def where(path: Path, value: Value) -> str:
    """A place in a file as people say it: "Number 2 of `phrasings` in `cost-overview`"."""
    named = max((end for end in range(len(path)) if _id(at(value, path[:end]))), default=0)
    owner = f"`{_id(at(value, path[:named]))}`" if named else ""
    said = ""
    for step in reversed(path[named:]):
        said += f"number {step + 1} of " if isinstance(step, int) else f"`{step}` in "
    said = said + owner if owner else said.removesuffix(" in ").removesuffix(" of ") or "the file"
    return said[0].upper() + said[1:]


def nearest(word: str, known: tuple[str, ...]) -> str | None:
    """The known word that was most likely meant, if any is near."""
    found = process.extractOne(word.lower(), known, scorer=fuzz.ratio, score_cutoff=NEAR)
    return str(found[0]) if found else None


def slug_of(words: str) -> str:
    """An id made of some words: lower case, joined by hyphens."""
    return _NO_SLUG.sub("-", words.lower()).strip("-")


def _id(value: Value) -> str:
    return str(value["id"]) if isinstance(value, dict) and value.get("id") else ""


def _words(
    mistake: ErrorDetails, path: Path, value: Value, schema: Mapping[str, Any]
) -> tuple[str, str]:
    """What is wrong and what to do, by the kind of mistake."""
    place, found, kind = where(path, value), at(value, path), mistake["type"]
    match kind:
        case "missing":
            return f"{place} is missing.", f"Add a line `{path[-1]}: ...` there."
        case "extra_forbidden":
            return _unknown_key(place, str(path[-1]), keys_at(schema, path[:-1]))
        case "literal_error" | "enum":
            is_key = mistake["loc"][-1] == "[key]"
            return _not_one_of(
                place, str(path[-1] if is_key else found), mistake["ctx"]["expected"]
            )
        case "string_pattern_mismatch":
            return _no_slug(place, str(mistake["input"]))
        case _ if kind.startswith("date"):
            return (
                f"{place} is {_shown(found)}, and that is no date.",
                "Write year-month-day, for example 2026-11-21; or null where there is none.",
            )
        case "model_type" | "model_attributes_type" if found and takes_text(schema, path):
            return f"{place} should be text and is {_shown(found)}.", "Write one text, in quotes."
        case _:
            return _wrong_type(mistake, place, found)


def _unknown_key(place: str, key: str, known: tuple[str, ...]) -> tuple[str, str]:
    near = nearest(key, known)
    meant = f"Did you mean `{near}`?" if near else "Take it out."
    return f"{place} is not a key we know.", f"{meant} What may stand there: {', '.join(known)}."


def _not_one_of(place: str, found: str, expected: str) -> tuple[str, str]:
    known = tuple(_QUOTED.findall(expected)) or (expected,)
    near = nearest(found, known)
    meant = f"Did you mean `{near}`? " if near else ""
    said = place if place.startswith(f"`{found}`") else f"{place} is `{found}`, which"
    return f"{said} is not known there.", f"{meant}Use one of: {', '.join(known)}."


def _no_slug(place: str, found: str) -> tuple[str, str]:
    return (
        f"{place} is `{found}`: an id is lower-case words with hyphens between them.",
        f"Write `{slug_of(found) or 'some-words'}`.",
    )


def _wrong_type(mistake: ErrorDetails, place: str, found: Value) -> tuple[str, str]:
    """A value of the wrong kind: text for a list, yes for a text, nothing at all."""
    match mistake["type"]:
        case "tuple_type" | "list_type":
            return (
                f"{place} should be a list and is {_shown(found)}.",
                "Begin each item with `- `, or put them in [square brackets] with commas.",
            )
        case "string_type" | "string_too_short" | "model_type" | "model_attributes_type" if (
            found is None or not str(found).strip()
        ):
            return f"{place} is empty.", "Write something there, or take the line out."
        case "string_type" if isinstance(found, bool):
            return (
                f"{place} is {str(found).lower()}, which YAML takes for a yes or no.",
                f'Put it in quotes: "{str(found).lower()}".',
            )
        case "string_type":
            return f"{place} should be text and is {_shown(found)}.", "Write one text, in quotes."
        case "model_type" | "model_attributes_type" | "dict_type" | "mapping_type":
            return (
                f"{place} should hold keys and is {_shown(found)}.",
                "Write `key: value` lines below it, indented by two spaces more.",
            )
        case _:
            message = str(mistake["msg"]).removeprefix("Value error, ").rstrip(".")
            wrong = message.removeprefix("Input ") if message.startswith("Input should ") else ""
            said = f" and {wrong}" if wrong else f": {message}"
            return f"{place} is {_shown(found)}{said}.", "Correct the value."


def _shown(found: Value) -> str:
    match found:
        case None:
            return "empty"
        case bool():
            return "a yes or no"
        case list():
            return "a list"
        case dict():
            return "a set of keys"
        case _:
            text = str(found)
            return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
