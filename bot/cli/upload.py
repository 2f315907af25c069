"""A file that somebody sends from the terminal: `/upload PATH`."""

from pathlib import Path

from bot.messages import UPLOAD_LIMIT, Unreadable, Upload


def read_upload(path: Path) -> Upload | Unreadable:
    """The file at a path; `Unreadable` where there is none, or it is too big."""
    try:
        with path.expanduser().open("rb") as stream:
            content = stream.read(UPLOAD_LIMIT + 1)
    except (OSError, ValueError):  # a path with a NUL raises ValueError
        return Unreadable("file")
    return Upload(path.name, content) if len(content) <= UPLOAD_LIMIT else Unreadable("file")
