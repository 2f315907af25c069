"""What the map says: sums, disagreements, rounds, what comes next, what may leave."""

from dataclasses import replace
from datetime import timedelta

from bot.mapping.changing import Refusal, applied, merge, remove, rename
from bot.mapping.coverage import Next, Why, coverage, missing, next_area
from bot.mapping.recording import record, settle
from bot.mapping.rounds import changes
from bot.mapping.standing import current, heads_in, own_heads, registered_in, rivals, total
from bot.mapping.summary import summarise
from bot.mapping.tally import tally
from bot.mapping.tree import outside, whole
from bot.mapping.workplace import Area, Item, Told, WorkMap
from bot.results.workplace import Heads, Provenance
from tests.mapping.maps import EMPTY, NOON, codes, heads, mapped, note, stamp


def area(work_map: WorkMap, *path: str) -> Area:
    found = work_map.find(path)
    assert found is not None
    return found


def test_an_area_counts_everybody_in_it_once() -> None:
    work_map = mapped(note("Site A", 20), note("Site A > Lab 2", 14), note("Site B > Stores", 6))
    assert heads_in(work_map, area(work_map, "Site A").id) == Heads(20, 20, Provenance.COUNTED)
    assert heads_in(work_map, None) == Heads(26, 26, Provenance.COUNTED)
    found = {one.name: one.technicians for one in summarise(work_map, NOON).areas}
    assert found == {"Site A": 6, "Site A > Lab 2": 14, "Site B > Stores": 6}


def test_areas_inside_are_believed_where_they_come_to_more() -> None:
    work_map = mapped(note("Site A", 10), note("Site A > Lab 2", 14))
    assert heads_in(work_map, None) == Heads(14, 14, Provenance.COUNTED)


def test_a_sum_of_ranges_is_a_range_and_says_how_much_is_guessed() -> None:
    guess = heads(10, how=Provenance.ESTIMATED)
    work_map = mapped(note("A", heads(10, 20)), note("B", 5), note("C", guess))
    assert total(work_map).heads == Heads(25, 35, Provenance.RANGE)
    assert total(work_map).guessed == 83
    assert registered_in(work_map, None) is None


def test_two_people_who_differ_are_shown_side_by_side_until_somebody_chooses() -> None:
    work_map = mapped(note("Lab 2", 14), by="ann", days=3)
    work_map = mapped(note("Lab 2", 11), on=work_map, by="bob", days=1)
    (rival,) = rivals(work_map)
    assert (rival.shown.told.low, rival.other.told.low) == (11, 14)
    assert next_area(work_map, NOON) == Next(rival.area, Why.DISAGREE)
    made = settle(work_map, rival, rival.other, stamp("cat"))
    settled = replace(work_map, figures=(*work_map.figures, made))
    assert rivals(settled) == ()
    shown = current(settled, rival.area, Item.TECHNICIANS)
    assert shown is not None
    assert shown.told.low == 14
    assert len(settled.told(rival.area, Item.TECHNICIANS)) == 3


def test_the_same_person_or_a_later_round_is_no_disagreement() -> None:
    work_map = mapped(note("Lab 2", 14), by="ann", days=100)
    assert rivals(mapped(note("Lab 2", 11), on=work_map, by="bob")) == ()
    work_map = mapped(note("Lab 2", 14), by="ann", days=1)
    assert rivals(mapped(note("Lab 2", 11), on=work_map, by="ann")) == ()


def test_what_has_changed_since_the_last_round() -> None:
    work_map = mapped(note("Lab 2", 14), note("Nights", 9), days=200)
    work_map = mapped(note("Lab 2", heads(20, 25)), note("Nights", 8), on=work_map)
    lab, nights = changes(work_map)
    assert (lab.low, lab.high) == (6, 11)
    assert (nights.low, nights.high) == (-1, -1)


def test_what_is_missing_is_asked_only_where_it_makes_sense() -> None:
    work_map = mapped(note("None", 0), note("Lab", 4, accredited=codes("no_scheme")), note("New"))
    assert missing(work_map, area(work_map, "None").id) == ()
    assert Item.ENCOURAGED not in missing(work_map, area(work_map, "Lab").id)
    assert len(missing(work_map, area(work_map, "New").id)) == len(Item)


