"""The rule about money: a sum never stands without its year."""

import re
from collections.abc import Iterator
from typing import Final

from bot.errors import Problem
from bot.knowledge.faq import Faq
from bot.knowledge.lint_files import Folder, Passage
from bot.knowledge.lint_prose import Sentence, sentences
from bot.knowledge.lint_rules import Rule, Weight

_SUM = re.compile(r"£\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:pounds?|quid|GBP|pence|p)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![£\d,.])(?<!£ )\b(?:19|20)\d\d\b(?!\s?(?:pounds?|quid|GBP)\b)")
_NO_DATE = re.compile(r"\bno date\b|\bundated\b|\bnot dated\b", re.IGNORECASE)


def money_without_year(folder: Folder) -> Iterator[Problem]:
    """A sum of money says the year it was true for, or that the page carries no date.

    The year may stand in the same sentence, in the one before, or in the one that leads the list.
    """
    for passage in _answers(folder):
        for sentence in sentences(passage.text):
            found = _SUM.search(sentence.text)
            if found and not _is_dated(sentence):
                yield passage.problem(
                    f"`{passage.owner}` names `{found[0].rstrip('.,')}` and no year with it.",
                    'Say when that was true ("£12 in 2023"), or "the page carries no date".',
                    sentence.text,
                )


def _answers(folder: Folder) -> Iterator[Passage]:
    faq = folder.of(Faq)
    return (passage for passage in folder.passages if passage.read is faq and not passage.label)


def _is_dated(sentence: Sentence) -> bool:
    said = " ".join((*sentence.before, sentence.text))
    return bool(_YEAR.search(said) or _NO_DATE.search(said))


RULES: Final = (Rule(id="money-without-year", check=money_without_year, guest=Weight.ADVICE),)
