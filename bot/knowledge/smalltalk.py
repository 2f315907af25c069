"""Small talk: what people say that asks nothing, and what we say back."""

from typing import Literal

from bot.knowledge.shapes import Line, Shape, Slug, Words


class Kind(Shape):
    """One kind of small talk. Several replies take turns, so that it does not sound like a machine."""

    id: Slug
    phrasings: tuple[Line, ...] = ()
    replies: tuple[Words, ...]


class Smalltalk(Shape):
    """`smalltalk.yaml`."""

    version: Literal[1] = 1
    kinds: tuple[Kind, ...]