def test_the_next_area_is_one_that_was_never_mapped_then_the_oldest() -> None:
    work_map = mapped(note("Lab", 4), days=300)
    work_map = mapped(note("Stores", 4), on=work_map, days=200)
    work_map = mapped(note("Nights"), on=work_map)
    assert next_area(work_map, NOON) == Next(area(work_map, "Nights").id, Why.NEVER)
    done = mapped(note("Nights", 2), on=work_map)
    assert next_area(done, NOON) == Next(area(done, "Lab").id, Why.OLD)
    assert len(coverage(done, NOON + timedelta(days=400)).old) == 3


def test_barriers_are_ranked_by_areas_then_by_people() -> None:
    work_map = mapped(
        note("A", 10, barriers=codes("cost", "time")),
        note("B", 2, barriers=codes("time")),
        note("C", 50, barriers=codes("how")),
        note("D", 5, barriers=codes("none")),
    )
    ranked = tally(work_map, Item.BARRIERS)
    assert [(rank.code, len(rank.areas)) for rank in ranked] == [
        ("time", 2),
        ("how", 1),
        ("cost", 1),
    ]


def test_a_rename_moves_or_refuses() -> None:
    work_map = mapped(note("Site A > Lab 2 > Nights", 4), note("Stores", 3))
    lab = area(work_map, "Site A", "Lab 2")
    moved = rename(work_map, lab, ("Stores", "Lab 3"))
    assert not isinstance(moved, Refusal)
    assert applied(work_map, moved).find(("Stores", "Lab 3", "Nights")) is not None
    assert rename(work_map, lab, ("Nowhere", "Lab 3")) is Refusal.NO_PARENT
    assert rename(work_map, lab, ("Site A", "Lab 2", "Lab 2")) is Refusal.INSIDE_ITSELF
    assert rename(work_map, area(work_map, "Stores"), ("Site A",)) is Refusal.TAKEN
    assert merge(work_map, area(work_map, "Site A"), lab) is Refusal.INSIDE_ITSELF
    deep = mapped(note("A > B > C > D", 1), note("X > Y", 1))
    assert rename(deep, area(deep, "X"), ("A", "B", "C", "X")) is Refusal.TOO_DEEP


def test_what_is_taken_off_the_map_takes_what_lies_in_it() -> None:
    work_map = mapped(note("Site A > Lab 2", 4), note("Stores", 3))
    after = applied(work_map, remove(area(work_map, "Site A")))
    assert [one.name for one in after.live] == ["Stores"]
    assert heads_in(after, None) == Heads(3, 3, Provenance.COUNTED)


def test_people_in_none_of_the_areas_inside_cannot_be_worked_out() -> None:
    """14 of 16 in Lab 2 leaves 2 elsewhere: so Lab 2 is not told apart."""
    work_map = mapped(note("Site A", 16), note("Site A > Lab 2", 14), note("Site B", 30))
    assert {c.names[0] for c in whole(work_map).children[0].children} == {"Lab 2"}
    site = outside(work_map, 5, "others").children[0]
    assert site.heads == Heads(16, 16, Provenance.COUNTED)
    assert all(child.heads is None or child.heads.low == 16 for child in site.children)


def test_a_map_has_room_for_500_areas_and_says_what_is_left_out() -> None:
    done = record(EMPTY, [note(f"L{n}") for n in range(502)], stamp())
    assert len(done.areas) == 500
    assert [one.path for one in done.beyond] == [("L500",), ("L501",)]


def test_the_order_of_areas_is_the_order_they_were_named_in() -> None:
    work_map = mapped(note("Z"), note("A"), note("M"))
    added = [one.added_at for one in work_map.areas]
    assert added == sorted(set(added))


def test_words_are_kept_with_their_area() -> None:
    work_map = mapped(note("Lab 2", what_they_do=Told(words="fitters")))
    assert own_heads(work_map, area(work_map, "Lab 2").id) is None
    assert current(work_map, area(work_map, "Lab 2").id, Item.WHAT_THEY_DO) is not None
