"""The shape of a flow file: what may stand where, before names and expressions are looked at."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints

from bot.flows.model import ROUND_LIMIT, Deed, Suggested
from bot.knowledge.lint_shape import slug_of
from bot.knowledge.shapes import Line, Shape, Slug, Words
from bot.messages import Audience, Role

CODE = r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
NAME = r"^[a-z_][a-z0-9_]*$"

_YES_NO = {"true": "true()", "yes": "true()", "false": "false()", "no": "false()"}

Code = Annotated[str, StringConstraints(pattern=CODE, max_length=40)]
PartName = Annotated[str, StringConstraints(pattern=NAME, max_length=40)]


def _as_choice(value: Any) -> Any:
    """A bare text is a choice whose code is made of its label."""
    if isinstance(value, str | int | float):
        return {"name": slug_of(str(value)).replace("-", "_")[:40], "label": value}
    return value


def _as_expression(value: Any) -> Any:
    """Yes and no, however YAML or a spreadsheet writes them, as an expression."""
    if isinstance(value, bool | str):
        return _YES_NO.get(str(value).lower(), value)
    return value


Expr = Annotated[Line, BeforeValidator(_as_expression)]


class ChoiceShape(Shape):
    """One option of a list."""

    name: Code
    label: Words
    synonyms: tuple[Line, ...] = ()
    alone: bool = False
    columns: Mapping[PartName, str] = Field(default_factory=dict)


class PartShape(Shape):
    """A question, a group or a repeat; its `type` says which."""

    type: Line
    name: PartName
    label: Words | None = None
    hint: Words | None = None
    relevant: Expr | None = None
    required: Expr | None = None
    constraint: Expr | None = None
    constraint_message: Words | None = None
    calculation: Expr | None = None
    choice_filter: Expr | None = None
    default: Line | None = None
    appearance: Line | None = None
    parameters: Line | None = None
    personal: bool = False
    sensitive: bool = False
    refusable: bool = True
    why: Words | None = None
    example: Words | None = None
    suggests: Suggested | None = None
    show: Line | None = None
    take_away: bool = False
    another: Words | None = None
    shown: Words | None = None
    repeat_count: Line | None = None
    least: Annotated[int, Field(ge=0, le=ROUND_LIMIT)] | None = None
    most: Annotated[int, Field(ge=1, le=ROUND_LIMIT)] | None = None
    questions: tuple["PartShape", ...] = ()


class ByAreaShape(Shape):
    """The question where people work, asked where a survey is opened for a workplace with a map."""

    label: Words
    hint: Words | None = None
    why: Words
    elsewhere: Words
    cross: tuple[PartName, ...] = ()
    awareness: PartName | None = None


class FlowShape(Shape):
    """One flow file."""

    id: Slug
    version: Line
    title: Words
    about: Words | None = None
    thanks: Words | None = None
    start: tuple[Line, ...] = ()
    minutes: Annotated[int, Field(ge=1, le=60)] | None = None
    audience: tuple[Audience, ...] = ()
    roles: tuple[Role, ...] = ()
    purpose: Slug | None = None
    retention: Slug | None = None
    anonymous: bool = False
    survey: bool = False
    does: Deed | None = None
    private: bool = True
    by_area: ByAreaShape | None = None
    migrates: tuple[Line, ...] = ()
    choices: Mapping[PartName, tuple[Annotated[ChoiceShape, BeforeValidator(_as_choice)], ...]] = (
        Field(default_factory=dict)
    )
    questions: Annotated[tuple[PartShape, ...], Field(min_length=1)]
