"""The content in use: what people read and how it is matched, replaced as a whole or not at all."""

from dataclasses import dataclass, field
from dataclasses import replace as dataclass_replace
from typing import Final

from bot.engine.commands import command_of_phrase, verb_of
from bot.engine.followup import may_lean, spelt_out
from bot.engine.session import Session
from bot.faq.looked_up import looked_up, names_in
from bot.faq.lookup_names import Names
from bot.faq.ranking import Ranking
from bot.faq.reading import Reader
from bot.flows.model import NO_FLOWS, Flows
from bot.knowledge.content import Content
from bot.messages import Outcome

MOST_KEPT: Final = 1000  # rankings, of some kilobytes each
NUMBER_LENGTH: Final = 3  # digits of an option's number


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of all content, with the reader that was built from it.

    Attributes:
        names: What registers and bodies are called; None where the content holds none.
        flows: What can be filled in, and the older versions that runs began on.
        kept: What words were taken for that are the content's own, and nobody's.
    """

    content: Content
    reader: Reader
    names: Names | None = None
    flows: Flows = NO_FLOWS
    kept: dict[str, Ranking] = field(default_factory=dict, init=False, repr=False, compare=False)
    small_talk: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Fold the small talk."""
        kinds = self.content.smalltalk.kinds
        folded = frozenset(_folded(text) for kind in kinds for text in kind.phrasings)
        object.__setattr__(self, "small_talk", folded)

    def read(self, text: str) -> Ranking:
        """What some words are taken for: an entry, a table, a signpost, small talk, or nothing.

        The answer for words that stand in the content, such as a phrasing or a command, is kept: they say
        nothing of who typed them. What people put in words of their own is forgotten at once.
        """
        found = self.kept.get(text)
        if found is not None:
            return found
        ranking = self.reader.read(text)
        is_ours = _is_word_for_word(ranking) or self._is_ours(text)
        if self.names:
            ranking = looked_up(ranking, self.names)
        if is_ours and len(self.kept) < MOST_KEPT:
            self.kept[text] = ranking
        return ranking

    def read_on(self, session: Session, text: str, ranking: Ranking) -> Ranking:
        """What words are taken for where they lean on the last answer, such as "how much is that?".

        Args:
            session: Before this turn.
            text: As typed.
            ranking: What they are taken for by themselves; a table's answer, a signpost and small talk stay.
        """
        first = ranking.first
        leans = first.outcome in {Outcome.ANSWER, Outcome.DISAMBIGUATE, Outcome.DECLINE}
        if self.names is None or not leans or first.lookup or not may_lean(session, text):
            return ranking
        whole = spelt_out(session, self.content, text, names_in(text, self.names))
        again = self.read(whole) if whole else ranking
        is_surer = again.first.lookup or first.outcome is not Outcome.ANSWER
        return again if is_surer and again.first.outcome is Outcome.ANSWER else ranking

    def _is_ours(self, text: str) -> bool:
        """Whether a text is small talk, a command or a number that many type the same."""
        folded = _folded(text)
        is_number = folded.isdecimal() and len(folded) <= NUMBER_LENGTH
        is_command = verb_of(text) is not None or command_of_phrase(text) is not None
        return is_number or is_command or folded in self.small_talk


def _is_word_for_word(ranking: Ranking) -> bool:
    """Whether a text was a phrasing of an entry, and nothing besides."""
    if len(ranking.parts) > 1 or not ranking.first.ranked:
        return False
    return ranking.first.ranked[0].confidence == 1.0


def _folded(text: str) -> str:
    return " ".join(text.lower().strip(" .!?").split())


class Library:
    """Holds the edition in use. A turn takes it once and keeps to it.

    Args:
        edition: What to begin with.
    """

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    @property
    def edition(self) -> Edition:
        """The edition in use now."""
        return self._edition

    def replace(self, edition: Edition) -> None:
        """Use another edition from the next turn on; runs end on the flows they began on."""
        self._edition = dataclass_replace(edition, flows=edition.flows.after(self._edition.flows))
