"""Which areas a survey may ask for: large ones, and never one that the map hides."""

from hypothesis import given

from bot.mapping.asking_areas import ASKED_FROM, areas_to_ask, awareness_in, technicians_in
from bot.mapping.tree import outside
from bot.mapping.workplace import WorkMap
from bot.results.workplace import MapNode
from tests.mapping.maps import codes, mapped, maps, note


def names(work_map: WorkMap) -> list[tuple[str, ...]]:
    return [node.names for node in areas_to_ask(work_map)]


def ids(work_map: WorkMap, *wanted: str) -> frozenset[str]:
    return frozenset(area.id for area in work_map.live if area.name in wanted)


def test_areas_of_twenty_are_asked_alone_and_smaller_ones_with_a_neighbour() -> None:
    found = mapped(note("Lab 1", 40), note("Lab 2", 12), note("Stores", 9), note("Nights", 25))
    assert names(found) == [("Lab 1",), ("Lab 2", "Stores"), ("Nights",)]


def test_where_all_are_in_one_or_few_there_is_nothing_to_ask() -> None:
    assert names(mapped(note("Lab 1", 60))) == []
    assert names(mapped(note("Lab 1", 12), note("Lab 2", 12))) == []
    assert names(mapped()) == []


def test_an_area_that_falls_into_large_ones_is_asked_by_these() -> None:
    found = mapped(
        note("Site A", 80),
        note("Site A > Lab 1", 30),
        note("Site A > Lab 2", 22),
        note("Site B", 21),
    )
    assert names(found) == [("Lab 1",), ("Lab 2",), ("Site B",)]


def test_an_area_nobody_has_counted_is_not_asked_for() -> None:
    found = mapped(note("Lab 1", 30), note("Lab 2", 30), note("Yard", awareness=codes("good")))
    assert names(found) == [("Lab 1",), ("Lab 2",)]


def test_the_map_is_read_again_for_the_same_areas() -> None:
    found = mapped(note("Lab 1", 40), note("Lab 2", 12), note("Stores", 9))
    both = ids(found, "Lab 2", "Stores")
    assert technicians_in(found, both) == 21
    grown = mapped(note("Lab 2", 30), note("Stores", 20), on=found, days=-1)
    assert technicians_in(grown, both) == 50
    less = mapped(note("Stores", 2), on=found, days=-1)
    assert technicians_in(less, both) == 14, "they are counted together on the map too"
    assert technicians_in(less, ids(found, "Lab 1")) == 40
    assert (
        technicians_in(mapped(note("Lab 2", 3), note("Stores", 1), on=found, days=-1), both)
        is None
    )
    assert technicians_in(found, frozenset()) is None


def test_what_they_know_is_told_where_all_of_it_says_the_same() -> None:
    found = mapped(
        note("Lab 1", 40, awareness=codes("good")),
        note("Lab 2", 12, awareness=codes("none")),
        note("Lab 2 > Nights", 5, awareness=codes("some")),
        note("Stores", 9, awareness=codes("good")),
    )
    assert awareness_in(found, ids(found, "Lab 1", "Stores")) == "good"
    assert awareness_in(found, ids(found, "Lab 2")) == "mixed"
    assert awareness_in(mapped(note("Lab 1", 40)), ids(found, "Lab 1")) == ""


def parts(node: MapNode) -> list[frozenset[str]]:
    return [
        *([frozenset(node.ids)] if node.ids and node.heads else []),
        *(one for child in node.children for one in parts(child)),
    ]


@given(maps())
def test_what_is_asked_is_large_stands_once_and_is_made_of_what_all_may_see(
    work_map: WorkMap,
) -> None:
    asked = areas_to_ask(work_map)
    seen: set[str] = set()
    public = parts(outside(work_map, 5, ""))
    for node in asked:
        assert node.heads is not None
        assert node.heads.low >= ASKED_FROM
        assert seen.isdisjoint(node.ids)
        seen |= set(node.ids)
        of_it = [one for one in public if one <= set(node.ids)]
        assert frozenset().union(*of_it) == set(node.ids)
        assert technicians_in(work_map, frozenset(node.ids)) is not None
