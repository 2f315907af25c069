"""Records that are made quickly are the same, and as frozen, as any frozen dataclass."""

import copy
import dataclasses
import inspect
import pickle
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from bot.engine.view import View
from bot.messages import BranchId, PersonId, Place, Reply
from bot.records import quick, replace


@dataclass(frozen=True, slots=True)
class Plain:
    one: int
    two: str = "two"
    many: list[int] = field(default_factory=list)
    apart: int = field(default=4, kw_only=True)


@quick
@dataclass(frozen=True, slots=True)
class Quick:
    one: int
    two: str = "two"
    many: list[int] = field(default_factory=list)
    apart: int = field(default=4, kw_only=True)


def test_it_takes_the_same_arguments() -> None:
    assert inspect.signature(Quick) == inspect.signature(Plain)
    assert dataclasses.astuple(Quick(1)) == dataclasses.astuple(Plain(1))
    assert dataclasses.astuple(Quick(1, "b", [2], apart=5)) == (1, "b", [2], 5)
    for wrong in ((), (1, "b", [2], 5)):
        with pytest.raises(TypeError):
            Quick(*wrong)
    assert Quick(1).many is not Quick(1).many


def test_what_is_made_is_of_its_class_and_cannot_be_changed() -> None:
    for made in (Quick(1), replace(Quick(1), two="b"), dataclasses.replace(Quick(1), two="b")):
        assert type(made) is Quick
        with pytest.raises(FrozenInstanceError):
            made.one = 2  # type: ignore[misc]  # what is tested
        with pytest.raises(AttributeError):
            object.__setattr__(made, "three", 3)


def test_a_copy_has_the_changes_and_leaves_the_first_alone() -> None:
    first = Quick(1, "a", [1])
    assert replace(first, one=2, apart=9) == Quick(2, "a", [1], apart=9)
    assert first == Quick(1, "a", [1])
    assert replace(Plain(1), two="b") == Plain(1, "b")
    with pytest.raises(AttributeError):
        replace(first, three=3)  # type: ignore[call-arg]  # what is tested


def test_it_is_compared_hashed_and_copied_as_before() -> None:
    view = View(person=PersonId("p"), branch=BranchId("b"), place=Place.PRIVATE, fresh="f" * 26)
    reply = Reply(text="words", language="cy")
    assert copy.copy(reply) == reply == pickle.loads(pickle.dumps(reply))  # noqa: S301 - our own bytes
    assert hash(reply) == hash(replace(reply, language="cy"))
    assert repr(Quick(1)) == "Quick(one=1, two='two', many=[], apart=4)"
    assert replace(view, language="cy") != view
