"""What `pathways doctor` says of the machine: folders that can be written, room, and where we listen."""

import errno
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final, Literal

from bot.settings import Settings
from bot.wiring import cache_folder, database_path, is_shared

DISK_FREE: Final = 500_000_000  # bytes; less fills up with a backup
ANSWER_S: Final = 2.0  # seconds in which we ourselves say that we are well
ANYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - we ask there, nobody listens

Found = tuple[Literal["ok", "take care", "wrong"], str, int]


def folders(settings: Settings) -> Iterator[Found]:
    """Whether there is a place for all that is kept, and room in it."""
    if not is_shared(settings.database_url):
        place = database_path(settings.database_url).absolute().parent
        if why := _unwritable(place):
            yield "wrong", f"PATHWAYS_DATABASE_URL: nothing can be written to {place} ({why}).", 4
        else:
            yield _room(place, "database")
    if settings.backup_folder is not None:
        place = settings.backup_folder.absolute()
        if why := _unwritable(place):
            yield "wrong", f"PATHWAYS_BACKUP_FOLDER: nothing can be written to {place} ({why}).", 3
        else:
            yield _room(place, "backups")
    cache = (settings.cache or cache_folder()).absolute()
    if why := _unwritable(cache):
        what = f"PATHWAYS_CACHE: nothing can be written to {cache} ({why}), so each start takes longer."
        yield "take care", what, 0


def listening(settings: Settings) -> Iterator[Found]:
    """Whether the address is free, or it is we who listen there."""
    if settings.listening is None:
        return
    host, port = settings.listening
    where = f"PATHWAYS_LISTEN: {settings.listen}"
    try:
        _bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield _taken(host, port, where)
        elif error.errno == errno.EACCES:
            what = (
                f"{where} may not be listened on. Take a port above 1023, behind a reverse proxy."
            )
            yield "wrong", what, 3
        else:
            why = error.strerror or type(error).__name__
            yield (
                "wrong",
                f"{where} is no address of this machine ({why}). Set one that is, such as 127.0.0.1.",
                3,
            )
    else:
        yield "ok", f"{settings.listen} is free to listen on.", 0


def _bind(host: str, port: int) -> None:
    family, kind, number, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, number) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(address)


def _taken(host: str, port: int, where: str) -> Found:
    with (
        suppress(OSError, HTTPException),
        closing(HTTPConnection(ANYWHERE.get(host, host), port, timeout=ANSWER_S)) as asked,
    ):
        asked.request("GET", "/health")
        if asked.getresponse().read(64) == b'{"status": "ok"}':
            return "ok", f"Pathways answers at {host}:{port}: it is running.", 0
    return "wrong", f"{where} is taken by another program. Stop that, or set another port.", 3


def _unwritable(folder: Path) -> str:
    """Why nothing can be written to a folder, which may still have to be made; empty where it can."""
    with suppress(OSError):
        if folder.exists() and not folder.is_dir():
            return "it is no folder"
    try:
        with tempfile.TemporaryFile(dir=_nearest(folder)):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


def _nearest(folder: Path) -> Path:
    """The folder itself, or the nearest above it that is there."""
    while not folder.exists():
        folder = folder.parent
    return folder


def _room(folder: Path, of: str) -> Found:
    free = shutil.disk_usage(_nearest(folder)).free
    what = f"{free / 1e9:.1f} GB are free on the disk of the {of}."
    if free >= DISK_FREE:
        return "ok", what, 0
    return "take care", f"{what} Make room: a full disk takes no messages in.", 0
