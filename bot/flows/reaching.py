"""What can be reached in a flow: found by trying every answer of the questions with choices.

Where a condition also depends on a number, a text or a day nothing is said: it might hold.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import combinations, islice, product
from typing import Final

from bot.flows.expressions import Expression, Sighting
from bot.flows.functions import Around
from bot.flows.model import CHOICE_KINDS, Flow, Group, Kind, Name, Part, Question, Repeat
from bot.flows.source import Source
from bot.flows.values import Value
from bot.knowledge.lint_shape import nearest
from bot.knowledge.yaml_text import Path

TRY_LIMIT: Final = 3000  # sets of answers that are tried for one condition; 0.1 s at the most
MULTIPLE_LIMIT: Final = 8  # options of a `select_multiple` whose every subset is tried
NUMBERS: Final = tuple(float(n) for n in range(-5, 301))  # tried as answers to a number question
_DIGITS = re.compile(r"\d+(?:\.\d+)?")
_COMPARED = re.compile(r"""\$\{(\w+)\}\s*!?=\s*(?:'([^']*)'|"([^"]*)")""")
_SELECTED = re.compile(r"""selected\(\s*\$\{(\w+)\}\s*,\s*(?:'([^']*)'|"([^"]*)")\s*\)""")
_SOME_DAY: Final = Around(now=datetime(2026, 11, 21, 12, tzinfo=UTC))


def never_asked(source: Source, flow: Flow) -> None:
    """Every part can be reached: some answers make it relevant."""
    for path, part, conditions in _conditioned(source, flow):
        if part.relevant is not None and not _possible(flow, conditions):
            source.report(
                (*path, "relevant"),
                f"`{part.name}` is never asked: no answers make its `relevant` hold.",
                "Correct `relevant`, or take the question out.",
            )


def unanswerable(source: Source, flow: Flow) -> None:
    """Every question that must be answered can be: some answer gets past it."""
    for path, part, conditions in _conditioned(source, flow):
        if not isinstance(part, Question) or not part.is_asked:
            continue
        if part.constraint is not None and not _some_answer(flow, part):
            source.report(
                (*path, "constraint"),
                f"`{part.name}` is a dead end: no answer is right.",
                "Correct `constraint`.",
            )
        if part.choice_filter is not None and not _some_choice(flow, part, conditions):
            source.report(
                (*path, "choice_filter"),
                f"`{part.name}` is a dead end: the filter leaves no choice.",
                "Correct `choice_filter`, or the columns of the choices.",
            )


def impossible_codes(source: Source, flow: Flow) -> None:
    """A code that an answer is compared with is one of its list."""
    for path, part, _ in _conditioned(source, flow):
        for key in ("relevant", "required", "constraint", "calculation", "repeat_count"):
            expression = getattr(part, key, None)
            if not isinstance(expression, Expression):
                continue
            for name, code in _codes_compared(expression.source):
                codes = _codes(flow, name)
                if codes and code and code not in codes:
                    near = nearest(code, codes)
                    source.report(
                        (*path, key),
                        f"`{key}` of `{part.name}` looks for `{code}`, which is no choice of "
                        f"`{name}`.",
                        f"Did you mean `{near}`?" if near else f"Its codes: {', '.join(codes)}.",
                    )


def nothing_asked(source: Source, flow: Flow) -> None:
    """A flow asks something."""
    if not any(question.is_asked for question in flow.questions) and not source.problems:
        source.report(("questions",), "The flow asks nothing.", "Add a question.")


def _codes_compared(written: str) -> Iterator[tuple[str, str]]:
    for found in (*_COMPARED.finditer(written), *_SELECTED.finditer(written)):
        yield found[1], found[2] or found[3] or ""


def _codes(flow: Flow, name: str) -> tuple[str, ...]:
    question = flow.question(name)
    return tuple(choice.name for choice in question.choices) if question else ()


def _conditioned(
    source: Source, flow: Flow
) -> Iterator[tuple[Path, Part, tuple[Expression, ...]]]:
    """Every part with its place, and every condition that must hold for it."""
    place_by_name = {placed.shape.name: placed.path for placed in source.parts()}
    waiting: list[tuple[Part, tuple[Expression, ...]]] = [(part, ()) for part in flow.parts]
    while waiting:
        part, around = waiting.pop()
        conditions = (*around, part.relevant) if part.relevant else around
        yield place_by_name[part.name], part, conditions
        if isinstance(part, Group | Repeat):
            waiting += [(inner, conditions) for inner in part.parts]


