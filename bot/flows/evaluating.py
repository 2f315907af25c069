"""Works expressions out with the library elementpath. Imported by the first expression, not before."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from elementpath import ElementPathError
from elementpath.xpath_tokens import XPathToken

from bot.flows.functions import Around
from bot.flows.grammar import FlowParser, Sight, plain_value
from bot.flows.values import Value, first

TREES: Final = 4096  # parsed expressions that are kept; ours are 300


@lru_cache(maxsize=TREES)
def _tree(xpath: str) -> XPathToken:
    return FlowParser().parse(xpath)


def refusal(xpath: str) -> str:
    """Why an expression cannot be read, as the rest of a sentence; empty where it can."""
    try:
        _tree(xpath)
    except ElementPathError as error:
        return f"cannot be read: {str(error.message).rstrip('.')}"
    except (RecursionError, ArithmeticError, ValueError, TypeError, AttributeError):
        return "cannot be read"
    return ""


def evaluate(xpath: str, variables: Mapping[str, object], around: Around) -> Value | None:
    """What an expression that can be read comes to; None where it cannot be worked out."""
    sight = Sight(item="", variables=dict(variables), current_dt=around.now)  # type: ignore[arg-type]  # our values are theirs
    sight.around = around
    try:
        return first([plain_value(one) for one in _tree(xpath).select(sight)])
    except (ElementPathError, ArithmeticError, ValueError, TypeError):
        return None
