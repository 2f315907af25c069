"""Earlier states of a folder of content, kept in the cache folder: the way back from a bad change."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.storage.files import replace_text
from bot.storage.ownership import make_private_folder

KEPT: Final = 10  # states of one folder
_ID_LENGTH: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One state of a folder.

    Attributes:
        id: Names exactly these texts.
        at: When it was kept.
        texts: File name to text.
    """

    id: str
    at: datetime
    texts: Mapping[str, str]


def keep_edition(cache: Path, folder: Path, texts: Mapping[str, str], now: datetime) -> None:
    """Keep a state, as far as the disk lets us; the oldest make room. The same again is the newest.

    Args:
        cache: The cache folder.
        folder: What it is a state of.
        texts: Every file of it.
        now: The time, in UTC.
    """
    place = _place(cache, folder)
    name = _id(texts)
    with suppress(OSError):
        make_private_folder(cache)
        make_private_folder(place)
        for older in place.glob(f"*-{name}.json"):
            older.unlink()
        written = json.dumps(dict(texts), ensure_ascii=False)
        replace_text(place / f"{now.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{name}.json", written)
        for file in sorted(place.glob("*.json"))[:-KEPT]:
            file.unlink()


def kept_editions(cache: Path, folder: Path) -> tuple[Kept, ...]:
    """The states of a folder, newest first; what cannot be read is left out."""
    found: list[Kept] = []
    for file in sorted(_place(cache, folder).glob("*.json"), reverse=True):
        stamp, _, name = file.stem.rpartition("-")
        with suppress(OSError, ValueError):
            texts = json.loads(file.read_text(encoding="utf-8"))
            at = datetime.strptime(stamp, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
            if isinstance(texts, dict) and _id(texts) == name:
                found.append(Kept(id=name, at=at, texts=texts))
    return tuple(found)


def put_back(folder: Path, texts: Mapping[str, str], present: Mapping[str, str]) -> None:
    """Make a folder hold exactly these texts again.

    A file that was added since is renamed, not deleted: `.set-aside` is put behind its name.

    Args:
        folder: Where.
        texts: What it is to hold.
        present: What it holds now.

    Raises:
        OSError: A file could not be written; those before it are done.
    """
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if present.get(name) != text:
            replace_text(file, text)
    for name in present.keys() - texts.keys():
        (folder / name).rename(folder / f"{name}.set-aside")


def _place(cache: Path, folder: Path) -> Path:
    digest = hashlib.sha256(str(folder.resolve()).encode("utf-8", "surrogatepass")).hexdigest()
    return cache / f"editions-{digest[:16]}"


def _id(texts: Mapping[str, str]) -> str:
    written = json.dumps(dict(sorted(texts.items())), ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]