def _possible(flow: Flow, conditions: tuple[Expression, ...]) -> bool:
    """Whether some answers make all conditions hold; True where it cannot be found out."""
    names = _needed(flow, conditions)
    options = [_answers(flow, name) for name in names]
    if any(one is None for one in options):
        return True
    tried = product(*(one for one in options if one is not None))
    for count, values in enumerate(islice(tried, TRY_LIMIT + 1)):
        if count == TRY_LIMIT:
            return True
        if _holds(flow, conditions, dict(zip(names, values, strict=True))):
            return True
    return False


def _holds(flow: Flow, conditions: tuple[Expression, ...], values: Mapping[str, Value]) -> bool:
    """Whether conditions hold when these answers are given, in the order of the flow."""
    answers: dict[str, Value] = {}
    for name, value in values.items():
        question = flow.question(name)
        is_asked = question is None or _holds_alone(question.relevant, answers)
        answers[name] = value if is_asked else ""
    return all(_holds_alone(one, answers) for one in conditions)


def _holds_alone(expression: Expression | None, answers: Mapping[str, Value]) -> bool:
    if expression is None:
        return True
    return expression.holds(Sighting(answers=answers, around=_SOME_DAY), otherwise=True)


def _needed(flow: Flow, conditions: tuple[Expression, ...]) -> list[str]:
    """The names that conditions depend on, and those that these depend on, in flow order."""
    found: set[str] = set()
    waiting = [name for one in conditions for name in one.names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            question = flow.question(name)
            waiting += question.relevant.names if question and question.relevant else ()
    order = list(flow.part_by_name)
    return sorted(found, key=lambda name: order.index(Name(name)) if name in order else -1)


def _answers(flow: Flow, name: str) -> list[Value] | None:
    """Every answer a question may have; None where there are too many, or it repeats."""
    question = flow.question(name)
    if question is None or flow.repeats_by_name.get(Name(name)):
        return None
    codes = _codes(flow, name)
    match question.kind:
        case Kind.SELECT_ONE:
            return ["", *codes]
        case Kind.ACKNOWLEDGE:
            return ["", "OK"]
        case Kind.SELECT_MULTIPLE if len(codes) <= MULTIPLE_LIMIT:
            subsets = (combinations(codes, size) for size in range(len(codes) + 1))
            return [" ".join(one) for some in subsets for one in some]
        case _:
            return None


def _some_answer(flow: Flow, question: Question) -> bool:
    """Whether a constraint that looks at nothing but the answer can hold."""
    if question.constraint is None or question.constraint.names:
        return True
    match question.kind:
        case Kind.INTEGER | Kind.DECIMAL | Kind.RANGE:
            near = [float(found) for found in _DIGITS.findall(question.constraint.source)]
            tried: list[Value] = [*NUMBERS, *(one + step for one in near for step in (-1, 0, 1))]
        case kind if kind in CHOICE_KINDS:
            tried = _answers(flow, question.name) or []
        case _:
            return True
    return not tried or any(
        question.constraint.holds(
            Sighting(answers={}, around=_SOME_DAY, self_value=value), otherwise=True
        )
        for value in tried
        if value != ""
    )


def _some_choice(flow: Flow, question: Question, conditions: tuple[Expression, ...]) -> bool:
    """Whether a filter ever leaves a choice."""
    if question.choice_filter is None:
        return True
    names = _needed(flow, (*conditions, question.choice_filter))
    options = [_answers(flow, name) for name in names]
    if any(one is None for one in options):
        return True
    tried = product(*(one for one in options if one is not None))
    for count, values in enumerate(islice(tried, TRY_LIMIT // 4 + 1)):
        if count == TRY_LIMIT // 4:
            return True
        answers = dict(zip(names, values, strict=True))
        for choice in question.choices:
            sighting = Sighting(answers=answers, around=_SOME_DAY, columns=choice.columns)
            if question.choice_filter.holds(sighting, otherwise=True):
                return True
    return False
