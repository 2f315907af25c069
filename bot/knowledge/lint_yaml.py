"""Rules about what YAML makes of what somebody typed."""

import re
from collections.abc import Iterator
from typing import Any, Final

from bot.errors import Problem
from bot.knowledge.content import SHAPES
from bot.knowledge.lint_faq import entries
from bot.knowledge.lint_files import Folder, Read
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.lint_shape import nearest, where

NUMBER_KEYS: Final = frozenset({"min_score"})  # where a decimal is meant as a number
_WITH_NOTES: Final = """
    id topic section style kind audience related show url evidence source as_of phone needs
    compiled_at checked_at review_by
"""
NOTES_ALLOWED: Final = frozenset(_WITH_NOTES.split())  # after these a `# note` harms nothing
DATA_FILES: Final = frozenset(
    {"bodies.yaml", "retention.yaml"}
)  # mostly figures, and notes on them

_NUMBER_OR_DATE = re.compile(r"[\d\s.,:/£%-]+|\d{1,2} [A-Za-z]{3,9} \d{4}")
_NOTE = re.compile(r"\s#")
_UNSEEN = re.compile(  # but not the joiner that makes one emoji of two
    r"[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]"
)


def missing_files(folder: Folder) -> Iterator[Problem]:
    """Our own folder holds every file."""
    for file in SHAPES:
        if file not in folder.names:
            yield Problem(
                file=file, line=1, what=f"There is no `{file}`.", fix="Put it in the folder."
            )


def no_faq(folder: Folder) -> Iterator[Problem]:
    """Every folder holds a `faq.yaml`."""
    if "faq.yaml" not in folder.names:
        yield Problem(
            file="faq.yaml",
            line=1,
            what="There is no `faq.yaml`, so there is nothing to answer with.",
            fix="Make one: `entries:` and below it an entry with `id`, `question` and `answer`.",
        )


def misspelt_files(folder: Folder) -> Iterator[Problem]:
    """A file whose name is nearly one of ours was meant to be it."""
    for name in sorted(folder.names - SHAPES.keys()):
        lacking = tuple(file.removesuffix(".yaml") for file in SHAPES if file not in folder.names)
        meant = nearest(name.removesuffix(".yaml"), lacking)
        if meant and "/" not in name:
            yield Problem(
                file=name,
                line=1,
                what=f"`{name}` is not a file we read.",
                fix=f"Did you mean `{meant}.yaml`?",
            )


def numbers_for_phrasings(folder: Folder) -> Iterator[Problem]:
    """A phrasing that is only a number or a date is a slip: nobody asks that."""
    for faq, place, entry in entries(folder):
        for n, phrasing in enumerate(entry.phrasings):
            if _NUMBER_OR_DATE.fullmatch(phrasing.text):
                yield faq.problem(
                    (*place, "phrasings", n),
                    f"A phrasing of `{entry.id}` is only a number or a date: `{phrasing.text}`.",
                    "Write the whole question in quotes, or take it out.",
                )


def decimals_for_text(folder: Folder) -> Iterator[Problem]:
    """A bare decimal where text is meant loses its last nought: 2016.10 is read as 2016.1."""
    for read in _text_files(folder):
        for path, value in folder.values[read.name]:
            if isinstance(value, float) and path[-1] not in NUMBER_KEYS:
                yield read.problem(
                    path,
                    f"{where(path, read.kept.value)} is the bare number {value:g}, and may have "
                    "lost a nought at its end.",
                    "Put quotes around what you mean.",
                )


def texts_cut_short(folder: Folder) -> Iterator[Problem]:
    """A text without quotes ends where a ` #` stands: YAML takes the rest for a note."""
    for read in _text_files(folder):
        noted = {n for n, row in enumerate(read.rows) if _NOTE.search(row)}
        for path, value in folder.values[read.name]:
            key = next((step for step in reversed(path) if isinstance(step, str)), "")
            if isinstance(value, str) and key not in NOTES_ALLOWED:
                first = read.kept.line(path) - 1
                near = noted.intersection(range(first, first + 6))
                if any(_cut(value, read.rows[n]) for n in near):
                    yield read.problem(
                        path,
                        f"{where(path, read.kept.value)} stops short at a ` #`: YAML takes the rest "
                        "of the line for a note.",
                        "Put quotes around the whole text; or move the note to a line of its own.",
                    )


def stray_spaces(folder: Folder) -> Iterator[Problem]:
    """No text begins or ends with a space, nor does a line inside it end with one."""
    for read in _text_files(folder):
        for path, value in folder.values[read.name]:
            if isinstance(value, str) and _has_stray_space(value):
                yield read.problem(
                    path,
                    f"{where(path, read.kept.value)} has a space too many at the start or end of a "
                    "line, or two in a row.",
                    "Take it out.",
                )


def unseen_characters(folder: Folder) -> Iterator[Problem]:
    """Characters that nobody can see come along when text is pasted, and break links and matching."""
    for read in _text_files(folder):
        for path, value in folder.values[read.name]:
            found = _UNSEEN.search(value) if isinstance(value, str) else None
            if found:
                yield read.problem(
                    path,
                    f"{where(path, read.kept.value)} holds a character that cannot be seen "
                    f"(U+{ord(found[0]):04X}), probably pasted.",
                    "Type the words around it again.",
                )


def _text_files(folder: Folder) -> Iterator[Read[Any]]:
    return (read for read in folder.reads if read.name not in DATA_FILES)


def _cut(value: str, row: str) -> bool:
    """Whether a text is all that stands before a note on its row."""
    tail = value.rstrip().rsplit("\n", 1)[-1][-30:]
    return any(row[: note.start()].rstrip().endswith(tail) for note in _NOTE.finditer(row))


def _has_stray_space(value: str) -> bool:
    rows = value.removesuffix("\n").split("\n")
    return value[:1] == " " or any(
        row != row.rstrip() or "  " in row.strip() or "\t" in row for row in rows
    )


RULES: Final = (
    Rule(id="missing-file", check=missing_files, guest=Weight.NONE),
    Rule(id="no-faq", check=no_faq, house=Weight.NONE),
    Rule(id="misspelt-file", check=misspelt_files, guest=Weight.ADVICE),
    Rule(id="number-for-phrasing", check=numbers_for_phrasings),
    Rule(id="decimal-for-text", check=decimals_for_text),
    Rule(id="text-cut-short", check=texts_cut_short),
    Rule(id="stray-space", check=stray_spaces),
    Rule(id="unseen-character", check=unseen_characters),
)
