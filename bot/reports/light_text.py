"""Light Markdown as paragraphs of plain and bold words, for documents, posters and calendars."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 cannot hold these


@dataclass(frozen=True, slots=True)
class Run:
    """Some words, bold or not."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an item of a list."""

    runs: tuple[Run, ...]
    is_item: bool = False

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(run.text for run in self.runs)

    @property
    def is_heading(self) -> bool:
        """Whether all of it is bold, as the title of a text is."""
        return bool(self.runs) and all(run.bold for run in self.runs if run.text.strip())


def paragraphs(markdown: str) -> tuple[Paragraph, ...]:
    """Light Markdown as paragraphs. A link is its words with the address behind them."""
    found: list[Paragraph] = []
    depth = 0
    for token in MarkdownIt("commonmark").parse(_ILLEGAL.sub("", markdown)):
        depth += (token.type == "list_item_open") - (token.type == "list_item_close")
        if token.type == "inline":
            runs = tuple(_runs(token.children or []))
            found.append(Paragraph(runs, is_item=depth > 0))
    return tuple(found)


def plain_words(markdown: str) -> str:
    """Light Markdown as plain text: paragraphs with an empty line between them, `- ` items."""
    lines: list[str] = []
    for one in paragraphs(markdown):
        is_together = one.is_item and lines and lines[-1].startswith("- ")
        if lines and not is_together:
            lines.append("")
        lines.append(f"- {one.text}" if one.is_item else one.text)
    return "\n".join(lines)


def _runs(tokens: list[Token]) -> Iterator[Run]:
    is_bold = False
    address = ""
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                is_bold = token.type == "strong_open"
            case "link_open":
                address = str(token.attrs.get("href", ""))
            case "link_close":
                yield Run(f" ({address})", is_bold)
            case "softbreak" | "hardbreak":
                yield Run(" ", is_bold)
            case _ if token.content:
                yield Run(token.content, is_bold)
            case _:
                pass
