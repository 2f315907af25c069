"""Names that mean one place, and names that do not."""

import pytest

from bot.mapping.likeness import are_alike, like, twins
from tests.mapping.maps import mapped, note

SAME = [
    ("Lab 2", "Laboratory two"),
    ("Lab 2", "lab no. 2"),
    ("Lab2", "Lab 2"),
    ("Night shift", "Nights"),
    ("nightshift", "the night shift"),
    ("Maintenance", "Maintainance"),
    ("Dept of Chemistry", "Chemistry department"),
    ("Building B", "Bldg B"),
    ("Ward IV", "Ward 4"),
    ("Electrical workshop", "Elec wkshp"),
    ("Cafè", "cafe"),
]
DIFFERENT = [
    ("Lab 2", "Lab 3"),
    ("Lab 2", "Lab 12"),
    ("Lab A", "Lab B"),
    ("Days", "Nights"),
    ("Stores", "Scores room"),
    ("Chemistry", "Physics"),
    ("Site A", "Site B"),
    ("Ward", "Yard"),
    ("Lab", "Lab 2"),
    ("🔬", "🧪"),
    ("", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_mean_one_place(one: str, other: str) -> None:
    assert are_alike(one, other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_mean_two_places(one: str, other: str) -> None:
    assert not are_alike(one, other)


def test_a_name_that_is_on_the_map_is_not_asked_about() -> None:
    work_map = mapped(note("Lab 2"), note("Site A > Nights"))
    assert like(work_map, ("LAB  2",)) == ()
    assert [work_map.path(one) for one in like(work_map, ("Laboratory two",))] == [("Lab 2",)]
    assert [work_map.path(one) for one in like(work_map, ("night shift",))] == [
        ("Site A", "Nights")
    ]
    assert like(work_map, ("Site A", "Lab 2")) == ()


def test_areas_of_one_name_in_two_places_are_no_twins() -> None:
    assert twins(mapped(note("Site A > Nights"), note("Site B > Nights"))) == ()
    assert len(twins(mapped(note("Site A > Nights"), note("Site A > Night shift")))) == 1
