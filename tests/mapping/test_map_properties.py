"""What holds for every map: nothing is lost, sums add up, the same again changes nothing."""

import csv
from dataclasses import replace
from datetime import timedelta
from io import StringIO

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mapping.changing import Edit, applied, merge
from bot.mapping.coverage import coverage, next_area
from bot.mapping.exporting import rows
from bot.mapping.importing import read_csv
from bot.mapping.likeness import are_alike, twins
from bot.mapping.recording import Note, record
from bot.mapping.rows import decode_place, decode_told, encode_place, encode_told
from bot.mapping.standing import heads_below, heads_in, own_heads, total
from bot.mapping.summary import summarise
from bot.mapping.tree import outside, whole
from bot.mapping.workplace import Item, WorkMap, folded, parse_path, path_text
from bot.results.workplace import MapNode
from tests.mapping.maps import NAMES, NOON, NOTES, PATHS, maps, stamp

FEW = settings(max_examples=6, deadline=None)


@FEW
@given(maps(), NOTES)
def test_nothing_is_ever_overwritten(work_map: WorkMap, notes: list[Note]) -> None:
    done = record(work_map, notes, stamp("cat"))
    assert done.work_map.areas[: len(work_map.areas)] == work_map.areas
    assert done.work_map.figures[: len(work_map.figures)] == work_map.figures
    assert len(done.figures) + done.same == sum(len(note.told) for note in notes)
    for note in notes:
        assert done.work_map.find(note.path) is not None


@FEW
@given(maps(), NOTES)
def test_a_list_that_is_read_twice_changes_nothing_the_second_time(
    work_map: WorkMap,
    notes: list[Note],
) -> None:
    unique = {folded(note.path): note for note in notes}.values()
    once = record(work_map, tuple(unique), replace(stamp(None), is_fresh=False))
    twice = record(once.work_map, tuple(unique), replace(stamp(None, hours=-2), is_fresh=False))
    assert twice.areas == ()
    assert twice.figures == ()


@FEW
@given(maps())
def test_a_map_is_read_back_from_its_own_list(work_map: WorkMap) -> None:
    text = StringIO()
    csv.writer(text).writerows(rows(work_map))
    read = read_csv(text.getvalue(), NOON.date())
    assert read.errors == ()
    done = record(work_map, read.notes, replace(stamp(None), is_fresh=False))
    assert done.areas == ()
    shown = {(f.area, f.item) for f in done.figures}
    for (
        area,
        item,
    ) in shown:  # only a figure of another day may stand there anew, and with the same words
        newest, *_ = done.work_map.told(area, item)
        assert any(newest.told.codes == f.told.codes for f in work_map.told(area, item))


@FEW
@given(maps())
def test_totals_add_up_with_their_ranges(work_map: WorkMap) -> None:
    for area in (None, *(area.id for area in work_map.live)):
        parts = [heads_in(work_map, child.id) for child in work_map.children(area)]
        known = [part for part in parts if part]
        below = heads_below(work_map, area)
        assert (below is None) == (not known)
        if below:
            assert below.low == sum(part.low for part in known)
            assert below.high == sum(part.high for part in known)
        own = own_heads(work_map, area) if area else None
        whole_ = heads_in(work_map, area)
        for part in filter(None, (own, below)):
            assert whole_ is not None
            assert whole_.low >= part.low
            assert whole_.high >= part.high
    assert 0 <= total(work_map).guessed <= 100


@FEW
@given(maps(), st.integers(-10, 400))
def test_every_area_that_counts_is_mapped_or_never_was(work_map: WorkMap, days: int) -> None:
    far = coverage(work_map, NOON + timedelta(days=days))
    assert sorted(far.counting) == sorted((*far.mapped, *far.never))
    assert set(far.old) | set(far.partly) <= set(far.mapped)
    best = next_area(work_map, NOON + timedelta(days=days))
    assert (best is None) <= (not far.never and not far.old and not far.partly)
    assert best is None or best.area in {area.id for area in work_map.live}


@FEW
@given(NAMES, NAMES)
def test_alike_is_the_same_from_both_sides(one: str, other: str) -> None:
    assert are_alike(one, other) == are_alike(other, one)


@FEW
@given(st.text(max_size=30), st.text(max_size=30))
def test_alike_is_the_same_from_both_sides_for_any_words(one: str, other: str) -> None:
    assert are_alike(one, other) == are_alike(other, one)


@FEW
@given(maps())
def test_what_is_merged_is_counted_once_and_can_be_taken_back(work_map: WorkMap) -> None:
    for pair in twins(work_map):
        edit = merge(work_map, work_map.area_by_id[pair.other], work_map.area_by_id[pair.first])
        if not isinstance(edit, Edit):
            continue
        merged = applied(work_map, edit)
        assert pair.other not in {area.id for area in merged.live}
        figures = {f.id for item in Item for f in work_map.told(pair.other, item)}
        assert figures <= {f.id for item in Item for f in merged.told(pair.first, item)}
        back = decode_place(edit.after, encode_place(edit.before))
        again = applied(merged, Edit(edit.kind, edit.after, back))
        assert again == work_map


@FEW
@given(maps())
def test_rows_are_read_back_equal(work_map: WorkMap) -> None:
    for figure in work_map.figures:
        how = figure.told.provenance
        assert decode_told(encode_told(figure.told), how.value if how else None) == figure.told
    for area in work_map.areas:
        assert decode_place(area, encode_place(area)) == area


@FEW
@given(PATHS)
def test_a_path_is_read_back(path: tuple[str, ...]) -> None:
    assert parse_path(path_text(path)) == path


@FEW
@given(maps())
def test_the_areas_of_a_summary_have_each_person_once(work_map: WorkMap) -> None:
    summary = summarise(work_map, NOON)
    assert len({area.id for area in summary.areas}) == len(summary.areas)
    lows = sum(area.heads.low for area in summary.areas if area.heads)
    assert summary.total.heads is None or lows <= summary.total.heads.high


@FEW
@given(maps(), st.sampled_from([5, 10]))
def test_no_small_number_leaves_and_none_can_be_worked_out(
    work_map: WorkMap, threshold: int
) -> None:
    seen = outside(work_map, threshold, "others")
    for node in _all(seen):
        if node.heads is not None:
            assert node.heads.low >= threshold
        if node.heads is not None and node.registered is not None:
            assert threshold <= node.registered <= node.heads.low - threshold
        shown = [child for child in node.children if child.heads is not None]
        if node.heads is not None and shown:
            hidden_low = node.heads.low - sum(c.heads.low for c in shown if c.heads)
            assert hidden_low <= 0 or hidden_low >= threshold


@FEW
@given(maps())
def test_the_team_sees_everything(work_map: WorkMap) -> None:
    names = [node.names[0] for node in _all(whole(work_map))][1:]
    assert names == [area.name for area in work_map.live]


def _all(node: MapNode) -> list[MapNode]:
    return [node, *(below for child in node.children for below in _all(child))]
