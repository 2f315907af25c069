"""Rules about phrasings: enough of them, of every style, and no two alike."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from bot.errors import Problem
from bot.knowledge.faq import STYLES
from bot.knowledge.lint_faq import entries
from bot.knowledge.lint_files import Folder, Read
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.outside import Outside
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.smalltalk import Smalltalk
from bot.knowledge.yaml_text import Path

LEAST: Final = 40  # phrasings an entry of ours has
LONGEST: Final = 400  # characters; our longest has 330
ALIKE: Final = 0.6  # Dice of content words above which two phrasings teach the same
SHORT: Final = 5  # words of a phrasing tagged `short`, at most
RAMBLING: Final = range(18, 51)  # words of one tagged `rambling`
SAME_START: Final = 5  # phrasings of an entry that may begin with the same two words

_WORD = re.compile(r"[a-z0-9]+")
_LETTER = re.compile(r"[a-z]")
_APOSTROPHE = re.compile(r"[\u2019']")
_EMPTY: Final = """
    a an the and or but if so of to in on at for from by with about as into is am are was were be been
    being do does did done doing have has had having i me my mine we us our you your he she it its they
    them their this that these those there here what which who whom whose when where why how can could
    will would shall should may might must not no nor than then too very just any some all each im ive
    id ill dont cant get got gets getting go going up out over off please
