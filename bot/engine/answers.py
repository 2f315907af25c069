"""An entry as a reply: its answer text, its live figures, its source and date, what to ask next."""

from bot.engine.dates import source_lines, stale_line
from bot.engine.effects import OpenReview
from bot.engine.figures import compose, show
from bot.engine.session import Act, Last
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.faq.ranking import Part, Ranked
from bot.knowledge.faq import Entry
from bot.messages import EntryId, Outcome, ReplyKind
from bot.records import replace

RELATED_LIMIT = 3  # questions offered below an answer
WHY_LIMIT = 3  # candidates kept for `/why`


def answer(scene: Scene, entry: Entry, part: Part | None = None, lead: str = "") -> Said:
    """Answer with one entry.

    Args:
        scene: Where the talk stands; `session.turn` names the answer in votes.
        entry: What to answer with.
        part: The words that led here, for `/why`; None where it was picked from a menu.
        lead: A line to say first, such as why we think of this topic.
    """
    about = scene.about()
    last = Last(
        about=about,
        at_turn=scene.session.turn,
        outcome=Outcome.ANSWER,
        entry=entry.id,
        candidates=candidates(part) or ((entry.id, 1.0),),
        why=_why(part),
        named=part.named[0] if part and len(part.named) == 1 else "",
    )
    session = replace(scene.session, last=last, misses=0, again=Act("show", (entry.id,)))
    draft = Draft(
        text=_text(scene, entry, part, lead),
        choices=(*_related(scene, entry), *votes(scene, about, entry.id)),
        kind=ReplyKind.ANSWER,
    )
    return Said(session=session, drafts=(draft,), effects=_reviews(scene, entry))


def candidates(part: Part | None) -> tuple[tuple[EntryId, float], ...]:
    """The best three of a part, their confidence rounded to three places."""
    ranked: tuple[Ranked, ...] = part.ranked[:WHY_LIMIT] if part else ()
    return tuple((one.entry, round(one.confidence, 3)) for one in ranked)


def votes(scene: Scene, about: str, entry: EntryId | None) -> tuple[Choose, Choose]:
    """Helpful and not helpful: below every answer and every decline."""
    return (
        Choose(scene.say("vote.yes"), Act("vote", (about, entry or "", "1"))),
        Choose(scene.say("vote.no"), Act("vote", (about, entry or "", "0"))),
    )


def title(scene: Scene, entry: Entry) -> str:
    """An entry's question in this person's language: what its button says."""
    return entry.question.text(scene.view.language)


def _text(scene: Scene, entry: Entry, part: Part | None, lead: str) -> str:
    found = part.lookup if part else None
    if found is not None:
        shown = compose(found, scene.content, scene.now, scene.view.language)
        sources = source_lines(scene, replace_sources(entry, shown.sources))
        return _join(lead, shown.text, sources)
    body = _variant(scene, entry)
    table = (
        show(entry.show, scene.content, scene.now, scene.view.language)
        if entry.show and scene.content.bodies
        else ""
    )
    heading = f"**{title(scene, entry)}**"
    return _join(lead, heading, body, table, source_lines(scene, entry), stale_line(scene, entry))


def replace_sources(entry: Entry, sources: tuple[object, ...]) -> Entry:
    """The entry with the sources of a computed answer in place of its own."""
    return entry.model_copy(update={"sources": sources})


def _variant(scene: Scene, entry: Entry) -> str:
    audience = scene.view.audience
    words = entry.answer_for.get(audience, entry.answer) if audience else entry.answer
    return words.text(scene.view.language)


def _join(*blocks: str) -> str:
    return "\n\n".join(block.strip() for block in blocks if block.strip())


def _related(scene: Scene, entry: Entry) -> tuple[Choose, ...]:
    known = (scene.content.entry_by_id.get(other) for other in entry.related)
    return tuple(
        Choose(title(scene, other), Act("show", (other.id,))) for other in known if other
    )[:RELATED_LIMIT]


def _why(part: Part | None) -> dict[str, str]:
    if part is None:
        return {}
    why = part.explanation
    return {
        "features": ", ".join(why.features),
        "repaired": ", ".join(why.repaired),
        "nearest": why.nearest,
        "margin": f"{why.margin:.2f}",
    }


def _reviews(scene: Scene, entry: Entry) -> tuple[OpenReview, ...]:
    if entry.review_by is None or scene.now.date() <= entry.review_by:
        return ()
    return (OpenReview(entry.id, entry.review_by.isoformat()),)
