from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.service.ports import Store
from tests.contracts.stores import MAKERS, add, miss


@pytest.fixture(params=MAKERS, ids=str)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = MAKERS[request.param](tmp_path)
    yield made
    made.close()


@pytest.fixture
def misses(store: Store) -> Store:
    """Four rows: at 1, 2, 2 and 3; the second was chosen, the last two lie in another branch."""
    add(store, "miss", miss("m3", at=2, branch="c"), miss("m1", at=1))
    add(store, "miss", miss("m2", at=2, chosen="x"), miss("m4", at=3, branch="c", words="abc"))
    return store
