"""`pathways content`: earlier states of a folder of content, and the way back to one."""

from pathlib import Path

import click

from bot.errors import ContentError, Refused
from bot.service.clock import SystemClock
from bot.settings import load_settings
from bot.storage.editions import Kept, keep_edition, kept_editions, put_back
from bot.storage.files import read_folder
from bot.wiring import cache_folder, edition_of

_FOLDER = click.option(
    "--knowledge", type=click.Path(path_type=Path), help="The folder; else PATHWAYS_KNOWLEDGE."
)


@click.group(name="content")
def command() -> None:
    """Every state of your folder of content that was in use is kept, the last ten of them."""


@command.command()
@_FOLDER
def history(*, knowledge: Path | None) -> None:
    """List the states that were in use, newest first."""
    folder, cache = _places(knowledge)
    present = read_folder(folder)
    for kept in kept_editions(cache, folder):
        mark = "*" if kept.texts == present else " "
        click.echo(f"{mark} {kept.id}  {kept.at:%Y-%m-%d %H:%M} UTC  {_differs(kept, present)}")


@command.command()
@click.argument("edition", required=False)
@_FOLDER
def rollback(edition: str | None, *, knowledge: Path | None) -> None:
    """Put EDITION back; without one, the newest that differs from what is there and is without mistakes.

    What is there now is kept first. A running bot takes the change up by itself.
    """
    folder, cache = _places(knowledge)
    present = read_folder(folder)
    kept = _chosen(kept_editions(cache, folder), present, edition, cache)
    keep_edition(cache, folder, present, SystemClock().now())
    put_back(folder, kept.texts, present)
    click.echo(f"Put back {kept.id} of {kept.at:%Y-%m-%d %H:%M} UTC: {_differs(kept, present)}.")


def _chosen(
    editions: tuple[Kept, ...], present: dict[str, str], edition: str | None, cache: Path
) -> Kept:
    for kept in editions:
        if edition is None and kept.texts != present and _is_good(kept, cache):
            return kept
        if edition is not None and kept.id == edition:
            return kept
    raise Refused("There is no such state to go back to. `pathways content history` lists them.")


def _is_good(kept: Kept, cache: Path) -> bool:
    try:
        edition_of(kept.texts, cache)
    except ContentError:
        return False
    return True


def _places(knowledge: Path | None) -> tuple[Path, Path]:
    settings = load_settings()
    folder = knowledge or settings.knowledge
    if folder is None:
        raise Refused(
            "Our own content has no earlier states. Set PATHWAYS_KNOWLEDGE, or use --knowledge."
        )
    return folder, settings.cache or cache_folder()


def _differs(kept: Kept, present: dict[str, str]) -> str:
    names = sorted(
        name
        for name in kept.texts.keys() | present.keys()
        if kept.texts.get(name) != present.get(name)
    )
    return ", ".join(names) or "as it is now"
