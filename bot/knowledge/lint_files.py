"""The files of a folder as the rules see them: every value with its line, broken parts left out.

A file with a mistake of shape is still looked through: the broken part is left out of `kept`, and
the rules see the rest, so that an editor hears of everything in one run.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from pydantic import ValidationError

from bot.errors import ContentError, Problem
from bot.knowledge.content import SHAPES
from bot.knowledge.lint_shape import at, shape_problems, typed_path
from bot.knowledge.schema import schema_of
from bot.knowledge.shapes import LANGUAGES, LocalText, Shape
from bot.knowledge.yaml_text import Document, Path, Value, parse_yaml

S = TypeVar("S", bound=Shape)

MENDS: Final = 6  # rounds of leaving broken parts out; our deepest shape has six levels
LABELS: Final = frozenset({"question", "title"})  # texts that stand on a button, without markup

_MARKS = re.compile(r"[*\[\]\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(Generic[S]):
    """One file that could be read.

    Attributes:
        rows: Its lines.
        whole: Everything in it, with lines.
        kept: What is left without the broken parts; the paths of `shape` go by it.
        shape: The kept part.
    """

    name: str
    rows: tuple[str, ...]
    whole: Document
    kept: Document
    shape: S

    def line(self, path: Path, words: str = "") -> int:
        """The line of a value; with some words of it, the line they stand on.

        Args:
            path: In the shape.
            words: As people read them, without markup; the first 30 characters count.
        """
        first = self.kept.line(path)
        start = _flat(words)[:30]
        if start:
            depth = self.rows[first - 1 : first + 200]
            return next((first + n for n, row in enumerate(depth) if start in _flat(row)), first)
        return first

    def problem(self, path: Path, what: str, fix: str, words: str = "") -> Problem:
        """A problem with a value of this file."""
        return Problem(file=self.name, line=self.line(path, words), what=what, fix=fix)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One text that people read, in one language.

    Attributes:
        owner: What it belongs to: an entry's id, a wording key.
        label: Whether it stands on a button.
    """

    read: Read[Any]
    path: Path
    owner: str
    language: str
    text: str
    label: bool

    def problem(self, what: str, fix: str, words: str = "") -> Problem:
        """A problem with this text."""
        return self.read.problem(self.path, what, fix, words)


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder of content, read as far as it can be.

    Attributes:
        today: The day dates are judged by.
        reads: Every file that could be read, by name.
        names: Every file that is there.
        used: The wording keys the code uses, with the gaps it fills; None where nobody asked.
    """

    today: date
    reads: tuple[Read[Any], ...]
    names: frozenset[str]
    used: Mapping[str, frozenset[str]] | None = None

    def each(self, shape: type[S]) -> Iterator[Read[S]]:
        """The files with this shape: most often one, none where it is missing or cannot be read."""
        return (read for read in self.reads if isinstance(read.shape, shape))

    def of(self, shape: type[S]) -> Read[S] | None:
        """The first file with this shape."""
        return next(self.each(shape), None)

    @cached_property
    def values(self) -> Mapping[str, tuple[tuple[Path, Value], ...]]:
        """Every single value of every file with its path, in file order, by file name."""
        return {read.name: tuple(_leaves(read.kept.value)) for read in self.reads}

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text people read, in file order."""
        return tuple(found for read in self.reads for found in _passages(read))


