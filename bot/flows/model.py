"""A flow as the runner sees it: parsed, checked, frozen.

The words are XLSForm's. A flow is a tree of parts: questions, groups of parts, and repeats, which are
groups that come round several times. Every name is unique in its flow.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, NewType

from bot.flows.expressions import Expression
from bot.knowledge.shapes import LocalText
from bot.messages import Audience, Role

FlowId = NewType("FlowId", str)
FlowHash = NewType("FlowHash", str)  # of everything in a flow: 16 hexadecimal digits
Name = NewType("Name", str)

ROUND_LIMIT: Final = 60  # rounds a repeat may have at most, whatever its flow says


class Kind(StrEnum):
    """The types of a question. There are no others."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RANGE = "range"
    DATE = "date"
    NOTE = "note"
    ACKNOWLEDGE = "acknowledge"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    RANK = "rank"
    CALCULATE = "calculate"


CHOICE_KINDS: Final = frozenset({Kind.SELECT_ONE, Kind.SELECT_MULTIPLE, Kind.RANK})
NUMBER_KINDS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.RANGE})
SILENT_KINDS: Final = frozenset({Kind.NOTE, Kind.CALCULATE})  # nobody answers these


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One option of a list.

    Attributes:
        name: Its code, as it is stored.
        synonyms: Other words for it; a typo in one is forgiven as in the label.
        alone: Whether it excludes all others in a `select_multiple`, as "none of these" does.
        columns: What a `choice_filter` may look at, beside `name`.
    """

    name: str
    label: LocalText
    synonyms: tuple[str, ...] = ()
    alone: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


class Deed(StrEnum):
    """What handing a run in does, where its answers are not kept for themselves."""

    OPEN_SURVEY = "open-survey"


class Suggested(StrEnum):
    """What a text question offers beside free words."""

    WORKPLACES = "workplaces"  # those that the branch has named before


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The scale of a `range`: from, to, and the distance between two values."""

    start: float = 0
    end: float = 10
    step: float = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question, note or calculation.

    Attributes:
        relevant: Asked only while this holds.
        required: An expression; while it holds the question cannot be skipped.
        constraint: An answer is refused unless this holds, with `constraint_message`.
        default: Suggested, never taken without the person.
        choices: The list a choice is made from, in order.
        personal: Whether the answer may say who somebody is; then `why` is required.
        sensitive: Whether results count it under the higher threshold for small numbers.
        why: Why we ask.
        example: A good answer, shown at the second try.
        refusable: Whether "don't know" and "rather not say" are taken as answers.
        suggests: What is offered beside free words.
        show: Of a note: a table worked out below it, such as `finder:${field}`.
        take_away: Of a note: it comes once more at the end, as a message to keep.
    """

    name: Name
    kind: Kind
    label: LocalText
    hint: LocalText | None = None
    relevant: Expression | None = None
    required: Expression | None = None
    constraint: Expression | None = None
    constraint_message: LocalText | None = None
    calculation: Expression | None = None
    choice_filter: Expression | None = None
    default: Expression | None = None
    choices: tuple[Choice, ...] = ()
    list_name: str = ""
    limits: Limits | None = None
    appearance: str = ""
    personal: bool = False
    sensitive: bool = False
    refusable: bool = True
    why: LocalText | None = None
    example: LocalText | None = None
    suggests: Suggested | None = None
    show: str | None = None
    take_away: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether a person answers it."""
        return self.kind not in SILENT_KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Parts that belong together and may be left out together."""

    name: Name
    parts: tuple["Part", ...]
    label: LocalText | None = None
    relevant: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Parts that come round once for each thing: an area, a department, a job.

    Attributes:
        label: What one round is called: "Area".
        another: The question between two rounds: "Add another area?".
        shown: How a finished round is listed; `${name}` are its answers.
        least: So many rounds are asked without the question between.
        most: After so many no other is offered.
        repeat_count: Where it is there, exactly so many rounds, and no question between.
    """

    name: Name
    parts: tuple["Part", ...]
    label: LocalText
    another: LocalText | None = None
    shown: LocalText | None = None
    relevant: Expression | None = None
    repeat_count: Expression | None = None
    least: int = 1
    most: int = ROUND_LIMIT


Part = Question | Group | Repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class ByArea:
    """How a survey asks where people work; its choices are the areas of the workplace it is opened for.

    Attributes:
        why: Why we ask.
        elsewhere: The last choice: an area that is not listed.
        cross: Questions whose answers are counted by area.
        awareness: The one of them that asks people what the map says of how much they know.
    """

    label: LocalText
    why: LocalText
    elsewhere: LocalText
    hint: LocalText | None = None
    cross: tuple[Name, ...] = ()
    awareness: Name | None = None


