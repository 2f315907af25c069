"""A reply as a terminal shows it: in colour, and its twin of plain text with the same words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.channels.light_markdown import (
    INDENT,
    Block,
    Item,
    Paragraph,
    Run,
    plain_text,
    says_address,
)
from bot.channels.splitting import Part
from bot.channels.terminal_text import on_one_line, printable
from bot.messages import UNNUMBERED

COLUMN: Final = 88  # characters; about what an eye reads without losing the line
MARGIN: Final = 2  # characters before every line of the bot
ACCENT: Final = "bold cyan"  # of numbers and of the prompt: what a person can use

_GAP: Final = Text("")  # an empty line


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What may differ between terminals, and between contents.

    Attributes:
        hyperlinks: Whether words can be clicked; else the address stands behind them.
        bullet: What stands before an item without a number.
        source_marks: How the block begins that says where an answer comes from: it is dimmed.
    """

    hyperlinks: bool = False
    bullet: str = "-"
    source_marks: tuple[str, ...] = ()


def rich_part(part: Part, look: Look) -> RenderableType:
    """One message in colour, with its options below."""
    blocks = tuple(_printable(block) for block in part.blocks)
    shown: list[RenderableType] = []
    before: Block | None = None
    for block, is_quiet in zip(blocks, _quiet(blocks, look.source_marks), strict=True):
        if isinstance(block, Item):
            is_close = isinstance(before, Item) or _announces(before)
            shown += [] if is_close else [_GAP]
            shown.append(_rich_item(block, look, is_quiet=is_quiet))
        else:
            shown += [_GAP, _rich_runs(block.runs, look, is_quiet=is_quiet)]
        before = block
    if part.options:
        shown += [_GAP, _rich_options(part)]
    return Padding(Group(*shown[1:]), (0, 0, 0, MARGIN))


def plain_part(part: Part, width: int | None = None) -> str:
    """One message as plain text, with its options below; ends in a line feed.

    Args:
        part: What to show.
        width: Characters of a line; None leaves the lines as long as they are.
    """
    text = plain_text(_printable(block) for block in part.blocks)
    options = "\n".join(f"  {mark} {label}" for mark, label in numbered(part))
    whole = "\n\n".join(filter(None, (text, options)))
    lines = whole.split("\n")
    return "\n".join(lines if width is None else _wrapped(lines, width)) + "\n"


def numbered(part: Part) -> Iterator[tuple[str, str]]:
    """The options with their numbers, each on one line; a dash where a number would be an answer."""
    for place, option in enumerate(part.options):
        has_number = part.first_number != UNNUMBERED
        mark = f"{part.first_number + place}." if has_number else "-"
        yield mark, on_one_line(option.label)


def _printable(block: Block) -> Block:
    runs = tuple(
        replace(run, text=printable(run.text), address=run.address and printable(run.address))
        for run in block.runs
    )
    return replace(block, runs=runs)


def _quiet(blocks: Sequence[Block], marks: tuple[str, ...]) -> list[bool]:
    """Which blocks are dimmed: from a source's mark on, but nothing that is meant to stand out."""
    quiet, is_source = [], False
    for block in blocks:
        is_source = is_source or (bool(marks) and plain_text((block,)).startswith(marks))
        quiet.append(is_source and not any(run.bold for run in block.runs))
    return quiet


def _announces(block: Block | None) -> bool:
    """Whether a paragraph leads to the list below it, so that they belong close together."""
    return isinstance(block, Paragraph) and block.runs[-1].text.endswith(":")


def _rich_item(item: Item, look: Look, *, is_quiet: bool) -> RenderableType:
    bullet = look.bullet if item.marker == "-" else item.marker
    mark = Text(" " * (INDENT * item.depth) + bullet, style="dim" if is_quiet else "")
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(mark, _rich_runs(item.runs, look, is_quiet=is_quiet))
    return table


def _rich_options(part: Part) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True, min_width=2)
    table.add_column(overflow="fold")
    for mark, label in numbered(part):
        table.add_row(Text(mark.removesuffix("."), style=ACCENT), Text(label))
    return table


def _rich_runs(runs: Sequence[Run], look: Look, *, is_quiet: bool) -> Text:
    text = Text(style="dim" if is_quiet else "", overflow="fold")
    for run in runs:
        bold = True if run.bold else None
        if run.address is None:
            text.append(run.text, Style(bold=bold))
        elif look.hyperlinks:
            text.append(run.text, Style(bold=bold, underline=True, link=run.address))
        else:
            is_address = says_address(run)
            words = run.address if is_address else run.text
            text.append(words, Style(bold=bold, underline=True))
            text.append("" if is_address else f" ({run.address})", Style(dim=True))
    return text


def _wrapped(lines: Sequence[str], width: int) -> Iterator[str]:
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        lead = line.lstrip(" ").partition(" ")[0]
        is_item = lead == "-" or (lead[:-1].isdigit() and lead[-1] in ".)")
        hang = " " * (indent + (len(lead) + 1 if is_item else 0))
        shown = wrap(
            line.strip(),
            max(width, 20),
            initial_indent=" " * indent,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield from shown or [""]
