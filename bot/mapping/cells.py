"""The cells of one line of a list: numbers, codes and words, read and written the same way."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from bot.language.normalising import normalise
from bot.language.quantities import read_quantity
from bot.mapping.workplace import (
    ALONE,
    CODES,
    HEADS_LIMIT,
    NUMBERS,
    SEVERAL,
    Item,
    Told,
)
from bot.results.workplace import Provenance

WORDS_LIMIT: Final = 500  # characters of what they do
_APART = re.compile(r"[;,|]")
_PLAIN = re.compile(r"0|[1-9][0-9]{0,5}")  # as most lists have it
_RANGE = re.compile(r"(\d{1,6})\s*(?:-|\u2013|to)\s*(\d{1,6})")
_ALSO: Final[Mapping[Item, Mapping[str, str]]] = {
    Item.AWARENESS: {"most": "good", "a few": "some", "few": "some", "nobody": "none"},
    Item.ACCREDITED: {"yes": "accredited", "no": "not_accredited", "none": "no_scheme"},
    Item.ENCOURAGED: {"yes": "encouraged", "no": "not_encouraged"},
}
_HOW: Final[Mapping[str, Provenance]] = {
    **dict.fromkeys(("counted", "count", "i counted them"), Provenance.COUNTED),
    **dict.fromkeys(("estimated", "estimate", "guess", "guessed"), Provenance.ESTIMATED),
    **dict.fromkeys(("told", "list", "manager", "management"), Provenance.TOLD),
    **dict.fromkeys(("range", "given as a range"), Provenance.RANGE),
}


class Wrong(StrEnum):
    """What is wrong with a cell."""

    AREA = "area"
    TWICE = "twice"
    NUMBER = "number"
    CODE = "code"
    LONG = "long"
    DAY = "day"
    HOW = "how"
    MORE_THAN_THERE = "more-than-there"


def read_cells(cells: Mapping[str, str]) -> tuple[dict[Item, Told], dict[str, Wrong]]:
    """What a line says of each item, and what is wrong with it, by column. Empty cells say nothing."""
    told: dict[Item, Told] = {}
    wrong: dict[str, Wrong] = {}
    how = _HOW.get(normalise(cells.get("how_known", "")))
    if "how_known" in cells and how is None:
        wrong["how_known"] = Wrong.HOW
    for item in Item:
        if item not in cells:
            continue
        read = _read(item, cells[item], how)
        if isinstance(read, Told):
            told[item] = read
        else:
            wrong[item] = read
    if _is_too_many(told):
        wrong[Item.REGISTERED] = Wrong.MORE_THAN_THERE
    return told, wrong


def write_cells(told: Mapping[Item, Told]) -> dict[str, str]:
    """The cells that `read_cells` reads back as these."""
    cells = {item.value: _written(item, one) for item, one in told.items()}
    heads = told.get(Item.TECHNICIANS)
    if heads and heads.provenance:
        cells["how_known"] = heads.provenance.value
    return cells


def _read(item: Item, cell: str, how: Provenance | None) -> Told | Wrong:
    if item in NUMBERS:
        return _number(item, cell, how)
    if item is Item.WHAT_THEY_DO:
        flat = " ".join(cell.removeprefix("'").split())
        return Told(words=flat) if len(flat) <= WORDS_LIMIT else Wrong.LONG
    return _codes(item, cell)


def _number(item: Item, cell: str, how: Provenance | None) -> Told | Wrong:
    """A number, a range, or loose words for one; a list that does not say how it knows was told."""
    plain, ends = _PLAIN.fullmatch(cell), _RANGE.fullmatch(cell)
    said = None if plain or ends else read_quantity(cell)
    if plain:
        low = high = int(cell)
    elif ends:
        low, high = int(ends[1]), int(ends[2])
    elif said is not None and said.low == int(said.low):
        low, high = int(said.low), int(said.low if said.high is None else said.high)
    else:
        return Wrong.NUMBER
    if not 0 <= low <= high <= HEADS_LIMIT:
        return Wrong.NUMBER
    if item is Item.REGISTERED:
        return Told(low=low, high=high)
    is_about = said is not None and said.is_about
    guess = Provenance.ESTIMATED if is_about else Provenance.TOLD
    return Told(low=low, high=high, provenance=how or guess)


def _codes(item: Item, cell: str) -> Told | Wrong:
    also = _ALSO.get(item, {})
    said = [normalise(part.replace("_", " ")) for part in _APART.split(cell) if part.strip()]
    codes = [also.get(one, one.replace(" ", "_")) for one in said]
    unique = tuple(code for code in CODES[item] if code in codes)
    if not codes or any(code not in CODES[item] for code in codes):
        return Wrong.CODE
    too_many = len(unique) > 1 and (item not in SEVERAL or ALONE in unique)
    return Wrong.CODE if too_many else Told(codes=unique)


def _is_too_many(told: Mapping[Item, Told]) -> bool:
    heads, registered = told.get(Item.TECHNICIANS), told.get(Item.REGISTERED)
    if heads is None or registered is None:
        return False
    return (registered.high or 0) > (heads.high or 0)


def _written(item: Item, told: Told) -> str:
    if item in NUMBERS:
        one = told.low == told.high
        return str(told.low) if one else f"{told.low}-{told.high}"
    return told.words if item is Item.WHAT_THEY_DO else "; ".join(told.codes)
