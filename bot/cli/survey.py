"""`pathways survey`: what surveys there are, the end of one, and where it lost people."""

import json

import click

from bot.cli.owner import run_admin
from bot.reports.funnel_table import funnel_text
from bot.reports.labels import Labels
from bot.results.keeping import parse_funnel, parse_release
from bot.settings import load_settings
from bot.wiring import load_content


@click.group(name="survey")
def command() -> None:
    """List the surveys of a branch; close one; see how far people got.

    Reps open surveys in the chat, with /surveys. One that nobody opened begins with its first return.
    """


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


@command.command()
@click.argument("survey")
def funnel(survey: str) -> None:
    """How many came to each question of SURVEY, once it has closed: in steps, and of nobody in particular."""
    answer = json.loads(run_admin("survey-funnel", {"id": survey}))
    labels = Labels(load_content(load_settings().knowledge).wording)
    release = parse_release(str(answer["release"]))
    click.echo(funnel_text(release, parse_funnel(str(answer["funnel"])), labels))
