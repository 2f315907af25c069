from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.service.ports import Store
from tests.service.houses import MAKERS


@pytest.fixture(params=MAKERS, ids=str)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = MAKERS[request.param](tmp_path)
    yield made
    made.close()
