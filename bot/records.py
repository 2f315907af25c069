"""Frozen dataclasses with many fields, made and changed quickly.

A frozen dataclass sets each field through `object.__setattr__`, which looks the field up in the class
again each time: about 1,500 instructions a field, 39,000 for what a turn may know (`View`), and 76,000 to
`replace` two fields of it. That was a tenth of a turn. So a `quick` class has a twin with the same slots
that is not frozen: what is being made is of the twin until all its fields are set, and of the class,
frozen, before anybody else sees it.
"""

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, TypeVar

__all__ = ("quick", "replace")

C = TypeVar("C", bound=type[Any])
_COPY: Final[dict[type[Any], Callable[[Any], Any]]] = {}  # makes a copy that is not frozen yet

if TYPE_CHECKING:  # so that mypy goes on comparing the changes with the fields
    from dataclasses import replace
else:
    from dataclasses import replace as _replace

    def replace(record, /, **changes):
        """As `dataclasses.replace`: a copy with some fields changed; quickly where its class is `quick`."""
        cls = type(record)
        copy = _COPY.get(cls)
        if copy is None:
            return _replace(record, **changes)
        made = copy(record)
        for name, value in changes.items():
            setattr(made, name, value)
        made.__class__ = cls
        return made


def quick(cls: C) -> C:
    """Let a class be made and changed quickly.

    Args:
        cls: A frozen dataclass with slots, without a base and without `__post_init__`, all of whose fields
            stand in `__init__`.
    """
    all_fields = fields(cls)
    names = [one.name for one in all_fields]
    twin = type(f"_{cls.__name__}InTheMaking", (), {"__slots__": tuple(names)})
    space: dict[str, Any] = {"_MISSING": MISSING, "_Twin": twin, "_Class": cls}
    space["_set"] = object.__setattr__
    for one in all_fields:
        space[f"_default_{one.name}"] = one.default
        space[f"_make_{one.name}"] = one.default_factory
    placed = [_parameter(one) for one in all_fields if not one.kw_only]
    named = [_parameter(one) for one in all_fields if one.kw_only]
    head = ", ".join(["self", *placed, *(["*", *named] if named else [])])
    source = [
        f"def __init__({head}):",
        "    _set(self, '__class__', _Twin)",
        *(f"    self.{one.name} = {_value(one)}" for one in all_fields),
        "    self.__class__ = _Class",
        "def copy(record):",
        "    made = _Twin()",
        *(f"    made.{name} = record.{name}" for name in names),
        "    return made",
    ]
    exec("\n".join(source), space)  # noqa: S102 - of the fields' own names, as `dataclass` itself does it
    cls.__init__ = wraps(cls.__init__)(space["__init__"])
    _COPY[cls] = space["copy"]
    return cls


def _parameter(one: "Field[Any]") -> str:
    if one.default is not MISSING:
        return f"{one.name}=_default_{one.name}"
    return f"{one.name}=_MISSING" if one.default_factory is not MISSING else one.name


def _value(one: "Field[Any]") -> str:
    if one.default_factory is MISSING:
        return one.name
    return f"_make_{one.name}() if {one.name} is _MISSING else {one.name}"
