"""Playing one flow in the terminal with the engine alone: no store, no FAQ, nothing kept."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from bot.channels.light_markdown import to_plain
from bot.engine.session import Session
from bot.engine.shelving import begin
from bot.engine.speech import Scene, number
from bot.engine.turn import respond
from bot.engine.view import View
from bot.faq.ranking import Part, Ranking
from bot.flows.model import Flow, Flows
from bot.messages import UNNUMBERED, BranchId, Outcome, PersonId, Place, Reply, Text
from bot.wiring import load_content

FRESH = "played-and-never-kept-00000"


def play_flow(flow: Flow, now: datetime) -> int:
    """Ask a flow on standard output and read answers from standard input, until it ends.

    Args:
        flow: What to play.
        now: Aware; its zone is the person's.
    """
    content = load_content(None)
    view = View(
        person=PersonId("player"),
        branch=BranchId("none"),
        place=Place.PRIVATE,
        fresh=FRESH,
        flows=Flows((flow,)),
        zone=now.tzinfo or UTC,
    )
    scene = Scene(session=Session(secret=FRESH), view=view, content=content, now=now)
    said = begin(scene, flow.id)
    session, replies = number(said.session, said.drafts)
    _show(replies)
    for line in _lines():
        ranking = Ranking(parts=(Part(words=line, outcome=Outcome.DECLINE),))
        turn = respond(session, Text(line), ranking, view, content, now.astimezone(UTC))
        session = turn.session
        _show(turn.replies)
        if not session.runs:
            break
    return 0


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\n")


def _show(replies: tuple[Reply, ...]) -> None:
    for reply in replies:
        click.echo(to_plain(reply.text))
        for place, option in enumerate(reply.options):
            is_numbered = reply.first_number != UNNUMBERED
            mark = f"{reply.first_number + place}." if is_numbered else "-"
            click.echo(f"  {mark} {option.label}")
        click.echo()
