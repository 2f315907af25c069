"""`pathways survey`: what surveys there are, and the end of one."""

import click

from bot.cli.owner import run_admin


@click.group(name="survey")
def command() -> None:
    """List the surveys of a branch; close one. A survey opens with its first return."""


@command.command(name="list")
@click.option("--branch", default="main", show_default=True, help="Whose surveys.")
def list_(*, branch: str) -> None:
    """Every survey: open or closed, and how many took part, in steps of five while it is open."""
    click.echo(run_admin("surveys", {"branch": branch}))


@command.command()
@click.argument("survey")
@click.option("--yes", is_flag=True, help="Do not ask.")
def close(survey: str, *, yes: bool) -> None:
    """Close SURVEY for good, and make its results. They are made once."""
    if not yes:
        click.confirm("No more returns after this, and no second results. Close it?", abort=True)
    click.echo(run_admin("survey-close", {"id": survey}))