def read_folder(
    texts: Mapping[str, str], today: date, used: Mapping[str, frozenset[str]] | None = None
) -> tuple[Folder, tuple[Problem, ...]]:
    """Read all files, as far as they can be, and say what could not be read.

    Args:
        texts: File name to YAML text. Of names we do not know only the YAML is read.
        today: The day dates are judged by.
        used: The wording keys the code uses, with the gaps it fills.
    """
    reads: list[Read[Any]] = []
    problems: list[Problem] = []
    for name, text in sorted(texts.items()):
        read, found = _read(name, text)
        problems += found
        if read is not None:
            reads.append(read)
    folder = Folder(today=today, reads=tuple(reads), names=frozenset(texts), used=used)
    return folder, tuple(problems)


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Every value inside a shape, with its path, outermost first."""
    yield path, value
    match value:
        case Shape():
            for name in type(value).model_fields:
                yield from walk(getattr(value, name), (*path, name))
        case Mapping():
            for key, inner in value.items():
                name = key.value if isinstance(key, Enum) else key
                yield from walk(inner, (*path, str(name)))
        case list() | tuple():
            for place, inner in enumerate(value):
                yield from walk(inner, (*path, place))
        case _:
            pass


def _leaves(value: Value) -> Iterator[tuple[Path, Value]]:
    waiting: list[tuple[Path, Value]] = [((), value)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(reversed([((*path, key), inner) for key, inner in value.items()]))
        elif isinstance(value, list):
            waiting.extend(reversed([((*path, n), inner) for n, inner in enumerate(value)]))
        else:
            yield path, value


def _flat(words: str) -> str:
    return " ".join(_MARKS.sub("", words.split("\n", 1)[0]).split())


def _read(name: str, text: str) -> tuple[Read[Any] | None, tuple[Problem, ...]]:
    try:
        whole = parse_yaml(text, name)
    except ContentError as error:
        return None, error.problems
    if name not in SHAPES:
        return None, ()
    kept, shape, problems = _mend(whole, SHAPES[name], name)
    if shape is None:
        return None, problems
    if drafts := drafts_in(kept):
        kept = _without(kept, drafts)
        shape = SHAPES[name].model_validate(kept.value)
    rows = tuple(text.split("\n"))
    return Read(name=name, rows=rows, whole=whole, kept=kept, shape=shape), problems


def drafts_in(document: Document) -> set[Path]:
    """The entries of a FAQ that somebody still has to finish; no rule but those of shape is for them."""
    entries = at(document.value, ("entries",))
    return {
        ("entries", place)
        for place, entry in enumerate(entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and entry.get("draft") is True
    }


def _mend(
    whole: Document, shape: type[S], name: str
) -> tuple[Document, S | None, tuple[Problem, ...]]:
    """Leave broken parts out until the rest has its shape; the problems are those of the whole."""
    problems: tuple[Problem, ...] = ()
    kept = whole
    for _ in range(MENDS):
        try:
            return kept, shape.model_validate(kept.value), problems
        except ValidationError as error:
            problems = problems or shape_problems(error, whole, name, schema_of(shape))
            broken = {_broken_part(mistake["loc"], kept.value) for mistake in error.errors()}
        if () in broken:
            break
        kept = _without(kept, broken)
    return kept, None, problems


def _broken_part(location: tuple[int | str, ...], value: Value) -> Path:
    """What to leave out because of a mistake: the value, or what cannot be without it."""
    path = typed_path(location, value)
    parent = at(value, path[:-1])
    is_there = isinstance(parent, list) or (isinstance(parent, dict) and path[-1] in parent)
    return path if is_there else path[:-1]


def _without(document: Document, broken: set[Path]) -> Document:
    """The document without some values; every other value keeps its line."""
    lines: dict[Path, int] = {}

    def copy(value: Value, old: Path, new: Path) -> Value:
        lines[new] = document.line(old)
        if isinstance(value, dict):
            keys = [key for key in value if (*old, key) not in broken]
            return {key: copy(value[key], (*old, key), (*new, key)) for key in keys}
        if isinstance(value, list):
            places = [place for place in range(len(value)) if (*old, place) not in broken]
            return [
                copy(value[place], (*old, place), (*new, after))
                for after, place in enumerate(places)
            ]
        return value

    return Document(copy(document.value, (), ()), lines)


def _passages(read: Read[Any]) -> Iterator[Passage]:
    for path, value in walk(read.shape):
        if not isinstance(value, LocalText):
            continue
        for language in LANGUAGES:
            text = getattr(value, language)
            if text:
                inner = (*path, language)
                yield Passage(
                    read=read,
                    path=inner if inner in read.kept.lines else path,
                    owner=_owner(path, read.kept.value),
                    language=language,
                    text=text,
                    label=path[-1] in LABELS,
                )


def _owner(path: Path, value: Value) -> str:
    """The id of the nearest thing around a value, else the key it stands under."""
    for end in range(len(path) - 1, 0, -1):
        around = at(value, path[:end])
        if isinstance(around, dict) and around.get("id"):
            return str(around["id"])
    return str(next((step for step in reversed(path) if isinstance(step, str)), ""))
