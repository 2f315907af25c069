"""How backups are named and made, by hand and at night."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.errors import Refused
from bot.settings import Settings
from bot.storage.backup import Backup, write_backup
from bot.wiring import database_path, is_shared

PLAIN: Final = "plain"  # as the recipient: no encryption, said aloud
NO_KEY: Final = (
    "Backups are encrypted. Set PATHWAYS_BACKUP_RECIPIENT to a public key "
    "(`pathways backup --new-key FILE` makes one), or say `plain`."
)
WITH_ITS_OWN: Final = (
    "The database is PostgreSQL. Use its own tools: "
    "`pg_dump` makes a backup, `pg_restore` puts it back into an empty database, and "
    "`pathways restore` with the address of that one sets it right."
)
_NAME: Final = re.compile(r"pathways-(\d{4}-\d\d-\d\d)(?:-\d{4})?\.db(?:\.age)?\Z")


def back_up(settings: Settings, target: Path, recipient: str) -> Backup:
    """Write a backup.

    Raises:
        Refused: There is no key, or the file stands already.
        StoreError: It could not be written.
    """
    if is_shared(settings.database_url):
        raise Refused(WITH_ITS_OWN)
    if not recipient:
        raise Refused(NO_KEY)
    key = None if recipient == PLAIN else recipient
    return write_backup(database_path(settings.database_url), target, key)


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
    if folder is None or is_shared(settings.database_url):
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
