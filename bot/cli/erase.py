"""`pathways erase`: delete one person, for somebody who asked without using the chat."""

import click

from bot.cli.owner import run_admin


@click.command(name="erase")
@click.argument("channel")
@click.argument("account")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
def command(channel: str, account: str, *, yes: bool) -> None:
    """Delete everything about the person with this ACCOUNT on this CHANNEL (telegram 12345)."""
    found = run_admin("erase-preview", {"channel": channel, "account": account})
    click.echo(found)
    if not yes:
        click.confirm("Delete all of this? It cannot be undone", abort=True)
    click.echo(run_admin("erase", {"channel": channel, "account": account}))
