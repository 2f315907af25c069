"""A survey that asks where people work: the areas of its workplace, put into its flow when it is opened.

What comes out is a flow like any other, with a hash of its own: who answers, and whoever makes its
results, reads it as it was when the survey was opened, however the map changes meanwhile.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.errors import ContentError
from bot.flows.checking import label_fault
from bot.flows.loading import load_flow
from bot.flows.model import ByArea, Choice, Flow
from bot.knowledge.shapes import LocalText
from bot.knowledge.yaml_text import Value, parse_yaml
from bot.results.shapes import AREA

ELSEWHERE: Final = "elsewhere"
IDS: Final = "areas"  # the column of a choice that says which areas of the map it stands for
LEAST: Final = 2  # areas; with one there is nothing to compare


@dataclass(frozen=True, slots=True)
class AskedArea:
    """One area, or some that are asked together.

    Attributes:
        label: What people read.
        ids: Of the areas of the map.
        names: What each of them is called, where they are asked together.
    """

    label: str
    ids: tuple[str, ...]
    names: tuple[str, ...] = ()


def with_areas(flow: Flow, areas: Sequence[AskedArea]) -> Flow:
    """The flow with a question where people work before all others.

    Returns:
        The flow as it is where it does not ask by area, or where there is nothing to choose between.
    """
    by_area, usable = flow.by_area, _usable(areas)
    if by_area is None or flow.question(AREA) is not None or len(usable) < LEAST:
        return flow
    try:
        value = parse_yaml(flow.text, flow.id).value
    except ContentError:
        return flow  # it was read when it was loaded; a text that was not kept cannot be added to
    lists, questions = _mapping(value).get("choices"), _mapping(value).get("questions")
    if not isinstance(questions, list):
        return flow
    value = {
        **_mapping(value),
        "choices": {**_mapping(lists), AREA: _choices(by_area, usable)},
        "questions": [_question(by_area), *questions],
    }
    asked = load_flow(json.dumps(value, ensure_ascii=False), f"{flow.id}.yaml").flow
    return asked or flow


def areas_of(flow: Flow) -> tuple[Choice, ...]:
    """What a flow asks people to choose from, where it asks for the area they work in."""
    question = flow.question(AREA) if flow.by_area else None
    return question.choices if question else ()


def ids_of(choice: Choice) -> frozenset[str]:
    """The areas of the map that a choice stands for; none for "somewhere else"."""
    return frozenset(choice.columns.get(IDS, "").split())


def _usable(areas: Sequence[AskedArea]) -> tuple[AskedArea, ...]:
    """Those whose label fits on a button, is no command, and stands once."""
    labels: set[str] = set()
    usable = []
    for area in areas:
        folded = " ".join(area.label.lower().split())
        if _is_usable(area.label) and folded not in labels:
            labels.add(folded)
            usable.append(area)
    return tuple(usable)


def _is_usable(label: str) -> bool:
    return label_fault(label) is None and "${" not in label


def _choices(by_area: ByArea, areas: Sequence[AskedArea]) -> list[Value]:
    found: list[Value] = [
        {
            "name": f"area_{n}",
            "label": area.label,
            "synonyms": [name for name in area.names if _is_usable(name)],
            "columns": {IDS: " ".join(area.ids)},
        }
        for n, area in enumerate(areas, start=1)
    ]
    return [*found, {"name": ELSEWHERE, "label": _written(by_area.elsewhere)}]


def _mapping(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _question(by_area: ByArea) -> dict[str, Value]:
    hint = {"hint": _written(by_area.hint)} if by_area.hint else {}
    return {
        "type": f"select_one {AREA}",
        "name": AREA,
        "label": _written(by_area.label),
        **hint,
        "why": _written(by_area.why),
        "sensitive": True,
    }


def _written(text: LocalText) -> Value:
    return dict(text.model_dump(exclude_none=True))
