"""Adds to `faq.yaml` without touching what stands there: comments, order and layout stay.

Lines are put in where they belong, found by the marks of the YAML parser. Afterwards the text is
read again: unless it says exactly what it said before and what was added, nothing is changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from bot.errors import ContentError, Problem
from bot.knowledge.drafting import DraftEntry, entry_in_lines, phrasing_in_one_line
from bot.knowledge.faq import Style
from bot.knowledge.yaml_text import Path, Value, parse_yaml

if TYPE_CHECKING:
    from yaml._yaml import Mark as CMark
    from yaml.error import Mark as PyMark

    Mark = PyMark | CMark

FILE: Final = "faq.yaml"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands.

    Attributes:
        line: Of its beginning, from 0.
        column: Of its beginning; for an item of a list, behind the dash.
        end: The place behind its last character: an index into the text.
        last: The last line with something of it, from 0.
        is_flow: Whether it is written in brackets.
    """

    line: int
    column: int
    end: int
    last: int
    is_flow: bool


def add_phrasing(text: str, entry: str, words: str, style: Style | None = None) -> str:
    """The text with one more phrasing below an entry.

    Args:
        text: The whole file.
        entry: The entry's id.
        words: The phrasing.
        style: One of `faq.STYLES`, or None to leave it out.

    Raises:
        ContentError: There is no such entry, it has this phrasing, or its layout is beyond us: the
            text says what to do by hand.
    """
    words = " ".join(words.split())
    before = parse_yaml(text, FILE)
    place, item = _entry(before.value, entry)
    phrasings = item.get("phrasings")
    if words in _texts(phrasings):
        raise _refusal(f"`{entry}` has that phrasing already.", "Choose another.", before.line(()))
    spans = dict(_spans(text))
    path = ("entries", place)
    line = phrasing_in_one_line(words, style)
    if isinstance(phrasings, list):
        edited = _into_list(text, spans, (*path, "phrasings"), len(phrasings), line)
    elif "phrasings" in item:
        edited = text  # whatever stands there is no list
    else:
        indent = " " * spans[path].column
        edited = _below(text, spans[path].last, (f"{indent}phrasings:", f"{indent}  {line}"))
    form: Value = {"text": words, "style": style} if style else {"text": words}
    if _says(edited, _with_phrasing(before.value, place, form)):
        return edited
    raise _refusal(
        f"The phrasings of `{entry}` are laid out in a way that cannot be added to safely.",
        f"Paste this line below them: {line}",
        before.line((*path, "phrasings")),
    )


def add_entry(text: str, draft: DraftEntry) -> str:
    """The text with one more entry at the end of the list.

    Raises:
        ContentError: The layout is beyond us: the text says what to do by hand.
    """
    before = parse_yaml(text, FILE)
    spans = dict(_spans(text))
    entries = before.value.get("entries") if isinstance(before.value, dict) else None
    edited = text
    if isinstance(entries, list) and entries:
        first, last = spans["entries", 0], spans["entries", len(entries) - 1]
        indent = text.splitlines()[first.line][: first.column].rpartition("-")[0]
        edited = _below(text, last.last, entry_in_lines(draft, indent))
    if not _says(edited, _with_entry(before.value, draft)):
        line = before.line(("entries",))
        fix = f"Paste it at the end of the list: {entry_in_lines(draft, '')[0]} ..."
        raise _refusal("The entries are laid out in a way that cannot be added to.", fix, line)
    return edited


def _into_list(text: str, spans: Mapping[Path, Span], path: Path, count: int, line: str) -> str:
    whole, item = spans[path], line.removeprefix("- ")
    if not count:
        return f"{text[: whole.end - 1]}{item}{text[whole.end - 1 :]}"
    last = spans[*path, count - 1]
    if whole.is_flow:
        return f"{text[: last.end]}, {item}{text[last.end :]}"
    first = spans[*path, 0]
    indent = text.splitlines()[first.line][: first.column].rpartition("-")[0]
    return _below(text, last.last, (f"{indent}{line}",))


def _below(text: str, last: int, lines: Sequence[str]) -> str:
    """The text with lines put in behind one; the line ends are those of the text."""
    rows = text.splitlines(keepends=True)
    end = "\r\n" if rows and rows[0].endswith("\r\n") else "\n"
    if rows and not rows[last].endswith(("\n", "\r")):
        rows[last] += end
    rows[last + 1 : last + 1] = [f"{line}{end}" for line in lines]
    return "".join(rows)


