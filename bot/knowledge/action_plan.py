"""The action plan: its three steps, their actions, what blocks people, and the agreement clauses.

What it says is written down by editors; what becomes of it in one workplace is `bot/coach`'s. An
action is asked for, left out, or moved in time by conditions over the five opening questions, the
workplace map and the survey: small enough to be read aloud, and checked by the linter.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Field

from bot.knowledge.shapes import Line, Shape, Slug, Source, Words

Figure = Literal[
    "technicians",
    "registered",
    "areas",
    "areas-not-counted",
    "areas-not-asked",
    "areas-old",
    "returns",
]
FIGURES: Final[tuple[str, ...]] = get_args(Figure)
AREA_GAPS: Final = frozenset({"area", "area_technicians"})  # where there is an item an area
FIGURE_GAPS: Final = frozenset(figure.replace("-", "_") for figure in FIGURES)
SurveyState = Literal["not-started", "open", "closed"]
Barrier = Literal[
    "cost", "time", "how", "benefit", "qualifications", "employer", "paperwork", "other"
]
Each = Literal["areas-not-asked", "areas-not-counted"]
Meeting = Literal["branch", "management"]
TextKind = Literal["motion", "agenda", "letter", "poster", "benefits", "message"]
GapName = Annotated[str, Field(pattern=r"^[a-z]+(_[a-z]+)*$")]
Whole = Annotated[int, Field(ge=0, le=100_000)]
Days = Annotated[int, Field(ge=0, le=366)]


class Range(Shape):
    """What a figure must come to; both ends count."""

    at_least: Whole | None = None
    at_most: Whole | None = None

    def holds(self, number: int | None) -> bool:
        """Whether a figure is in it; one that nobody knows is in none."""
        if number is None:
            return False
        return (self.at_least is None or number >= self.at_least) and (
            self.at_most is None or number <= self.at_most
        )


class Condition(Shape):
    """What must be so in a workplace: all of it.

    Attributes:
        answers: Opening question to the options of which one was chosen.
        figures: Figure of the map or the survey to what it must come to.
        survey: Where the survey must stand.
        barrier: What must be named most often as being in the way.
    """

    answers: Mapping[Slug, tuple[Slug, ...]] = Field(default_factory=dict)
    figures: Mapping[Figure, Range] = Field(default_factory=dict)
    survey: tuple[SurveyState, ...] = ()
    barrier: tuple[Barrier, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing, and so would always hold."""
        return not (self.answers or self.figures or self.survey or self.barrier)


class Rule(Shape):
    """What a condition does to an action, and what the plan then says of it.

    Attributes:
        because: Said to the rep. May hold the gaps of `FIGURE_GAPS` and `AREA_GAPS`.
        days: How much earlier (below 0) or later the action then falls due.
    """

    id: Slug
    when: Condition
    because: Words
    days: Annotated[int, Field(ge=-366, le=366)] = 0


class Choice(Shape):
    """One way to answer an opening question."""

    id: Slug
    title: Words


class Opening(Shape):
    """One of the five questions a plan is built from."""

    id: Slug
    question: Words
    why: Words
    options: tuple[Choice, ...]


class Before(Shape):
    """That an action falls due before a meeting, where its day is known."""

    meeting: Meeting
    days: Days


class Step(Shape):
    """One of the three steps."""

    id: Slug
    title: Words
    what: Words


