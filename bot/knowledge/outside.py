"""What people ask that is about something else: the matcher learns from it where the FAQ's ground ends."""

from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.shapes import Line, Shape, Slug


class OutsideGroup(Shape):
    """Texts about one thing that the FAQ does not answer, such as pay or passwords."""

    id: Slug
    texts: Annotated[tuple[Line, ...], Field(min_length=1)]


class Outside(Shape):
    """`outside.yaml`. It belongs to one FAQ: what is outside of ours may be the heart of another."""

    version: Literal[1] = 1
    groups: tuple[OutsideGroup, ...] = ()
