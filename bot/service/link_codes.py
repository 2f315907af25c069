"""One-time codes that join two chats: hashed, short-lived, and guessed no faster than invites."""

from datetime import datetime, timedelta
from typing import Final

from bot.engine.effects_links import MakeLinkCode
from bot.engine.link_look import Brought, LinkLook
from bot.messages import PersonId
from bot.service import invites
from bot.service.clock import micros
from bot.service.people import Known
from bot.service.ports import AtLeast, Row, Tx, Where

LIFETIME: Final = timedelta(minutes=15)


def make(tx: Tx, known: Known, made: MakeLinkCode, now: datetime) -> None:
    """Keep a new code of somebody, in place of any they had."""
    tx.delete("link_code", {"person": known.person})
    row: Row = {
        "id": made.id,
        "code_hash": invites.hash_code(tx, made.code),
        "branch": known.branch,
        "person": known.person,
        "expires_at": micros(now + LIFETIME),
    }
    tx.insert("link_code", row)


def look(tx: Tx, known: Known, code: str, now: datetime) -> Brought:
    """What there is to say of a code that somebody brings; changes nothing."""
    if invites.is_paused(tx, known, now):
        return Brought(LinkLook.PAUSE)
    wanted: Where = {"code_hash": invites.hash_code(tx, code), "expires_at": AtLeast(micros(now))}
    row = tx.get("link_code", wanted)
    if row is None:
        return Brought(LinkLook.UNKNOWN)
    if row["person"] == known.person:
        return Brought(LinkLook.SAME)
    if row["branch"] != known.branch:
        return Brought(LinkLook.ELSEWHERE)
    return Brought(LinkLook.GOOD, str(row["id"]))


def use(tx: Tx, known: Known, link: str, now: datetime) -> PersonId | None:
    """Use up a code.

    Returns:
        Who made it; None where it has run out or was used, or they are of another branch by now.
    """
    row = tx.get("link_code", {"id": link, "expires_at": AtLeast(micros(now))})
    tx.delete("link_code", {"id": link})
    if row is None or row["person"] == known.person:
        return None
    maker = tx.get("person", {"id": row["person"], "branch": known.branch})
    return PersonId(str(maker["id"])) if maker else None
