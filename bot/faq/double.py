"""Where one message may hold two questions."""

import re
from collections.abc import Iterator
from typing import Final

from bot.language.normalising import content_words, tokens

MOST_LETTERS: Final = 400  # characters; a longer message is a story, not two questions
MOST_CUTS: Final = 2  # places that are tried
_ASKS = (
    r"(?:how|what|whats|what's|when|where|wheres|who|whos|why|which|can|could|do|does|did|is|are|am"
    r"|will|would|should|have|has|must|may)"
)
_CUT: Final = re.compile(
    rf"\?+\s+(?=\w)|[.;!\n]\s*(?:and|also|plus|but)?\s*(?={_ASKS}\b)"
    rf"|,?\s+(?:and also|and|also|plus|but)\s+(?={_ASKS}\b)",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(rf"\?|^\W*(?:and |but |so |hi |hello )?{_ASKS}\b", re.IGNORECASE)


def halves(text: str) -> Iterator[tuple[str, str]]:
    """The ways to read a message as two questions, each with words that say what it is about."""
    if len(text) > MOST_LETTERS:
        return
    for count, cut in enumerate(_CUT.finditer(text)):
        if count >= MOST_CUTS:
            return
        first, second = text[: cut.end()].strip(), text[cut.end() :].strip()
        first = re.sub(r"[,\s]+(?:and also|and|also|plus|but)$", "", first, flags=re.IGNORECASE)
        if content_words(tokens(first)) and content_words(tokens(second)):
            yield first, second


def is_question(text: str) -> bool:
    """Whether a text plainly asks something."""
    return bool(_QUESTION.search(text))
