"""From what a survey left to what may be published of it: its flow as a codebook, and its returns.

Only choices are published: words, days and numbers of an anonymous survey could name somebody. A question
may depend on one earlier choice; then only those who made it count. What depends on anything else is
left out, or the tables could tell who was asked. So is a question whose constraint says more than how many
may be ticked at most: a reader knows the constraint too, and nothing here hides what follows from it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Final

from bot.flows.by_area import areas_of
from bot.flows.expressions import Expression, Sighting
from bot.flows.functions import Around
from bot.flows.model import Flow, Group, Kind, Part, Question
from bot.language.replies import Missing
from bot.results import shapes
from bot.results.published import Release
from bot.results.releasing import make_release
from bot.results.shapes import AREA, Codebook, Filter, Option, Return, State
from bot.service.ports import Row

KINDS: Final = {Kind.SELECT_ONE: shapes.Kind.ONE, Kind.SELECT_MULTIPLE: shapes.Kind.MANY}
_NO_DAY: Final = Around(now=datetime(2000, 1, 1, tzinfo=UTC))  # a filter that asks for it is none
_AT_MOST: Final = re.compile(r"\s*count-selected\(\s*\.\s*\)\s*(<=?)\s*([1-9][0-9]{0,2})\s*")
Placed = tuple[Question, tuple[Expression, ...]]


def release_of(
    flow: Flow, returns: Sequence[Row], closed_on: date, before: Release | None = None
) -> Release:
    """Everything that will ever be published of a survey.

    Args:
        flow: The one its returns followed.
        returns: Rows of `survey_return`.
        closed_on: The day it closed.
        before: What was published of the round before it.
    """
    codebook = codebook_of(flow)
    given = [return_of(codebook, flow.version, str(row["body"])) for row in returns]
    pairs = tuple(pairs_of(flow, codebook))
    return make_release(codebook, given, closed_on=closed_on, pairs=pairs, before=before)


def pairs_of(flow: Flow, codebook: Codebook) -> Iterator[tuple[str, str]]:
    """What is counted by area, where the area was asked; settled with the flow, before anybody answers."""
    published = {question.name for question in codebook.questions}
    if flow.by_area is not None and codebook.areas:
        yield from ((AREA, name) for name in flow.by_area.cross if name in published)


def codebook_of(flow: Flow) -> Codebook:
    """The questions of a flow that may be published, in its own language."""
    published: list[shapes.Question] = []
    for question, conditions in _placed(flow.parts, ()):
        asked_if = _filter(flow, conditions)
        known = {one.name for one in published}
        is_area = question.name == AREA and flow.by_area is not None
        if is_area or question.kind not in KINDS or question.choice_filter is not None:
            continue
        most = _most(question)
        if question.constraint is not None and most is None:
            continue
        if conditions and (asked_if is None or asked_if.question not in known):
            continue
        published.append(_question(question, asked_if, most))
    return Codebook(
        title=flow.title.en,
        version=flow.version,
        questions=tuple(published),
        areas=tuple(Option(choice.name, choice.label.en) for choice in areas_of(flow)),
        anonymous=flow.anonymous,
    )


def return_of(codebook: Codebook, version: str, body: str) -> Return:
    """One return as it was packed: a list of name, slot, value as JSON, and reason."""
    kinds = {question.name: question.kind for question in codebook.questions}
    answers: dict[str, shapes.Answer] = {}
    area: str | None = None
    for name, _slot, value, missing in json.loads(body):
        if name == AREA and codebook.areas:
            area = None if missing is not None else json.loads(value)
        elif name in kinds and missing is not None:
            answers[name] = Missing(missing)
        elif name in kinds:
            said = json.loads(value)
            answers[name] = tuple(said) if kinds[name] is shapes.Kind.MANY else said
    return Return(answers=answers, state=State.COMPLETE, version=version, area=area)


def _placed(parts: tuple[Part, ...], around: tuple[Expression, ...]) -> Iterator[Placed]:
    """Every question outside of repeats, with all that must hold for it."""
    for part in parts:
        conditions = (*around, part.relevant) if part.relevant else around
        if isinstance(part, Question):
            yield part, conditions
        elif isinstance(part, Group):
            yield from _placed(part.parts, conditions)


def _filter(flow: Flow, conditions: tuple[Expression, ...]) -> Filter | None:
    """The one earlier choice that conditions look at, and its codes that let the question be asked."""
    names = {name for one in conditions for name in one.names}
    if len(names) != 1:
        return None
    (name,) = names
    before = flow.question(name)
    if before is None or before.kind is not Kind.SELECT_ONE:
        return None
    codes = (choice.name for choice in before.choices)
    asked = frozenset(code for code in codes if _all_hold(conditions, name, code))
    return Filter(question=name, codes=asked)


def _all_hold(conditions: tuple[Expression, ...], name: str, code: str) -> bool:
    sighting = Sighting(answers={name: code}, around=_NO_DAY)
    return all(one.holds(sighting, otherwise=False) for one in conditions)


def _most(question: Question) -> int | None:
    """How many may be ticked at most; None where the constraint does not say that, and nothing else."""
    said = _AT_MOST.fullmatch(question.constraint.source) if question.constraint else None
    if said is None or question.kind is not Kind.SELECT_MULTIPLE:
        return None
    return int(said[2]) - (said[1] == "<")


def _question(question: Question, asked_if: Filter | None, most: int | None) -> shapes.Question:
    options = tuple(
        Option(choice.name, choice.label.en, alone=choice.alone) for choice in question.choices
    )
    return shapes.Question(
        name=question.name,
        label=question.label.en,
        kind=KINDS[question.kind],
        options=options,
        sensitive=question.sensitive,
        most=most,
        asked_if=asked_if,
    )
