"""`pathways map`: the workplace maps of a branch: show, take a list in, write one as a file."""

import json
from pathlib import Path
from typing import Final

import click

from bot.cli.extras import extra
from bot.cli.owner import run_admin
from bot.errors import Refused
from bot.mapping.importing import BYTES_LIMIT, decode_csv

WRITERS: Final = ("png", "xlsx", "csv")
_BRANCH = click.option("--branch", default="main", show_default=True, help="Whose map.")


@click.group(name="map")
def command() -> None:
    """Show a workplace map, put a list on it, write it as a file.

    What is shown and written here may leave the team, so no small number is in it.
    """


@command.command()
@click.argument("workplace", required=False)
@_BRANCH
def show(*, workplace: str | None, branch: str) -> None:
    """Show the map of WORKPLACE without small numbers; without a name, list the workplaces."""
    if workplace is None:
        click.echo(run_admin("map-list", {"branch": branch}))
    else:
        click.echo(run_admin("map-show", {"branch": branch, "workplace": workplace}))


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--workplace", required=True, help="Which workplace; a new name begins a new map.")
@click.option("--dry-run", is_flag=True, help="Only say what it would do.")
@_BRANCH
def import_(file: Path, *, workplace: str, dry_run: bool, branch: str) -> int:
    """Put the areas and figures of a CSV FILE on a map. The same file again changes nothing.

    Exit status: 0 well, 1 where lines could not be read; the others are taken in all the same.
    """
    text = decode_csv(file.read_bytes())
    if text is None:
        raise Refused(f"{file} is no CSV file of at most {BYTES_LIMIT // 1024} KiB.")
    arguments = {"branch": branch, "workplace": workplace, "text": text}
    answer = json.loads(run_admin("map-try" if dry_run else "map-import", arguments))
    click.echo(answer["text"])
    return 1 if answer["errors"] else 0


@command.command()
@click.argument("workplace")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_BRANCH
def export(workplace: str, file: Path, *, branch: str) -> None:
    """Write the map of WORKPLACE without small numbers to FILE: .png, .xlsx or .csv."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in WRITERS:
        raise Refused(f"{file} should end in .png, .xlsx or .csv.")
    if file.exists():
        raise Refused(f"{file} is there already. Name another file.")
    answer = json.loads(run_admin("map-export", {"branch": branch, "workplace": workplace}))
    with extra("reports"):
        content = _content(kind, answer)
    try:
        file.write_bytes(content)
    except OSError as error:
        raise Refused(f"{file} cannot be written ({error.strerror}).") from None
    click.echo(f"Wrote {file}. No number of fewer than 5 people is in it.")


def _content(kind: str, answer: dict[str, object]) -> bytes:
    """The file of a tree that has lost its small numbers already."""
    from datetime import datetime  # noqa: PLC0415 - see below

    from bot.reports import map_files  # noqa: PLC0415 - part of an extra
    from bot.service.map_files import MapFile  # noqa: PLC0415 - see above
    from bot.service.map_text import parse_tree  # noqa: PLC0415 - see above
    from bot.settings import load_settings  # noqa: PLC0415 - see above
    from bot.wiring import load_content  # noqa: PLC0415 - see above

    source = MapFile(
        tree=parse_tree(answer["tree"]),
        work_map=None,
        wording=load_content(load_settings().knowledge).wording,
        language="en",
        made_at=datetime.fromisoformat(str(answer["made_at"])),
    )
    makers = {"png": map_files.picture, "xlsx": map_files.workbook, "csv": map_files.listing}
    return makers[kind](source)[0].content
