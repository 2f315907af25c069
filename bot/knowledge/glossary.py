"""The glossary: terms in all their spellings, and words that mean the same here."""

from typing import Literal

from bot.knowledge.shapes import Line, Shape, Slug


class Term(Shape):
    """A title, a body, an acronym or a word of ours.

    Attributes:
        title: How we write it.
        meaning: What it is, in plain words.
        spellings: Every way people type it, in lower case.
        ambiguous: Whether it is an everyday word too; then one of `needs` must stand in the same text.
    """

    id: Slug
    title: Line
    meaning: Line
    spellings: tuple[Line, ...] = ()
    kind: Literal["title", "body", "acronym", "word"] = "word"
    ambiguous: bool = False
    needs: tuple[Line, ...] = ()


class SynonymGroup(Shape):
    """Words that mean the same here."""

    words: tuple[Line, ...]


class Glossary(Shape):
    """`glossary.yaml`."""

    version: Literal[1] = 1
    terms: tuple[Term, ...] = ()
    synonyms: tuple[SynonymGroup, ...] = ()
