"""`pathways restore`: put a backup in the place of the database."""

from pathlib import Path

import click

from bot.cli.backups import WITH_ITS_OWN
from bot.errors import Refused
from bot.service import restoring
from bot.service.clock import SystemClock
from bot.service.ports import Store
from bot.settings import load_settings
from bot.storage.restore import restore
from bot.wiring import database_path, is_shared


@click.command(name="restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--identity",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The file with the private key.",
)
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def command(*, file: Path, identity: Path | None, yes: bool) -> None:
    """Put the backup FILE in the place of the database.

    The database that stands there is set aside, not deleted. Whoever was deleted since the backup
    is deleted again, if that database can still be read; messages that waited when it was made are
    not sent a second time.
    """
    settings, now = load_settings(), SystemClock().now()
    if is_shared(settings.database_url):
        raise Refused(WITH_ITS_OWN)
    database = database_path(settings.database_url)
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
        lambda backup: _warn(backup, database, is_there=is_there, yes=yes),
    )
    click.echo(f"{database} is as it was when {file.name} was made.")
    click.echo(f"Deleted again: {settled.forgotten} people who had asked for it since.")
    click.echo(f"Not sent: {settled.unsent} messages that may have gone out already.")
    if is_there:
        click.echo(f"What stood there is now {aside}. Delete it when all is well.")


def _warn(backup: Store, database: Path, *, is_there: bool, yes: bool) -> None:
    """Say that nobody can be deleted again, and ask whether to go on.

    Raises:
        click.Abort: They would rather not.
    """
    last = backup.submit(restoring.last_known).result()
    day = f"{last:%d %B %Y}".lstrip("0") if last else "this backup was made"
    trouble = "cannot be read" if is_there else "is not there or empty"
    click.echo(f"Nobody knows who was deleted since {day}: {database} {trouble}.", err=True)
    click.echo("They come back. Delete each of them again with `pathways erase`.", err=True)
    if not yes:
        click.confirm("Put the backup back all the same?", abort=True, err=True)
