"""What a person agreed to, by purpose and by the version of the text they saw."""

from bot.engine.area_look import PURPOSE
from bot.messages import Reply, plain
from bot.service import areas
from bot.service.clock import micros, moment
from bot.service.doing import Doing
from bot.service.ports import Row, Where


def give(doing: Doing, purpose: str, version: str) -> None:
    """Keep an agreement, with the version of the text that was agreed to."""
    row: Row = {
        "id": f"{doing.view.fresh}-{purpose}",
        "branch": doing.known.branch,
        "person": doing.known.person,
        "purpose": purpose,
        "wording_hash": version,
        "given_at": micros(doing.now),
        "withdrawn_at": None,
    }
    doing.tx.insert("consent", row)


def shown(doing: Doing) -> Reply:
    """Every agreement in force, and how to take it back."""
    where: Where = {"person": doing.known.person, "withdrawn_at": None}
    rows = doing.tx.find("consent", where, order=("given_at",))
    if not rows:
        return doing.say("consent.none")
    lines = "\n".join(f"- {_line(doing, row)}" for row in rows)
    return doing.say("consent.list", consents=lines)


def _line(doing: Doing, row: Row) -> str:
    given_at = moment(int(row["given_at"] or 0))
    return f"{_called(doing, str(row['purpose']))} ({given_at:%d %B %Y})"


def _called(doing: Doing, purpose: str) -> str:
    """The name of an agreement, with that of its area where it is about one."""
    if not purpose.startswith(PURPOSE):
        return purpose
    area = areas.look(doing.tx, doing.known.branch, purpose.removeprefix(PURPOSE))
    return f"{purpose}, {plain(area.name)}" if area else purpose


def withdraw(doing: Doing, purpose: str) -> Reply:
    """Take an agreement back, from now on."""
    where = {
        "person": doing.known.person,
        "purpose": purpose.strip().lower(),
        "withdrawn_at": None,
    }
    if doing.tx.update("consent", where, {"withdrawn_at": micros(doing.now)}) == 0:
        return doing.say("consent.none")
    return doing.say("consent.withdrawn")
