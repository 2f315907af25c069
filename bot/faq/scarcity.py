"""How few phrasings an entry has: what is learnt of many can be left to them, of few it cannot."""

from typing import Final

FEW: Final = 10  # phrasings of an entry; as many or fewer are few


def scarcity(phrasings: int, entries: int) -> float:
    """How few phrasings a FAQ has for each entry: 1 with ten or fewer, towards 0 with many.

    Args:
        phrasings: All that it has.
        entries: Its entries.
    """
    return min(1.0, FEW * entries / max(phrasings, 1))


def help_for_few(phrasings: int, entries: int) -> float:
    """How much of what helps where phrasings are few a FAQ is given, in [0, 1]: all with ten or fewer.

    The square of the scarcity: a quarter with twenty, next to nothing with eighty, where it does harm.

    Args:
        phrasings: All that it has.
        entries: Its entries.
    """
    return scarcity(phrasings, entries) ** 2
