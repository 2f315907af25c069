"""What all content files have in common: frozen shapes, texts in languages, and honest dates."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

LANGUAGES = ("en", "cy")  # English is complete; Welsh falls back to it, text by text


class Shape(BaseModel):
    """A frozen shape that refuses keys it does not know."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        coerce_numbers_to_str=True,
        defer_build=True,  # a shape that a process never reads costs it nothing
    )


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class LocalText(Shape):
    """A text people read, in English and, where it is there, in other languages."""

    en: Line
    cy: Line | None = None

    def text(self, language: str = "en") -> str:
        """The text in a language, or in English where that is missing."""
        return (self.cy if language == "cy" else None) or self.en


def _as_local(value: Any) -> Any:
    return {"en": value} if isinstance(value, str | int | float) else value


Words = Annotated[LocalText, BeforeValidator(_as_local)]


class Source(Shape):
    """Where a fact comes from.

    Attributes:
        title: Whose page it is, and which.
        url: The page to show a person; None for what is our own decision.
        as_of: What the page says of its own date; None where it says nothing.
        evidence: A copy it was read from, kept for editors and never shown.
    """

    title: Line
    url: Line | None = None
    as_of: Line | None = None
    evidence: Line | None = None


class Dated(Shape):
    """What carries our own dates: when it was written, checked, and must be looked at again."""

    compiled_at: date | None = None
    checked_at: date | None = None
    review_by: date | None = None


Table = Mapping[str, str]
