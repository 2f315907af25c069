"""What a run leaves behind: one row for each slot, with its answer or the reason why there is none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.flows.model import Flow, Kind, Name, Question, Repeat, walk
from bot.flows.route import Route
from bot.flows.run import Answer, Key, Rounds, Run, Status, key_of
from bot.flows.values import text
from bot.language.replies import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One slot of a run as it is kept and exported.

    Attributes:
        name: Of the question.
        key: Of the slot; differs from the name inside a repeat.
        is_calculated: Whether nobody said it: it was worked out.
    """

    name: str
    key: Key
    answer: Answer
    is_calculated: bool = False


def rows(flow: Flow, run: Run, route: Route) -> tuple[Row, ...]:
    """Every slot of a run, in the order of its flow.

    A question that was not relevant is *not asked*, one that was and has no answer *not reached*; a
    question in a repeat without rounds has one row, not asked.
    """
    return tuple(row for question in flow.questions for row in _rows(question, run, route))


def rebuilt(flow: Flow, kept: Iterable[Row], revision: int) -> Run:
    """A run as it was handed in, out of what it left; `rows` of it gives the same again.

    Args:
        flow: The one it was handed in on.
        kept: Its rows.
        revision: How often it was handed in.
    """
    keys: list[Key] = []
    answers: dict[Key, Answer] = {}
    for row in kept:
        question = flow.question(row.name)
        if question is None or not question.is_asked:
            continue
        keys.append(row.key)
        if row.answer.missing not in {Missing.NOT_ASKED, Missing.NOT_REACHED}:
            answers[row.key] = row.answer
    return Run(
        flow=flow.id,
        flow_hash=flow.hash,
        version=flow.version,
        status=Status.SUBMITTED,
        answers=answers,
        rounds=_rounds(flow, keys),
        revision=revision,
    )


def _rounds(flow: Flow, keys: Iterable[Key]) -> dict[Key, Rounds]:
    """The rounds of every repeat, all of them closed, as the keys of their slots tell."""
    ids_by_gate: dict[Key, set[int]] = {}
    for key in keys:
        name, *written = key.split(".")
        ids = tuple(int(one) for one in written)
        for depth, repeat in enumerate(flow.repeats_by_name[Name(name)]):
            if depth <= len(ids):
                gate = key_of(repeat, ids[:depth])
                ids_by_gate.setdefault(gate, set()).update(ids[depth : depth + 1])
    for part in walk(flow.parts):
        if isinstance(part, Repeat):
            for ids in _around(flow.repeats_by_name[part.name], ids_by_gate):
                ids_by_gate.setdefault(key_of(part.name, ids), set())
    return {
        gate: Rounds(ids=tuple(sorted(ids)), next_id=max(ids, default=0) + 1, closed=True)
        for gate, ids in ids_by_gate.items()
    }


def _around(
    repeats: tuple[Name, ...], ids_by_gate: Mapping[Key, set[int]]
) -> list[tuple[int, ...]]:
    """The rounds of some repeats, each inside the one before: all paths through them."""
    paths: list[tuple[int, ...]] = [()]
    for repeat in repeats:
        paths = [
            (*ids, one)
            for ids in paths
            for one in sorted(ids_by_gate.get(key_of(repeat, ids), ()))
        ]
    return paths


def _rows(question: Question, run: Run, route: Route) -> Iterator[Row]:
    if question.kind is Kind.NOTE:
        return
    if question.kind is Kind.CALCULATE:
        for key, value in route.calculated.items():
            if key.split(".", 1)[0] == question.name:
                answer = Answer(value=text(value))
                yield Row(name=question.name, key=key, answer=answer, is_calculated=True)
        return
    stops = [stop for stop in route.stops if stop.part is question]
    for stop in stops:
        answer = run.answers.get(stop.key, Answer(missing=Missing.NOT_REACHED))
        yield Row(name=question.name, key=stop.key, answer=answer)
    if not stops:
        unasked = Answer(missing=Missing.NOT_ASKED)
        yield Row(name=question.name, key=key_of(question.name), answer=unasked)
