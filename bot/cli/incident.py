"""`pathways incident`: what a breach may have reached, for the notice within 72 hours."""

import csv
import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from bot.cli.owner import run_admin
from bot.errors import Refused
from bot.service.clock import SystemClock

MOMENTS = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


@click.command(name="incident")
@click.option("--since", type=MOMENTS, required=True, help="When it may have begun, UTC.")
@click.option("--until", type=MOMENTS, help="When it ended, UTC; without it, now.")
@click.option(
    "--accounts",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the chat accounts of everybody concerned to FILE, so that they can be told.",
)
def command(*, since: datetime, until: datetime | None, accounts: Path | None) -> None:
    """Say whose data, and which, somebody could have read in a span of time."""
    end = (until or SystemClock().now()).replace(tzinfo=UTC)
    span = {"since": since.replace(tzinfo=UTC).isoformat(), "until": end.isoformat()}
    click.echo(run_admin("incident", span))
    if accounts is not None:
        rows = json.loads(run_admin("incident-accounts", span))
        _write(accounts, rows)
        click.echo(f"\n{accounts}: {len(rows)} accounts. Delete it when they have been told.")


def _write(file: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["channel", "account"], *rows])
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Refused(f"{file} cannot be written ({error.strerror}). Name a new file.") from error
    with os.fdopen(descriptor, "w", newline="") as stream:
        stream.write(text.getvalue())
