"""What people say beside the questions of a FAQ: what is sensitive, what is small talk, what is outside."""

from dataclasses import dataclass, field
from typing import Final

from bot.knowledge.outside import Outside
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.smalltalk import Smalltalk
from bot.language.normalising import tokens
from bot.language.word_lists import word_list

INNOCENT: Final = -1  # the topic of what is not sensitive


@dataclass(frozen=True, slots=True)
class Beside:
    """What is learnt beside a FAQ; any of it may be missing.

    Attributes:
        sensitive: Topics for the guard.
        smalltalk: What asks nothing, and is innocent to the guard.
        outside: What this FAQ does not answer, and is innocent too.
    """

    sensitive: Sensitive = field(default_factory=lambda: Sensitive(topics=()))
    smalltalk: Smalltalk = field(default_factory=lambda: Smalltalk(kinds=()))
    outside: Outside = field(default_factory=Outside)

    def for_the_guard(self) -> list[tuple[int, str]]:
        """What people say of each sensitive topic, with its number; what is innocent has `INNOCENT`.

        Nothing where there are no topics. What is outside is not among it.
        """
        topics = self.sensitive.topics
        if not topics:
            return []
        said = [(at, p.text) for at, topic in enumerate(topics) for p in topic.phrasings]
        small = (text for kind in self.smalltalk.kinds for text in kind.phrasings)
        innocent = [
            *(text for topic in topics for text in topic.innocent),
            *word_list("everyday"),
            *(text for text in small if tokens(text)),
        ]
        return said + [(INNOCENT, text) for text in innocent]
