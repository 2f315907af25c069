"""What goes out: a broadcast to one recipient or one place, and word to those who send them."""

from datetime import datetime, timedelta
from typing import Final

from bot.engine import broadcast_texts
from bot.engine.bulletins import Bulletin
from bot.engine.commands import ULRS
from bot.engine.held import active
from bot.engine.session import Act, decode
from bot.engine.speech import Choose, Draft
from bot.flows.model import Flows
from bot.knowledge.content import Content
from bot.knowledge.wording import Wording
from bot.messages import Address, BranchId, PersonId, Place, Reply, ReplyKind
from bot.service import outbox, people, sessions
from bot.service.outbox import Target
from bot.service.ports import OneOf, Tx

BUSY: Final = timedelta(minutes=15)  # so long somebody in the middle of a survey is left in peace
MOST: Final = 50  # people told of one thing


class Voice:
    """Says texts of the catalogue in one language.

    Args:
        wording: The catalogue.
        language: Which.
    """

    def __init__(self, wording: Wording, language: str) -> None:
        self._wording = wording
        self.language = language

    def say(self, key: str, /, **gaps: str | int) -> str:
        """The text of a key, its gaps filled."""
        return self._wording.say(key, self.language, **gaps)


def voice_of(tx: Tx, content: Content, person: PersonId) -> Voice:
    """The voice in the language of a person."""
    return Voice(content.wording, people.language_of(tx, person))


def to_person(
    tx: Tx, content: Content, flows: Flows, bulletin: Bulletin, person: PersonId, *, is_late: bool
) -> tuple[Reply, bool]:
    """A broadcast as one person gets it, with buttons that are theirs.

    Returns:
        The reply, and whether they are in the middle of a survey: then it says how to get back.
    """
    voice = voice_of(tx, content, person)
    late = voice.say("broadcast.late") if is_late else ""
    draft = broadcast_texts.message(voice, bulletin, voice.language, flows, late=late)
    is_busy = busy_since(tx, person) is not None
    if is_busy:
        back = Choose(voice.say("button.bc-back"), Act("command", ("repeat", "")))
        text = f"{draft.text}\n\n{voice.say('broadcast.still-asking')}"
        draft = Draft(text=text, choices=(*draft.choices, back), kind=draft.kind, personal=True)
    return sessions.show_between_turns(tx, person, draft), is_busy


def busy_since(tx: Tx, person: PersonId) -> int | None:
    """When somebody last went on with the run they are in, in seconds; None where they are in none."""
    row = tx.get("session", {"person": person})
    session = decode(str(row["state"])) if row else None
    run = active(session) if session else None
    return run.touched_at if run else None


def to_place(content: Content, flows: Flows, bulletin: Bulletin, *, is_late: bool) -> Reply:
    """A broadcast as a group or channel gets it: nothing in it is anybody's own."""
    voice = Voice(content.wording, "en")
    late = voice.say("broadcast.late") if is_late else ""
    draft = broadcast_texts.message(voice, bulletin, "en", flows, late=late)
    text = draft.text.removesuffix(voice.say(f"broadcast.foot-{_kind(bulletin)}")).strip()
    link = broadcast_texts.link_of(bulletin)
    return Reply(text=text, kind=ReplyKind.ANSWER, opens=link)


def _kind(bulletin: Bulletin) -> str:
    return bulletin.kind.value if bulletin.kind else "campaign"


def tell(tx: Tx, person: PersonId, draft: Draft, key: str, now: datetime) -> None:
    """Word to one of those who send: to their own chat, where they have one."""
    address = people.private_address(tx, person)
    row = tx.get("person", {"id": person})
    if address is None or row is None:
        return
    reply = sessions.show_between_turns(tx, person, draft)
    branch = BranchId(str(row["branch"]))
    target = Target(branch=branch, person=person, address=address, place=Place.PRIVATE)
    outbox.queue(tx, target, (reply,), key, now)


def senders(tx: Tx, branch: BranchId, but: PersonId | None) -> list[PersonId]:
    """Everybody else of a branch who may send."""
    names = OneOf(tuple(role.value for role in sorted(ULRS)))
    rows = tx.find("role", {"branch": branch, "name": names}, limit=MOST)
    return [PersonId(one) for one in sorted({str(row["person"]) for row in rows} - {but})]


def homes(tx: Tx, person: PersonId) -> list[Address]:
    """Every account of a person: where a test goes."""
    rows = tx.find("identity", {"person": person}, order=("created_at",))
    return [Address(str(row["channel"]), str(row["account"])) for row in rows]
