"""Rules about the texts people read: light Markdown and nothing else, links that lead somewhere."""

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from bot.errors import Problem
from bot.knowledge.action_plan import ActionPlan
from bot.knowledge.bodies import Bodies
from bot.knowledge.lint_faq import entries
from bot.knowledge.lint_files import Folder, Passage, Read
from bot.knowledge.lint_prose import rendered
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.yaml_text import Path
from bot.messages import TEXT_LIMIT

LIGHT: Final = (
    "Only paragraphs, `**bold**`, `- ` lists and [links](https://...) are shown everywhere."
)

NEVER: Final = "is on the list of hosts never to be shown"
NEVER_FIX: Final = "Use the page of the owner; this one may stand under `evidence` of a source."
MAY_DOUBLE: Final = frozenset({"that", "had"})  # "that that" can be right

_MARKUP: Final = (
    ("a heading", re.compile(r"^ {0,3}#{1,6}(?:\s|$).*|^[^\n]+\n(?:=+|-{2,})\s*$", re.MULTILINE)),
    ("a table", re.compile(r"^.*\|.*\|.*$|^.*-{3,}\s*\|.*$", re.MULTILINE)),
    ("a picture", re.compile(r"!\[[^\]]*\]\([^)]*\)?")),
    ("code", re.compile(r"`[^`\n]*`?")),
    ("a quotation", re.compile(r"^ {0,3}>.*$", re.MULTILINE)),
    ("HTML or a bare `<`", re.compile(r"<[^>\n]{0,40}>?")),
    ("a list begun with another sign than `-`", re.compile(r"^[ \t]*[*+•] .*$", re.MULTILINE)),
    ("slanted words", re.compile(r"(?<![*\w\\])\*(?![*\s])[^*\n]+(?<![*\s])\*(?![*\w])")),
)
_LABEL_MARKUP = re.compile(r"\*\*|\]\(|\n|[<>`]")
_GAP = re.compile(r"\{[a-z_]+\}")
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\n]*)\)?")
_BARE_URL = re.compile(r"(?<!\]\()(?<![\w/])(?:https?://|www\.)\S+")
_TWICE = re.compile(r"\b([A-Za-z]+) \1\b", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def forbidden_markup(folder: Folder) -> Iterator[Problem]:
    """Only light Markdown is shown on every channel."""
    for passage in _long_texts(folder):
        for name, pattern in _MARKUP:
            found = pattern.search(passage.text)
            if found:
                yield passage.problem(
                    f"`{passage.owner}` holds {name}: `{_short(found[0])}`.", LIGHT, found[0]
                )


def unbalanced_marks(folder: Folder) -> Iterator[Problem]:
    """Bold that is begun is ended in the same paragraph; so is every bracket."""
    for passage in _long_texts(folder):
        for block in re.split(r"\n\s*\n|\n(?=\s*- )", passage.text):
            sign = _unbalanced(block)
            if sign:
                yield passage.problem(
                    f"`{passage.owner}` has a `{sign}` without its partner: `{_short(block)}`.",
                    f"Write the other `{_PARTNER[sign]}`, or take this one out.",
                    block,
                )


def markup_on_labels(folder: Folder) -> Iterator[Problem]:
    """A question or a title stands on a button, where nothing is bold and nothing is a link."""
    for passage in folder.passages:
        if passage.label and _LABEL_MARKUP.search(passage.text):
            yield passage.problem(
                f"The title of `{passage.owner}` holds markup: `{_short(passage.text)}`.",
                "Write it as plain words on one line: it stands on a button.",
            )


def long_texts(folder: Folder) -> Iterator[Problem]:
    """A text fits into one message on every channel."""
    for passage in folder.passages:
        length = len(rendered(passage.text))
        if length > TEXT_LIMIT:
            yield passage.problem(
                f"`{passage.owner}` comes to {length:,} characters; one message holds {TEXT_LIMIT:,}.",
                "Shorten it, or make two entries of it.",
            )


def bad_links(folder: Folder) -> Iterator[Problem]:
    """Every link in a text is well formed and leads where we may send people."""
    hosts = never_shown(folder)
    for passage in _long_texts(folder):
        for found in _LINK.finditer(passage.text):
            words, address = found.groups()
            wrong = "" if _GAP.fullmatch(address) else _wrong_with(address, hosts)
            if wrong:
                yield passage.problem(
                    f"A link in `{passage.owner}` {wrong}: `{address}`.",
                    NEVER_FIX
                    if wrong is NEVER
                    else "Open the page in a browser and copy its address.",
                    words or address,
                )
            if not words.strip():
                yield passage.problem(
                    f"A link in `{passage.owner}` has no words.",
                    "Write the name of the page in the square brackets.",
                    address,
                )


def bare_links(folder: Folder) -> Iterator[Problem]:
    """An address in the middle of a sentence reads badly and may not become a link."""
    for passage in _long_texts(folder):
        found = _BARE_URL.search(re.sub(r"\]\([^)\n]*\)", "]()", passage.text))
        if found:
            yield passage.problem(
                f"`{passage.owner}` holds a bare address: `{_short(found[0])}`.",
                "Write it as a link: [name of the page](https://...).",
                found[0],
            )


def bad_addresses(folder: Folder) -> Iterator[Problem]:
    """Every address of a source or a signpost is well formed; shown ones lead where we may send people."""
    hosts = never_shown(folder)
    for read, path, address, shown in _addresses(folder):
        wrong = _wrong_with(address, hosts if shown else ()) if address else ""
        if wrong:
            yield read.problem(
                path,
                f"The address `{_short(address)}` {wrong}.",
                NEVER_FIX
                if wrong is NEVER
                else "Open the page in a browser and copy its address.",
            )


def doubled_words(folder: Folder) -> Iterator[Problem]:
    """A word written twice by mistake."""
    for passage in folder.passages:
        for found in _TWICE.finditer(passage.text):
            if found[1].lower() not in MAY_DOUBLE:
                yield passage.problem(
                    f'`{passage.owner}` says "{found[1]}" twice in a row.',
                    "Take one of them out.",
                    found[0],
                )


def never_shown(folder: Folder) -> tuple[str, ...]:
    """The hosts that `bodies.yaml` says are never shown."""
    bodies = folder.of(Bodies)
    return tuple(host.lower() for host in bodies.shape.never_show_hosts) if bodies else ()


def _long_texts(folder: Folder) -> Iterator[Passage]:
    return (passage for passage in folder.passages if not passage.label)


def _addresses(folder: Folder) -> Iterator[tuple[Read[Any], Path, str, bool]]:
    """Every address outside the texts, and whether people see it."""
    for faq, place, entry in entries(folder):
        for n, source in enumerate(entry.sources):
            yield faq, (*place, "sources", n, "url"), source.url or "", True
            yield faq, (*place, "sources", n, "evidence"), source.evidence or "", False
    for sensitive in folder.each(Sensitive):
        for i, topic in enumerate(sensitive.shape.topics):
            for n, post in enumerate(topic.signposts):
                path: Path = ("topics", i, "signposts", n)
                yield sensitive, (*path, "url"), post.url or "", True
                yield sensitive, (*path, "source"), post.source or "", False
    for plan in folder.each(ActionPlan):
        for name, source in plan.shape.sources.items():
            path = ("sources", name)
            yield plan, (*path, "url"), source.url or "", True
            yield plan, (*path, "evidence"), source.evidence or "", False


def _wrong_with(address: str, hosts: tuple[str, ...]) -> str:
    """What is wrong with an address, to follow "The address ..."; empty where nothing is."""
    if not address.strip():
        return "is empty"
    if re.search(r"\s", address):
        return "has a space in it"
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").lower()
    except ValueError:
        return "is not an address"
    if parts.scheme not in {"http", "https"}:
        return "does not begin with https://"
    if not _HOST.fullmatch(host):
        return "has no proper host such as www.example.org"
    if any(f"{host}{parts.path}".startswith(f"{never}/") or host == never for never in hosts):
        return NEVER
    return ""


_PARTNER: Final = {"**": "**", "[": "]", "]": "[", "(": ")", ")": "("}


def _unbalanced(block: str) -> str:
    """The mark of a paragraph that has no partner; empty where all have."""
    if block.count("**") % 2:
        return "**"
    for opening, closing in ("[]", "()"):
        depth = 0
        for sign in block:
            depth += (sign == opening) - (sign == closing)
            if depth < 0:
                return closing
        if depth:
            return opening
    return ""


def _short(words: str) -> str:
    flat = " ".join(words.split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"


RULES: Final = (
    Rule(id="forbidden-markup", check=forbidden_markup),
    Rule(id="unbalanced-marks", check=unbalanced_marks),
    Rule(id="markup-on-label", check=markup_on_labels),
    Rule(id="text-too-long", check=long_texts),
    Rule(id="bad-link", check=bad_links),
    Rule(id="bare-link", check=bare_links),
    Rule(id="bad-address", check=bad_addresses),
    Rule(id="doubled-word", check=doubled_words, house=Weight.ADVICE, guest=Weight.ADVICE),
)
