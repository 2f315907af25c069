"""Surveys for the tests: one that is like ours, and random ones of every shape."""

import random
from collections.abc import Mapping
from datetime import date

from bot.language.replies import Missing
from bot.results.crossing import Pair
from bot.results.published import Release
from bot.results.releasing import Limits, make_release
from bot.results.shapes import (
    AREA,
    Answer,
    Codebook,
    Filter,
    Kind,
    Option,
    Question,
    Return,
    State,
)

CLOSED = date(2026, 11, 20)
YES_NO = (Option("yes", "Yes"), Option("no", "No"))


def options(*codes: str, alone: str = "") -> tuple[Option, ...]:
    return tuple(Option(code, code.title(), alone=code == alone) for code in codes)


def one(name: str, *codes: str, **more: object) -> Question:
    return Question(name=name, label=f"{name}?", kind=Kind.ONE, options=options(*codes), **more)  # type: ignore[arg-type]  # a shorthand of the tests


def complete(answers: Mapping[str, Answer], area: str | None = None) -> Return:
    return Return(answers=answers, state=State.COMPLETE, version="1", area=area)


def released(
    codebook: Codebook,
    returns: list[Return],
    *pairs: Pair,
    limits: Limits | None = None,
) -> Release:
    return make_release(codebook, returns, closed_on=CLOSED, pairs=pairs, limits=limits)


def said(name: str, **count_by_code: int) -> list[dict[str, Answer]]:
    """Answers to one question, as often as asked for; a code of `Missing` is one."""
    return [
        {
            name: Missing(code.replace("_", "-"))
            if code.replace("_", "-") in list(Missing)
            else code
        }
        for code, count in count_by_code.items()
        for _ in range(count)
    ]


def random_survey(seed: int) -> tuple[Codebook, list[Return], list[Pair]]:
    """Three or four questions, one of several answers among them, crossed along a random tree."""
    chance = random.Random(seed)
    several = Question(
        name="m",
        label="m?",
        kind=Kind.MANY,
        options=options("p", "q", "n", alone="n" if chance.random() < 0.5 else ""),
        most=chance.choice([None, None, 2]),
        sensitive=chance.random() < 0.2,
    )
    codes = "abcde"
    singles = [
        one(
            name,
            *codes[: chance.randint(2, 4)],
            sensitive=chance.random() < 0.2,
            scale=chance.random() < 0.3,
        )
        for name in "xyz"[: chance.randint(2, 3)]
    ]
    if len(singles) > 2 and chance.random() < 0.5:
        kept = frozenset(o.code for o in singles[0].options if chance.random() < 0.6) or {"a"}
        last = one(
            "z", *(o.code for o in singles[2].options), asked_if=Filter("x", frozenset(kept))
        )
        singles[2] = last
    questions = (*singles, several) if len(singles) < 3 else tuple(singles)
    codebook = Codebook(title="Random", version="1", questions=questions)
    returns = [_random_return(questions, chance) for _ in range(chance.randint(8, 90))]
    return codebook, returns, _random_tree(codebook, chance)


def _random_return(questions: tuple[Question, ...], chance: random.Random) -> Return:
    answers: dict[str, Answer] = {}
    lean = chance.random() ** 2
    for question in questions:
        if (
            question.asked_if
            and answers[question.asked_if.question] not in question.asked_if.codes
        ):
            answers[question.name] = Missing.NOT_ASKED
        elif chance.random() < 0.05:
            answers[question.name] = Missing.SKIPPED
        else:
            answers[question.name] = _random_answer(question, chance, lean)
    return complete(answers)


def _random_answer(question: Question, chance: random.Random, lean: float) -> Answer:
    codes = [option.code for option in question.options]
    if question.kind is Kind.MANY:
        most = question.most or len(codes)
        alone = {option.code for option in question.options if option.alone}
        picked = tuple(code for code in codes if chance.random() < 0.4)[:most]
        if alone & set(picked) or not picked:
            return (next(iter(alone)),) if alone else (chance.choice(codes),)
        return picked
    place = min(int(abs(chance.gauss(lean, 0.4)) * len(codes)), len(codes) - 1)
    return codes[place]


def _random_tree(codebook: Codebook, chance: random.Random) -> list[Pair]:
    """Pairs that form no ring, each node hung on an earlier one or left alone."""
    names = [question.name for question in codebook.asked() if question.name != AREA]
    tied = {q.name for q in codebook.questions if q.asked_if}
    pairs: list[Pair] = []
    for place, name in enumerate(names[1:], 1):
        if name not in tied and chance.random() < 0.85:
            pairs.append((chance.choice(names[:place]), name))
    return pairs