@dataclass(frozen=True, kw_only=True)
class Flow:
    """A guided conversation, as data.

    Attributes:
        hash: Of everything in it; a run ends on the flow with the hash it began on.
        version: What its authors call this state of it.
        title: What its button says.
        about: What people read before it begins: what it is for, how long it takes.
        thanks: What they read after it was submitted.
        start: Whole messages that start it.
        minutes: How long it takes, about.
        roles: Who may begin it: one of these is enough; none: everybody.
        purpose: What its answers are for: the purpose that consent is given for. None: nothing is kept.
        retention: The class of `retention.yaml` that its answers are kept by.
        anonymous: Whether nobody can be led back to from its answers.
        survey: Whether a rep can open it for a workplace, from one day to another.
        does: What handing it in does, in place of keeping the answers.
        private: Whether it may run only where nobody else reads.
        by_area: Asks where people work, where it is opened for a workplace whose map has areas.
        migrates: Versions whose unfinished runs go on with this one.
        text: The file it was read from, to be kept for the runs that began on it.
    """

    id: FlowId
    hash: FlowHash
    version: str
    title: LocalText
    parts: tuple[Part, ...]
    about: LocalText | None = None
    thanks: LocalText | None = None
    start: tuple[str, ...] = ()
    minutes: int | None = None
    audience: tuple[Audience, ...] = ()
    roles: tuple[Role, ...] = ()
    purpose: str | None = None
    retention: str | None = None
    anonymous: bool = False
    survey: bool = False
    does: Deed | None = None
    private: bool = True
    by_area: ByArea | None = None
    migrates: tuple[str, ...] = ()
    text: str = field(default="", repr=False, compare=False)

    @cached_property
    def part_by_name(self) -> Mapping[Name, Part]:
        """Every part by its name, in order."""
        return {part.name: part for part in walk(self.parts)}

    @cached_property
    def repeats_by_name(self) -> Mapping[Name, tuple[Name, ...]]:
        """The repeats around each part, outermost first."""
        return dict(_repeats(self.parts, ()))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, note and calculation, in order."""
        return tuple(part for part in self.part_by_name.values() if isinstance(part, Question))

    def question(self, name: str) -> Question | None:
        """The question of a name."""
        part = self.part_by_name.get(Name(name))
        return part if isinstance(part, Question) else None


def walk(parts: tuple[Part, ...]) -> Iterator[Part]:
    """Every part of a tree, each before those inside it."""
    for part in parts:
        yield part
        if not isinstance(part, Question):
            yield from walk(part.parts)


def _repeats(
    parts: tuple[Part, ...], around: tuple[Name, ...]
) -> Iterator[tuple[Name, tuple[Name, ...]]]:
    for part in parts:
        yield part.name, around
        if isinstance(part, Group):
            yield from _repeats(part.parts, around)
        elif isinstance(part, Repeat):
            yield from _repeats(part.parts, (*around, part.name))


class Flows:
    """The flows in use, and older versions that runs began on.

    Args:
        current: What can be started, in the order it is offered.
        retired: Older versions; also of flows that can be started no more.
    """

    def __init__(self, current: tuple[Flow, ...] = (), retired: tuple[Flow, ...] = ()) -> None:
        self._current: dict[FlowId, Flow] = {flow.id: flow for flow in current}
        self._by_hash: dict[FlowHash, Flow] = {flow.hash: flow for flow in (*retired, *current)}
        self._by_name: dict[str, Flow] | None = None

    @property
    def current(self) -> tuple[Flow, ...]:
        """What can be started, in order."""
        return tuple(self._current.values())

    def to_start(self, flow: FlowId) -> Flow | None:
        """The flow of an id in its newest version."""
        return self._current.get(flow)

    def begun_on(self, flow_hash: FlowHash) -> Flow | None:
        """Exactly the flow a run began on; None where nobody kept it."""
        return self._by_hash.get(flow_hash)

    def named(self, text: str) -> Flow | None:
        """The flow that a whole text names: its title, its id, or a way of starting it."""
        if self._by_name is None:
            self._by_name = _by_name(self.current)
        return self._by_name.get(_flat(text))

    def with_retired(self, retired: Iterable[Flow]) -> "Flows":
        """These flows, and more older versions that runs began on."""
        more = Flows(self.current, (*retired, *self._by_hash.values()))
        more._by_name = self._by_name
        return more

    def after(self, before: "Flows") -> "Flows":
        """These flows, with those of an earlier state kept for the runs that began on them."""
        return Flows(self.current, tuple(before._by_hash.values()))


def _by_name(flows: Iterable[Flow]) -> dict[str, Flow]:
    """Each by its names; a name of several is the first one's."""
    found: dict[str, Flow] = {}
    for flow in flows:
        for name in (flow.id, flow.title.en, flow.title.cy or "", *flow.start):
            if words := _flat(name):
                found.setdefault(words, flow)
    return found


def _flat(text: str) -> str:
    return " ".join(text.lower().replace("-", " ").strip(" .!?").split())


NO_FLOWS: Final = Flows()
