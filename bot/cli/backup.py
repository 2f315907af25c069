"""`pathways backup`: a copy of the database while the bot runs, encrypted to a key held elsewhere."""

from pathlib import Path

import click

from bot.cli.backups import PLAIN, back_up, name_for
from bot.cli.progress import row_progress
from bot.errors import Refused
from bot.service.clock import SystemClock
from bot.settings import load_settings
from bot.storage.backup import new_key


@click.command(name="backup")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--recipient", metavar="KEY", help="The public key to encrypt to: age1...")
@click.option("--plain", is_flag=True, help="Do not encrypt. Whoever has the file can read it.")
@click.option(
    "--new-key",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Make a pair of keys; the private one goes into FILE. Keep it off this machine.",
)
def command(
    *, file: Path | None, recipient: str | None, plain: bool, new_key: Path | None
) -> None:
    """Write a backup of the database to FILE, which may not stand yet.

    Without FILE it goes into PATHWAYS_BACKUP_FOLDER under today's date.
    """
    if new_key is not None:
        _make_key(new_key)
        return
    settings = load_settings()
    if plain and recipient:
        raise Refused("Say --recipient or --plain, not both.")
    key = PLAIN if plain else recipient or settings.backup_recipient
    if file is None:
        if settings.backup_folder is None:
            raise Refused("Name a FILE, or set PATHWAYS_BACKUP_FOLDER.")
        file = settings.backup_folder / name_for(SystemClock().now(), key)
    with row_progress("Backing up") as tell:
        made = back_up(settings, file, key, tell)
    click.echo(f"Wrote {made.path}: {made.rows:,} rows, {made.size / 1e6:.1f} MB.")
    if made.is_encrypted:
        click.echo("To put it back: pathways restore FILE --identity PRIVATE-KEY-FILE")
    else:
        click.echo("It is NOT encrypted: whoever has this file can read who is in the union.")


def _make_key(file: Path) -> None:
    public = new_key(file)
    click.echo(f"The private key is in {file}. Move it to a safe place off this machine:")
    click.echo("without it no backup can be read, and with it every backup can.")
    click.echo(f"\nPATHWAYS_BACKUP_RECIPIENT={public}")
