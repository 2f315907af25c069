"""The route of a run: every slot that counts now, in order, worked out from its answers.

One walk through the flow, in its order, settles everything: what is relevant, what is calculated, how
many rounds there are, which answers still fit. An expression names only what stands before it, so one
walk is enough, and always ends.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.flows.expressions import Expression, Sighting
from bot.flows.functions import Around
from bot.flows.model import (
    CHOICE_KINDS,
    ROUND_LIMIT,
    Choice,
    Flow,
    Group,
    Kind,
    Part,
    Question,
    Repeat,
)
from bot.flows.run import Answer, Key, Rounds, Run, key_of
from bot.flows.values import Items, Value, number

RECENT: Final = 6  # routes that are kept at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One place where the person is asked something: a question, or the gate of a repeat.

    Attributes:
        part: A repeat stands for its gate: the question whether there is another round.
        answer: What counts as its answer now.
        is_open: Whether it waits for one.
        notes: What is to be read before it.
        around: The repeats it is in, outermost first, with the number of the round from 1.
        sighting: What its expressions see.
    """

    key: Key
    part: Question | Repeat
    answer: Answer | None
    is_open: bool
    notes: tuple[Question, ...]
    around: tuple[tuple[Repeat, int], ...]
    sighting: Sighting

    @property
    def is_required(self) -> bool:
        """Whether it cannot be skipped."""
        required = self.part.required if isinstance(self.part, Question) else None
        return required is not None and required.holds(self.sighting, otherwise=False)

    def choices(self) -> tuple[Choice, ...]:
        """The choices that its filter leaves."""
        if isinstance(self.part, Repeat):
            return ()
        return choices_left(self.part, self.sighting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What counts now.

    Attributes:
        stops: In order.
        last_notes: Notes behind the last stop.
        values: What every name came to, calculations included.
        calculated: What every calculation came to, by its key.
    """

    stops: tuple[Stop, ...]
    last_notes: tuple[Question, ...]
    values: Mapping[str, Value | Items]
    calculated: Mapping[Key, Value]

    def stop(self, key: Key | None) -> Stop | None:
        """The stop of a key, while it counts."""
        return next((stop for stop in self.stops if stop.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A run in which only what fits counts as answered, and its route."""

    run: Run
    route: Route


def settle(flow: Flow, run: Run, now: datetime, *, strictly: bool = False) -> Settled:
    """Work out the route of a run, and drop or bring back answers accordingly.

    Args:
        flow: The flow the run began on.
        run: Its answers, and those it dropped, are looked at again.
        now: The person's local wall-clock time; `today()` goes by it.
        strictly: Check every answer again, not only those that depend on others.
    """
    if not strictly and (known := _RECENT.find(flow, run, now)):
        return known
    settled = _settled(flow, run, now, strictly=strictly)
    _RECENT.keep(flow, run, now, settled)
    return settled


def keep_route(flow: Flow, run: Run, now: datetime, settled: Settled) -> Settled:
    """A settled run with more of its history, which a route does not look at: nothing is worked out again."""
    same = Settled(run=run, route=settled.route)
    _RECENT.keep(flow, run, now, same)
    return same


class _Recent:
    """The routes that were worked out last: one turn asks several times for that of the same run.

    Runs are frozen, so the very same object has the very same route.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[Flow, Run, datetime, Settled], ...] = ()

    def find(self, flow: Flow, run: Run, now: datetime) -> Settled | None:
        """What was worked out for exactly this."""
        for of, one, at, settled in self._kept:
            if one is run and of is flow and at == now:
                return settled
        return None

    def keep(self, flow: Flow, run: Run, now: datetime, settled: Settled) -> None:
        """Keep a route for what is asked next: of the run, and of the run as it was settled."""
        runs = (run,) if run is settled.run else (run, settled.run)
        more = [(flow, one, now, settled) for one in runs]
        self._kept = (*more, *self._kept)[:RECENT]


_RECENT: Final = _Recent()


def _settled(flow: Flow, run: Run, now: datetime, *, strictly: bool) -> Settled:
    walk = _Walk(run, now, strictly=strictly)
    walk.parts(flow.parts, (), ())
    known = {**run.dropped, **run.answers}
    dropped = {key: answer for key, answer in known.items() if key not in walk.answers}
    settled = replace(run, answers=walk.answers, dropped=dropped, rounds=walk.rounds)
    if run.focus is not None and run.focus not in walk.keys:
        settled = replace(settled, focus=None)
    route = Route(
        stops=tuple(walk.stops),
        last_notes=tuple(walk.notes),
        values=walk.values,
        calculated=walk.calculated,
    )
    return Settled(run=settled, route=route)


def choices_left(question: Question, sighting: Sighting) -> tuple[Choice, ...]:
    """The choices of a question that its filter leaves."""
    if question.choice_filter is None:
        return question.choices
    return tuple(
        choice
        for choice in question.choices
        if question.choice_filter.holds(replace(sighting, columns=choice.columns), otherwise=True)
    )


def is_right(question: Question, answer: Answer, sighting: Sighting) -> bool:
    """Whether the constraint of a question holds for an answer; without a value it always does."""
    if answer.value is None or question.constraint is None:
        return True
    seen = replace(sighting, self_value=value_of(answer))
    return question.constraint.holds(seen, otherwise=True)


def is_offered(question: Question, answer: Answer, choices: tuple[Choice, ...]) -> bool:
    """Whether every code of an answer is among some choices."""
    if question.kind not in CHOICE_KINDS or answer.value is None:
        return True
    codes = answer.value if isinstance(answer.value, tuple) else (answer.value,)
    return {choice.name for choice in choices}.issuperset(codes)


def value_of(answer: Answer | None) -> Value:
    """What an answer is in an expression: several codes with spaces between, nothing as empty text."""
    if answer is None or answer.value is None:
        return ""
    if isinstance(answer.value, tuple):
        return " ".join(answer.value)
    return answer.value if isinstance(answer.value, str) else float(answer.value)


class _Walk:
    """One walk through a flow.

    Args:
        run: Its answers, and those it dropped, are looked at again.
        now: Local wall-clock time.
        strictly: Whether every answer is checked again.
    """

    def __init__(self, run: Run, now: datetime, *, strictly: bool) -> None:
        self._run = run
        self._now = now
        self._strictly = strictly
        self._position = 1
        self.values: dict[str, Value | Items] = {}
        self.answers: dict[Key, Answer] = {}
        self.rounds: dict[Key, Rounds] = dict(run.rounds)
        self.calculated: dict[Key, Value] = {}
        self.stops: list[Stop] = []
        self.notes: list[Question] = []
        self.keys: set[Key] = set()

    def parts(
        self,
        parts: tuple[Part, ...],
        ids: tuple[int, ...],
        around: tuple[tuple[Repeat, int], ...],
    ) -> None:
        """Walk through some parts, in the rounds with these ids."""
        for part in parts:
            is_relevant = part.relevant is None or part.relevant.holds(
                self._sighting(part.relevant), otherwise=True
            )
            match part:
                case _ if not is_relevant:
                    self._leave_out(part)
                case Question():
                    self._question(part, ids, around)
                case Group():
                    self.parts(part.parts, ids, around)
                case Repeat():
                    self._repeat(part, ids, around)

    def _sighting(self, expression: Expression | None = None) -> Sighting:
        """What an expression sees here; all there is, where none is named."""
        seen: Mapping[str, Value | Items] = self.values
        if expression is None:
            seen = dict(self.values)
        return Sighting(answers=seen, around=Around(now=self._now, position=self._position))

    def _leave_out(self, part: Part) -> None:
        """What is not relevant is empty: no text, no rounds."""
        match part:
            case Question():
                self.values[part.name] = ""
            case Group():
                for inner in part.parts:
                    self._leave_out(inner)
            case Repeat():
                self.values |= {name: [] for name in _names(part)}

    def _question(
        self, question: Question, ids: tuple[int, ...], around: tuple[tuple[Repeat, int], ...]
    ) -> None:
        key = key_of(question.name, ids)
        if question.kind is Kind.NOTE:
            self.notes.append(question)
        elif question.kind is Kind.CALCULATE:
            made = question.calculation.value(self._sighting()) if question.calculation else ""
            self.values[question.name] = "" if made is None else made
            self.calculated[key] = "" if made is None else made
        else:
            sighting = self._sighting()
            answer = self._fitting(question, key, sighting)
            if answer is not None:
                self.answers[key] = answer
            self.values[question.name] = value_of(answer)
            self._stop(key, question, answer, around, sighting, is_open=answer is None)

    def _stop(
        self,
        key: Key,
        part: Question | Repeat,
        answer: Answer | None,
        around: tuple[tuple[Repeat, int], ...],
        sighting: Sighting,
        *,
        is_open: bool,
    ) -> None:
        stop = Stop(
            key=key,
            part=part,
            answer=answer,
            is_open=is_open,
            notes=tuple(self.notes),
            around=around,
            sighting=sighting,
        )
        self.notes.clear()
        self.stops.append(stop)
        self.keys.add(key)

    def _fitting(self, question: Question, key: Key, sighting: Sighting) -> Answer | None:
        """The answer of a slot, if it still fits; one that was dropped and fits again counts too."""
        answer = self._run.answers.get(key, self._run.dropped.get(key))
        if answer is None:
            return None
        depends = self._strictly or key in self._run.dropped
        constraint, chosen = question.constraint, question.choice_filter
        if (depends or (constraint and constraint.names)) and not is_right(
            question, answer, sighting
        ):
            return None
        if (depends or (chosen and chosen.names)) and not is_offered(
            question, answer, choices_left(question, sighting)
        ):
            return None
        return answer

    def _repeat(
        self, repeat: Repeat, ids: tuple[int, ...], around: tuple[tuple[Repeat, int], ...]
    ) -> None:
        key = key_of(repeat.name, ids)
        rounds = self._rounds(repeat, key)
        self.rounds[key] = rounds
        names = tuple(name for part in repeat.parts for name in _names(part))
        gathered: dict[str, list[Value]] = {name: [] for name in names}
        outer = self._position
        for position, one in enumerate(rounds.ids, start=1):
            self._position = position
            for name in names:
                self.values[name] = ""
            self.parts(repeat.parts, (*ids, one), (*around, (repeat, position)))
            for name in names:
                made = self.values[name]
                gathered[name] += [made] if isinstance(made, str | int | float) else made
        self._position = outer
        self.values |= gathered
        self.values[repeat.name] = [float(n) for n in range(1, len(rounds.ids) + 1)]
        if repeat.repeat_count is None and len(rounds.ids) < _most(repeat):
            self._stop(key, repeat, None, around, self._sighting(), is_open=not rounds.closed)

    def _rounds(self, repeat: Repeat, key: Key) -> Rounds:
        known = self._run.rounds.get(key)
        if repeat.repeat_count is None:
            begun = tuple(range(1, min(repeat.least, _most(repeat)) + 1))
            return known or Rounds(ids=begun, next_id=len(begun) + 1)
        count = number(repeat.repeat_count.value(self._sighting(repeat.repeat_count)) or 0)
        whole = 0 if math.isnan(count) else int(max(0, min(count, _most(repeat))))
        return Rounds(ids=tuple(range(1, whole + 1)), next_id=whole + 1, closed=True)


def _most(repeat: Repeat) -> int:
    return min(repeat.most, ROUND_LIMIT)


def _names(part: Part) -> Iterator[str]:
    """The names of a part and of all inside it."""
    yield part.name
    if not isinstance(part, Question):
        for inner in part.parts:
            yield from _names(inner)
