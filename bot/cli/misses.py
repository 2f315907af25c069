"""`pathways misses`: what could not be answered; decide, draft an entry, try a phrasing out."""

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from bot.cli.evaluate import read_questions
from bot.cli.owner import run_admin
from bot.engine.inbox import NEW, STATUSES
from bot.errors import ContentError, Refused
from bot.faq.acceptance import Golden, clashes
from bot.knowledge.drafting import DraftEntry
from bot.knowledge.faq import STYLES, Style
from bot.knowledge.linting import lint
from bot.knowledge.yaml_edit import FILE, add_entry, add_phrasing
from bot.knowledge.yaml_text import parse_yaml
from bot.service.clock import SystemClock
from bot.settings import load_settings
from bot.storage.files import read_folder, replace_text
from bot.wiring import edition_of, load_content, shipped_texts

GOLDEN: Final = ("golden.jsonl", "golden.yaml")  # questions with known answers, beside faq.yaml
NO_ANSWER: Final = "inbox.no-answer"

_BRANCH = click.option("--branch", default="main", show_default=True, help="Whose misses.")
_FOLDER = click.option(
    "--knowledge", type=click.Path(path_type=Path), help="The folder; else PATHWAYS_KNOWLEDGE."
)
_WRITE = click.option("--write", is_flag=True, help="Write it into faq.yaml; else it is printed.")


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder of content that is to be changed; None stands for the content we ship."""

    folder: Path | None
    texts: dict[str, str]

    @property
    def faq(self) -> str:
        """The text of `faq.yaml`."""
        return self.texts[FILE]


@click.group(name="misses", invoke_without_command=True)
@click.option("--status", type=click.Choice(STATUSES), default=NEW, show_default=True)
@_BRANCH
@click.pass_context
def command(ctx: click.Context, *, status: str, branch: str) -> None:
    """List what could not be answered, what most people asked on top."""
    if ctx.invoked_subcommand is not None:
        return
    items = [item for item in _items(branch) if item["status"] == status]
    for item in items:
        click.echo(_line(item))
    click.echo(f"{len(items)} {status}")


def _marker(name: str, status: str, about: str) -> click.Command:
    @click.command(name=name, help=about)
    @click.argument("item")
    @_BRANCH
    def mark(item: str, *, branch: str) -> None:
        click.echo(run_admin("misses-mark", {"id": item, "status": status, "branch": branch}))

    return mark


command.add_command(_marker("ignore", "ignored", "Ignore ITEM for good, and whatever asks alike."))
command.add_command(_marker("later", "later", "Keep ITEM for later."))
command.add_command(
    _marker("done", "done", "ITEM is dealt with; it comes up again if people ask.")
)
command.add_command(_marker("reopen", NEW, "ITEM is new again."))


@command.command()
@click.argument("item")
@_BRANCH
@_FOLDER
@_WRITE
def draft(item: str, *, branch: str, knowledge: Path | None, write: bool) -> int:
    """Draft an entry for ITEM. While it says `draft: true`, nobody is answered with it."""
    found = _item(branch, item)
    desk = _desk(knowledge)
    wording = load_content(None).wording
    made = DraftEntry.of(
        str(found["words"]), str(found["reply"]) or wording.say(NO_ANSWER), known=_ids(desk.faq)
    )
    return _finish(desk, add_entry(desk.faq, made), write=write)


@command.command()
@click.argument("item")
@click.argument("entry")
@click.option("--text", help="Other words than those of ITEM.")
@click.option("--style", type=click.Choice(STYLES), help="How it is asked.")
@click.option(
    "--golden",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Questions that must not be answered worse; else golden.jsonl of the folder.",
)
@_BRANCH
@_FOLDER
@_WRITE
def phrasing(  # noqa: PLR0913 - click hands every option over by its name
    item: str,
    entry: str,
    *,
    text: str | None,
    style: Style | None,
    golden: Path | None,
    branch: str,
    knowledge: Path | None,
    write: bool,
) -> int:
    """Make ITEM another way to ask ENTRY, if nothing else is answered worse by it."""
    words = text or str(_item(branch, item)["words"])
    desk = _desk(knowledge)
    edited = add_phrasing(desk.faq, entry, words, style)
    if write and _clash(desk, edited, (words, entry), golden):
        return 1
    return _finish(desk, edited, write=write)


def _clash(desk: Desk, edited: str, added: tuple[str, str], golden: Path | None) -> bool:
    """Try a phrasing out; say what speaks against it."""
    settings = load_settings()
    cache, vectors = settings.cache, settings.vector_choice
    questions = _golden(desk, golden)
    found = clashes(
        edition_of(desk.texts, cache, vectors).reader,
        edition_of({**desk.texts, FILE: edited}, cache, vectors).reader,
        *added,
        questions,
    )
    for one in found:
        what = "would go to" if one.is_golden else "is answered already by"
        click.echo(f"{one.question!r} {what} {one.taken} ({one.confidence:.2f})", err=True)
    if found:
        click.echo(f"Nothing was written: {len(found)} of {len(questions) + 1} clash.", err=True)
    elif not questions:
        click.echo(
            "There are no golden questions to try it out on; see docs/learning.md.", err=True
        )
    else:
        click.echo(
            f"Tried out on {len(questions)} golden questions: none is answered worse.", err=True
        )
    return bool(found)


def _golden(desk: Desk, golden: Path | None) -> tuple[Golden, ...]:
    beside = [desk.folder / name for name in GOLDEN] if desk.folder else []
    files = [golden] if golden else [file for file in beside if file.is_file()]
    return tuple(
        Golden(question.q, question.accept) for file in files for question in read_questions(file)
    )


def _finish(desk: Desk, edited: str, *, write: bool) -> int:
    """Print the change, or check it and write it."""
    if not write:
        lines = difflib.unified_diff(
            desk.faq.splitlines(keepends=True), edited.splitlines(keepends=True), FILE, FILE
        )
        click.echo("".join(lines), nl=False)
        return 0
    if desk.folder is None:
        raise Refused(
            "Our own content is not changed in place. Copy the folder `knowledge`, then set "
            "PATHWAYS_KNOWLEDGE to the copy, or use --knowledge."
        )
    _refuse_new_mistakes(desk, edited)
    replace_text(desk.folder / FILE, edited)
    click.echo(f"Wrote {desk.folder / FILE}. A running bot takes it up by itself.")
    return 0


def _refuse_new_mistakes(desk: Desk, edited: str) -> None:
    today = SystemClock().now().date()
    before = {problem.what for problem in lint(desk.texts, today, house=False).errors}
    after = lint({**desk.texts, FILE: edited}, today, house=False).errors
    new = tuple(problem for problem in after if problem.what not in before)
    if new:
        raise ContentError(new)


def _desk(knowledge: Path | None) -> Desk:
    folder = knowledge or load_settings().knowledge
    texts = dict(read_folder(folder) if folder else shipped_texts())
    if FILE not in texts:
        raise Refused(f"There is no {FILE} in this folder. Name another with --knowledge.")
    return Desk(folder, texts)


def _ids(faq: str) -> Sequence[str]:
    value = parse_yaml(faq, FILE).value
    entries = value.get("entries") if isinstance(value, dict) else None
    rows = entries if isinstance(entries, list) else []
    return [str(row.get("id")) for row in rows if isinstance(row, dict)]


Item = dict[str, object]


def _items(branch: str) -> list[Item]:
    found: list[Item] = json.loads(run_admin("misses", {"branch": branch}))
    return found


def _item(branch: str, name: str) -> Item:
    for item in _items(branch):
        names = item["names"]
        if name == item["id"] or (isinstance(names, list) and name in names):
            return item
    raise Refused(f"There is no `{name}`. `pathways misses` lists what there is.")


def _line(item: Item) -> str:
    near = item["near"]
    names = ", ".join(str(name) for name in near) if isinstance(near, list) else ""
    kind = "reply" if item["reply"] else f"{item['people']:>5}"
    tail = f"  [{names}]" if names else ""
    return f"{item['id']:12} {kind:>5}  {item['words']}{tail}"
