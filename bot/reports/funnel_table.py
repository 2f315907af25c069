"""The funnel of a survey as rows and as text."""

from collections.abc import Iterator

from bot.reports.labels import Labels
from bot.reports.safe_cells import Cell
from bot.results.funnel import Funnel, Stage
from bot.results.published import Release

COLUMNS = ("question", "reached", "quit", "answered", "skipped", "median")


def funnel_rows(release: Release, funnel: Funnel, labels: Labels) -> Iterator[list[Cell]]:
    """What is counted and how, the headings, then a row for each question."""
    yield [labels.say("report.funnel-about", step=funnel.step)]
    yield [labels.say("report.funnel-started"), funnel.started]
    yield [labels.say("report.funnel-completed"), funnel.completed]
    yield []
    yield [labels.say(f"report.funnel-{column}") for column in COLUMNS]
    for stage in funnel.stages:
        question = release.codebook.question(stage.name)
        yield [labels.question(question), *_numbers(stage)]


def funnel_text(release: Release, funnel: Funnel, labels: Labels) -> str:
    """The same for a terminal, numbers in columns."""
    lines = [
        labels.say("report.funnel-about", step=funnel.step),
        f"{labels.say('report.funnel-started')}: {funnel.started}",
        f"{labels.say('report.funnel-completed')}: {funnel.completed}",
        "",
        " ".join(f"{labels.say(f'report.funnel-{column}'):>10}" for column in COLUMNS[1:]),
    ]
    for stage in funnel.stages:
        cells = ("-" if number is None else str(number) for number in _numbers(stage))
        question = labels.question(release.codebook.question(stage.name))
        lines.append(" ".join(f"{cell:>10}" for cell in cells) + f"  {question}")
    return "\n".join(lines)


def _numbers(stage: Stage) -> list[int | None]:
    return [stage.reached, stage.quit, stage.answered, stage.skipped, stage.median_s]
