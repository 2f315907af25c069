"""`pathways check`: every mistake in the content, in one run."""

import json
from pathlib import Path

import click

from bot.cli.ask import open_edition
from bot.cli.deep_check import GOLDEN, ask_it
from bot.errors import Problem
from bot.flows.loading import lint_flows
from bot.knowledge.linting import lint
from bot.knowledge.schema import json_schemas
from bot.service.clock import SystemClock
from bot.settings import load_settings
from bot.storage.files import read_folder
from bot.wiring import flow_texts, shipped_texts


@click.command(name="check")
@click.option("--knowledge", type=click.Path(path_type=Path), help="Another folder of content.")
@click.option(
    "--schemas", type=click.Path(path_type=Path), help="Write JSON Schemas there, for editors."
)
@click.option("--quiet", is_flag=True, help="Say nothing but mistakes.")
@click.option("--deep", is_flag=True, help="Ask it too: entries that collide, golden questions.")
@click.option(
    "--golden",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Questions for --deep; {GOLDEN} in the folder of content if there is one.",
)
def command(
    *, knowledge: Path | None, schemas: Path | None, quiet: bool, deep: bool, golden: Path | None
) -> int:
    """Lint all content. Exits with 1 where something must be put right."""
    if schemas is not None:
        return _write_schemas(schemas)
    folder = knowledge or load_settings().knowledge
    texts = read_folder(folder) if folder else shipped_texts()
    found = lint(texts, SystemClock().now().date(), house=folder is None)
    wrong = (*found.errors, *lint_flows(flow_texts(folder)))
    _print(wrong)
    if not quiet:
        _print(found.advice)
        for name, count in found.counts.items():
            click.echo(f"{name:40} {count}")
    click.echo(f"{len(wrong)} mistakes, {len(found.advice)} pieces of advice")
    if wrong or not deep:
        return 1 if wrong else 0
    beside = folder / GOLDEN if folder else None
    if golden is None and beside is not None and beside.is_file():
        golden = beside
    return ask_it(open_edition(knowledge), golden)


def _print(problems: tuple[Problem, ...]) -> None:
    for problem in problems:
        click.echo(str(problem))


def _write_schemas(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for file, schema in json_schemas().items():
        target = folder / f"{file.removesuffix('.yaml')}.schema.json"
        target.write_text(json.dumps(schema, indent=2) + "\n", encoding="utf-8")
        click.echo(f"Wrote {target}")
    return 0
