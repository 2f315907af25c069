"""What a text answers at a stop: loose words become an answer, or are asked back.

A text that gives a right answer is that answer, never an aside; whoever decides that calls this first.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from bot.flows.acceptance import OK, Refusal, fault
from bot.flows.model import Choice, Kind, Question
from bot.flows.route import Stop
from bot.flows.run import Answer, Inferred
from bot.language.bands import match_band
from bot.language.choices import Picked, Torn, match_choice, match_lead
from bot.language.days import Bound, Day, Precision, Vague
from bot.language.naming import is_name
from bot.language.quantities import Quantity, read_quantity
from bot.language.replies import Missing, read_missing, read_yes_no
from bot.language.several_choices import Several, Unsure, match_choices
from bot.language.when import read_day

YES_NO = (
    ("yes", "no"),
    ("true", "false"),
    ("1", "0"),
)  # codes of a list that "yeah" and "nah" answer
_NAMES_MONTH = re.compile(
    r"\d[./-]\d|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Read:
    """An answer that can be taken.

    Attributes:
        echoes: Whether it has to be said back, since it is not literally what was typed.
    """

    answer: Answer
    echoes: bool = False


@dataclass(frozen=True, slots=True)
class AskBack:
    """Several answers are as likely, and none is picked; or some of a list could not be read.

    Attributes:
        ticked: What is clear already, where several may be chosen.
        unread: What stood beside that and names no option.
    """

    options: tuple[Answer, ...]
    ticked: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfit:
    """An answer that was understood and cannot be taken."""

    answer: Answer
    why: Refusal


Reading = Read | AskBack | Unfit


def read(stop: Stop, text: str, today: date, language: str = "en") -> Reading | None:
    """Read a text as the answer of a stop.

    Args:
        stop: A question; a gate takes no text here.
        text: As typed.
        today: The person's day.
        language: Of the labels they see.

    Returns:
        None where it is no answer at all: an aside, a correction, or babble.
    """
    if not isinstance(stop.part, Question) or not text.strip():
        return None
    found = _by_kind(stop, stop.part, text, today, language)
    if isinstance(found, Read):
        why = fault(stop, found.answer)
        return Unfit(found.answer, why) if why else found
    if found is not None:
        return found
    missing = read_missing(text)
    if missing is None:
        return None
    unsaid = Answer(missing=missing)
    why = fault(stop, unsaid)
    return Unfit(unsaid, why) if why else Read(unsaid)


def read_gate(text: str) -> bool | None:
    """At the gate of a repeat: whether there is another round."""
    said = read_yes_no(text)
    if said is None and read_missing(text) is Missing.SKIPPED:
        return False
    return said


def _by_kind(
    stop: Stop, question: Question, text: str, today: date, language: str
) -> Read | AskBack | None:
    match question.kind:
        case Kind.TEXT:
            is_none = read_missing(text) or (wants_name(question) and not is_name(text))
            return None if is_none else Read(Answer(value=text.strip()))
        case Kind.INTEGER | Kind.DECIMAL | Kind.RANGE:
            return _number(question.kind, read_quantity(text))
        case Kind.DATE:
            return _day(read_day(text, today, prefer=_prefer(question)), text)
        case Kind.ACKNOWLEDGE:
            return Read(Answer(value=OK)) if _agrees(text) else None
        case Kind.SELECT_ONE:
            return _one(stop.choices(), text, language)
        case Kind.SELECT_MULTIPLE:
            return _several(stop.choices(), text, language)
        case Kind.RANK:
            found = _several(stop.choices(), text, language)
            return None if isinstance(found, AskBack) and not found.options else found
        case _:
            return None


def _agrees(text: str) -> bool:
    return text.strip(" .!").lower() in {"ok", "okay", "1"} or read_yes_no(text) is True


def wants_name(question: Question) -> bool:
    """Whether the answer is the name of a place, so that "yes" is none."""
    return "name" in question.appearance.split()


def _prefer(question: Question) -> Literal["future", "past"]:
    return "past" if "past" in question.appearance.split() else "future"


def _number(kind: Kind, found: Quantity | None) -> Read | None:
    if found is None:
        return None
    high = found.low if found.high is None else found.high
    middle = (Decimal(found.low) + Decimal(high)) / 2
    is_whole = middle == middle.to_integral_value()
    if kind is Kind.INTEGER and not is_whole:
        if found.low == found.high:
            return Read(Answer(value=float(middle)))  # refused by its type, and said so
        middle = middle.to_integral_value()
        is_whole = True
    value: int | float = int(middle) if is_whole else float(middle)
    if found.is_exact:
        return Read(Answer(value=value))
    inferred = Inferred(
        low=float(found.low),
        high=None if found.high is None else float(found.high),
        is_about=found.is_about,
    )
    return Read(Answer(value=value, inferred=inferred), echoes=True)


def _day(found: Day | Vague | None, text: str) -> Read | AskBack | None:
    """A day; said back unless it was given by its month, since "next Monday" could be misread."""
    match found:
        case Day():
            is_loose = (
                found.is_inferred
                or found.bound is not Bound.ON
                or found.precision is not Precision.DAY
            )
            inferred = Inferred() if is_loose else None
            echoes = is_loose or not _NAMES_MONTH.search(text)
            return Read(Answer(value=found.last.isoformat(), inferred=inferred), echoes=echoes)
        case Vague(suggestions=days) if days:
            return AskBack(tuple(Answer(value=day.isoformat()) for day in days))
        case _:
            return None


def _one(choices: tuple[Choice, ...], text: str, language: str) -> Read | AskBack | None:
    labels = [choice.label.text(language) for choice in choices]
    synonyms = [(choice.name, *choice.synonyms) for choice in choices]
    match match_choice(text, labels, synonyms):
        case Picked(index=index):
            return Read(Answer(value=choices[index].name))
        case Torn(indexes=indexes):
            return AskBack(tuple(Answer(value=choices[index].name) for index in indexes))
        case None:
            if (lead := match_lead(text, labels)) is not None:
                return Read(Answer(value=choices[lead].name))
            if (band := match_band(text, labels)) is not None:
                return Read(Answer(value=choices[band].name), echoes=True)
            return _yes_no(choices, text)


def _yes_no(choices: tuple[Choice, ...], text: str) -> Read | None:
    said = read_yes_no(text)
    codes = {choice.name for choice in choices}
    for yes, no in YES_NO:
        if said is not None and {yes, no} <= codes:
            return Read(Answer(value=yes if said else no))
    return None


def _several(choices: tuple[Choice, ...], text: str, language: str) -> Read | AskBack | None:
    labels = [choice.label.text(language) for choice in choices]
    synonyms = [(choice.name, *choice.synonyms) for choice in choices]
    match match_choices(text, labels, synonyms):
        case Several(indexes=()):
            alone = [choice.name for choice in choices if choice.alone]
            return Read(Answer(value=(alone[0],))) if alone else None
        case Several(indexes=indexes):
            return Read(Answer(value=tuple(choices[index].name for index in indexes)))
        case Unsure(indexes=clear, doubts=doubts):
            options = [index for doubt in doubts for index in doubt.indexes]
            return AskBack(
                tuple(Answer(value=(choices[index].name,)) for index in dict.fromkeys(options)),
                ticked=tuple(choices[index].name for index in clear),
                unread=tuple(doubt.text for doubt in doubts if not doubt.indexes),
            )
        case None:
            return None
