"""`pathways migrate-store`: move everything from one database to another, and compare it."""

import sys
from contextlib import closing

import click

from bot.errors import Refused
from bot.service import moving
from bot.wiring import database_path, is_shared, open_bare_store


@click.command(name="migrate-store")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--dry-run", is_flag=True, help="Do all of it, compare all of it, and take it back.")
def command(*, source: str, target: str, dry_run: bool) -> None:
    """Copy everything FROM one database TO another: addresses as in PATHWAYS_DATABASE_URL.

    Stop Pathways first. The database it is moved to has to be empty; the other one stays as it is.
    """
    if source == target:
        raise Refused("FROM and TO are the same database.")
    if not is_shared(source) and not database_path(source).exists():
        raise Refused(f"There is no database at {database_path(source)}.")
    with closing(open_bare_store(source)) as old, closing(open_bare_store(target)) as new:
        rows = moving.count(old)
        with click.progressbar(
            length=rows * moving.READ_TIMES, label="Moving", file=sys.stderr
        ) as bar:
            sums = moving.move(old, new, is_rehearsal=dry_run, tell=bar.update)
    for table, held in sums.items():
        if held.rows:
            click.echo(f"{table:15} {held.rows:>9} {held.hash[:16]}")
    if dry_run:
        click.echo(f"{rows} rows can be moved. Nothing was written; leave out --dry-run to do it.")
    else:
        click.echo(f"Moved {rows} rows, the same on both sides.")
        click.echo("Set PATHWAYS_DATABASE_URL to the new address.")
