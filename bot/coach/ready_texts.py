"""Ready texts, filled: with names that are known, with numbers that may be shown, and nothing made up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.knowledge.action_plan import ActionPlan, Part
from bot.messages import plain

_LINK = re.compile(r"https://[\w.-]+\.[a-z]{2,}(?::\d+)?(?:[/?#][^\s<>\"]{0,300})?", re.IGNORECASE)
_GAP = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A ready text with its gaps filled.

    Attributes:
        title: What it is.
        text: Light Markdown. A name that is unknown is a line to fill in by hand.
        to_fill: What is left to fill in by hand, in plain words.
        left_out: The numbers that were unknown or protected; what needed them is not said.
    """

    title: str
    text: str
    to_fill: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def is_link(text: str) -> bool:
    """Whether a text is a link that may stand on a poster: https, and nothing beside it."""
    return _LINK.fullmatch(text) is not None


def fill(
    content: ActionPlan, text_id: str, known: Mapping[str, str | int], language: str = "en"
) -> Filled:
    """Fill a ready text.

    Args:
        content: Where it stands.
        text_id: Which.
        known: Gap to what is known. Numbers must come from a release, or be the map's own figures
            as `results/` lets them out; one that is suppressed is simply not here. Words of people
            are shown as they are and can be no markup.
        language: Of the text.

    Raises:
        KeyError: There is no such text.
    """
    ready = content.text_by_id[text_id]
    chosen = [_choose(content, part, known, language) for part in ready.parts]
    gaps = [gap for part in ready.parts for gap in _GAP.findall(part.say.text(language))]
    said = [words for words in chosen if words]
    in_text = set(_GAP.findall("\n".join(said)))
    blanks = {gap: content.gap_by_id[gap].what.text(language) for gap in in_text - known.keys()}
    unique = tuple(dict.fromkeys(gaps))
    return Filled(
        title=ready.title.text(language),
        text="\n\n".join(_filled(words, known, blanks) for words in said),
        to_fill=tuple(blanks[gap] for gap in unique if gap in blanks),
        left_out=tuple(
            gap for gap in unique if content.gap_by_id[gap].number and gap not in known
        ),
    )


def _choose(content: ActionPlan, part: Part, known: Mapping[str, str | int], language: str) -> str:
    """What a paragraph says: as it is, or without the numbers nobody knows, or nothing."""
    words = part.say.text(language)
    lacks = any(content.gap_by_id[gap].number and gap not in known for gap in _GAP.findall(words))
    if not lacks:
        return words
    return part.otherwise.text(language) if part.otherwise else ""


def _filled(words: str, known: Mapping[str, str | int], blanks: Mapping[str, str]) -> str:
    def fill_one(gap: "re.Match[str]") -> str:
        name = gap[1]
        if name in blanks:
            return f"______ ({blanks[name]})"
        value = known[name]
        return str(value) if isinstance(value, int) else plain(value)

    return _GAP.sub(fill_one, words).strip()
