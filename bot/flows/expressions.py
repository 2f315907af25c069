"""Expressions of a flow: parsed once when it is loaded, evaluated with bounded cost.

They are XLSForm's: `${name}` is an earlier answer, `.` the answer being checked, a bare name a column
of a choice. An expression that cannot be worked out is None, and never an exception.

The library that evaluates them takes a fifth of a second to import, so `evaluating` is imported by the
first expression that is parsed: a process that only answers questions never does.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from bot.flows.functions import FUNCTIONS, XPATH_FUNCTIONS, Around, pattern_fault
from bot.flows.values import NUMBER_LIMIT, TEXT_LIMIT, Items, Value, text, truth

LENGTH_LIMIT: Final = 600  # characters of an expression
DEPTH_LIMIT: Final = 24  # brackets inside brackets: the parser calls itself for each
PART_LIMIT: Final = 120  # operators and functions, for the same reason

KEPT: Final = 4096  # expressions whose XPath is kept; ours are 300
COLUMN: Final = "@"  # before the name of a choice's column among the variables

NAMES: Final = frozenset(FUNCTIONS) | XPATH_FUNCTIONS

_LITERAL: Final = r"'[^']*'|\"[^\"]*\""
_TOKEN = re.compile(rf"(?P<literal>{_LITERAL})|\$\{{(?P<name>[^}}]*)\}}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_CALL = re.compile(r"([A-Za-z_][\w:-]*)\s*\(")
_WORD = re.compile(r"(?<![\w$@-])[A-Za-z_][A-Za-z0-9_-]*")
_SELF = re.compile(r"(?<![\w.])\.(?![\w.])")
_POSITION = re.compile(r"\bposition\(\s*\.\.\s*\)")
_OPERATOR = re.compile(r"[-+*=<>(,]|\b(?:and|or|div|mod)\b")
_OPERATOR_WORDS: Final = frozenset({"and", "or", "div", "mod"})
_PATTERN = re.compile(rf"\bregex\([^,]*,\s*({_LITERAL})\s*\)")


class BadExpression(ValueError):
    """An expression that cannot be read.

    Args:
        what: What is wrong, as the rest of a sentence that begins with the place.
        fix: What to do.
    """

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.fix = fix


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """The values that an expression is evaluated with.

    Attributes:
        answers: Name to value; a list for what a repeat holds. A name that is missing is empty.
        self_value: The answer being checked: `.`.
        columns: The columns of the choice that a filter looks at.
    """

    answers: Mapping[str, Value | Items]
    around: Around
    self_value: Value = ""
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression. Two with the same source are equal.

    Attributes:
        source: As it was written.
        names: The answers it looks at.
        columns: The columns of a choice it looks at.
        uses_self: Whether it looks at the answer being checked.
    """

    source: str
    names: frozenset[str] = field(compare=False)
    columns: frozenset[str] = field(compare=False)
    uses_self: bool = field(compare=False)

    def value(self, sighting: Sighting) -> Value | None:
        """What it comes to; None where it cannot be worked out. Never raises."""
        from bot.flows.evaluating import evaluate  # noqa: PLC0415 - see the top

        value = evaluate(_in_xpath(self.source), _variables(self, sighting), sighting.around)
        return None if value is None else _bounded(value)

    def holds(self, sighting: Sighting, *, otherwise: bool) -> bool:
        """Whether it is true; `otherwise` where it cannot be worked out."""
        value = self.value(sighting)
        return otherwise if value is None else truth(value)


def _variables(expression: Expression, sighting: Sighting) -> dict[str, object]:
    variables: dict[str, object] = {
        name: sighting.answers.get(name, "") for name in expression.names
    }
    variables |= {f"{COLUMN}{name}": value for name, value in sighting.columns.items()}
    variables["_self"] = sighting.self_value
    return variables


def _bounded(value: Value) -> Value | None:
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        return None
    if isinstance(value, int | float) and abs(value) > NUMBER_LIMIT:
        return None
    return value


def parse_expression(source: str, *, is_checked: bool = False) -> Expression:
    """Parse an expression.

    Args:
        source: As it was written.
        is_checked: Whether it was parsed before and nothing was wrong with it.

    Raises:
        BadExpression: With what is wrong and what to do.
    """
    bare = _TOKEN.sub(lambda found: "''" if found["literal"] else "0", source)
    names = {found["name"] for found in _TOKEN.finditer(source) if found["name"] is not None}
    if not is_checked:
        _refuse(source, bare, names)
    return Expression(
        source=source,
        names=frozenset(names),
        columns=_columns(bare),
        uses_self=bool(_SELF.search(bare)),
    )


def _refuse(source: str, bare: str, names: set[str]) -> None:
    """Everything that may be wrong with an expression.

    Raises:
        BadExpression: With what is wrong and what to do.
    """
    _refuse_size(source)
    _refuse_calls(bare)
    _refuse_patterns(source)
    if "$" in bare:
        raise BadExpression("has a lone `$`", "Write an earlier answer as `${name}`.")
    if odd := sorted(name for name in names if not _NAME.match(name)):
        raise BadExpression(
            f"names `${{{odd[0]}}}`, and that is no name",
            "Between the curly brackets stands only the name of a question: letters, digits and _.",
        )
    from bot.flows.evaluating import refusal  # noqa: PLC0415 - see the top

    if fault := refusal(_in_xpath(source)):
        raise BadExpression(fault, "See docs/flows.md.")


@lru_cache(maxsize=KEPT)
def _in_xpath(source: str) -> str:
    """XLSForm's way of writing as XPath: `${name}` as a variable, `.` as one too."""
    parts: list[str] = []
    end = 0
    for found in _TOKEN.finditer(source):
        parts += [_outside(source[end : found.start()])]
        parts += [found["literal"] or f" ${found['name']} "]
        end = found.end()
    return "".join((*parts, _outside(source[end:])))


def _outside(piece: str) -> str:
    return _SELF.sub(" $_self ", _POSITION.sub("position()", piece))


def _columns(bare: str) -> frozenset[str]:
    words = {found[0] for found in _WORD.finditer(_CALL.sub("(", bare).replace("''", " "))}
    return frozenset(words - _OPERATOR_WORDS)


def _refuse_size(source: str) -> None:
    depth = deepest = 0
    for sign in source:
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    parts = len(_OPERATOR.findall(source))
    if len(source) > LENGTH_LIMIT or deepest > DEPTH_LIMIT or parts > PART_LIMIT:
        raise BadExpression(
            f"is larger than {LENGTH_LIMIT} characters, {DEPTH_LIMIT} brackets deep, "
            f"or {PART_LIMIT} parts",
            "Move a part of it into a question of type `calculate`.",
        )


def _refuse_calls(bare: str) -> None:
    for called in _CALL.findall(bare):
        if called not in NAMES | _OPERATOR_WORDS:
            raise BadExpression(
                f"calls `{called}()`, which is not a function here",
                f"Use one of: {', '.join(sorted(NAMES))}.",
            )


def _refuse_patterns(source: str) -> None:
    for written in _PATTERN.findall(source):
        if fault := pattern_fault(written[1:-1]):
            raise BadExpression(f"has a pattern that {fault}", "Use a simpler pattern.")


def as_text(value: Value | None) -> str:
    """A result as text; empty where it could not be worked out."""
    return "" if value is None else text(value)
