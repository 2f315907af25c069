"""The content in use: what people read and how it is matched, replaced as a whole or not at all."""

from dataclasses import dataclass
from dataclasses import replace as dataclass_replace

from bot.faq.looked_up import looked_up
from bot.faq.lookup_names import Names
from bot.faq.ranking import Ranking
from bot.faq.reading import Reader
from bot.flows.model import NO_FLOWS, Flows
from bot.knowledge.content import Content


@dataclass(frozen=True, slots=True)
class Edition:
    """One state of all content, with the reader that was built from it.

    Attributes:
        names: What registers and bodies are called; None where the content holds none.
        flows: What can be filled in, and the older versions that runs began on.
    """

    content: Content
    reader: Reader
    names: Names | None = None
    flows: Flows = NO_FLOWS

    def read(self, text: str) -> Ranking:
        """What some words are taken for: an entry, a table, a signpost, small talk, or nothing."""
        ranking = self.reader.read(text)
        return looked_up(ranking, self.names) if self.names else ranking


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
