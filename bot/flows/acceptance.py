"""Whether an answer can be taken at a stop, and why not."""

from datetime import date
from enum import StrEnum
from typing import Final

from bot.flows.model import Kind, Question, Repeat
from bot.flows.route import Stop, is_offered, is_right
from bot.flows.run import Answer
from bot.language.replies import Missing

TEXT_LIMIT: Final = 1000  # characters of a text answer
NUMBER_LIMIT: Final = 10**12  # above this a number is a slip
OK: Final = "OK"  # the value of an `acknowledge`
GIVEN: Final = frozenset({Missing.SKIPPED, Missing.DONT_KNOW, Missing.PREFER_NOT_TO_SAY})


class Refusal(StrEnum):
    """Why something was not done."""

    NOT_RUNNING = "not-running"
    NOTHING_PENDING = "nothing-pending"
    IS_A_GATE = "is-a-gate"
    IS_NO_GATE = "is-no-gate"
    WRONG_TYPE = "wrong-type"
    NOT_OFFERED = "not-offered"
    AGAINST_CONSTRAINT = "against-constraint"
    OFF_SCALE = "off-scale"
    TOO_LONG = "too-long"
    NOT_ALL_RANKED = "not-all-ranked"
    REQUIRED = "required"
    NOT_REFUSABLE = "not-refusable"
    NO_SUCH_SLOT = "no-such-slot"
    NO_SUCH_ROUND = "no-such-round"
    TOO_MANY_ROUNDS = "too-many-rounds"
    AT_THE_START = "at-the-start"
    STILL_OPEN = "still-open"
    IS_FINAL = "is-final"


def fault(stop: Stop, answer: Answer) -> Refusal | None:
    """Why an answer cannot be taken at a stop; None where it can."""
    question = stop.part
    if isinstance(question, Repeat):
        return Refusal.IS_A_GATE
    if answer.missing is not None:
        return _missing_fault(stop, question, answer.missing)
    if why := type_fault(question, answer):
        return why
    if not is_offered(question, answer, stop.choices()):
        return Refusal.NOT_OFFERED
    if question.kind is Kind.RANK and len(_codes(answer)) != len(stop.choices()):
        return Refusal.NOT_ALL_RANKED
    return None if is_right(question, answer, stop.sighting) else Refusal.AGAINST_CONSTRAINT


def _missing_fault(stop: Stop, question: Question, missing: Missing) -> Refusal | None:
    if missing not in GIVEN:
        return Refusal.WRONG_TYPE
    if stop.is_required:
        return Refusal.REQUIRED
    if missing is not Missing.SKIPPED and not question.refusable:
        return Refusal.NOT_REFUSABLE
    return None


def _codes(answer: Answer) -> tuple[str, ...]:
    return answer.value if isinstance(answer.value, tuple) else ()


def type_fault(question: Question, answer: Answer) -> Refusal | None:
    """Why a value is none of its question's type; None where it is."""
    value = answer.value
    match question.kind:
        case Kind.TEXT if isinstance(value, str) and value.strip():
            return Refusal.TOO_LONG if len(value) > TEXT_LIMIT else None
        case Kind.INTEGER if isinstance(value, int) and not isinstance(value, bool):
            return None if abs(value) <= NUMBER_LIMIT else Refusal.TOO_LONG
        case Kind.DECIMAL if isinstance(value, int | float) and not isinstance(value, bool):
            return None if abs(value) <= NUMBER_LIMIT else Refusal.TOO_LONG
        case Kind.RANGE if isinstance(value, int | float) and not isinstance(value, bool):
            return None if _is_on_scale(question, float(value)) else Refusal.OFF_SCALE
        case Kind.DATE if isinstance(value, str):
            return None if _is_day(value) else Refusal.WRONG_TYPE
        case Kind.ACKNOWLEDGE:
            return None if value == OK else Refusal.WRONG_TYPE
        case Kind.SELECT_ONE:
            return None if isinstance(value, str) else Refusal.WRONG_TYPE
        case Kind.SELECT_MULTIPLE | Kind.RANK if isinstance(value, tuple):
            return _several_fault(question, value)
        case _:
            return Refusal.WRONG_TYPE


def _several_fault(question: Question, codes: tuple[str, ...]) -> Refusal | None:
    alone = {choice.name for choice in question.choices if choice.alone}
    can_mix = question.kind is Kind.RANK or alone.isdisjoint(codes)
    is_mixed = len(codes) > 1 and not can_mix
    return Refusal.WRONG_TYPE if not codes or len(set(codes)) != len(codes) or is_mixed else None


def _is_on_scale(question: Question, value: float) -> bool:
    limits = question.limits
    if limits is None or not limits.start <= value <= limits.end:
        return False
    steps = (value - limits.start) / limits.step
    return abs(steps - round(steps)) < 1e-9


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def answer_of(question: Question, made: object) -> Answer | None:
    """A default as an answer of the question's type; None where it does not fit."""
    value: str | int | float | tuple[str, ...]
    match question.kind:
        case Kind.SELECT_MULTIPLE | Kind.RANK:
            value = tuple(str(made).split())
        case Kind.INTEGER if isinstance(made, float) and made.is_integer():
            value = int(made)
        case Kind.INTEGER | Kind.DECIMAL | Kind.RANGE if isinstance(made, float):
            value = made
        case _:
            value = str(made)
    answer = Answer(value=value)
    return None if type_fault(question, answer) else answer
