"""Steps of a guided flow a second: our runner and our engine, beside a bare conversation of another library.

The runner reads what was typed, answers with it, settles the route anew and writes the run as text and back.
The engine does that in a whole turn: it says the next question and writes the session as text and back. The
other one is python-telegram-bot's ConversationHandler with three states, which checks no answer and keeps
nothing. Nobody touches a network or a disk, and no question goes to the FAQ.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import ptb
from benchmarks.figure import Figure
from bot.engine.session import Session, decode, encode
from bot.engine.shelving import start
from bot.engine.speech import Scene, number
from bot.engine.turn import respond
from bot.engine.view import View
from bot.faq.ranking import Part, Ranked, Ranking
from bot.flows import run_text, runner
from bot.flows.loading import load_flow
from bot.flows.model import Flow, Flows
from bot.flows.reading import Read, read
from bot.flows.route import settle
from bot.flows.runner import Moved
from bot.flows.standing import pending
from bot.knowledge.content import Content
from bot.messages import BranchId, EntryId, Outcome, PersonId, Place, Text
from bot.wiring import load_content

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
FLOW = Path(__file__).parents[1] / "bot" / "flows" / "library" / "technician-survey.yaml"
SAID = ("lab", "over 15 years", "1", "1 and 3", "no", "no", "maybe", "cost", "fees", "some", "yes")
FULL = 200  # runs of the survey that are measured; a fifth of that first, to warm up


def main() -> None:
    """Measure and print."""
    flow = load_flow(FLOW.read_text(encoding="utf-8"), FLOW.name).flow
    assert flow is not None  # noqa: S101 - we ship it
    content = load_content(None)
    _print(_timed("runner: read, answer, settle, write and read", lambda: _run(flow)))
    _print(_timed("engine: a whole turn, session written and read", lambda: _talk(flow, content)))
    people = FULL // 10
    seconds, _ = asyncio.run(ptb.play(None, people, len(SAID)))
    name = "python-telegram-bot: bare ConversationHandler, in memory"
    _print(Figure(name=name, turns=people * len(SAID), seconds=seconds))


def _timed(name: str, once: Callable[[], int]) -> Figure:
    for _ in range(FULL // 5):
        once()
    begun = time.perf_counter()
    steps = sum(once() for _ in range(FULL))
    return Figure(name=name, turns=steps, seconds=time.perf_counter() - begun)


def _run(flow: Flow) -> int:
    """One person's way to the review, by the runner alone; returns how many steps that were."""
    run = runner.start(flow, NOW).run
    for step, said in enumerate(SAID):
        stop = pending(run, settle(flow, run, NOW).route)
        if stop is None:
            return step
        found = read(stop, said, NOW.date(), "en")
        moved = (
            runner.advance(flow, run, found.answer, NOW)
            if isinstance(found, Read)
            else runner.skip(flow, run, NOW)
        )
        if isinstance(moved, Moved):
            run = run_text.decode(run_text.encode(moved.run)) or moved.run
    return len(SAID)


def _talk(flow: Flow, content: Content) -> int:
    """The same by whole turns of the engine."""
    view = View(
        person=PersonId("p"),
        branch=BranchId("b"),
        place=Place.PRIVATE,
        fresh="abcdefghijklmnopqrstuvwxyz",
        flows=Flows((flow,)),
    )
    scene = Scene(session=Session(secret=view.fresh), view=view, content=content, now=NOW)
    begun = start(scene, flow)
    session, _ = number(begun.session, begun.drafts)
    nothing = Ranking(
        parts=(Part(words="", outcome=Outcome.DECLINE, ranked=(Ranked(EntryId("x"), 0.0),)),),
        is_question=False,
    )
    for turn, said in enumerate(SAID):
        fresh = replace(view, fresh=f"{turn:026d}")
        session = respond(session, Text(said), nothing, fresh, content, NOW).session
        session = decode(encode(session)) or session
    return len(SAID)


def _print(figure: Figure) -> None:
    print(f"{figure.name:60} {figure.rate:10,.0f} a second", flush=True)


if __name__ == "__main__":
    main()
