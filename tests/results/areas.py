"""Random surveys that ask for the area, shaped as ours: two questions by area, filters between them."""

import random

from bot.language.replies import Missing
from bot.results.crossing import Pair
from bot.results.shapes import AREA, Answer, Codebook, Filter, Kind, Question, Return
from tests.results.surveys import complete, one, options

PAIRS: list[Pair] = [(AREA, "heard"), (AREA, "interest")]
ASKED = Filter("registered", frozenset({"once", "no"}))


def codebook(areas: int, *, has_ticks: bool = True) -> Codebook:
    ticks = Question(
        name="titles",
        label="titles?",
        kind=Kind.MANY,
        options=options("p", "q", "none", alone="none"),
        asked_if=Filter("heard", frozenset({"well", "bit"})),
    )
    questions = (
        one("heard", "well", "bit", "never"),
        *((ticks,) if has_ticks else ()),
        one("registered", "yes", "once", "no", sensitive=True),
        one("interest", "soon", "maybe", asked_if=ASKED),
    )
    names = tuple("abcdef"[:areas])
    return Codebook(title="Areas", version="1", questions=questions, areas=options(*names, "else"))


def random_areas(seed: int, *, most: int = 240) -> tuple[Codebook, list[Return], list[Pair]]:
    """From few returns to many, in areas of very different sizes."""
    chance = random.Random(seed)
    book = codebook(chance.randint(2, 4), has_ticks=False)
    weights = [chance.random() ** 2 + 0.02 for _ in book.areas]
    leans = [chance.random() for _ in book.areas]
    returns = []
    for _ in range(chance.randint(12, most)):
        place = chance.choices(range(len(weights)), weights)[0]
        returns.append(_return(book, place, leans[place], chance))
    return book, returns, PAIRS


def _return(book: Codebook, place: int, lean: float, chance: random.Random) -> Return:
    answers: dict[str, Answer] = {}
    for question in book.questions:
        codes = [option.code for option in question.options]
        before = question.asked_if
        if before and answers[before.question] not in before.codes:
            answers[question.name] = Missing.NOT_ASKED
        elif chance.random() < 0.05:
            answers[question.name] = Missing.SKIPPED
        else:
            at = min(int(abs(chance.gauss(lean, 0.35)) * len(codes)), len(codes) - 1)
            answers[question.name] = codes[at]
    return complete(answers, None if chance.random() < 0.07 else book.areas[place].code)