def _entry(value: Value, entry: str) -> tuple[int, dict[str, Value]]:
    entries = value.get("entries") if isinstance(value, dict) else None
    for place, item in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(item, dict) and item.get("id") == entry:
            return place, item
    raise _refusal(f"There is no entry `{entry}`.", "`pathways misses` names the nearest ones.", 1)


def _texts(phrasings: Value) -> list[object]:
    rows = phrasings if isinstance(phrasings, list) else []
    return [row.get("text") if isinstance(row, dict) else row for row in rows]


def _with_phrasing(value: Value, place: int, form: Value) -> Value:
    assert isinstance(value, dict)  # noqa: S101 - `_entry` has found one in it
    entries = value["entries"]
    assert isinstance(entries, list)  # noqa: S101 - see above
    entry = entries[place]
    assert isinstance(entry, dict)  # noqa: S101 - see above
    phrasings = entry.get("phrasings") or []
    if not isinstance(phrasings, list):
        return None
    changed: Value = {**entry, "phrasings": [*phrasings, form]}
    return {**value, "entries": [*entries[:place], changed, *entries[place + 1 :]]}


def _with_entry(value: Value, draft: DraftEntry) -> Value:
    if not isinstance(value, dict) or not isinstance(value.get("entries"), list):
        return None
    entries = value["entries"]
    assert isinstance(entries, list)  # noqa: S101 - seen in the line before
    added: Value = {
        "id": draft.id,
        "draft": True,
        "topic": draft.topic,
        "question": draft.question,
        "answer": draft.answer,
        "phrasings": [{"text": draft.question}],
    }
    return {**value, "entries": [*entries, added]}


def _says(text: str, wanted: Value) -> bool:
    """Whether a text reads as expected, key by key in the same order."""
    try:
        found = parse_yaml(text, FILE).value
    except ContentError:
        return False
    return wanted is not None and repr(found) == repr(wanted)


def _refusal(what: str, fix: str, line: int) -> ContentError:
    return ContentError((Problem(file=FILE, line=line, what=what, fix=fix),))


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun."""

    path: Path
    start: "Mark"
    is_list: bool
    is_flow: bool
    key: str | None = None
    count: int = 0


def _spans(text: str) -> Iterator[tuple[Path, Span]]:
    """Where every value of a file that `parse_yaml` has read stands, by its path."""
    open_: list[_Open] = []
    last = 0, 0  # behind the last character that stands for something, and its line
    loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for event in yaml.parse(text, Loader=loader):
        match event:
            case yaml.ScalarEvent():
                last = _end(text, event)
                around = open_[-1] if open_ else None
                if around and not around.is_list and around.key is None:
                    around.key = str(event.value)
                    continue
                path = _next_path(around)
                start = _known(event.start_mark)
                yield path, Span(start.line, start.column, last[0], last[1], is_flow=False)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                path = _next_path(open_[-1] if open_ else None)
                is_list = isinstance(event, yaml.SequenceStartEvent)
                open_.append(
                    _Open(path, _known(event.start_mark), is_list, bool(event.flow_style))
                )
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                closed = open_.pop()
                if closed.is_flow:
                    end = _known(event.end_mark)
                    last = end.index, end.line
                start = closed.start
                yield closed.path, Span(start.line, start.column, *last, is_flow=closed.is_flow)
            case _:
                pass


def _known(mark: "Mark | None") -> "Mark":
    assert mark is not None  # noqa: S101 - the parser marks every event
    return mark


def _next_path(around: _Open | None) -> Path:
    if around is None:
        return ()
    if around.is_list:
        around.count += 1
        return (*around.path, around.count - 1)
    key, around.key = around.key, None
    return (*around.path, str(key))


def _end(text: str, event: yaml.ScalarEvent) -> tuple[int, int]:
    """Behind the last character of a scalar, and its line; a block ends before its blank lines."""
    mark = _known(event.end_mark)
    if event.style not in {"|", ">"}:
        return mark.index, mark.line
    body = text[: mark.index].rstrip()
    return len(body), body.count("\n")
