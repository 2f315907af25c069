"""MiniLM as it is loaded: what is missing or broken is told with what to do."""

import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

from bot.errors import SettingsError
from bot.storage import minilm
from bot.storage.minilm_graph import words_first

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


def test_looking_words_up_first_changes_not_one_bit() -> None:
    """It saves 47 MB, and must cost nothing."""
    spec = find_spec(minilm.PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    whole = Path(spec.origin).with_name(minilm.FILE).read_bytes()
    numbers = np.random.default_rng(0).integers(0, 30_522, (5, 17)).astype(np.int64)
    as_it_comes, ours = (read(model, numbers) for model in (whole, words_first(whole)))
    assert np.array_equal(as_it_comes, ours)


def read(model: bytes, numbers: NDArray[np.int64]) -> NDArray[np.float32]:
    """What a model makes of some pieces."""
    given: Mapping[str, NDArray[np.int64]] = {
        "input_ids": numbers,
        "attention_mask": np.ones_like(numbers),
        "token_type_ids": np.zeros_like(numbers),
    }
    session = ort.InferenceSession(model, providers=["CPUExecutionProvider"])
    found: NDArray[np.float32] = session.run(None, given)[0]
    return found


def test_what_it_was_loaded_from_is_not_held() -> None:
    """The runtime keeps the bytes of a model for other providers, 23 MB of them, under this name."""
    path = minilm._model()
    session = minilm._session(ort, path, 1)
    kept = [name for name, value in vars(session).items() if isinstance(value, bytes)]
    assert kept == []
