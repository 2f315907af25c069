"""Texts of a flow with answers in them: `${name}` becomes what was answered.

An answer becomes plain text first, so that nothing a person wrote can act as markup or as a gap.
"""

import re
from collections.abc import Callable

from bot.messages import plain

_GAP = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


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


def fill_label(text: str, shown: Callable[[str], str]) -> str:
    """Fill the gaps of a text that stands on a button, where nothing is markup."""
    return _GAP.sub(lambda gap: " ".join(shown(gap[1]).split()), text)
