"""Reads the files of a content folder, and keeps a small cache of what is computed from them."""

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from bot.errors import ContentError, Problem
from bot.storage.ownership import make_private_folder

FILE_LIMIT: Final = 4_000_000  # bytes of one content file; ours has 0.7 million
PATTERNS: Final = ("*.yaml", "flows/*.yaml")
CACHE_LIMIT: Final = 12  # files: three for each state of the content
_CACHE_PREFIX: Final = "index-"
_CACHE_MAGIC: Final = b"pathways-cache-2\n"
_HEAD_SIZE: Final = 64  # bytes before the data, so that arrays in it are aligned
_PIECE: Final = 1 << 18  # bytes that are read at once


def read_folder(path: Path) -> dict[str, str]:
    """The text of every content file of a folder.

    Args:
        path: The folder. Its `*.yaml` and those in `flows/` are read, nothing else.

    Returns:
        Text by name, for example `flows/survey.yaml`, sorted by name.

    Raises:
        ContentError: The folder or a file cannot be read; carries every problem.
    """
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in _content_files(path):
        name = os.fsencode(file.relative_to(path)).decode("utf-8", "replace")
        try:
            texts[name] = _read_text(file, path.resolve(), name)
        except ContentError as error:
            problems.extend(error.problems)
    if problems:
        raise ContentError(tuple(problems))
    return texts


def _content_files(path: Path) -> list[Path]:
    try:
        next(path.iterdir(), None)  # `glob` finds nothing, and says nothing, where it may not look
        return sorted(file for pattern in PATTERNS for file in path.glob(pattern))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise _refusal(
            str(path), "There is no such folder.", "Name one that holds faq.yaml."
        ) from None
    except OSError as error:
        raise _refusal(
            str(path), f"The folder cannot be read ({error.strerror}).", "Check its permissions."
        ) from None


def _read_text(file: Path, root: Path, name: str) -> str:
    try:
        data = _read_bytes(file, root, name)
    except (OSError, RuntimeError) as error:  # RuntimeError: links that go in circles
        reason = getattr(error, "strerror", None) or "its link leads nowhere"
        raise _refusal(
            name, f"The file cannot be read ({reason}).", "Check its permissions."
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refusal(
            name, "The file is not UTF-8 text.", "Save it as UTF-8 in your editor.", line
        ) from None


def _read_bytes(file: Path, root: Path, name: str) -> bytes:
    if not file.resolve(strict=True).is_relative_to(root):
        raise _refusal(name, "The link leads out of the folder.", "Copy the file itself here.")
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(name, "This is not a file.", "Rename it, or move it elsewhere.")
    if status.st_size <= FILE_LIMIT:
        with file.open("rb") as opened:
            data = opened.read(FILE_LIMIT + 1)
        if len(data) <= FILE_LIMIT:
            return data
    raise _refusal(name, f"The file has over {FILE_LIMIT:,} bytes.", "Split it or cut it down.")


def _refusal(name: str, what: str, fix: str, line: int = 1) -> ContentError:
    return ContentError((Problem(file=name, line=line, what=what, fix=fix),))


def stamp_of(path: Path) -> tuple[tuple[str, int, int], ...]:
    """What changes when a content file does: name, time of the last change in ns, and size.

    A folder that cannot be looked at has no files.
    """
    found: list[tuple[str, int, int]] = []
    with suppress(OSError):
        for pattern in PATTERNS:
            for file in path.glob(pattern):
                status = file.stat()
                found.append((str(file), status.st_mtime_ns, status.st_size))
    return tuple(sorted(found))


def replace_text(file: Path, text: str) -> None:
    """Put a text in place of a file's, as a whole or not at all; the file keeps its permissions.

    Raises:
        OSError: It could not be written; the file is as it was.
    """
    target = file.resolve()
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o644
    descriptor, name = tempfile.mkstemp(prefix=".pathways-", dir=target.parent)
    written = Path(name)
    with ExitStack() as undo:
        undo.callback(written.unlink, missing_ok=True)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        written.chmod(mode)
        written.replace(target)
        undo.pop_all()


def load_cached(folder: Path, key: str) -> memoryview | None:
    """What was saved under a key, or None where it is missing, cut short or damaged.

    The file is read through once, piece by piece, and then mapped: what nobody looks at takes no memory. A
    file of the cache is never changed in place, only replaced by another, so the bytes stay what they are.

    Args:
        folder: The cache.
        key: Names the computation and a digest of all that went into it.
    """
    try:
        with _cache_file(folder, key).open("rb") as opened:
            head = opened.read(_HEAD_SIZE)
            if head != _head(key, iter(partial(opened.read, _PIECE), b"")):
                return None
            return memoryview(mmap(opened.fileno(), 0, access=ACCESS_READ))[_HEAD_SIZE:]
    except (OSError, ValueError):
        return None


def save_cached(folder: Path, key: str, data: bytes) -> None:
    """Save something under a key, as far as the disk lets us; old files make room.

    Args:
        folder: The cache; made where it is missing.
        key: As for `load_cached`.
        data: What to keep, up to some tens of megabytes.
    """
    with suppress(OSError):
        make_private_folder(folder)
        _prune(folder, CACHE_LIMIT - 1)
        _write_whole(_cache_file(folder, key), _head(key, [data]), data)


def _write_whole(file: Path, *parts: bytes) -> None:
    descriptor, name = tempfile.mkstemp(prefix=_CACHE_PREFIX, dir=file.parent)
    written = Path(name)
    with ExitStack() as undo:
        undo.callback(written.unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as opened:
            opened.writelines(parts)
        written.replace(file)
        undo.pop_all()


def _cache_file(folder: Path, key: str) -> Path:
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return folder / f"{_CACHE_PREFIX}{digest[:32]}.cache"


def _head(key: str, data: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest())
    for piece in data:
        digest.update(piece)
    return (_CACHE_MAGIC + digest.digest()).ljust(_HEAD_SIZE, b"\n")


def _prune(folder: Path, keep: int) -> None:
    files = sorted(_dated(folder), reverse=True)
    for _, file in files[keep:]:
        with suppress(OSError):
            file.unlink()


def _dated(folder: Path) -> Iterator[tuple[int, Path]]:
    for file in folder.glob(f"{_CACHE_PREFIX}*"):
        with suppress(OSError):
            yield file.stat().st_mtime_ns, file