class Action(Shape):
    """One thing to do.

    Attributes:
        what: What it is.
        why: Why it matters; said of every item that no rule says more about.
        first: The first small act.
        minutes: How long that takes: ten at most.
        done_when: How one knows that it is done.
        script: What to say, word for word.
        texts: Ready texts that go with it.
        entries: FAQ entries that go with it.
        blocks: What gets in people's way here, most frequent first.
        days: Falls due so many days after the plan is made.
        before: A meeting it falls due before, if its day is known.
        after: Actions that come first.
        only_if: One of these must hold; none: it is always part of the plan.
        each: Makes an item of every such area, largest first.
        most: No more items than that of one action.
        leave_out: Rules that keep it out of the plan.
        timing: Rules that move it in time, or say more of why it is there. The first that holds.
    """

    id: Slug
    step: Slug
    title: Words
    what: Words
    why: Words
    first: Words
    minutes: Annotated[int, Field(ge=1, le=10)]
    done_when: Words
    script: Words | None = None
    texts: tuple[Slug, ...] = ()
    entries: tuple[Line, ...] = ()
    blocks: tuple[Slug, ...]
    days: Days
    before: Before | None = None
    after: tuple[Slug, ...] = ()
    only_if: tuple[Condition, ...] = ()
    each: Each | None = None
    most: Annotated[int, Field(ge=1, le=9)] = 1
    leave_out: tuple[Rule, ...] = ()
    timing: tuple[Rule, ...] = ()
    sources: tuple[Slug, ...]

    def reason(self, rule: str) -> Words | None:
        """What a rule of this action says; None where there is no such rule any more."""
        rules = (*self.leave_out, *self.timing)
        return next((one.because for one in rules if one.id == rule), None)


class Block(Shape):
    """Something that gets in the way, and what then.

    Attributes:
        title: As it stands on a button.
        help: What to do.
        script: What to say, word for word.
        entry: The FAQ entry that helps.
        text: The ready text that helps.
        stands: Whether the action should rather be left out than waited with.
    """

    id: Slug
    title: Words
    help: Words
    script: Words | None = None
    entry: Line | None = None
    text: Slug | None = None
    stands: bool = False


class Part(Shape):
    """One paragraph of a ready text.

    Attributes:
        say: May have gaps.
        otherwise: Said where a number it needs is unknown or protected; None: nothing is said.
    """

    say: Words
    otherwise: Words | None = None


def _as_part(value: Any) -> Any:
    is_bare = isinstance(value, str) or (isinstance(value, dict) and "say" not in value)
    return {"say": value} if is_bare else value


class Gap(Shape):
    """What may stand in a gap of a ready text.

    Attributes:
        id: As it is written between the brackets.
        what: Printed below the line to fill in by hand where it is unknown.
        number: Whether it comes out of the map or the survey. Such a one is never left to be filled
            in: the paragraph says `otherwise`.
    """

    id: GapName
    what: Words
    number: bool = False


class ReadyText(Shape):
    """A text that a rep can send or print as it is."""

    id: Slug
    title: Words
    kind: TextKind
    use: Words
    parts: tuple[Annotated[Part, BeforeValidator(_as_part)], ...]
    sources: tuple[Slug, ...]


class Clause(Shape):
    """One of the clauses of the agreement.

    Attributes:
        what: What it means, in plain words.
        ask: What to say to the employer.
        draft: How it may stand in the agreement.
    """

    id: Slug
    title: Words
    what: Words
    why: Words
    ask: Words
    draft: Words
    entries: tuple[Line, ...] = ()
    only_if: tuple[Condition, ...] = ()
    sources: tuple[Slug, ...]


class ActionPlan(Shape):
    """`action_plan.yaml`."""

    version: Literal[1] = 1
    sources: Mapping[Slug, Source]
    questions: tuple[Opening, ...]
    steps: tuple[Step, ...]
    actions: tuple[Action, ...]
    blocks: tuple[Block, ...]
    clauses: tuple[Clause, ...]
    gaps: tuple[Gap, ...] = ()
    texts: tuple[ReadyText, ...] = ()

    @cached_property
    def action_by_id(self) -> Mapping[str, Action]:
        """Actions by their id, in file order."""
        return {action.id: action for action in self.actions}

    @cached_property
    def block_by_id(self) -> Mapping[str, Block]:
        """What gets in the way, by id."""
        return {block.id: block for block in self.blocks}

    @cached_property
    def clause_by_id(self) -> Mapping[str, Clause]:
        """Clauses by their id, in file order."""
        return {clause.id: clause for clause in self.clauses}

    @cached_property
    def text_by_id(self) -> Mapping[str, ReadyText]:
        """Ready texts by their id."""
        return {text.id: text for text in self.texts}

    @cached_property
    def gap_by_id(self) -> Mapping[str, Gap]:
        """Gaps of the ready texts by their name."""
        return {gap.id: gap for gap in self.gaps}
