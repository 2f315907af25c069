"""Lists of areas: what can be read, what cannot and why, line by line."""

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.quantities import read_quantity
from bot.mapping import importing
from bot.mapping.cells import Wrong, read_cells
from bot.mapping.importing import BYTES_LIMIT, ROWS_LIMIT, Unfit, decode_csv, read_csv
from bot.mapping.workplace import HEADS_LIMIT, Item, Told
from bot.results.workplace import Provenance

TODAY = date(2026, 11, 21)
LIST = """area,technicians,how known,registered,barriers,accredited,Colour,mapped on
Lab 2,14,counted,3,cost; time,yes,red,2026-11-01
Site A > Nights,10-15,,,,,,
Stores,about 6,,,,,,

"Quay, north","1,200",told,,none,no,,21/11/2026
"""


def test_a_list_is_read() -> None:
    read = read_csv(LIST, TODAY)
    assert read.errors == ()
    assert read.unknown == ("Colour",)
    lab, nights, stores, quay = read.notes
    assert lab.told[Item.TECHNICIANS] == Told(low=14, high=14, provenance=Provenance.COUNTED)
    assert lab.told[Item.REGISTERED] == Told(low=3, high=3)
    assert lab.told[Item.BARRIERS] == Told(codes=("cost", "time"))
    assert lab.told[Item.ACCREDITED] == Told(codes=("accredited",))
    assert lab.at is not None
    assert lab.at.date() == date(2026, 11, 1)
    assert nights.path == ("Site A", "Nights")
    assert nights.told[Item.TECHNICIANS] == Told(low=10, high=15, provenance=Provenance.TOLD)
    assert stores.told[Item.TECHNICIANS].provenance is Provenance.ESTIMATED
    assert quay.told[Item.TECHNICIANS].low == 1200
    assert quay.line == 6


@pytest.mark.parametrize(
    ("row", "column", "wrong"),
    [
        ("Lab 2,many,,", "technicians", Wrong.NUMBER),
        ("Lab 2,-3,,", "technicians", Wrong.NUMBER),
        ("Lab 2,15-10,,", "technicians", Wrong.NUMBER),
        ("Lab 2,999999999,,", "technicians", Wrong.NUMBER),
        ("Lab 2,3,4,", "registered", Wrong.MORE_THAN_THERE),
        ("Lab 2,3,,money", "barriers", Wrong.CODE),
        ("Lab 2,3,,none;cost", "barriers", Wrong.CODE),
        (",3,,", "area", Wrong.AREA),
        ("a>b>c>d>e,3,,", "area", Wrong.AREA),
        (f"{'x' * 81},3,,", "area", Wrong.AREA),
        ("LAB 1,3,,", "area", Wrong.TWICE),
    ],
)
def test_a_line_that_cannot_be_read_is_named(row: str, column: str, wrong: Wrong) -> None:
    read = read_csv(f"area,technicians,registered,barriers\nLab 1,2,,\n{row}\n", TODAY)
    assert [(error.line, error.column, error.wrong) for error in read.errors] == [
        (3, column, wrong)
    ]
    assert [note.path for note in read.notes] == [("Lab 1",)]


@given(st.integers(0, 999_999))
def test_a_plain_number_is_the_one_that_is_read_in_words(number: int) -> None:
    told, wrong = read_cells({"technicians": str(number)})
    said = read_quantity(str(number))
    assert said is not None
    assert (said.low, said.high or said.low, said.is_about) == (number, number, False)
    assert (not wrong) is (number <= HEADS_LIMIT)
    if not wrong:
        told_of = told[Item.TECHNICIANS]
        assert told_of == Told(low=number, high=number, provenance=Provenance.TOLD)


def test_each_line_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[Mapping[str, str]] = []

    def counted(cells: Mapping[str, str]) -> tuple[dict[Item, Told], dict[str, Wrong]]:
        lines.append(cells)
        return read_cells(cells)

    monkeypatch.setattr(importing, "read_cells", counted)
    read = read_csv("area,technicians,mapped_on\nA,2,\nB,many,2027-01-01\nA,3,\n", TODAY)
    assert [(error.line, error.column) for error in read.errors] == [
        (3, "mapped_on"),
        (3, "technicians"),
        (4, "area"),
    ]
    assert len(lines) == 3


def test_a_day_to_come_or_an_american_one_is_refused() -> None:
    read = read_csv("area,mapped_on\nA,2026-11-22\nB,11/21/2026\nC,21/11/2026\n", TODAY)
    assert [(error.line, error.wrong) for error in read.errors] == [(2, Wrong.DAY), (3, Wrong.DAY)]
    assert len(read.notes) == 1


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("", Unfit.NO_ROWS),
        ("area\n", Unfit.NO_ROWS),
        ("technicians\n3\n", Unfit.NO_AREA),
        ("area\n" + "\n".join(f"L{n}" for n in range(ROWS_LIMIT + 1)), Unfit.TOO_BIG),
        ('area\n"' + "x" * 200_000, Unfit.NOT_TEXT),
    ],
)
def test_a_file_that_is_no_list_is_refused(text: str, unfit: Unfit) -> None:
    assert read_csv(text, TODAY).unfit is unfit


@pytest.mark.parametrize(
    "text", ["sep=;\narea;technicians\nLab 2;14\n", "Area\tHeadcount\nLab 2\t14\n"]
)
def test_the_ways_excel_writes_a_list_are_read(text: str) -> None:
    (note,) = read_csv(text, TODAY).notes
    assert note.told[Item.TECHNICIANS].low == 14
    assert note.line == (3 if text.startswith("sep") else 2)


def test_levels_in_columns_of_their_own() -> None:
    read = read_csv("site,department,shift,technicians\nA,Lab,Nights,4\nB,,,2\n", TODAY)
    assert [note.path for note in read.notes] == [("A", "Lab", "Nights"), ("B",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_letters_of_excel_are_read(encoding: str) -> None:
    assert decode_csv("area\nCafé\n".encode(encoding)) == "area\nCafé\n"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04zip", b"a\0b", b"\x81\x8d", b"x" * (BYTES_LIMIT + 1)]
)
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    assert decode_csv(content) is None
