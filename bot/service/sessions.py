"""Sessions in the store: read at the start of a turn, written at its end, never over another's."""

from datetime import datetime

from bot.engine.session import Session, decode, encode
from bot.engine.speech import Draft, number_between_turns
from bot.errors import StaleSession
from bot.messages import Place, Reply
from bot.service.clock import micros
from bot.service.people import Known
from bot.service.ports import Row, Tx, Where

NEW = 0  # the version of a session that is not stored yet


def load(tx: Tx, known: Known, fresh: str) -> tuple[Session, int]:
    """Where the talk stands, and the version it was read at; a new one where there is none."""
    row = None if known.is_new else tx.get("session", {"person": known.person})
    if row is None:
        return Session(secret=fresh), NEW
    session = decode(str(row["state"]))
    return session or Session(secret=fresh), int(row["version"] or 0)


def show_between_turns(tx: Tx, person: str, draft: Draft) -> Reply:
    """A reply to somebody outside their turns; its options work, and what is on their table stays.

    Whoever has no session any more gets it without options: there is nothing they could press.

    Raises:
        StaleSession: A turn of theirs was saved meanwhile.
    """
    row = tx.get("session", {"person": person})
    session = decode(str(row["state"])) if row else None
    if row is None or session is None:
        return Reply(text=draft.text, kind=draft.kind, personal=draft.personal)
    shown, reply = number_between_turns(session.moved_to(Place.PRIVATE), draft)
    version = int(row["version"] or 0)
    changes: Row = {"state": encode(shown), "version": version + 1}
    if not tx.update("session", {"person": person, "version": version}, changes):
        raise StaleSession("Another turn of this person was saved. Try again.")
    return reply


def save(tx: Tx, known: Known, session: Session, version: int, now: datetime) -> None:
    """Write the session if it is still at the version that was read.

    Raises:
        StaleSession: Another turn of this person was saved meanwhile.
    """
    state: Row = {"state": encode(session), "updated_at": micros(now)}
    if version == NEW:
        row: Row = {"person": known.person, "branch": known.branch, "version": 1, **state}
        if not tx.insert_new("session", row):
            raise StaleSession(known.person)
        return
    where: Where = {"person": known.person, "version": version}
    if tx.update("session", where, {"version": version + 1, **state}) == 0:
        raise StaleSession(known.person)
