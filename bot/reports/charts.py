"""A chart of one question for a branch meeting, and its twin in words with the same numbers."""

from dataclasses import dataclass, replace

from bot.messages import plain
from bot.reports.drawing import BLUE, EDGE, GREY, PALE, WIDTH, Sheet, writable
from bot.reports.labels import Labels
from bot.results.published import CrossTable, Release, Slice, Table, Withheld, percent
from bot.results.shapes import Kind, Question
from bot.results.summaries import spread


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    Attributes:
        label: What it stands for.
        count: How many.
        share: Of 100; None outside the base.
        drawn: The label as it can be drawn.
    """

    label: str
    count: int
    share: int | None
    drawn: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Everything a chart says, before it is drawn or written.

    Attributes:
        title: The question.
        bars: In the order of the question.
        notes: Base, what is not shown, the middle, the source; each one sentence.
    """

    title: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]


def chart_of(release: Release, name: str, labels: Labels) -> Chart:
    """The chart of one question.

    Raises:
        ResultsError: The survey has no such question.
    """
    question = release.codebook.question(name)
    title = labels.question(question)
    if release.returns is None:
        few = labels.say("report.returns-few", threshold=release.threshold)
        return Chart(title=title, bars=(), notes=(few, source_line(release, labels)))
    table = release.table(name)
    if table.withheld is not Withheld.NO:
        return Chart(
            title=title,
            bars=(),
            notes=(withheld_line(table, labels), source_line(release, labels)),
        )
    bars = tuple(_bar(part, table, question, labels) for part in table.slices)
    return Chart(title=title, bars=bars, notes=_notes(release, table, question, labels))


def source_line(release: Release, labels: Labels) -> str:
    """Where the numbers come from, and from how many people on they are shown."""
    return labels.say(
        "report.source",
        title=release.codebook.title,
        day=labels.day(release.closed_on),
        threshold=release.threshold,
    )


def mapped_line(release: Release, labels: Labels) -> str:
    """How many technicians there are on the map, and how many answered; empty without a map."""
    if release.mapped is None:
        return ""
    if release.response is None:
        return labels.say("results.mapped-over", mapped=release.mapped)
    return labels.say("results.mapped", mapped=release.mapped, share=release.response)


def withheld_line(table: Table | CrossTable, labels: Labels) -> str:
    """Why a table shows nothing."""
    is_filter = table.withheld is Withheld.FILTER
    return labels.say("report.filter") if is_filter else labels.say("report.too-few")


def base_line(table: Table, question: Question, labels: Labels) -> str:
    """How many the percentages are of."""
    if question.kind is Kind.MANY:
        return labels.say("report.base-several", count=table.base)
    if any(not part.is_missing and len(part.codes) > 1 for part in table.slices):
        return labels.say("report.base-groups", count=table.base)
    return labels.say("report.base", count=table.base)


def chart_text(chart: Chart, labels: Labels) -> str:
    """The chart in words, as light Markdown: the same numbers in the same order."""
    lines = [f"- {plain(bar_line(bar, labels))}" for bar in chart.bars]
    body = "\n".join(lines)
    notes = "\n\n".join(plain(note) for note in chart.notes)
    return "\n\n".join(part for part in (f"**{plain(chart.title)}**", body, notes) if part)


def bar_line(bar: Bar, labels: Labels) -> str:
    """One bar in words."""
    if bar.share is None:
        return f"{bar.label}: {bar.count}"
    return labels.say("report.line", label=bar.label, count=bar.count, share=bar.share)


def chart_alt(chart: Chart, labels: Labels) -> str:
    """What a screen reader says of the picture."""
    lines = ". ".join([*(bar_line(bar, labels) for bar in chart.bars), *chart.notes])
    return labels.say("report.chart-alt", title=chart.title, lines=lines)


def chart_png(chart: Chart, labels: Labels) -> bytes:
    """The chart as a picture 1,200 pixels wide, readable on a phone and on a wall."""
    sheet = Sheet()
    sheet.text(writable(chart.title) or labels.say("report.column-question"), size=17, bold=True)
    sheet.gap(0.15)
    widest = max((sheet.width_of(_value(bar)) for bar in chart.bars), default=0.0)
    room = WIDTH - 2 * EDGE - widest - 0.1
    for bar in chart.bars:
        _draw(sheet, bar, room)
    for note in chart.notes:
        sheet.text(note, size=11, colour=GREY)
        sheet.gap(0.05)
    return sheet.png()


def _draw(sheet: Sheet, bar: Bar, room: float) -> None:
    """A label, and below it a bar whose grey track is the whole base."""
    sheet.text(bar.drawn, size=13)
    sheet.gap(0.03)
    if bar.share is not None:
        sheet.bar(EDGE, room, 0.24, PALE)
        sheet.bar(EDGE, max(room * bar.share / 100, 0.02), 0.24, BLUE)
    sheet.beside(_value(bar), EDGE + (0 if bar.share is None else room + 0.1), sheet.y + 0.14)
    sheet.gap(0.38)


def _value(bar: Bar) -> str:
    return f"{bar.count}" if bar.share is None else f"{bar.count} ({bar.share}%)"


def _bar(part: Slice, table: Table, question: Question, labels: Labels) -> Bar:
    share = None if part.is_missing or not table.base else percent(part.count, table.base)
    drawn = replace(labels, is_drawn=True).group(question, part.codes)
    return Bar(labels.group(question, part.codes), part.count, share, drawn)


def _notes(release: Release, table: Table, question: Question, labels: Labels) -> tuple[str, ...]:
    notes = [base_line(table, question, labels)]
    if table.hidden:
        names = ", ".join(labels.code(question, code) for code in table.hidden)
        notes.append(labels.say("report.hidden", answers=names))
    middle = spread(table) if question.kind in {Kind.NUMBER, Kind.RANGE, Kind.DATE} else None
    if middle and middle.middle:
        group = labels.group(question, middle.middle.codes)
        notes.append(labels.say("report.middle", group=group))
    return (*notes, source_line(release, labels))
