"""`pathways stale`: what an editor should look up, and where."""

import csv
import sys

import click

from bot.knowledge.staleness import stale_facts
from bot.service.clock import SystemClock
from bot.settings import load_settings
from bot.wiring import load_content


@click.command(name="stale")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for a spreadsheet.")
def command(*, as_csv: bool) -> None:
    """List every fact past its shelf life, or never checked, with the page to open."""
    content = load_content(load_settings().knowledge)
    facts = stale_facts(content, SystemClock().now().date())
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(("file", "id", "what", "as of", "why", "page"))
        writer.writerows((f.file, f.id, f.what, f.as_of or "", f.why, f.page or "") for f in facts)
        return
    for fact in facts:
        click.echo(f"{fact.file}: {fact.id}: {fact.what}")
        click.echo(f"    {fact.why}; as of {fact.as_of or 'no date'}")
        click.echo(f"    open {fact.page or 'the site of the body'}")
    click.echo(f"{len(facts)} facts to look up")
