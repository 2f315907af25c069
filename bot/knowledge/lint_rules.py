"""What a rule is: a name, a check, and how heavy a breach of it weighs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import Problem
from bot.knowledge.lint_files import Folder


class Weight(StrEnum):
    """What a breach of a rule means."""

    ERROR = "error"  # the content may not be used like this
    ADVICE = "advice"  # it works, and could be better
    NONE = "none"  # not looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the content.

    Attributes:
        id: Its name in `docs/content-rules.md` and in the tests.
        check: Yields every breach of it.
        house: What a breach means in our own content.
        guest: What it means in the folder of another union, which need hold no more than
            questions and answers.
    """

    id: str
    check: Callable[[Folder], Iterable[Problem]]
    house: Weight = Weight.ERROR
    guest: Weight = Weight.ERROR
