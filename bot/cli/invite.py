"""`pathways invite`: a one-time code that grants a role."""

import click

from bot.cli.owner import run_admin
from bot.messages import Role


@click.command(name="invite")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--branch", default="main", show_default=True, help="The branch the code is for.")
def command(*, role: str, branch: str) -> None:
    """Make a code. Whoever types /join and the code first gets the role."""
    click.echo(run_admin("invite", {"role": role, "branch": branch}))
