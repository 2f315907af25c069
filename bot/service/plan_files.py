"""What goes into a document of a plan: read from the store, for one of its owners, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.coach.ready_texts import Filled, fill
from bot.coach.rhythm import LONDON, Rhythm
from bot.coach.voice import Voice, voice_in
from bot.engine.plan_view import Shared
from bot.service import people, plans
from bot.service.files import FileRequest
from bot.service.ports import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPapers:
    """All that a document of a plan can be made of.

    Attributes:
        made_at: When it is made; aware.
        filled: The ready text that was asked for; None for a document without one.
        link: Where the code of a poster leads.
        rhythm: The hours of who asks: appointments begin when they do.
    """

    shared: Shared
    voice: Voice
    today: date
    made_at: datetime
    rhythm: Rhythm
    filled: Filled | None = None
    link: str = ""


def gather(tx: Tx, request: FileRequest) -> PlanPapers | None:
    """Read what is needed; None where they do not share the plan, or the text is not there any more."""
    voice = voice_in(request.content, request.language)
    today = request.now.astimezone(request.zone).date()
    shared = plans.shared_of(tx, request.arguments.get("plan", ""), request.person, today)
    is_here = shared is not None and shared.plan.branch == request.branch
    if voice is None or shared is None or not is_here or not _may(tx, request):
        return None
    text = request.arguments.get("text", "")
    if text and text not in voice.content.text_by_id:
        return None
    known = voice.in_words(shared.known)
    return PlanPapers(
        shared=shared,
        voice=voice,
        today=today,
        made_at=request.now,
        rhythm=shared.rhythm or Rhythm(zone=getattr(request.zone, "key", LONDON)),
        filled=fill(voice.content, text, known, request.language) if text else None,
        link=request.arguments.get("link", ""),
    )


def _may(tx: Tx, request: FileRequest) -> bool:
    """Whether they are a rep still: roles may have changed since they asked."""
    return bool(people.roles_of(tx, request.person) & plans.SHARERS)
