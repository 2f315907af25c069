"""The map as files, opened again: whole for its team, without small numbers for others (R36)."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from PIL import Image

from bot.mapping.importing import read_csv
from bot.mapping.recording import record
from bot.mapping.voice import depths
from bot.mapping.workplace import WorkMap
from bot.reports.map_files import PICTURED, listing, picture, trimmed, workbook
from bot.service.map_files import MapFile, map_file
from bot.service.map_text import parse_tree, tree_text
from tests.mapping.maps import NOON, mapped, note, stamp
from tests.reports.test_pictures import LABELS

MAP = mapped(
    note("Site A > Lab 2", 14), note("Site A > =cmd()", 3), note("Stores", 30), note("New")
)


def source(work_map: WorkMap = MAP, *, is_whole: bool = True) -> MapFile:
    return map_file(work_map, LABELS.wording, "en", NOON, is_whole=is_whole)


def cells(content: bytes) -> list[object]:
    book = openpyxl.load_workbook(BytesIO(content))
    return [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]


def test_the_picture_can_be_opened_and_its_twin_says_every_area() -> None:
    (made,) = picture(source())
    assert Image.open(BytesIO(made.content)).size[0] == 1200
    assert made.name == "map-riverside-2026-11-21.png"
    for name in ("Lab 2", "Stores", "New"):
        assert name in made.text_twin


def test_the_workbook_of_the_team_has_every_figure_and_no_formula() -> None:
    (made,) = workbook(source())
    found = cells(made.content)
    assert 3 in found
    assert "'=cmd()" in found
    assert not any(isinstance(value, str) and value.startswith("=") for value in found)


def test_the_workbook_of_the_team_lays_two_rounds_side_by_side_and_that_of_others_does_not() -> (
    None
):
    earlier = mapped(note("Site A > Lab 2", 9), note("Stores", 31), days=200)
    both = mapped(note("Site A > Lab 2", 14), note("Offices", 8), on=earlier)
    (made,) = workbook(source(both))
    book = openpyxl.load_workbook(BytesIO(made.content))
    rows = [[cell.value for cell in row] for row in book["Since last time"]]
    (line,) = rows[1:]
    assert (line[0], line[2], line[3], line[5], line[6]) == ("Site A > Lab 2", 9, 9, 14, 14)
    (other,) = workbook(source(both, is_whole=False))
    assert "Since last time" not in openpyxl.load_workbook(BytesIO(other.content)).sheetnames
    assert len(openpyxl.load_workbook(BytesIO(workbook(source())[0].content)).sheetnames) == 2


@pytest.mark.parametrize("make", [workbook, listing, picture])
def test_no_file_for_others_has_a_small_number(make) -> None:  # type: ignore[no-untyped-def]  # one of three
    (made,) = make(source(is_whole=False))
    assert "under 5" in made.caption
    said = made.text_twin or (
        str(cells(made.content)) if make is workbook else made.content.decode("utf-8-sig")
    )
    assert "17" in said or make is picture
    for number in ("14 tech", "3 tech", ", 14,", ", 3,", ",14,", ",3,"):
        assert number not in said


def test_the_list_of_the_team_can_be_sent_back() -> None:
    (made,) = listing(source())
    text = made.content.decode("utf-8-sig")
    assert next(csv.reader(StringIO(text)))[0] == "area"
    read = read_csv(text, NOON.date())
    assert read.errors == ()
    done = record(MAP, read.notes, stamp(None))
    assert done.areas == ()


def test_a_picture_of_a_large_map_stays_small_enough_to_be_looked_at() -> None:
    deep = mapped(*(note(f"S{n % 30} > L{n}", 5) for n in range(120)))
    assert len([*depths(trimmed(source(deep).tree, LABELS))]) == 31
    wide = mapped(*(note(f"S{n}", 5) for n in range(120)))
    assert len([*depths(trimmed(source(wide).tree, LABELS))]) == PICTURED


def test_a_tree_is_read_back_from_its_text() -> None:
    for is_whole in (True, False):
        tree = source(is_whole=is_whole).tree
        assert parse_tree(tree_text(tree)) == tree
