import pytest

from bot.service.library import Edition
from bot.wiring import load_edition


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The content we ship."""
    return load_edition(None, cache=tmp_path_factory.mktemp("index"))
