"""Which versions of SQLite to warn about."""

import re
from typing import Final

FIXED: Final = (3, 51, 3)  # the WAL-reset bug: a race of two connections can lose committed rows
BACKPORTS: Final[dict[tuple[int, ...], int]] = {
    (3, 44): 6,
    (3, 50): 7,
}  # older lines that have the fix, from this patch on
WAL_SINCE: Final = (3, 7, 0)


def sqlite_version_warning(version: str) -> str | None:
    """What whoever runs the bot should know about their SQLite.

    Args:
        version: As `sqlite3.sqlite_version` gives it, for example "3.40.1".

    Returns:
        A sentence that says what to do, or None where there is nothing to say.
    """
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6}){1,3}", version):
        return f"SQLite calls itself {version!r}; use version {_text(FIXED)} or newer."
    parts = tuple(int(part) for part in version.split("."))
    fixed = (*parts[:2], BACKPORTS[parts[:2]]) if parts[:2] in BACKPORTS else FIXED
    if parts >= fixed:
        return None
    if parts < WAL_SINCE:
        return f"SQLite {version} is too old to be safe here; use version {_text(FIXED)} or newer."
    return (
        f"SQLite {version} can lose rows where two programs write to one database. Pathways "
        "writes alone: let no other program open its file for writing, or use a Python with "
        f"SQLite {_text(FIXED)} or newer."
    )


def _text(version: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in version)
