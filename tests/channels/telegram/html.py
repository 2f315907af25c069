"""Telegram's HTML, read as strictly as the Bot API reads it; and what it finds in plain words by itself."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Final

TAGS: Final = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "a", "blockquote"}
)
_TOKEN: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)>|&(#?\w+);|<|&|[^<&]+")
_HREF: Final = re.compile(r'\s+href="([^"<>]*)"\s*')
_KNOWN: Final = frozenset({"lt", "gt", "amp", "quot"})
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,}"
_FOUND: Final = {
    "mention": re.compile(r"(?<![\w/])@[A-Za-z0-9_]{3,32}(?!\w)"),
    "email": re.compile(rf"[\w.+-]+@{_DOMAIN}"),
    "url": re.compile(rf"(?:\w+://[^\s\u2060]|(?<![\w@]){_DOMAIN}(?![\w]))"),
    "bot_command": re.compile(r"(?<![\w/<>@])/[A-Za-z0-9_]{1,64}(?!\w)"),
    "hashtag": re.compile(r"(?<![\w#])#\w+"),
    "cashtag": re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?!\w)"),
}


class HtmlError(ValueError):
    """The Bot API answers this with a 400, "can't parse entities"."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the text, in UTF-16 units."""

    type: str
    offset: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text and its entities: those that were written, and those that Telegram finds by itself."""

    text: str
    entities: tuple[Entity, ...]
    found: tuple[tuple[str, str], ...]


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(source: str) -> Parsed:
    """The text of some HTML.

    Raises:
        HtmlError: A tag or an entity that Telegram does not know, or one that is not closed.
    """
    text, open_tags, entities = "", list[tuple[str, int, str | None]](), list[Entity]()
    for found in _TOKEN.finditer(source):
        whole, closing, tag, rest, named = found[0], found[1], found[2], found[3], found[4]
        if tag:
            if tag.lower() not in TAGS:
                raise HtmlError(f"unsupported start tag {tag!r}")
            if not closing:
                open_tags.append((tag.lower(), units(text), _href(tag, rest)))
                continue
            if not open_tags or open_tags[-1][0] != tag.lower():
                raise HtmlError(f"unexpected end tag {tag!r}")
            name, start, url = open_tags.pop()
            if units(text) > start:
                entities.append(Entity(name, start, units(text) - start, url))
        else:
            text += _plain(whole, named)
    if open_tags:
        raise HtmlError(f"{open_tags[-1][0]!r} is not closed")
    return Parsed(text, tuple(entities), tuple(_finds(text, entities)))


def _plain(whole: str, named: str | None) -> str:
    if whole in {"<", "&"}:
        raise HtmlError(f"a bare {whole!r}")
    if named and named not in _KNOWN and not named.startswith("#"):
        raise HtmlError(f"unsupported entity {named!r}")
    return unescape(whole) if named else whole


def _href(tag: str, rest: str) -> str | None:
    if tag.lower() != "a":
        if rest.strip():
            raise HtmlError(f"{tag!r} takes nothing")
        return None
    found = _HREF.fullmatch(rest)
    if not found:
        raise HtmlError(f"not an address: {rest!r}")
    return unescape(found[1])


def _finds(text: str, entities: list[Entity]) -> list[tuple[str, str]]:
    """What Telegram makes a link or a mention of, though nobody wrote it as one."""
    links = [(one.offset, one.offset + one.length) for one in entities if one.type == "a"]
    found = []
    for kind, pattern in _FOUND.items():
        for hit in pattern.finditer(text):
            start = units(text[: hit.start()])
            if not any(begin <= start < end for begin, end in links):
                found.append((kind, hit[0]))
    return found
