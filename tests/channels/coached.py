"""A plan for whoever has written to a channel, so that the coach can be talked to through it."""

from datetime import datetime

from bot.coach.history import BUILT
from bot.messages import Address, Role
from bot.service import people, plans
from bot.service.library import Edition
from bot.service.ports import Tx
from tests.conversations.plans import found_plan

WORKPLACE = "Riverside Hospital"


def give_plan(tx: Tx, edition: Edition, now: datetime) -> None:
    """The one who has written is a rep from now on, and has a plan."""
    (row,) = tx.find("identity", {})
    known = people.recognise(tx, Address(str(row["channel"]), str(row["account"])), "")
    people.grant(tx, known, Role.REP, "test", now)
    found_plan(tx, edition, WORKPLACE, [known], now)


def done_in(tx: Tx) -> list[tuple[str, str]]:
    """What was done to the plan since it was made, in order, each with the note that then stood."""
    (row,) = tx.find("plan", {})
    plan = plans.load(tx, str(row["id"]))
    assert plan is not None
    done = [event for event in plan.history if event.what != BUILT]
    return [(event.what, event.after.note if event.after else "") for event in done]
