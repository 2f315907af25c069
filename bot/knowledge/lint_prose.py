"""Light Markdown as people read it: without its marks, as blocks and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
_BULLET = re.compile(r"^\s*- ")
_END = re.compile(r"(?<=[.?!:])[\"'\u201d\u2019)]*\s+|(?<=[.?!][\"'\u201d\u2019)])\s+")
_SHORTENED = re.compile(r"\b(?:[ei]\.[eg]|vs|Dr|Mr|Mrs|Ms|St|[A-Z])\.$")
_BEFORE_FIGURE = re.compile(r"\b(?:[Nn]o|c|approx|p|pp)\.$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, without marks.

    Attributes:
        before: What was said just before: the last sentence, and the one before a colon; for an
            item of a list also what leads the list.
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


@lru_cache(maxsize=4096)
def sentences(markdown: str) -> tuple[Sentence, ...]:
    """The sentences of a text, in order; an item of a list begins a new one.

    A colon ends a sentence too: readers rest there.
    """
    found: list[Sentence] = []
    lead: tuple[str, ...] = ()
    for is_item, block in _blocks(markdown):
        if not is_item:
            lead = ()
        elif not lead:
            lead = _said_before(found)
        for text in _split(block):
            before = (*_said_before(found), *(lead if is_item else ()))
            found.append(Sentence(text=text, before=tuple(dict.fromkeys(before))))
    return tuple(found)


def _said_before(found: list[Sentence]) -> tuple[str, ...]:
    """The last sentence; where a colon ended it, with what was said before that."""
    if not found:
        return ()
    return (found[-1].text, *(found[-1].before if found[-1].text.endswith(":") else ()))


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
    """One block as sentences."""
    start = 0
    for end in _END.finditer(block):
        if _ends(block[start : end.end()].strip("\"'\u201d\u2019) "), block[end.end() :]):
            yield block[start : end.end()].strip()
            start = end.end()
    if block[start:].strip():
        yield block[start:].strip()


def _ends(said: str, rest: str) -> bool:
    """Whether a sentence ends here: the dot of "e.g." and of "c. 2014" ends none."""
    if said.endswith("etc.") and rest[:1].islower():
        return False
    return not (_SHORTENED.search(said) or (rest[:1].isdigit() and _BEFORE_FIGURE.search(said)))
