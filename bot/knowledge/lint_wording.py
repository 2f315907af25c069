"""Rules about the wording catalogue: it and the code agree on keys and gaps."""

import re
from collections.abc import Iterator
from typing import Final

from bot.errors import Problem
from bot.knowledge.lint_files import Folder
from bot.knowledge.lint_rules import Rule
from bot.knowledge.lint_shape import nearest
from bot.knowledge.shapes import LANGUAGES
from bot.knowledge.wording import Wording

ANY_GAPS: Final = frozenset({"*"})  # what fills the gaps of a key cannot be seen in the code

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)*")
_GAP = re.compile(r"\{([a-z_]+)\}")
_BRACE = re.compile(r"[{}]")


def odd_keys(folder: Folder) -> Iterator[Problem]:
    """A key is lower-case words with hyphens, its parts joined by dots."""
    wording = folder.of(Wording)
    for key in wording.shape.texts if wording else ():
        if wording and not _KEY.fullmatch(key):
            yield wording.problem(
                ("texts", key),
                f"The key `{key}` should be lower-case words with hyphens, its parts joined by dots.",
                "For example `button.undo-stop`. The code must use the same.",
            )


def unknown_keys(folder: Folder) -> Iterator[Problem]:
    """Every key the code uses is there; of a key that ends in `*`, at least one."""
    wording = folder.of(Wording)
    if wording is None or folder.used is None:
        return
    known = tuple(wording.shape.texts)
    for key in sorted(folder.used):
        if not any(_is_used(one, key) for one in known):
            near = nearest(key, known)
            yield wording.problem(
                ("texts",),
                f"The code says `{key}`, and there is no such text.",
                f"Add it{f', or did the code mean `{near}`' if near else ''}.",
            )


def unused_keys(folder: Folder) -> Iterator[Problem]:
    """Every key that is there is used."""
    wording = folder.of(Wording)
    if wording is None or folder.used is None:
        return
    for key in wording.shape.texts:
        if not any(_is_used(key, used) for used in folder.used):
            yield wording.problem(
                ("texts", key), f"Nothing in the code says `{key}`.", "Take it out."
            )


def disagreeing_gaps(folder: Folder) -> Iterator[Problem]:
    """The gaps of a text are those the code fills."""
    wording = folder.of(Wording)
    if wording is None or folder.used is None:
        return
    for key, filled in sorted(folder.used.items()):
        for name in wording.shape.texts if filled != ANY_GAPS else ():
            if not _is_used(name, key):
                continue
            gaps = wording.shape.gaps(name)
            for gap in sorted(gaps - filled):
                yield wording.problem(
                    ("texts", name),
                    f"`{name}` has the gap `{{{gap}}}`, and the code does not fill it.",
                    f"Use one of: {_listed(filled)}.",
                )
            for gap in sorted(filled - gaps) if name == key else ():
                yield wording.problem(
                    ("texts", name),
                    f"The code fills `{{{gap}}}` in `{name}`, and the text has no such gap.",
                    f"Write `{{{gap}}}` where it belongs.",
                )


def broken_gaps(folder: Folder) -> Iterator[Problem]:
    """A gap is a lower-case name in curly brackets; every language has the same ones."""
    wording = folder.of(Wording)
    for key, local in wording.shape.texts.items() if wording else ():
        if wording is None:
            return
        gaps = wording.shape.gaps(key)
        for language in LANGUAGES:
            text = getattr(local, language) or ""
            if _BRACE.search(_GAP.sub("", text)):
                yield wording.problem(
                    ("texts", key),
                    f"`{key}` has a curly bracket that makes no gap.",
                    "Write a gap as `{name}`, in small letters, and no other curly bracket.",
                )
            if text and frozenset(_GAP.findall(text)) != gaps:
                yield wording.problem(
                    ("texts", key),
                    f"The gaps of `{key}` differ between its languages.",
                    f"In every language: {_listed(gaps)}.",
                )


def _is_used(key: str, used: str) -> bool:
    return key.startswith(used[:-1]) if used.endswith("*") else key == used


def _listed(gaps: frozenset[str]) -> str:
    return ", ".join(f"`{{{gap}}}`" for gap in sorted(gaps)) or "none"


RULES: Final = (
    Rule(id="odd-key", check=odd_keys),
    Rule(id="unknown-wording", check=unknown_keys),
    Rule(id="unused-wording", check=unused_keys),
    Rule(id="gaps-disagree", check=disagreeing_gaps),
    Rule(id="broken-gap", check=broken_gaps),
)
