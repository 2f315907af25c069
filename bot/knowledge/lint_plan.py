"""Rules about the action plan: whatever it names is there, every rule can hold, every plan can end."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.errors import Problem
from bot.knowledge.action_plan import AREA_GAPS, FIGURE_GAPS, ActionPlan, Condition
from bot.knowledge.faq import Faq
from bot.knowledge.lint_faq import ids_of
from bot.knowledge.lint_files import Folder, Read, walk
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.lint_shape import at, nearest
from bot.knowledge.shapes import LANGUAGES, LocalText
from bot.knowledge.yaml_text import Path

_GAP = re.compile(r"\{([^{}]*)\}")
_REASON_TEXTS: Final = frozenset({"because"})
_READY_TEXTS: Final = frozenset({"say", "otherwise"})

Named = Iterator[tuple[Path, str, str, Iterable[str]]]  # path, kind, name, known ones
Plan = Read[ActionPlan]


def dead_plan_references(folder: Folder) -> Iterator[Problem]:
    """Whatever the plan names is there."""
    faq = folder.of(Faq)
    entries = ids_of(faq, "entries") if faq else ()
    for plan in folder.each(ActionPlan):
        for path, kind, name, known in _named(plan, entries):
            names = tuple(known)
            if name not in names:
                near = nearest(name, names)
                yield plan.problem(
                    path,
                    f"`{_owner(plan, path)}` names the {kind} `{name}`, which is not there.",
                    f"Did you mean `{near}`?" if near else f"Known ones: {_listed(names)}.",
                )


def unused_plan_parts(folder: Folder) -> Iterator[Problem]:
    """Every block, ready text, gap and source is used, and every step has an action."""
    for plan in folder.each(ActionPlan):
        used = Counter((kind, name) for _, kind, name, _ in _named(plan, ()))
        kinds: tuple[tuple[str, str], ...] = (
            ("steps", "step"),
            ("blocks", "block"),
            ("texts", "ready text"),
            ("gaps", "gap"),
        )
        parts: list[tuple[Path, str, str]] = [
            ((key, n), kind, one.id)
            for key, kind in kinds
            for n, one in enumerate(getattr(plan.shape, key))
        ]
        parts += [(("sources", name), "source", name) for name in plan.shape.sources]
        for path, kind, name in parts:
            if not used[kind, name]:
                yield plan.problem(
                    path,
                    f"Nothing in the plan uses the {kind} `{name}`.",
                    "Name it where it belongs, or take it out.",
                )


def circles(folder: Folder) -> Iterator[Problem]:
    """No action waits for itself, by whatever way round."""
    for plan in folder.each(ActionPlan):
        waits = {action.id: action.after for action in plan.shape.actions}
        for n, action in enumerate(plan.shape.actions):
            if action.id in _waited_for(action.id, waits):
                yield plan.problem(
                    ("actions", n, "after"),
                    f"`{action.id}` comes after itself, so its turn never comes.",
                    "Take one of the names out of an `after` on the way round.",
                )


def odd_conditions(folder: Folder) -> Iterator[Problem]:
    """A condition asks for something, and for something that can be."""
    for plan in folder.each(ActionPlan):
        for path, condition in _conditions(plan):
            owner = _owner(plan, path)
            if condition.is_empty:
                yield plan.problem(
                    path,
                    f"A condition of `{owner}` asks for nothing, so it would always hold.",
                    "Write `answers`, `figures`, `survey` or `barrier` below it, or take it out.",
                )
            for figure, span in condition.figures.items():
                low, high = span.at_least, span.at_most
                if (low is None and high is None) or (
                    low is not None and high is not None and low > high
                ):
                    yield plan.problem(
                        (*path, "figures", figure),
                        f"No number fits what `{owner}` asks of `{figure}`."
                        if low is not None
                        else f"`{owner}` does not say what `{figure}` must come to.",
                        "Write `{at_least: 1}`, `{at_most: 0}`, or both, the smaller one first.",
                    )


def wrong_gaps(folder: Folder) -> Iterator[Problem]:
    """Every gap is one that can be filled; what is said without a number holds no number."""
    for plan in folder.each(ActionPlan):
        for path, text in _texts(plan):
            allowed, fix = _allowed_gaps(plan, path)
            for gap in _GAP.findall(text):
                if gap not in allowed:
                    yield plan.problem(
                        path,
                        f"`{_owner(plan, path)}` has the gap `{{{gap}}}`, which cannot be filled here.",
                        fix,
                        text,
                    )


def unsourced(folder: Folder) -> Iterator[Problem]:
    """Every action, clause and ready text says where it comes from."""
    for plan in folder.each(ActionPlan):
        for key in ("actions", "clauses", "texts"):
            for n, one in enumerate(getattr(plan.shape, key)):
                if not one.sources:
                    yield plan.problem(
                        (key, n, "sources"),
                        f"`{one.id}` has no source.",
                        "Name one of `sources:` at the top of the file, such as `[ours]`.",
                    )


def doubled_plan_rules(folder: Folder) -> Iterator[Problem]:
    """No two rules of an action have one name: a plan remembers by it why an item is there."""
    for plan in folder.each(ActionPlan):
        for n, action in enumerate(plan.shape.actions):
            rules = Counter(rule.id for rule in (*action.leave_out, *action.timing))
            for name in [name for name, count in rules.items() if count > 1]:
                yield plan.problem(
                    ("actions", n), f"`{action.id}` has two rules `{name}`.", "Rename one of them."
                )


def _named(plan: Plan, entries: Iterable[str]) -> Named:
    """Everything the plan names, with what there is of that kind."""
    shape = plan.shape
    known = {
        key: tuple(one.id for one in getattr(shape, key))
        for key in ("steps", "blocks", "texts", "actions", "questions")
    }
    for n, action in enumerate(shape.actions):
        place: Path = ("actions", n)
        yield (*place, "step"), "step", action.step, known["steps"]
        lists = (
            ("texts", "ready text", action.texts, known["texts"]),
            ("blocks", "block", action.blocks, known["blocks"]),
            ("after", "action", action.after, known["actions"]),
        )
        for key, kind, names, there in lists:
            for i, name in enumerate(names):
                yield (*place, key, i), kind, name, there
    for n, block in enumerate(shape.blocks):
        if block.text:
            yield ("blocks", n, "text"), "ready text", block.text, known["texts"]
    yield from _named_entries(plan, entries)
    yield from _named_sources(plan)
    yield from _named_answers(plan)
    for path, text in _texts(plan):
        if path[0] == "texts":
            yield from ((path, "gap", gap, shape.gap_by_id) for gap in _GAP.findall(text))


def _named_entries(plan: Plan, entries: Iterable[str]) -> Named:
    there = tuple(entries)
    owners = [("actions", n, one.entries) for n, one in enumerate(plan.shape.actions)]
    owners += [("clauses", n, one.entries) for n, one in enumerate(plan.shape.clauses)]
    for key, n, names in owners if there else ():
        for i, name in enumerate(names):
            yield (key, n, "entries", i), "entry", name, there
    for n, block in enumerate(plan.shape.blocks if there else ()):
        if block.entry:
            yield ("blocks", n, "entry"), "entry", block.entry, there


def _named_sources(plan: Plan) -> Named:
    for key in ("actions", "clauses", "texts"):
        for n, one in enumerate(getattr(plan.shape, key)):
            for i, name in enumerate(one.sources):
                yield (key, n, "sources", i), "source", name, plan.shape.sources


def _named_answers(plan: Plan) -> Named:
    options = {one.id: tuple(o.id for o in one.options) for one in plan.shape.questions}
    for path, condition in _conditions(plan):
        for question, chosen in condition.answers.items():
            yield (*path, "answers", question), "question", question, options
            for i, name in enumerate(chosen if question in options else ()):
                yield (*path, "answers", question, i), "option", name, options[question]


def _conditions(plan: Plan) -> Iterator[tuple[Path, Condition]]:
    for path, value in walk(plan.shape):
        if isinstance(value, Condition):
            yield path, value


def _texts(plan: Plan) -> Iterator[tuple[Path, str]]:
    for path, value in walk(plan.shape):
        if isinstance(value, LocalText):
            for language in LANGUAGES:
                text = getattr(value, language)
                if text:
                    inner = (*path, language)
                    yield (inner if inner in plan.kept.lines else path), text


def _allowed_gaps(plan: Plan, path: Path) -> tuple[frozenset[str], str]:
    """The gaps that a text at a path may have, and what to do about any other."""
    keys = frozenset(step for step in path if isinstance(step, str))
    if keys & _REASON_TEXTS:
        is_of_area = plan.shape.actions[int(path[1])].each is not None and "timing" in keys
        allowed = FIGURE_GAPS | AREA_GAPS if is_of_area else FIGURE_GAPS
        return allowed, f"Gaps of a reason: {_listed(sorted(allowed))}."
    if path[0] == "texts" and keys & _READY_TEXTS:
        gaps = plan.shape.gap_by_id
        numbers = frozenset(name for name, gap in gaps.items() if gap.number)
        if "otherwise" in keys:
            return frozenset(gaps) - numbers, "It is said where the numbers are unknown: use none."
        return frozenset(gaps), f"Add it under `gaps`. Known ones: {_listed(sorted(gaps))}."
    return frozenset(), "Only reasons and the parts of ready texts have gaps. Take it out."


def _waited_for(action: str, waits: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Every action that must come before one, however far back."""
    found: set[str] = set()
    open_ones = list(waits.get(action, ()))
    while open_ones:
        name = open_ones.pop()
        if name not in found:
            found.add(name)
            open_ones += waits.get(name, ())
    return frozenset(found)


def _owner(plan: Plan, path: Path) -> str:
    return str(at(plan.kept.value, (*path[:2], "id")) or path[-1])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in list(names)[:12]) or "none"


RULES: Final = (
    Rule(id="plan-dead-reference", check=dead_plan_references),
    Rule(id="plan-unused", check=unused_plan_parts, guest=Weight.ADVICE),
    Rule(id="plan-circle", check=circles),
    Rule(id="plan-condition", check=odd_conditions),
    Rule(id="plan-gap", check=wrong_gaps),
    Rule(id="plan-no-source", check=unsourced, guest=Weight.NONE),
    Rule(id="plan-doubled-rule", check=doubled_plan_rules),
)