"""
_EMPTY_WORDS: Final = frozenset(_EMPTY.split())


def too_few(folder: Folder) -> Iterator[Problem]:
    """An entry has enough phrasings for a matcher to learn from."""
    for faq, place, entry in entries(folder):
        count = len(entry.phrasings)
        if count < LEAST:
            yield faq.problem(
                (*place, "phrasings"),
                f"`{entry.id}` has {count} phrasings; it needs {LEAST}.",
                f"Write {LEAST - count} more, each asked from another side.",
            )


def untagged(folder: Folder) -> Iterator[Problem]:
    """Every phrasing says which style it is of."""
    for faq, place, entry in entries(folder):
        for n, phrasing in enumerate(entry.phrasings):
            if phrasing.style is None:
                yield faq.problem(
                    (*place, "phrasings", n),
                    f"A phrasing of `{entry.id}` has no style: {_quoted(phrasing.text)}.",
                    f"Add `style:` and one of {', '.join(STYLES)}.",
                )


def missing_styles(folder: Folder) -> Iterator[Problem]:
    """Every style is there, so that no kind of person is forgotten."""
    for faq, place, entry in entries(folder):
        count = Counter(phrasing.style for phrasing in entry.phrasings)
        for style in STYLES:
            if not count[style]:
                yield faq.problem(
                    (*place, "phrasings"),
                    f"`{entry.id}` has no phrasing of the style `{style}`.",
                    "Write at least one; four are better.",
                )


def too_alike(folder: Folder) -> Iterator[Problem]:
    """No two phrasings of an entry, and no phrasing and the question, share most of their words."""
    for faq, place, entry in entries(folder):
        asked = [(text, content_words(text)) for text in entry.asked_as()]
        for later, (text, words) in enumerate(asked):
            for earlier, (other, others) in enumerate(asked[:later]):
                shared = 2 * len(words & others) / (len(words) + len(others) or 1)
                if shared > ALIKE and _key(text) != _key(other):
                    line = faq.line(_asked_path(place, earlier))
                    yield faq.problem(
                        _asked_path(place, later),
                        f"{_quoted(text)} shares {shared:.0%} of its words with line {line}: "
                        f"{_quoted(other)}.",
                        "Ask it from another side, with other words, or take one of them out.",
                    )


def asked_twice(folder: Folder) -> Iterator[Problem]:
    """No phrasing stands twice: in one entry it teaches nothing, in two it cannot be decided."""
    first: dict[str, tuple[str, str, int]] = {}
    for read, path, owner, text in _all_phrasings(folder):
        key = _key(text)
        if key in first:
            other, file, line = first[key]
            yield read.problem(
                path,
                f"{_quoted(text)} of `{owner}` is already a phrasing of `{other}` ({file}, line {line}).",
                "Leave it where it is answered best, and take the other out."
                if other != owner
                else "Take one of them out.",
            )
        first.setdefault(key, (owner, read.name, read.line(path)))


def too_long(folder: Folder) -> Iterator[Problem]:
    """Nobody types more than a few lines."""
    for read, path, owner, text in _all_phrasings(folder):
        if len(text) > LONGEST:
            yield read.problem(
                path,
                f"A phrasing of `{owner}` has {len(text)} characters; {LONGEST} is the most.",
                "Cut it down to what somebody would type.",
            )


def mistagged(folder: Folder) -> Iterator[Problem]:
    """A short one is short, and a rambling one rambles."""
    for faq, place, entry in entries(folder):
        for n, phrasing in enumerate(entry.phrasings):
            count = len(phrasing.text.split())
            is_long = phrasing.style == "short" and count > SHORT
            if is_long or (phrasing.style == "rambling" and count not in RAMBLING):
                yield faq.problem(
                    (*place, "phrasings", n),
                    f"{_quoted(phrasing.text)} is tagged `{phrasing.style}` and has {count} words.",
                    "Give it the style it has, or write it anew.",
                )


def same_starts(folder: Folder) -> Iterator[Problem]:
    """People do not all begin with the same two words."""
    for faq, place, entry in entries(folder):
        starts = Counter(" ".join(p.text.lower().split()[:2]) for p in entry.phrasings)
        for start, count in starts.items():
            if count > SAME_START:
                yield faq.problem(
                    (*place, "phrasings"),
                    f'{count} phrasings of `{entry.id}` begin with "{start}".',
                    "Begin some of them in another way.",
                )


def content_words(text: str) -> frozenset[str]:
    """The words of a text that carry its meaning; all of them where none does."""
    words = frozenset(_WORD.findall(_APOSTROPHE.sub("", text.lower())))
    return words - _EMPTY_WORDS or words


def _all_phrasings(folder: Folder) -> Iterator[tuple[Read[Any], Path, str, str]]:
    """File, path, owner and text of whatever people are expected to type."""
    for faq, place, entry in entries(folder):
        for n, text in enumerate(entry.asked_as()):
            yield faq, _asked_path(place, n), entry.id, text
    for sensitive in folder.each(Sensitive):
        for i, topic in enumerate(sensitive.shape.topics):
            for n, phrasing in enumerate(topic.phrasings):
                yield sensitive, ("topics", i, "phrasings", n), topic.id, phrasing.text
    yield from _other_texts(folder)


def _other_texts(folder: Folder) -> Iterator[tuple[Read[Any], Path, str, str]]:
    """The same of small talk, and of what is outside."""
    for smalltalk in folder.each(Smalltalk):
        for i, kind in enumerate(smalltalk.shape.kinds):
            for n, text in enumerate(kind.phrasings):
                yield smalltalk, ("kinds", i, "phrasings", n), kind.id, text
    for outside in folder.each(Outside):
        for i, group in enumerate(outside.shape.groups):
            for n, text in enumerate(group.texts):
                yield outside, ("groups", i, "texts", n), group.id, text


def _asked_path(place: Path, n: int) -> Path:
    """The path of the n-th text of `asked_as`: the question, then the phrasings."""
    return (*place, "phrasings", n - 1) if n else (*place, "question")


def _key(text: str) -> str:
    """What two texts have in common when they are the same but for case and signs."""
    words = " ".join(_WORD.findall(_APOSTROPHE.sub("", text.lower())))
    return words if _LETTER.search(words) else text


def _quoted(text: str) -> str:
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"'


RULES: Final = (
    Rule(id="too-few-phrasings", check=too_few, guest=Weight.NONE),
    Rule(id="no-style", check=untagged, guest=Weight.NONE),
    Rule(id="style-missing", check=missing_styles, guest=Weight.NONE),
    Rule(id="phrasings-alike", check=too_alike, guest=Weight.NONE),
    Rule(id="asked-twice", check=asked_twice),
    Rule(id="phrasing-too-long", check=too_long),
    Rule(id="wrong-style", check=mistagged, house=Weight.ADVICE, guest=Weight.NONE),
    Rule(id="same-start", check=same_starts, house=Weight.ADVICE, guest=Weight.NONE),
)
