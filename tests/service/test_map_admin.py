"""The workplace map on the command line: tried, taken in once, shown without small numbers."""

import json

import pytest

from bot.errors import Refused
from bot.service.admin import Admin
from bot.service.map_text import parse_tree
from bot.storage.memory import MemoryStore
from tests.service.houses import House

LIST = "area,technicians,how_known\nLab 2,14,counted\nNights,3,told\nStores,many,\n"
HERE = {"branch": "main", "workplace": "Riverside"}


@pytest.fixture
def admin() -> Admin:
    house = House(MemoryStore())
    return Admin(house.store, house.content, house.clock)


def taken_in(admin: Admin, order: str = "map-import", text: str = LIST) -> dict[str, object]:
    answer: dict[str, object] = json.loads(admin.do(order, {**HERE, "text": text}))
    return answer


def test_a_list_is_tried_and_nothing_is_written(admin: Admin) -> None:
    said = taken_in(admin, "map-try")
    assert "Would add 2 areas and 2 figures" in str(said["text"])
    assert "Line 4, technicians: many is not a number" in str(said["text"]).replace("*", "")
    assert said["errors"] == 1
    assert admin.do("map-list", {"branch": "main"}) == "There is no workplace map yet."


def test_the_same_list_again_changes_nothing(admin: Admin) -> None:
    assert "Added 2 areas and 2 figures" in str(taken_in(admin)["text"])
    assert "Added 0 areas and 0 figures; 2 are there already." in str(taken_in(admin)["text"])
    assert admin.do("map-list", {"branch": "main"}) == "Riverside"


def test_what_is_shown_and_exported_has_no_small_number(admin: Admin) -> None:
    taken_in(admin)
    shown = admin.do("map-show", HERE)
    assert shown.splitlines()[0] == "Riverside: 17 technicians, estimated"
    assert "Lab 2, Nights together: 17 technicians" in shown
    tree = parse_tree(json.loads(admin.do("map-export", HERE))["tree"])
    assert [child.names for child in tree.children] == [("Lab 2", "Nights")]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({**HERE, "text": "technicians\n3\n"}, "no-area"),
        ({**HERE, "workplace": "x" * 81, "text": LIST}, "at most 80 letters"),
        ({**HERE, "branch": "nowhere", "text": LIST}, "no branch"),
    ],
)
def test_what_cannot_be_taken_in_is_refused(
    admin: Admin, arguments: dict[str, str], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        admin.do("map-import", arguments)


def test_a_workplace_that_is_not_there_is_named(admin: Admin) -> None:
    with pytest.raises(Refused, match="There is no workplace `Elsewhere`"):
        admin.do("map-show", {"branch": "main", "workplace": "Elsewhere"})
