"""A flow as the three sheets of an XLSForm, and three such sheets as a flow file.

Pure: rows of text in, rows of text out. `bot/reports/xlsform_workbook.py` turns them into bytes.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.flows.model import Choice, Flow, Kind, Part, Question, Repeat
from bot.knowledge.shapes import LocalText

Row = Mapping[str, str]

SURVEY: Final = (
    "type", "name", "label", "hint", "relevant", "required", "constraint", "constraint_message",
    "calculation", "choice_filter", "default", "appearance", "parameters", "repeat_count",
)  # fmt: skip
_LANGUAGE: Final = "::Welsh (cy)"
_TEXTS: Final = ("label", "hint", "constraint_message")
_TYPES: Final = {
    "select one": "select_one", "select multiple": "select_multiple", "int": "integer",
    "string": "text", "begin group": "begin_group", "end group": "end_group",
    "begin repeat": "begin_repeat", "end repeat": "end_repeat", "select all that apply": "select_multiple",
}  # fmt: skip
_TAKEN: Final = frozenset((*(kind.value for kind in Kind), "begin_group", "begin_repeat"))
_UNCODE = re.compile(r"[^A-Za-z0-9_.-]+")
DEFAULT_MOST: Final = 12  # rounds of an imported repeat that has no count


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """An XLSForm: its three sheets, each a list of rows by column."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: Row


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an XLSForm.

    Attributes:
        text: A flow file; `pathways flow check` says what it still lacks.
        unsupported: What was left out: sheet, row and what, in words.
    """

    text: str
    unsupported: tuple[str, ...]


def to_sheets(flow: Flow) -> Sheets:
    """A flow as XLSForm. What XLSForm has no word for (why, purpose, synonyms ...) is left out."""
    lists: dict[str, tuple[Choice, ...]] = {
        question.list_name: question.choices for question in flow.questions if question.choices
    }
    return Sheets(
        survey=tuple(_survey(flow.parts)),
        choices=tuple(
            _choice(name, choice) for name, choices in lists.items() for choice in choices
        ),
        settings={
            "form_title": flow.title.en,
            "form_id": flow.id.replace("-", "_"),
            "version": flow.version,
            "default_language": "English (en)",
        },
    )


def _survey(parts: tuple[Part, ...]) -> Iterator[Row]:
    for part in parts:
        if isinstance(part, Question):
            yield _question(part)
            continue
        word = "repeat" if isinstance(part, Repeat) else "group"
        row = {"type": f"begin_{word}", "name": part.name, **_text("label", part.label)}
        if isinstance(part, Repeat) and part.repeat_count:
            row["repeat_count"] = part.repeat_count.source
        yield {**row, **_sources(part, ("relevant",))}
        yield from _survey(part.parts)
        yield {"type": f"end_{word}", "name": part.name}


def _question(question: Question) -> Row:
    row = {
        "type": f"{question.kind.value} {question.list_name}".strip(),
        "name": question.name,
        "appearance": question.appearance,
        **_text("hint", question.hint),
        **_text("constraint_message", question.constraint_message),
        **_sources(
            question,
            ("relevant", "required", "constraint", "calculation", "choice_filter", "default"),
        ),
    }
    if question.kind is not Kind.CALCULATE:
        row |= _text("label", question.label)
    if question.limits:
        scale = question.limits
        row["parameters"] = f"start={scale.start:g} end={scale.end:g} step={scale.step:g}"
    return {key: value for key, value in row.items() if value}


def _sources(part: Part, keys: Sequence[str]) -> dict[str, str]:
    found = {key: getattr(part, key, None) for key in keys}
    return {key: one.source for key, one in found.items() if one is not None}


def _text(key: str, local: LocalText | None) -> dict[str, str]:
    if local is None:
        return {}
    texts = {f"{key}::English (en)": local.en}
    return texts | ({f"{key}{_LANGUAGE}": local.cy} if local.cy else {})


def _choice(name: str, choice: Choice) -> Row:
    columns = {key: value for key, value in choice.columns.items() if key not in {"name", "label"}}
    return {"list_name": name, "name": choice.name, **_text("label", choice.label), **columns}


def from_sheets(sheets: Sheets, flow_id: str) -> Imported:
    """An XLSForm as a flow file.

    Args:
        sheets: As read; unknown columns and types are left out and listed.
        flow_id: Used where the form has no id of its own.
    """
    reader = _Reader(sheets)
    settings = sheets.settings
    title = settings.get("form_title") or flow_id
    own_id = re.sub(r"[^a-z0-9]+", "-", (settings.get("form_id") or flow_id).lower()).strip("-")
    flow: dict[str, Any] = {
        "id": own_id or "imported",
        "version": settings.get("version") or "1",
        "title": title,
        "choices": reader.choices(),
        "questions": reader.parts(),
    }
    return Imported(_yaml(flow), tuple(reader.unsupported))


class _Reader:
    """Reads the rows of a form into the shape of a flow file."""

    def __init__(self, sheets: Sheets) -> None:
        self._sheets = sheets
        self.unsupported: list[str] = []
        self._rows = list(enumerate(sheets.survey, 2))

    def choices(self) -> dict[str, list[dict[str, Any]]]:
        """The lists of choices, with every further column for filters."""
        lists: dict[str, list[dict[str, Any]]] = {}
        for row in self._sheets.choices:
            name = row.get("list_name") or row.get("list name", "")
            code = row.get("name") or row.get("value", "")
            if not name or not code:
                continue
            own = ("list_name", "list name", "name", "value")
            columns = {
                key: value
                for key, value in row.items()
                if key not in own
                and value
                and re.fullmatch(r"[a-z_][a-z0-9_]*", key)
                and key != "label"
            }
            one: dict[str, Any] = {
                "name": _UNCODE.sub("_", code),
                "label": _local(row, "label") or code,
            }
            lists.setdefault(_name(name), []).append(
                one | ({"columns": columns} if columns else {})
            )
        return lists

    def parts(self) -> list[dict[str, Any]]:
        """The rows up to the end of the group they are in, as parts."""
        made: list[dict[str, Any]] = []
        while self._rows:
            number, row = self._rows.pop(0)
            word, _, rest = _type(row.get("type", ""))
            if word in {"end_group", "end_repeat"}:
                break
            if not word:
                continue
            if word not in _TAKEN:
                self.unsupported.append(f"survey, row {number}: the type `{word}`")
                continue
            made.append(self._part(number, row, word, rest))
        return made

    def _part(self, number: int, row: Row, word: str, rest: str) -> dict[str, Any]:
        kind = f"{word} {_name(rest)}" if word.startswith(("select", "rank")) else word
        part: dict[str, Any] = {"type": kind, "name": _name(row.get("name") or f"q{number}")}
        for key in _TEXTS:
            if (local := _local(row, key)) is not None:
                part[key] = local
        plain = [key for key in SURVEY if key not in {"type", "name", *_TEXTS} and row.get(key)]
        part |= {key: row[key] for key in plain}
        known = {"label", "hint", "constraint_message", *SURVEY}
        for column, value in row.items():
            if value and column.split("::")[0].split(":")[0].strip() not in known:
                self.unsupported.append(f"survey, row {number}: the column `{column}`")
        if "constraint" in part and "constraint_message" not in part:
            part["constraint_message"] = f"Please give an answer that fits: {part['constraint']}"
        if word in {"begin_group", "begin_repeat"}:
            part["questions"] = self.parts()
        if word == "begin_repeat":
            part |= {"most": DEFAULT_MOST}
            part |= {} if "repeat_count" in part else {"another": "Is there another one?"}
        return part


def _type(written: str) -> tuple[str, str, str]:
    words = " ".join(written.split())
    for old, new in _TYPES.items():
        if words == old or words.startswith(f"{old} "):
            words = new + words[len(old) :]
    return words.partition(" ")


def _name(written: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "_", written.strip().lower()).strip("_") or "unnamed"


def _local(row: Row, key: str) -> str | dict[str, str] | None:
    english = row.get(key) or next(
        (
            text
            for column, text in row.items()
            if column.startswith(f"{key}:") and "cy" not in column
        ),
        "",
    )
    welsh = next((text for column, text in row.items() if column == f"{key}{_LANGUAGE}"), "")
    if english and welsh:
        return {"en": english, "cy": welsh}
    return english or None


def _yaml(flow: Mapping[str, Any]) -> str:
    """The flow as YAML that a person can go on with: every text in double quotes, as JSON has them."""
    return "\n".join(_block(flow, 0)) + "\n"


def _block(value: Any, depth: int) -> Iterator[str]:
    lead = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list) and inner:
                yield f"{lead}{key}:"
                yield from _block(inner, depth + 1)
            elif not isinstance(inner, Mapping | list):
                yield f"{lead}{key}: {json.dumps(inner, ensure_ascii=False)}"
        return
    for inner in value:
        rows = list(_block(inner, depth + 1))
        yield f"{lead}- {rows[0].strip()}"
        yield from rows[1:]
