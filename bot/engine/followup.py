"""Elliptical questions: "and how long?" is tried within the last answer's topic, for two turns.

"How much is that?" is about the register or the body that the last answer was about, and "what about the
IET?" after an answer about money asks for its price: such words are spelt out before they are looked up.
"""

import re
from collections.abc import Sequence
from typing import Final

from bot.engine.answers import answer
from bot.engine.session import Session
from bot.engine.speech import Said, Scene
from bot.faq.ranking import Part
from bot.knowledge.content import Content

TURNS: Final = 2  # turns after an answer in which its topic is in the air
WORDS: Final = 7  # a longer question stands on its own
ENOUGH: Final = 0.25  # confidence within the topic; the topic itself is the rest of the evidence
LEAD: Final = 0.05  # over the second of the topic

_POINTING = re.compile(r"\b(?:that|this|it|them|they|one|those)\b", re.IGNORECASE)
_COSTS: Final = "fees"  # begins what an entry about money shows
_OPENING = re.compile(
    r"^(?:and|or|but|so|ok|then|also|what about|how about|wot about)\b", re.IGNORECASE
)


def may_lean(session: Session, words: str) -> bool:
    """Whether `spelt_out` may find something: asked first, since looking for names takes a while."""
    last = session.last
    if last is None or last.entry is None or session.turn + 1 - last.at_turn > TURNS:
        return False
    if len(words.split()) > WORDS:
        return False
    return bool(_POINTING.search(words) or _OPENING.match(words.strip()))


def spelt_out(session: Session, content: Content, words: str, named: Sequence[str]) -> str:
    """What words say when what they lean on is put in; empty where they stand on their own.

    Args:
        session: Before this turn.
        content: Where the last answer stands.
        words: As typed.
        named: The registers and bodies they name themselves, as these are written.
    """
    last = session.last
    if last is None or last.entry is None or not may_lean(session, words):
        return ""
    if not named and last.named and _POINTING.search(words):
        return f"{words.strip(' .?!')} {last.named}"
    before = content.entry_by_id.get(last.entry)
    is_price = before is not None and (before.show or "").startswith(_COSTS)
    if is_price and len(named) == 1 and _OPENING.match(words.strip()):
        return f"how much does {named[0]} cost"
    return ""


def follow_up(scene: Scene, part: Part) -> Said | None:
    """The answer within the last answer's topic, saying so; None where none is near.

    Only for words that found no answer on their own: an opening such as "and", or a few words.
    """
    last = scene.session.last
    if last is None or last.entry is None or scene.session.turn - last.at_turn > TURNS:
        return None
    before = scene.content.entry_by_id.get(last.entry)
    if before is None or not _is_elliptical(part.words):
        return None
    shelf = scene.content.entries_by_topic[before.topic]
    near = part.within({entry.id for entry in shelf} | set(before.related))
    if not near or near[0].confidence < ENOUGH:
        return None
    if len(near) > 1 and near[0].confidence - near[1].confidence < LEAD:
        return None
    topic = next((t for t in scene.content.faq.topics if t.id == before.topic), None)
    name = topic.title.text(scene.view.language) if topic else before.question.en
    entry = scene.content.entry_by_id[near[0].entry]
    return answer(scene, entry, part, lead=scene.say("follow-up.lead", topic=name))


def _is_elliptical(words: str) -> bool:
    """Whether words lean on what was said before: they open like it, or are few and ask."""
    if len(words.split()) > WORDS:
        return False
    return bool(_OPENING.match(words.strip())) or words.strip().endswith("?")
