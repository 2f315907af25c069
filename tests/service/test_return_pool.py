"""Whoever has the whole file cannot tell which return came when, so not from whom (R43)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from bot.service import return_pool
from bot.service.ports import Row, Store
from bot.storage.sqlite import SQLiteStore
from tests.service.houses import House
from tests.service.test_runs import ANONYMOUS, fill_in, flows

PAGE = 4_096  # bytes of a page of SQLite
Linked = tuple[
    int, float
]  # how many returns were led back to their person, and by how much order shows


def ranks(values: Iterable[int]) -> np.ndarray:
    return np.argsort(np.argsort(np.array(list(values))))


def order_seen(places: Sequence[int]) -> float:
    """How far places within their pages go with time, in standard errors of what chance would give."""
    pages: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for time, place in enumerate(places):
        pages[place // PAGE].append((place, time))
    scores = []
    for found in pages.values():
        if len(found) > 4:
            lying, coming = (ranks(column) for column in zip(*found, strict=True))
            scores.append(np.sqrt(len(found) - 1) * np.corrcoef(lying, coming)[0, 1])
    return float(abs(np.sum(scores)) / np.sqrt(len(scores)))


def attacked(places: Sequence[int]) -> Linked:
    """Take the order in the file, or its reverse, for the order in which people came."""
    found = ranks(places)
    hits = [
        int(np.sum(found == order))
        for order in (np.arange(len(found)), np.arange(len(found))[::-1])
    ]
    return max(hits), order_seen(places)


def attack(folder: Path, count: int) -> list[Linked]:
    """So many people hand in a word each, one after the other; then somebody takes the file."""
    store = SQLiteStore(folder / "house.db")
    house = House(store, flows=flows(ANONYMOUS))
    for number in range(count):
        fill_in(house, f"p{number}", f"marker{number:05d}x")
    rows = [*house.rows("survey_pool"), *house.rows("survey_return")]
    id_by_word = {re.findall(r"marker\d+x", str(row["body"]))[0]: str(row["id"]) for row in rows}
    words = sorted(id_by_word)
    assert len(words) == count
    raw = (folder / "house.db").read_bytes()
    log = (folder / "house.db-wal").read_bytes()
    assert b"marker" not in log, "the log says who was there when the page was written"
    store.close()
    ids = [id_by_word[word] for word in words]
    of_rows = [raw.find(word.encode()) for word in words]
    of_index = [raw.rfind(one.encode()) for one in ids]
    of_table = [raw.find(one.encode()) for one in ids]
    by_id = list(ranks([sorted(ids).index(one) for one in ids]))
    assert -1 not in {*of_rows, *of_index, *of_table}
    assert all(raw.count(word.encode()) == 1 for word in words), "an old copy lies in the file"
    return [attacked(places) for places in (of_rows, of_index, of_table, by_id)]


@pytest.mark.parametrize("count", [100, pytest.param(1_000, marks=pytest.mark.long)])
def test_r43_nobody_is_led_back_to_their_return_better_than_by_chance(
    tmp_path: Path, count: int
) -> None:
    for hits, order in attack(tmp_path, count):
        assert hits <= 6, "one in the mean, by chance"
        assert order < 4


def test_the_attack_finds_what_is_written_in_the_order_in_which_it_came() -> None:
    hits, order = attacked(list(range(100)))
    assert hits == 100
    assert order > 9
    shuffled = Random(1).sample(range(100), 100)
    assert attacked(shuffled)[0] <= 6


def test_the_pool_grows_with_what_has_moved_on_and_nothing_is_lost(store: Store) -> None:
    house = House(store, flows=flows(ANONYMOUS))
    survey: Row = {"id": "s", "branch": "main", "flow": "f", "flow_hash": "h", "opened_at": 1}
    house.do(lambda tx: tx.insert("survey", {**survey, "closed_at": None}))
    chance, seen = Random(2), []
    for number in range(130):
        row: Row = {"id": f"{chance.random()}", "survey": "s", "branch": "main", "version": "1"}
        house.do(
            lambda tx, row=row, body=f"{number}": return_pool.put_in(  # type: ignore[misc]  # bound at once
                tx, {**row, "body": body, "entered": None}
            )
        )
        seen.append(len(house.rows("survey_pool")))
    assert max(seen[:35]) == return_pool.BATCH - 1
    assert 8 <= max(seen[-30:]) <= 10
    house.do(lambda tx: return_pool.empty(tx, "s"))
    assert house.rows("survey_pool") == []
    assert sorted(int(str(row["body"])) for row in house.rows("survey_return")) == [*range(130)]
