"""An invented workplace, its map and its survey, for the examples in `docs/examples/` and for tests."""

import random
from dataclasses import replace
from datetime import date
from typing import Final

from bot.language.replies import Missing
from bot.results.published import MappedArea, Release
from bot.results.releasing import make_release
from bot.results.shapes import AREA, Answer, Codebook, Kind, Option, Question, Return, State
from bot.results.workplace import Heads, MapNode, Provenance

CLOSED: Final = date(2026, 11, 20)
AREAS: Final = (
    Option("turbines", "Turbine hall"),
    Option("chemistry", "Chemistry laboratory"),
    Option("control", "Control and instruments"),
    Option("nights", "Night shift maintenance"),
)
QUESTIONS: Final = (
    Question(
        name="heard",
        label="Had you heard of technician registration before today?",
        kind=Kind.ONE,
        options=(
            Option("well", "Yes, I know it well"),
            Option("heard", "I had heard of it"),
            Option("no", "No"),
        ),
        scale=True,
        purpose="To know where to begin",
    ),
    Question(
        name="interest",
        label="Would you like to register?",
        kind=Kind.ONE,
        options=(Option("yes", "Yes"), Option("perhaps", "Perhaps"), Option("no", "No")),
        purpose="To plan a drop-in session",
    ),
    Question(
        name="barriers",
        label="What stands in the way? Tick all that apply.",
        kind=Kind.MANY,
        options=(
            Option("cost", "The cost"),
            Option("time", "No time at work"),
            Option("know", "I do not know how to begin"),
            Option("proof", "Collecting the evidence of what I can do"),
            Option("manager", "My manager would not support it"),
            Option("nothing", "Nothing", alone=True),
        ),
        purpose="To know what to ask the employer for",
    ),
    Question(
        name="years",
        label="How many years have you been a technician?",
        kind=Kind.NUMBER,
        purpose="The route to registration depends on it",
        bands=(2, 5, 10, 20),
    ),
    Question(
        name="discipline",
        label="Have you been treated worse for being active in the union?",
        kind=Kind.ONE,
        options=(Option("yes", "Yes"), Option("no", "No")),
        sensitive=True,
        purpose="To support those who were",
    ),
)
CODEBOOK: Final = Codebook(
    title="Technician survey, Example Power Station",
    version="1",
    questions=QUESTIONS,
    areas=AREAS,
)
PAIRS: Final = ((AREA, "heard"), (AREA, "interest"))  # as the technician survey has them
EARLIER: Final = date(2026, 5, 15)
MAPPED: Final = 118
MAPPED_AREAS: Final = (
    MappedArea(code="turbines", technicians=40, awareness="some"),
    MappedArea(code="chemistry", technicians=26, awareness="none"),
    MappedArea(code="control", technicians=24, awareness="good"),
    MappedArea(code="nights", technicians=28, awareness="none"),
)
MAP: Final = MapNode(
    names=("Example Power Station",),
    heads=Heads(MAPPED, MAPPED, Provenance.ESTIMATED),
    registered=17,
    mapped_at=date(2026, 11, 2),
    children=(
        MapNode(
            names=("Operations",),
            level=1,
            heads=Heads(64, 64, Provenance.COUNTED),
            registered=11,
            mapped_at=date(2026, 10, 28),
            children=(
                MapNode(
                    names=("Turbine hall",),
                    level=2,
                    heads=Heads(40, 40, Provenance.COUNTED),
                    registered=6,
                    mapped_at=date(2026, 10, 28),
                ),
                MapNode(
                    names=("Control and instruments",),
                    level=2,
                    heads=Heads(24, 24, Provenance.COUNTED),
                    registered=5,
                    mapped_at=date(2026, 10, 28),
                ),
            ),
        ),
        MapNode(
            names=("Laboratories",),
            level=1,
            heads=Heads(26, 26, Provenance.TOLD),
            registered=6,
            mapped_at=date(2026, 11, 2),
            children=(
                MapNode(
                    names=("Chemistry laboratory",), level=2, heads=Heads(22, 22, Provenance.TOLD)
                ),
                MapNode(
                    names=("Calibration bench",), level=2, heads=Heads(4, 4, Provenance.COUNTED)
                ),
            ),
        ),
        MapNode(
            names=("Night shift maintenance",), level=1, heads=Heads(20, 36, Provenance.RANGE)
        ),
        MapNode(names=("Stores and yard",), level=1),
    ),
)


def returns() -> list[Return]:
    """What came in: 61 complete returns, some partial ones, and one of a test."""
    chance = random.Random(4)  # noqa: S311 - an invented workplace, the same one every time
    found = [_return(chance, State.COMPLETE) for _ in range(61)]
    found += [_return(chance, State.PARTIAL) for _ in range(12)]
    return [*found, _return(chance, State.TEST)]


def release() -> Release:
    """The survey as it was released when it closed."""
    made = make_release(CODEBOOK, returns(), closed_on=CLOSED, pairs=PAIRS, before=earlier())
    return replace(made, mapped=MAPPED, areas=MAPPED_AREAS, awareness="heard")


def earlier() -> Release:
    """The round before it, half a year ago: 40 returns."""
    chance = random.Random(11)  # noqa: S311 - as above
    found = [_return(chance, State.COMPLETE) for _ in range(40)]
    return make_release(CODEBOOK, found, closed_on=EARLIER, pairs=PAIRS)


def _return(chance: random.Random, state: State) -> Return:
    barriers = tuple(code for code in ("cost", "time", "know", "proof") if chance.random() < 0.45)
    answers: dict[str, Answer] = {
        "heard": chance.choices(["well", "heard", "no"], [2, 4, 5])[0],
        "interest": chance.choices(["yes", "perhaps", "no"], [5, 4, 2])[0],
        "barriers": barriers or ("nothing",),
        "years": chance.randint(0, 35),
        "discipline": chance.choices(["yes", "no"], [2, 5])[0],  # enough of each to be shown
    }
    if chance.random() < 0.1:
        answers["interest"] = Missing.SKIPPED
    if chance.random() < 0.15:
        answers["discipline"] = Missing.PREFER_NOT_TO_SAY
    if state is State.PARTIAL:
        kept = chance.randint(1, 3)
        answers = dict(list(answers.items())[:kept])
    area = chance.choices([area.code for area in AREAS], [20, 14, 12, 15])[0]
    return Return(answers=answers, state=state, version="1", area=area)
