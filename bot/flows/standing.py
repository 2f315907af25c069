"""Where a run stands: what is asked now, what was said there before, how far it is."""

from dataclasses import dataclass
from typing import Final

from bot.flows.acceptance import answer_of
from bot.flows.model import Flow, Question, Repeat
from bot.flows.route import Route, Stop
from bot.flows.run import Answer, Run, Status

NOTHING_TICKED: Final = ""  # stands for ticks that were all taken away, unlike none made yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is.

    Attributes:
        number: Of the pending question, from 1.
        total: How many there are in all, as far as it can be seen now.
        is_exact: Whether no answer can still change the total.
    """

    number: int
    total: int
    is_exact: bool


def pending(run: Run, route: Route) -> Stop | None:
    """What the person is asked now; None where everything is answered and the review is due."""
    if run.status is not Status.RUNNING:
        return None
    focused = route.stop(run.focus)
    return focused or next((stop for stop in route.stops if stop.is_open), None)


def progress(flow: Flow, run: Run, route: Route) -> Progress:
    """How far a run is; gates of repeats are not counted."""
    asked = [stop for stop in route.stops if isinstance(stop.part, Question)]
    now = pending(run, route)
    done = sum(not stop.is_open and (now is None or stop.key != now.key) for stop in asked)
    is_exact = not any(stop.is_open for stop in route.stops) or not any(
        part.relevant or isinstance(part, Repeat) for part in flow.part_by_name.values()
    )
    return Progress(number=min(done + 1, len(asked)), total=len(asked), is_exact=is_exact)


def suggestion(run: Run, stop: Stop) -> Answer | None:
    """What "Keep" would answer: what counts, what was said before, or the default."""
    known = stop.answer or run.suggested.get(stop.key) or run.dropped.get(stop.key)
    if known or not isinstance(stop.part, Question) or stop.part.default is None:
        return known
    made = stop.part.default.value(stop.sighting)
    return answer_of(stop.part, made) if made not in {None, ""} else None


def ticked(run: Run, stop: Stop) -> tuple[str, ...]:
    """What is ticked at a stop: at first what was answered there before."""
    if run.ticked:
        return tuple(code for code in run.ticked if code != NOTHING_TICKED)
    known = suggestion(run, stop)
    if known is None or not isinstance(known.value, tuple):
        return ()
    offered = {choice.name for choice in stop.choices()}
    return tuple(code for code in known.value if code in offered)
