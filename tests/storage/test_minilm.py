"""MiniLM as it is loaded: what is missing or broken is told with what to do."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.storage import minilm

INSTALL = "pip install 'pathways-bot[minilm]'"
AGAIN = "pip install --force-reinstall 'pathways-bot[minilm]'"


@pytest.fixture
def own_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of the model's name that is found before the real one; the folder of it."""
    folder = tmp_path / minilm.PACKAGE
    folder.mkdir()
    (folder / "__init__.py").touch()
    with monkeypatch.context() as patched:
        patched.delitem(sys.modules, minilm.PACKAGE, raising=False)
        patched.syspath_prepend(tmp_path)
        yield folder


def refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        minilm.load_minilm()
    return str(refused.value)


@pytest.mark.parametrize("package", [minilm.PACKAGE, "onnxruntime"])
def test_an_extra_that_is_not_installed_says_what_to_install(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    said = refusal()
    assert f"{package} is not installed" in said
    assert INSTALL in said
    assert "PATHWAYS_VECTORS" in said


def test_a_runtime_that_cannot_be_loaded_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "onnxruntime.py").write_text("raise ImportError('no libgomp.so.1')\n", "utf-8")
    with monkeypatch.context() as patched:
        patched.delitem(sys.modules, "onnxruntime", raising=False)
        patched.syspath_prepend(tmp_path)
        said = refusal()
    assert "no libgomp.so.1" in said
    assert AGAIN in said


def test_a_package_without_its_model_is_told(own_package: Path) -> None:
    said = refusal()
    assert "cannot be read" in said
    assert AGAIN in said


def test_a_damaged_model_is_told(own_package: Path) -> None:
    (own_package / minilm.FILE).write_bytes(b"half a model")
    said = refusal()
    assert "damaged or of another version" in said
    assert AGAIN in said


def test_what_the_runtime_cannot_read_is_told(
    own_package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (own_package / minilm.FILE).write_bytes(b"no model")
    monkeypatch.setattr(minilm, "DIGEST", minilm.digest_of(own_package / minilm.FILE))
    assert "onnxruntime cannot run MiniLM" in refusal()


def test_the_model_and_its_digest_go_together() -> None:
    spec = find_spec(minilm.PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    assert minilm.digest_of(Path(spec.origin).with_name(minilm.FILE)) == minilm.DIGEST


def test_more_threads_read_the_same() -> None:
    one, two = (minilm.load_minilm(threads).one("what is the fee") for threads in (1, 2))
    assert one @ two > 0.9999
