"""Light Markdown as people read it: without its marks, as blocks and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_BULLET = re.compile(r"^\s*- ")
_END = re.compile(r"(?<=[.?!:])[\"'”’)]*\s+|(?<=[.?!][\"'”’)])\s+")
_SHORTENED: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|no|c|vs|st|dr|mr|mrs|ms|approx)|\b[A-Z])\.$", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, without marks.

    Attributes:
        before: The sentence before it; for an item of a list also the one that leads the list.
    """

    text: str
    before: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """What a reader counts as words: whatever holds a letter or a figure."""
        return tuple(word for word in self.text.split() if any(map(str.isalnum, word)))


def plain_text(markdown: str) -> str:
    """The text without marks: links as their words, bold as it is said."""
    return _LINK.sub(r"\1", markdown).replace("**", "")


def rendered(markdown: str) -> str:
    """The text as the plainest channel shows it: each link's address stands behind its words."""
    return _LINK.sub(r"\1 (\2)", markdown).replace("**", "")


def links(markdown: str) -> tuple[tuple[str, str], ...]:
    """Words and address of every link."""
    return tuple((found[1], found[2]) for found in _LINK.finditer(markdown))


def sentences(markdown: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; an item of a list begins a new one.

    A colon ends a sentence too: readers rest there.
    """
    found: list[Sentence] = []
    last = lead = ""
    for is_item, block in _blocks(markdown):
        if is_item and not lead:
            lead = last
        if not is_item:
            lead = ""
        for text in _split(block):
            before = (last, lead) if is_item and lead != last else (last,)
            found.append(Sentence(text=text, before=tuple(one for one in before if one)))
            last = text
    return tuple(found)


def _blocks(markdown: str) -> Iterator[tuple[bool, str]]:
    """Paragraphs and list items, each on one line, with whether it is an item."""
    block: list[str] = []
    is_item = False
    for row in [*plain_text(markdown).split("\n"), ""]:
        begins = bool(_BULLET.match(row))
        if (begins or not row.strip()) and block:
            yield is_item, " ".join(block)
            block = []
        if row.strip():
            is_item = begins or (is_item and bool(block))
            block.append(_BULLET.sub("", row).strip())


def _split(block: str) -> Iterator[str]:
    """One block as sentences; the dot of "e.g." ends none."""
    start = 0
    for end in _END.finditer(block):
        if not _SHORTENED.search(block[start : end.start()].rstrip("\"'”’)")):
            yield block[start : end.end()].strip()
            start = end.end()
    if block[start:].strip():
        yield block[start:].strip()
