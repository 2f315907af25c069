"""Texts of a flow with answers in them: `${name}` becomes what was answered.

An answer becomes plain text first, so that nothing a person wrote can act as markup or as a gap.
"""

import re
from collections.abc import Callable

from bot.messages import plain

_GAP = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_KEY_GAP = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z_][a-z0-9_]*))?\}")


def gaps_of(text: str) -> frozenset[str]:
    """The names a text has gaps for."""
    return frozenset(_GAP.findall(text))


def fill(text: str, shown: Callable[[str], str]) -> str:
    """Fill the gaps of a text that is light Markdown.

    Args:
        text: As the flow has it.
        shown: Gives what to show for a name, as plain words.
    """
    return _GAP.sub(lambda gap: plain(shown(gap[1])), text)


def columns_of(text: str) -> frozenset[str]:
    """The names of the answers that a key has gaps for."""
    return frozenset(name for name, _ in _KEY_GAP.findall(text))


def fill_key(text: str, code: Callable[[str, str], str]) -> str:
    """Fill the gaps of a key: `${name}` is the code of an answer, `${name:column}` a column of its choice.

    Args:
        text: As the flow has it.
        code: Gives what to put for a name and a column; the column is empty for the code itself.
    """
    return _KEY_GAP.sub(lambda gap: code(gap[1], gap[2] or ""), text)


def fill_label(text: str, shown: Callable[[str], str]) -> str:
    """Fill the gaps of a text that stands on a button, where nothing is markup."""
    return _GAP.sub(lambda gap: " ".join(shown(gap[1]).split()), text)
