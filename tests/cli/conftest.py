"""Commands of the command line, run in this process as if they had been typed."""

import io
import logging
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from bot.cli.main import main
from tests.builders import FAQ, SENSITIVE


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def cache(index_cache: Path) -> Path:
    """One cache for all, so that an index is built once."""
    return index_cache


@pytest.fixture
def lite(tmp_path: Path) -> Path:
    """A folder of content of a few lines."""
    folder = tmp_path / "lite"
    folder.mkdir()
    (folder / "faq.yaml").write_text(FAQ, encoding="utf-8")
    (folder / "sensitive.yaml").write_text(SENSITIVE, encoding="utf-8")
    return folder


@pytest.fixture
def home(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder to stand in, with settings of its own; logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PATHWAYS_CACHE", str(cache))
    monkeypatch.setenv("PATHWAYS_LISTEN", "127.0.0.1:0")  # whatever else this machine serves
    yield folder
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    logging.raiseExceptions = True


@pytest.fixture
def run(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> Run:
    """Type a command; settings by their name without the prefix."""

    def go(
        *arguments: str, stdin: bytes = b"", settings: Mapping[str, str] | None = None
    ) -> Ended:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "argv", ["pathways", *arguments])
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
            for name, value in (settings or {}).items():
                patched.setenv(f"PATHWAYS_{name}", value)
            capfdbinary.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capfdbinary.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, out.decode(), err.decode())

    return go
