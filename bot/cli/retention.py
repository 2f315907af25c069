"""`pathways retention`: how long each class of data is kept, and deleting what is older."""

import click

from bot.cli.owner import run_admin
from bot.settings import load_settings
from bot.wiring import load_content


@click.command(name="retention")
@click.option("--purge", is_flag=True, help="Delete now what has been kept long enough.")
def command(*, purge: bool) -> None:
    """Show how long data is kept; with --purge delete what is older."""
    if purge:
        click.echo(run_admin("purge", {}))
        return
    content = load_content(load_settings().knowledge)
    classes = content.retention.classes if content.retention else {}
    for name, keep in classes.items():
        click.echo(f"{name:15} {keep.days:>5} days  {keep.why.en}")
