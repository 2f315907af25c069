"""Builds plain values from the events of the YAML parser, one by one.

PyYAML's own composer recurses in C, and a line of a hundred thousand dashes ends the process.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import yaml

from bot.errors import ContentError, Problem
from bot.knowledge.yaml_text import DEPTH_LIMIT, NODE_LIMIT, Path, Value

_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,15})$")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]{0,15})\.[0-9]{1,10}$")
_PLAIN: Final[Mapping[str, Value]] = {
    "true": True,
    "false": False,
    "null": None,
    "~": None,
    "": None,
}


def read_events(text: str, file: str) -> tuple[Value, Mapping[Path, int]]:
    """The value of a text, and the line (from 1) that everything in it begins on.

    Raises:
        ContentError: As for `parse_yaml`.
    """
    builder = _Builder(file)
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        raise builder.error(
            mark.line + 1 if mark else 1,
            f"This is not valid YAML: {getattr(error, 'problem', None) or 'it cannot be read'}.",
            "Check the indents, the colons and the quotes around here.",
        ) from None
    return builder.value, builder.lines


def _events(text: str) -> Iterator[yaml.Event]:
    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.parse(text, Loader=loader)


@dataclass(slots=True)
class _Open:
    """A list or a mapping that has begun and not ended."""

    path: Path
    value: list[Value] | dict[str, Value]
    key: str | None = None


@dataclass(slots=True)
class _Builder:
    """Puts values together from events; nothing in it recurses."""

    file: str
    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    open: list[_Open] = field(default_factory=list)
    documents: int = 0

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    raise self.error(line, "A second document begins here.", "Take out the `---`.")
            case yaml.AliasEvent():
                raise self.error(
                    line,
                    f"`*{event.anchor}` is an alias, and aliases are refused.",
                    "Write the text out, or put quotes around it.",
                )
            case yaml.ScalarEvent() if self._is_key():
                self._key(str(event.value), line)
            case yaml.ScalarEvent():
                self._refuse_tag(event.tag, line)
                self._place(_scalar(event), line)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._begin(event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.open.pop()
            case _:
                pass

    def error(self, line: int, what: str, fix: str) -> ContentError:
        return ContentError((Problem(file=self.file, line=line, what=what, fix=fix),))

    def _is_key(self) -> bool:
        return (
            bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None
        )

    def _key(self, key: str, line: int) -> None:
        around = self.open[-1]
        if isinstance(around.value, dict) and key in around.value:
            raise self.error(line, f"The key `{key}` stands here twice.", "Keep one of them.")
        around.key = key
        self.lines[*around.path, key] = line

    def _begin(self, event: yaml.CollectionStartEvent, line: int) -> None:
        if self._is_key():
            raise self.error(line, "A key must be a word.", "Check the indents.")
        self._refuse_tag(event.tag, line)
        if len(self.open) >= DEPTH_LIMIT:
            raise self.error(line, f"Over {DEPTH_LIMIT} levels deep.", "Flatten the list.")
        value: list[Value] | dict[str, Value] = (
            {} if isinstance(event, yaml.MappingStartEvent) else []
        )
        self.open.append(_Open(self._place(value, line), value))

    def _place(self, value: Value, line: int) -> Path:
        """Put a value where it belongs, and return its path."""
        if len(self.lines) >= NODE_LIMIT:
            raise self.error(line, f"Over {NODE_LIMIT:,} values.", "Split the file.")
        path: Path = ()
        if not self.open:
            self.value = value
        else:
            around = self.open[-1]
            if isinstance(around.value, list):
                path = (*around.path, len(around.value))
                around.value.append(value)
            else:
                path = (*around.path, around.key or "")
                around.value[around.key or ""] = value
                around.key = None
        self.lines.setdefault(path, line)
        return path

    def _refuse_tag(self, tag: str | None, line: int) -> None:
        if tag not in {None, "!"}:
            raise self.error(line, f"The tag `{tag}` is refused.", "Leave it out.")


def _scalar(event: yaml.ScalarEvent) -> Value:
    text = str(event.value)
    if event.style in {"'", '"', "|", ">"}:
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    if _INTEGER.match(text):
        return int(text)
    if _DECIMAL.match(text):
        return float(text)
    return text
