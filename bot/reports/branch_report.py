"""The one-page report of a branch: what it says, before it becomes a web page or a Word document."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from bot.reports.area_table import area_sentences
from bot.reports.charts import Chart, chart_of, mapped_line, source_line
from bot.reports.labels import Labels, seen
from bot.reports.workplace_map import map_lines, map_png
from bot.results.by_area import area_crossings
from bot.results.limits import SHOWN_FROM
from bot.results.published import Release, Withheld
from bot.results.rounds import Change, changes
from bot.results.shapes import AREA, Kind
from bot.results.workplace import MapNode, for_outside

COMPARED: Final = 1  # of them beside the round before: the workbook has all
HIGHLIGHTS: Final = 3  # questions on the page where none are named: more do not fit


@dataclass(frozen=True, slots=True)
class StepPosition:
    """How far one step of the action plan is."""

    name: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class PlanPosition:
    """Where the action plan stands, and the one next thing to do."""

    steps: tuple[StepPosition, ...]
    next_item: str = ""


@dataclass(frozen=True, slots=True)
class ClausePosition:
    """Where one clause of the agreement stands."""

    name: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchReport:
    """Everything a branch report is made from. What is None or empty is left out.

    Attributes:
        workplace: Its name.
        branch: Whose report it is.
        made_on: The day it is made.
        threshold: From how many people on a number of the map is shown.
        map: The whole map; the report shows what may leave the team.
        release: The released survey.
        before: What was released of the round before it.
        highlights: Names of the questions to show; the first ones where none are named.
        plan: Where the action plan stands.
        agreement: Where each clause stands.
        is_example: Whether it says that it is invented.
    """

    workplace: str
    branch: str
    made_on: date
    threshold: int = SHOWN_FROM
    map: MapNode | None = None
    release: Release | None = None
    before: Release | None = None
    highlights: tuple[str, ...] = ()
    plan: PlanPosition | None = None
    agreement: tuple[ClausePosition, ...] = ()
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; each line with how deep it lies."""

    lines: tuple[tuple[int, str], ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a heading for each column."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and what a screen reader says of it."""

    png: bytes = field(repr=False)
    alt: str


Block = Paragraph | Listing | Grid | Picture | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A report, composed: a title, a line below it, sections."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    language: str


def compose(report: BranchReport, labels: Labels) -> Composed:
    """Say in order what a branch report holds."""
    made = labels.say(
        "report.branch-made", branch=seen(report.branch), day=labels.day(report.made_on)
    )
    invented = (labels.say("report.example"),) if report.is_example else ()
    sections = (
        _map(report, labels),
        _survey(report, labels),
        _mapped(report, labels),
        _since(report, labels),
        _plan(report, labels),
        _agreement(report, labels),
    )
    return Composed(
        title=labels.say("report.branch-title", workplace=seen(report.workplace)),
        lead=(made, *invented),
        sections=tuple(section for section in sections if section.blocks),
        language=labels.language,
    )


def _map(report: BranchReport, labels: Labels) -> Section:
    heading = labels.say("report.heading-map")
    if report.map is None:
        return Section(heading, ())
    outside = for_outside(report.map, report.threshold)
    png = map_png(outside, labels, report.made_on, report.threshold)
    lines = Listing(tuple(map_lines(outside, labels)), labels.say("report.in-words"))
    return Section(heading, (Picture(png, labels.say("report.map-alt")), lines))


def _survey(report: BranchReport, labels: Labels) -> Section:
    heading = labels.say("report.heading-survey")
    release = report.release
    if release is None:
        return Section(heading, ())
    source = Paragraph(source_line(release, labels))
    if release.returns is None:
        few = labels.say("report.returns-few", threshold=release.threshold)
        return Section(heading, (Paragraph(few), source))
    charts = tuple(chart_of(release, name, labels) for name in _shown(report, release))
    count = Paragraph(labels.say("report.returns", count=release.returns))
    own = tuple(_without_source(chart, source.text) for chart in charts)
    return Section(heading, (count, *own, source))


def _shown(report: BranchReport, release: Release) -> tuple[str, ...]:
    """The questions on the page."""
    names = report.highlights or tuple(
        table.name
        for table in release.tables
        if table.withheld is Withheld.NO and table.name != AREA
    )
    return names[:HIGHLIGHTS]


def _without_source(chart: Chart, source: str) -> Chart:
    notes = tuple(note for note in chart.notes if note != source)
    return Chart(title=chart.title, bars=chart.bars, notes=notes)


def _mapped(report: BranchReport, labels: Labels) -> Section:
    heading = labels.say("report.heading-mapped")
    told = mapped_line(report.release, labels) if report.release else ""
    blocks: list[Block] = [Paragraph(told)] if told else []
    if report.release and (lines := area_sentences(report.release, labels)):
        blocks.append(Listing(tuple((0, line) for line in lines)))
        blocks += (Listing(lines, title) for title, lines in _crossed(report.release, labels))
    return Section(heading, tuple(blocks))


def _crossed(
    release: Release, labels: Labels
) -> Iterator[tuple[str, tuple[tuple[int, str], ...]]]:
    """The questions that are counted by area, in words."""
    area = release.codebook.question(AREA)
    for cross in area_crossings(release):
        question = release.codebook.question(cross.columns)
        lines: list[tuple[int, str]] = []
        for group, counts in zip(cross.row_groups, cross.counts, strict=True):
            answers = "; ".join(
                f"{labels.group(question, codes)}: {count}"
                for codes, count in zip(cross.column_groups, counts, strict=True)
            )
            lines.append((0, f"{labels.group(area, group)}. {answers}"))
        yield labels.crossed(area, question), tuple(lines)


def _since(report: BranchReport, labels: Labels) -> Section:
    """What has changed since the round before, in the questions that the page shows."""
    release, before = report.release, report.before
    if release is None or before is None:
        return Section("", ())
    names = _shown(report, release)
    blocks = tuple(
        Listing(tuple(_step_lines(release, change, labels)), _asked(release, change, labels))
        for change in changes(release, before)
        if change.name in names
    )[:COMPARED]
    if not blocks:
        return Section("", ())
    count = labels.say(
        "report.since-returns", before=before.returns or 0, count=release.returns or 0
    )
    heading = labels.say("report.heading-since", day=labels.day(before.closed_on))
    return Section(heading, (Paragraph(count), *blocks))


def _asked(release: Release, change: Change, labels: Labels) -> str:
    return labels.question(release.codebook.question(change.name))


def _step_lines(release: Release, change: Change, labels: Labels) -> Iterator[tuple[int, str]]:
    """Of two answers one is enough: the other is the rest."""
    question = release.codebook.question(change.name)
    is_pair = len(change.steps) == 2 and question.kind is not Kind.MANY
    for step in change.steps[:1] if is_pair else change.steps:
        if step.before_share is not None and step.share is not None:
            label = labels.group(question, step.codes)
            gaps = {"before": step.before_share, "share": step.share}
            yield 0, labels.say("report.since-line", label=label, **gaps)


def _plan(report: BranchReport, labels: Labels) -> Section:
    heading = labels.say("report.heading-plan")
    if report.plan is None:
        return Section(heading, ())
    steps = tuple(
        (0, labels.say("report.plan-step", name=seen(step.name), done=step.done, total=step.total))
        for step in report.plan.steps
    )
    if not report.plan.next_item:
        return Section(heading, (Listing(steps),))
    following = labels.say("report.plan-next", text=seen(report.plan.next_item))
    return Section(heading, (Listing(steps), Paragraph(following)))


def _agreement(report: BranchReport, labels: Labels) -> Section:
    lines = tuple(
        (0, labels.say("report.clause", name=seen(clause.name), state=seen(clause.state)))
        for clause in report.agreement
    )
    return Section(labels.say("report.heading-agreement"), (Listing(lines),) if lines else ())
