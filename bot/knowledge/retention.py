"""How long each class of data is kept."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bot.knowledge.shapes import Shape, Slug, Words


class Keep(Shape):
    """One class of data: for how many days it is kept, and why so long."""

    days: Annotated[int, Field(ge=1, le=3660)]
    why: Words


class Retention(Shape):
    """`retention.yaml`."""

    version: Literal[1] = 1
    classes: Mapping[Slug, Keep]
