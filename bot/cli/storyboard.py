"""Every screen of a flow, as people would meet it: found by walking it, without a store or a platform."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.engine.guide import Guide, local_now
from bot.engine.held import Held
from bot.engine.prompts import prompt
from bot.engine.run_ending import ended
from bot.engine.session import Session
from bot.engine.shelving import introduce
from bot.engine.speech import Draft, Scene, number
from bot.engine.view import View
from bot.flows import runner
from bot.flows.acceptance import fault
from bot.flows.model import Flow, Flows, Name, Question
from bot.flows.route import Stop
from bot.flows.run import TRIES_LIMIT, Answer, Run
from bot.flows.runner import Moved
from bot.knowledge.content import Content
from bot.messages import BranchId, PersonId, Place, Reply, Role

WALKS: Final = 200  # ways through a flow that are tried
STEPS: Final = 300  # steps of one of them
SEED: Final = 1  # the same flow gives the same storyboard
PLAIN: Final = ("12", "2026-12-01", "OK", "4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One thing that people see.

    Attributes:
        id: Of the question it asks, or of its place in the talk.
        heading: What it is, in a few words.
        replies: What is said, in order.
    """

    id: str
    heading: str
    replies: tuple[Reply, ...]


def screens(flow: Flow, content: Content, now: datetime) -> tuple[Screen, ...]:
    """All screens of a flow: what comes before it, each question once in its order, the review, the end.

    A question that no walk came to is left out.
    """
    scene = _scene(flow, content, now)
    first = _screen(scene, "intro", introduce(scene, flow.id).drafts)
    found: dict[str, Screen] = {}
    ends: list[Guide] = []
    for walk in range(WALKS):
        for here in _walk(flow, scene, random.Random(SEED + walk)):  # noqa: S311 - no secret
            name = here.stop.part.name if here.stop else "review"
            if name not in found:
                found[name] = _screen(scene, name, (prompt(here),))
            if here.stop is None:
                ends.append(here)
    order = [*flow.part_by_name, "review"]
    asked = sorted(found.values(), key=lambda one: order.index(one.id))
    last = [_screen(scene, "end", ended(ends[0]))] if ends else []
    return (first, *asked, *_astray(scene, flow), *last)


def _scene(flow: Flow, content: Content, now: datetime) -> Scene:
    view = View(
        person=PersonId("nobody"),
        branch=BranchId("none"),
        place=Place.PRIVATE,
        fresh="abcdefghijklmnopqrstuvwxyz",
        roles=frozenset(Role),
        flows=Flows((flow,)),
    )
    return Scene(session=Session(secret=view.fresh), view=view, content=content, now=now)


def _screen(scene: Scene, name: str, drafts: tuple[Draft, ...]) -> Screen:
    _, replies = number(scene.session, drafts)
    known = f"storyboard.{name}"
    if known in scene.content.wording.texts:
        return Screen(id=name, heading=scene.say(known), replies=replies)
    part = next(flow.part_by_name.get(Name(name)) for flow in scene.view.flows.current)
    heading = part.label.en if part is not None and part.label else name
    return Screen(id=name, heading=heading, replies=replies)


def _walk(flow: Flow, scene: Scene, chance: random.Random) -> Iterator[Guide]:
    """One way through a flow, from its first question to its review."""
    moved = runner.start(flow, local_now(scene))
    for _ in range(STEPS):
        here = _guide(flow, scene, moved.run)
        yield here
        if here.stop is None:
            return
        after = _step(here, here.stop, chance)
        if after is None:
            return
        moved = after


def _guide(flow: Flow, scene: Scene, run: Run) -> Guide:
    held = Held(id="r", run=run, touched_at=0)
    route = runner.look(flow, run, local_now(scene)).route
    return Guide(scene=scene, held=held, flow=flow, run=run, route=route)


def _step(here: Guide, stop: Stop, chance: random.Random) -> Moved | None:
    """Answer what is asked with something that fits; None where nothing does."""
    now = local_now(here.scene)
    if not isinstance(stop.part, Question):
        go_on = chance.random() < 0.3
        step = runner.add_round if go_on else runner.close_rounds
        outcome = step(here.flow, here.run, now)
        return outcome if isinstance(outcome, Moved) else None
    for answer in _answers(stop, stop.part, chance):
        if fault(stop, answer) is None:
            outcome = runner.advance(here.flow, here.run, answer, now)
            if isinstance(outcome, Moved):
                return outcome
    outcome = runner.skip(here.flow, here.run, now)
    return outcome if isinstance(outcome, Moved) else None


def _answers(stop: Stop, question: Question, chance: random.Random) -> Iterator[Answer]:
    codes = [choice.name for choice in stop.choices()]
    chance.shuffle(codes)
    yield from (Answer(value=code) for code in codes)
    yield from (Answer(value=(code,)) for code in codes)
    if codes:
        yield Answer(value=tuple(codes))
    example = question.example.en if question.example else "12"
    yield from (Answer(value=words) for words in (example, *PLAIN))
    yield from (Answer(value=int(number)) for number in (chance.choice(("0", "4", "12")), "1"))


def _astray(scene: Scene, flow: Flow) -> tuple[Screen, ...]:
    """The first question after three answers that could not be read."""
    run = replace(runner.start(flow, local_now(scene)).run, tries=TRIES_LIMIT)
    here = _guide(flow, scene, run)
    return (_screen(scene, "astray", (prompt(here, scene.say("flow.ways-out")),)),)
