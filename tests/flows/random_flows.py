"""Flows nobody would write, and answers to them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from hypothesis import strategies as st

from bot.flows.acceptance import OK
from bot.flows.loading import load_flow
from bot.flows.model import Flow, Kind, Question
from bot.flows.route import Stop
from bot.flows.run import Answer
from bot.language.replies import Missing

CODES = ("ash", "birch", "cedar", "none")
LISTS = {
    "trees": [
        {"name": "ash", "label": "Ash", "columns": {"kind": "broad"}},
        {"name": "birch", "label": "Birch", "columns": {"kind": "broad"}},
        {"name": "cedar", "label": "Cedar", "columns": {"kind": "conifer"}},
        {"name": "none", "label": "None of these", "alone": True, "columns": {"kind": "any"}},
    ],
    "pair": ["One way", "Another way"],
}
KINDS = [kind for kind in Kind if kind is not Kind.CALCULATE]


@dataclass
class Written:
    """A flow being made up: what its expressions may name, and whether they stand in a repeat."""

    names: list[tuple[str, Kind]] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    count: int = 0

    def name(self) -> str:
        self.count += 1
        return f"q{self.count}"


@st.composite
def conditions(draw: st.DrawFn, written: Written) -> str | None:
    """An expression over what stands before, most often true of something."""
    if not written.names or draw(st.integers(0, 2)) == 0:
        return None
    name, kind = draw(st.sampled_from(written.names))
    number = draw(st.integers(0, 5))
    code = draw(st.sampled_from(CODES[:2]))
    by_kind = {
        Kind.SELECT_ONE: f"${{{name}}} = '{code}' or ${{{name}}} = 'cedar'",
        Kind.SELECT_MULTIPLE: f"selected(${{{name}}}, '{code}')",
        Kind.RANK: f"selected-at(${{{name}}}, 0) = '{code}'",
        Kind.DATE: f"${{{name}}} > date('2026-06-01')",
        Kind.TEXT: f"string-length(${{{name}}}) > {number}",
        Kind.ACKNOWLEDGE: f"${{{name}}} = 'OK'",
    }
    made = by_kind.get(kind, f"${{{name}}} > {number}")
    return draw(st.sampled_from([made, f"not({made})", f"${{{name}}} != ''", f"{made} or 1 = 1"]))


@st.composite
def questions(draw: st.DrawFn, written: Written) -> dict[str, Any]:
    kind = draw(st.sampled_from(KINDS))
    name = written.name()
    made: dict[str, Any] = {"type": kind.value, "name": name, "label": f"Question {name}?"}
    if kind in {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE, Kind.RANK}:
        made["type"] = f"{kind.value} trees"
        if draw(st.booleans()) and kind is not Kind.RANK:
            made["choice_filter"] = "kind = 'broad' or kind = 'any'"
    if kind is Kind.RANGE:
        made["parameters"] = "start=0 end=6 step=2"
    if relevant := draw(conditions(written)):
        made["relevant"] = relevant
    if kind in {Kind.INTEGER, Kind.DECIMAL} and draw(st.booleans()):
        above = [f"${{{other}}}" for other, its in written.names if its is Kind.INTEGER]
        most = draw(st.sampled_from(["40", *above]))
        made |= {"constraint": f". >= 0 and . <= {most}", "constraint_message": "Not that many."}
    if kind is not Kind.NOTE and "constraint" not in made and draw(st.integers(0, 3)) == 0:
        made["required"] = True
    if kind is Kind.INTEGER and draw(st.booleans()):
        made["default"] = "3"
    if kind is not Kind.NOTE:
        written.names.append((name, kind))
    return made


@st.composite
def parts(draw: st.DrawFn, written: Written, depth: int) -> dict[str, Any]:
    shape = draw(st.integers(0, 9)) if depth < 2 else 9
    if shape > 2:
        return draw(questions(written))
    name = written.name()
    relevant = draw(conditions(written))
    before = len(written.names)
    inside = [draw(parts(written, depth + 1)) for _ in range(draw(st.integers(1, 3)))]
    made: dict[str, Any] = {"type": "begin_group", "name": name, "questions": inside}
    if shape == 0:
        made |= {"type": "begin_repeat", "label": "Round", "another": "Another?"}
        made |= {"least": draw(st.integers(0, 2)), "most": draw(st.integers(2, 3))}
        inner = [name for name, kind in written.names[before:] if kind is Kind.INTEGER]
        written.repeated += inner
        del written.names[before:]  # a list outside of it: only sums look at these
    if relevant:
        made["relevant"] = relevant
    return made


@st.composite
def flow_texts(draw: st.DrawFn) -> str:
    written = Written()
    made = [draw(parts(written, 0)) for _ in range(draw(st.integers(1, 6)))]
    if written.repeated:
        total = {"type": "calculate", "name": "total"}
        made.append({**total, "calculation": f"sum(${{{written.repeated[0]}}})"})
        made.append(
            {"type": "text", "name": "why", "label": "${total}?", "relevant": "${total} > 3"}
        )
    used = {one["type"].split()[-1] for one in made}
    lists = {
        name: one for name, one in LISTS.items() if name in used or f'{name}"' in json.dumps(made)
    }
    return json.dumps(
        {"id": "random", "version": "1", "title": "Random", "choices": lists, "questions": made}
    )


@cache
def loaded(text: str) -> Flow | None:
    return load_flow(text, "random.yaml").flow


def flows() -> st.SearchStrategy[Flow]:
    made = flow_texts().map(loaded)
    return made.filter(lambda flow: flow is not None)  # type: ignore[return-value]  # filtered


def right_answers(stop: Stop) -> st.SearchStrategy[Answer]:
    """Answers of the right type, most of which can be taken."""
    question = stop.part
    assert isinstance(question, Question)
    codes = [choice.name for choice in stop.choices()]
    alone = {choice.name for choice in question.choices if choice.alone}
    single = [code for code in codes if code not in alone]
    several = st.lists(st.sampled_from(single), unique=True, min_size=1)
    by_kind: Mapping[Kind, st.SearchStrategy[Any]] = {
        Kind.TEXT: st.text("ab é'\"$<{", min_size=1, max_size=12).filter(str.strip),
        Kind.INTEGER: st.integers(-2, 45),
        Kind.DECIMAL: st.floats(-2, 45, allow_nan=False).map(lambda one: round(one, 3)),
        Kind.RANGE: st.sampled_from([0, 2, 4, 6, 3, 9]),
        Kind.DATE: st.dates(date(2026, 1, 1), date(2027, 1, 1)).map(date.isoformat),
        Kind.ACKNOWLEDGE: st.just(OK),
        Kind.SELECT_ONE: st.sampled_from([*codes, "ash"]),
        Kind.SELECT_MULTIPLE: several.map(tuple) | st.just(("none",)),
        Kind.RANK: st.permutations(codes).map(tuple),
    }
    value = by_kind[question.kind].map(lambda one: Answer(value=one))
    missing = st.sampled_from(Missing).map(lambda one: Answer(missing=one))
    return value | value | missing
