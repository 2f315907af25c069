"""The grammar of expressions: XPath 1.0 without its paths, with ODK's functions.

The library elementpath parses and walks the tree; here stands which symbols there are. What walks a
document (`/`, `[`, axes, node tests) is not among them, so that an expression sees nothing but the
values it is given. Comparison and arithmetic go by XPath 1.0 to the letter: the library raises where
a text is no number, and a person's empty answer must not.
"""

import math
import operator
from collections.abc import Callable, Iterator
from copy import copy
from itertools import product
from typing import Any, Final

from elementpath import XPath1Parser, XPathContext
from elementpath.xpath_tokens import NameToken, XPathToken

from bot.flows.expressions import COLUMN
from bot.flows.functions import FUNCTIONS, XPATH_FUNCTIONS, Around
from bot.flows.values import TEXT_LIMIT, Items, Value, first, number, truth

_SPECIAL: Final = frozenset(
    ["(start)", "(end)", "(string)", "(float)", "(decimal)", "(integer)", "(invalid)", "(unknown)"]
)
_SYMBOLS: Final = frozenset(["$", "(", ")", ",", "and", "or"])
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Sight(XPathContext):
    """All that an expression can see: its variables, the answer being checked, and what is around."""

    around: Around


class _Column(NameToken):
    """A bare name: a column of the choice that a filter looks at."""

    def evaluate(self, context: Any = None) -> Any:
        if context is None:
            raise self.missing_context()
        return context.variables.get(f"{COLUMN}{self.value}", "")

    def select(self, context: Any = None) -> Iterator[Any]:
        yield self.evaluate(context)


class FlowParser(XPath1Parser):
    """Parses the expressions of flows."""

    symbol_table = {  # noqa: RUF012 - the library keeps one per class
        **{
            name: token
            for name, token in XPath1Parser.symbol_table.items()
            if name in _SPECIAL | _SYMBOLS | XPATH_FUNCTIONS
        },
        "(name)": _Column,
    }
    tokenizer = None


def _items(token: XPathToken, context: XPathContext | None) -> list[Value]:
    """The values of a part of an expression, at most as large as a value may be."""
    if context is None:
        raise token.missing_context()
    return [plain_value(one) for one in token.select(copy(context))]


def plain_value(one: object) -> Value:
    """What the library made, as one of our values, and no larger than a value may be."""
    if isinstance(one, str):
        return one[:TEXT_LIMIT]
    return one if isinstance(one, bool) else number(one)


def _compares(symbol: str) -> Callable[..., bool]:
    compare = _COMPARE[symbol]

    def evaluate(self: XPathToken, context: XPathContext | None = None) -> bool:
        left, right = _items(self[0], context), _items(self[1], context)
        return any(_compare(symbol, compare, one, two) for one, two in product(left, right))

    return evaluate


def _compare(symbol: str, compare: Callable[[Any, Any], bool], one: Value, two: Value) -> bool:
    if symbol not in {"=", "!="}:
        return compare(number(one), number(two))
    if isinstance(one, bool) or isinstance(two, bool):
        return compare(truth(one), truth(two))
    if isinstance(one, str) and isinstance(two, str):
        return compare(one, two)
    return compare(number(one), number(two))


def _calculates(does: Callable[[float, float], float]) -> Callable[..., float]:
    def evaluate(self: XPathToken, context: XPathContext | None = None) -> float:
        values = [number(first(_items(part, context))) for part in self]
        one, two = values if len(values) == 2 else (0.0, values[0])  # a sign: `-3` is `0 - 3`
        return does(one, two)

    return evaluate


def _divide(one: float, two: float) -> float:
    if two == 0:
        return math.nan if one == 0 or math.isnan(one) else math.copysign(math.inf, one)
    return one / two


def _remainder(one: float, two: float) -> float:
    return math.nan if two == 0 or math.isinf(one) else math.fmod(one, two)


def _calls(does: Callable[..., Value]) -> Callable[..., Value]:
    def evaluate(self: XPathToken, context: XPathContext | None = None) -> Value:
        given: list[Items] = [_items(part, context) for part in self]
        if not isinstance(context, Sight):
            raise self.missing_context()
        made = does(context.around, *given)
        return made[:TEXT_LIMIT] if isinstance(made, str) else made

    return evaluate


def _no_operand(self: XPathToken) -> XPathToken:
    raise self.wrong_syntax()


def _define() -> None:
    """Put our own operators and functions into the parser's table, beside the library's."""
    table = FlowParser.symbol_table
    operators: dict[str, Callable[..., Value]] = {symbol: _compares(symbol) for symbol in _COMPARE}
    operators |= {
        "+": _calculates(operator.add),
        "-": _calculates(operator.sub),
        "*": _calculates(operator.mul),
        "div": _calculates(_divide),
        "mod": _calculates(_remainder),
    }
    for symbol, evaluate in operators.items():
        base = XPath1Parser.symbol_table[symbol]
        table[symbol] = type(f"_Flow{base.__name__}", (base,), {"evaluate": evaluate})
    table["*"] = type("_Times", (table["*"],), {"nud": _no_operand})  # in a path it is any name
    for name, function in FUNCTIONS.items():
        exact = function.least == function.most
        nargs = function.least if exact else (function.least, function.most)
        token = FlowParser.function(name, nargs=nargs)
        table[name] = type(f"_Flow{token.__name__}", (token,), {"evaluate": _calls(function.does)})


_define()
