"""How backups are named and made, by hand and at night."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.errors import Refused
from bot.settings import Settings
from bot.storage.backup import Backup, write_backup
from bot.wiring import back_up_shared, database_path, is_shared

Tell = Callable[[int, int], None]
PLAIN: Final = "plain"  # as the recipient: no encryption, said aloud
NO_KEY: Final = (
    "Backups are encrypted. Set PATHWAYS_BACKUP_RECIPIENT to a public key "
    "(`pathways backup --new-key FILE` makes one), or say `plain`."
)
_NAME: Final = re.compile(r"pathways-(\d{4}-\d\d-\d\d)(?:-\d{4})?\.db(?:\.age)?\Z")


def back_up(
    settings: Settings, target: Path, recipient: str, tell: Tell = lambda _rows, _whole: None
) -> Backup:
    """Write a backup.

    Args:
        settings: Which database, and where its files lie.
        target: The file, which may not stand yet.
        recipient: The public key, or `plain`.
        tell: Is told of rows as they are done and how many there are; a SQLite file is copied as one.

    Raises:
        Refused: There is no key, there is nothing to back up, or the file stands already.
        StoreError: It could not be written.
    """
    if not recipient:
        raise Refused(NO_KEY)
    key, url = None if recipient == PLAIN else recipient, settings.database_url
    if not is_shared(url):
        return write_backup(database_path(url), target, key)
    return back_up_shared(url, target, key, tell)


def name_for(now: datetime, recipient: str, *, by_the_minute: bool = True) -> str:
    """What a backup of this moment is called."""
    stamp = now.strftime("%Y-%m-%d-%H%M" if by_the_minute else "%Y-%m-%d")
    return f"pathways-{stamp}.db" + ("" if recipient == PLAIN else ".age")


def nightly_backup(settings: Settings, now: datetime) -> Backup | None:
    """Tonight's backup, and none that is too old; None where none is set, or tonight's is there.

    Raises:
        Refused: There is no key.
        StoreError: It could not be written.
    """
    folder = settings.backup_folder
    if folder is None:
        return None
    recipient = settings.backup_recipient
    target = folder / name_for(now, recipient, by_the_minute=False)
    made = None if target.exists() else back_up(settings, target, recipient)
    oldest = (now - timedelta(days=settings.backup_days)).date().isoformat()
    for file in folder.iterdir():
        found = _NAME.match(file.name)
        if found and found[1] < oldest:
            file.unlink()
    return made
