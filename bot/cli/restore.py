"""`pathways restore`: put a backup in the place of the database."""

from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from bot.cli.progress import row_progress
from bot.errors import Refused
from bot.service import moving, restoring
from bot.service.clock import SystemClock
from bot.service.ports import Store
from bot.service.restoring import Settled
from bot.settings import load_settings
from bot.storage.restore import restore, restore_into, set_right
from bot.wiring import database_path, forgotten_in, is_shared, open_bare_store, shown_address

DUMP: Final = b"PGDMP"  # how a file of pg_dump begins
WITH_ITS_OWN: Final = (
    "That is a dump of `pg_dump`. Put it back into an empty database with `pg_restore`; then "
    "`pathways restore` with the address of that one sets it right."
)
NOT_EMPTY: Final = (
    "{} holds something. Make an empty database and name it: --into ADDRESS. Leave "
    "PATHWAYS_DATABASE_URL as it is until then: the old one alone knows who was deleted."
)
USE_IT: Final = "Set PATHWAYS_DATABASE_URL to its address. Delete the old one when all is well."
SAME: Final = (
    "That is the database in use, which alone knows who was deleted. Put the backup back into an "
    "empty one beside it."
)


@click.command(name="restore")
@click.argument("backup", metavar="FILE")
@click.option(
    "--identity",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file with the private key.",
)
@click.option(
    "--into",
    metavar="ADDRESS",
    help="An empty database that it is put into, as in PATHWAYS_DATABASE_URL.",
)
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def command(*, backup: str, identity: Path | None, into: str | None, yes: bool) -> None:
    """Put the backup FILE in the place of the database.

    The database that stands there is set aside, not deleted. Whoever was deleted since the backup
    is deleted again, if that database can still be read; messages that waited when it was made are
    not sent a second time.

    With PostgreSQL it goes into an empty database, which --into names while PATHWAYS_DATABASE_URL
    still names the old one. Where `pg_restore` has put a dump back, give the address of that
    database instead of FILE: it is set right in the same way, and nothing is done to the old one.
    """
    current, now = load_settings().database_url, SystemClock().now()
    if "://" in backup:
        _beside(current, backup, now, yes=yes)
        return
    file = Path(backup)
    _require_backup(file)
    if into is None and not is_shared(current):
        _in_place(file, database_path(current), identity, now, yes=yes)
    else:
        _into_empty(file, identity, (current, into or current), now, yes=yes)


def _require_backup(file: Path) -> None:
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    with file.open("rb") as stream:
        if stream.read(len(DUMP)) == DUMP:
            raise Refused(WITH_ITS_OWN)


def _in_place(
    file: Path, database: Path, identity: Path | None, now: datetime, *, yes: bool
) -> None:
    aside = database.with_name(f"{database.name}.before-restore-{now:%Y-%m-%d-%H%M%S}")
    is_there = database.exists() and database.stat().st_size > 0
    if is_there and not yes:
        click.confirm(f"Put {file} in the place of {database}?", abort=True)
    settled = restore(
        file,
        database,
        identity,
        aside,
        lambda tx, stones: restoring.settle(tx, stones, now),
        _warning(str(database), is_there=is_there, yes=yes),
    )
    click.echo(f"{database} is as it was when {file.name} was made.")
    _tell(settled)
    if is_there:
        click.echo(f"What stood there is now {aside}. Delete it when all is well.")


def _into_empty(
    file: Path, identity: Path | None, addresses: tuple[str, str], now: datetime, *, yes: bool
) -> None:
    """Put a backup into an empty database; the one in use, the first address, says who was deleted."""
    current, into = addresses
    left = forgotten_in(current)
    warning = _warning(shown_address(current), is_there=True, yes=yes)
    with closing(open_bare_store(into)) as target, row_progress("Putting back") as tell:
        if moving.count(target):
            raise Refused(NOT_EMPTY.format(shown_address(into)))
        settled = restore_into(
            file,
            target,
            database_path(into),
            identity,
            lambda store: set_right(
                store, left, lambda tx, stones: restoring.settle(tx, stones, now), warning
            ),
            tell,
        )
    click.echo(f"{shown_address(into)} is as the backup {file.name} has it.")
    _tell(settled)
    if into != current:
        click.echo(USE_IT)


def _beside(current: str, address: str, now: datetime, *, yes: bool) -> None:
    """Set a database right into which a backup was put back; the one in use says who was deleted."""
    if address == current:
        raise Refused(SAME)
    if forgotten_in(address) is None:
        raise Refused(f"{shown_address(address)} holds no backup. Put it back into it first.")
    left = forgotten_in(current)
    with closing(open_bare_store(address)) as store:
        settled = set_right(
            store,
            left,
            lambda tx, stones: restoring.settle(tx, stones, now),
            _warning(shown_address(current), is_there=True, yes=yes),
        )
    click.echo(f"{shown_address(address)} is ready.")
    _tell(settled)
    click.echo(USE_IT)


def _tell(settled: Settled) -> None:
    click.echo(f"Deleted again: {settled.forgotten} people who had asked for it since.")
    click.echo(f"Not sent: {settled.unsent} messages that may have gone out already.")


def _warning(database: str, *, is_there: bool, yes: bool) -> Callable[[Store], None]:
    """Says that nobody can be deleted again, and asks whether to go on.

    What it returns raises click.Abort where they would rather not.
    """
    trouble = "cannot be read, or is another bot's" if is_there else "is not there or empty"

    def warn(backup: Store) -> None:
        last = backup.submit(restoring.last_known).result()
        day = f"{last:%d %B %Y}".lstrip("0") if last else "this backup was made"
        click.echo(f"Nobody knows who was deleted since {day}: {database} {trouble}.", err=True)
        click.echo("They come back. Delete each of them again with `pathways erase`.", err=True)
        if not yes:
            click.confirm("Put the backup back all the same?", abort=True, err=True)

    return warn
