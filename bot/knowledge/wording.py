"""Every other sentence of the bot, by key. No prose stands in the code."""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from bot.knowledge.shapes import Shape, Words

_GAP = re.compile(r"\{([a-z_]+)\}")


class Wording(Shape):
    """`wording.yaml`. Gaps are written `{name}`; what fills them must be light Markdown already."""

    version: Literal[1] = 1
    texts: Mapping[str, Words] = Field(default_factory=dict)

    def say(self, key: str, language: str = "en", /, **gaps: str | int) -> str:
        """The text of a key, its gaps filled.

        Gaps are replaced once and never read again, so nothing in a value can act as a gap.

        Raises:
            KeyError: The key, or the name of a gap, is unknown.
        """
        text = self.texts[key].text(language)
        return _GAP.sub(lambda gap: str(gaps[gap[1]]), text).strip() if "{" in text else text

    def gaps(self, key: str) -> frozenset[str]:
        """The names of the gaps in a text."""
        return frozenset(_GAP.findall(self.texts[key].en))
