"""The FAQ: entries, their topics, and the phrasings a matcher learns from."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from bot.knowledge.shapes import Dated, Line, Shape, Slug, Source, Words
from bot.messages import Audience, EntryId

Style = Literal[
    "plain", "short", "rambling", "colloquial", "second_language", "situation", "acronym", "typos"
]
STYLES: tuple[Style, ...] = (
    "plain",
    "short",
    "rambling",
    "colloquial",
    "second_language",
    "situation",
    "acronym",
)


Id = Annotated[EntryId, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", coerce_numbers_to_str=True))
class Phrasing:
    """One way of asking an entry's question: there are ten thousand, so each is small in memory."""

    text: Line
    style: Style | None = None


def as_phrasing(value: Any) -> Any:
    """A bare text is a phrasing without a style."""
    return {"text": value} if isinstance(value, str | int | float) else value


class Entry(Dated):
    """One FAQ entry. Only `id`, `question` and `answer` are required.

    Attributes:
        draft: Whether somebody still has to finish it: nobody is answered with it.
    """

    id: Id
    topic: Line = "general"
    audience: tuple[Audience, ...] = ()
    question: Words
    phrasings: tuple[Annotated[Phrasing, BeforeValidator(as_phrasing)], ...] = ()
    answer: Words
    answer_for: Mapping[Audience, Words] = Field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    related: tuple[Id, ...] = ()
    show: Line | None = None
    must_have: tuple[Line, ...] = ()
    block_if: tuple[Line, ...] = ()
    min_score: Annotated[float, Field(ge=0, le=1)] = 0.0
    draft: bool = False

    def asked_as(self) -> tuple[str, ...]:
        """Every way it is asked, the question first, in file order."""
        return (self.question.en, *(phrasing.text for phrasing in self.phrasings))


class Topic(Shape):
    """A shelf of entries to browse; belongs to a section, so that three taps reach every entry."""

    id: Slug
    title: Words
    section: Slug


class Section(Shape):
    """A group of topics: the first page of browsing."""

    id: Slug
    title: Words


class Faq(Shape):
    """`faq.yaml`.

    Attributes:
        starters: Entries that the welcome offers to somebody who does not know what to ask.
    """

    version: Literal[1] = 1
    starters: tuple[Id, ...] = ()
    sections: tuple[Section, ...] = ()
    topics: tuple[Topic, ...] = ()
    entries: tuple[Entry, ...]

    def finished(self) -> "Faq":
        """The same without drafts."""
        if not any(entry.draft for entry in self.entries):
            return self
        kept = tuple(entry for entry in self.entries if not entry.draft)
        return self.model_copy(update={"entries": kept})
