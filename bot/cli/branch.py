"""`pathways branch`: branches of one install. Everything a person has belongs to one."""

import click

from bot.cli.owner import run_admin


@click.group(name="branch")
def command() -> None:
    """Add and list branches."""


@command.command()
@click.argument("branch_id")
@click.argument("name")
def add(branch_id: str, name: str) -> None:
    """Add a branch: a short id such as leeds-2, and its NAME."""
    click.echo(run_admin("branch-add", {"id": branch_id, "name": name}))


@command.command(name="list")
def list_() -> None:
    """List the branches."""
    click.echo(run_admin("branch-list", {}))
