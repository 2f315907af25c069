"""Light Markdown, read once into blocks and runs that every channel can show.

The dialect: paragraphs with blank lines between, `- ` and `1. ` lists, `**bold**`, links written
`[words](https://address)`, and a backslash before a character that is meant as it is. Everything else
(headings, tables, code, pictures, HTML, bare addresses) is text and stays as it was typed.

Blocks are lines and are told apart here, without recursion; what is inside a block is read by
markdown-it-py. No input loses a word, and none takes more than linear time.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

MAX_DEPTH: Final = 3  # levels of a list that are told apart; deeper ones look like this one
INDENT: Final = 2  # spaces of one level


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that look alike.

    Attributes:
        text: As it is shown; a line feed in it is a line break that was meant.
        bold: Whether it stands out.
        address: Where a link leads, http or https; None for no link.
    """

    text: str
    bold: bool = False
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs that belong together."""

    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list.

    Attributes:
        runs: What it says.
        marker: `-`, or its number as written, such as `2.`; empty where an item goes on.
        depth: How far in it stands, from 0.
    """

    runs: tuple[Run, ...]
    marker: str = "-"
    depth: int = 0


Block = Paragraph | Item

_ITEM = re.compile(r"( *)([-*]|\d{1,3}[.)]) +(?=\S)", re.ASCII)
_WORDS = r"\[((?:[^\[\]\\]|\\.)+)\]"
_ADDRESS = r"\((https?://[^\s()<>\\]+(?:\([^\s()<>\\]*\)[^\s()<>\\]*)*)\)"
_LINK = re.compile(r"(?<!(?<!\\)!)" + _WORDS + _ADDRESS, re.DOTALL)  # behind a `!` it is a picture
_SCHEME = re.compile(r"https?://")


def parse_light(text: str) -> tuple[Block, ...]:
    """Read light Markdown.

    Args:
        text: Anything; what is not of the dialect stays text.

    Returns:
        The blocks in order, none of them empty. Items that follow each other are one list.
    """
    blocks = (replace(block, runs=_runs(source)) for block, source in _blocks(text))
    return tuple(block for block in blocks if block.runs)


def to_plain(text: str) -> str:
    """A text without its markup: addresses stand in brackets behind the words of their links."""
    return plain_text(parse_light(text))


def plain_text(blocks: Iterable[Block]) -> str:
    """Blocks as `to_plain` shows their text."""
    shown = list(blocks)
    if not shown:
        return ""
    said = [_plain_block(shown[0])]
    for before, block in pairwise(shown):
        said += ["\n" if are_one_list(before, block) else "\n\n", _plain_block(block)]
    return "".join(said)


def are_one_list(before: Block, block: Block) -> bool:
    """Whether two blocks that follow each other stand close together, as the items of a list do."""
    return isinstance(before, Item) and isinstance(block, Item)


def join_runs(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbours of one look as one run; links stay apart, and what is empty goes."""
    full = [run for run in runs if run.text]
    looks = groupby(enumerate(full), key=lambda pair: (pair[1].bold, pair[1].address and pair[0]))
    groups = ([run for _, run in group] for _, group in looks)
    return tuple(replace(group[0], text="".join(run.text for run in group)) for group in groups)


def says_address(run: Run) -> bool:
    """Whether the words of a link are its address, so that it need not be said twice."""
    address = run.address or ""
    bare = _SCHEME.sub("", address, count=1)
    known = {said.rstrip("/") for said in (address, bare, bare.removeprefix("www."))}
    return run.text.rstrip("/") in known


def _plain_run(run: Run) -> str:
    if run.address is None:
        return run.text
    return run.address if says_address(run) else f"{run.text} ({run.address})"


def _plain_block(block: Block) -> str:
    words = "".join(_plain_run(run) for run in block.runs)
    if isinstance(block, Paragraph):
        return words
    lead = f"{block.marker} " if block.marker else " " * INDENT
    margin = " " * (INDENT * block.depth)
    return f"{margin}{lead}" + words.replace("\n", f"\n{margin}{' ' * len(lead)}")


def _blocks(text: str) -> Iterator[tuple[Block, str]]:
    """Each block without its runs, and the source of these."""
    block: Block | None = None
    lines: list[str] = []
    for line in (*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""):
        item = _item(line, block)
        if (item or not line.strip(" \t")) and block is not None:
            yield block, "\n".join(lines)
            block = None
        if item:
            block, lines = item[0], [item[1]]
        elif block is not None:
            lines.append(line.strip(" \t") if not line.endswith("  ") else line.lstrip(" \t"))
        elif line.strip(" \t"):
            block, lines = Paragraph(()), [line.lstrip(" \t")]


def _item(line: str, around: Block | None) -> tuple[Item, str] | None:
    """The item that a line begins. Only a first one can begin in the middle of a paragraph."""
    found = _ITEM.match(line)
    if not found:
        return None
    marker = "-" if found[2] in "-*" else found[2]
    if isinstance(around, Paragraph) and marker not in {"-", "1.", "1)"}:
        return None
    depth = min(len(found[1]) // INDENT, MAX_DEPTH)
    return Item((), marker, depth), line[found.end() :]


def _link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it-py calls it so
    """The one way to write a link. It has no title and no entity, so nothing of it can get lost."""
    found = _LINK.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        end, state.pos, state.posMax = state.posMax, found.start(1), found.end(1)
        state.push("link_open", "a", 1).attrs = {"href": found[2]}
        state.md.inline.tokenize(state)
        state.push("link_close", "a", -1)
        state.posMax = end
    state.pos = found.end()
    return True


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero").enable(["emphasis", "escape", "newline"])
    reader.inline.ruler.before("emphasis", "dialect_link", _link)
    reader.core.ruler.disable("normalize")  # it would swap a NUL; line ends are settled before
    return reader


_READER: Final = _reader()


def _runs(source: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    words: list[Run] = []  # of the link that is open
    address: str | None = None
    bold = 0  # how many are open: they may stand in each other
    for token in _READER.parseInline(source.strip(" \t\n"))[0].children or []:
        match token.type:
            case "strong_open" | "strong_close" if token.markup == "**":
                bold += token.nesting
            case "link_open":
                address = str(token.attrs["href"])
            case "link_close":
                runs.append(_link_run(words, address))
                words, address = [], None
            case _:
                (words if address else runs).append(Run(_shown(token), bold > 0))
    return join_runs(runs)


def _link_run(words: Sequence[Run], address: str | None) -> Run:
    """A link is one run, bold where any of it is."""
    return Run("".join(run.text for run in words), any(run.bold for run in words), address)


def _shown(token: Token) -> str:
    """The text of a token; of markup that is not in the dialect, the markup."""
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "text":
            return token.content
        case _:
            return token.markup
