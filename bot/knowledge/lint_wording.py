"""Rules about the wording catalogue: it and the code agree on keys and gaps."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.errors import Problem
from bot.knowledge.lint_files import Folder, Read
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
    for wording, key in _keys(folder):
        if not _KEY.fullmatch(key):
            yield wording.problem(
                ("texts", key),
                f"The key `{key}` should be lower-case words with hyphens, its parts joined by dots.",
                "For example `button.undo-stop`. The code must use the same.",
            )


def unknown_keys(folder: Folder) -> Iterator[Problem]:
    """Every key the code uses is there; of a key that ends in `*`, at least one."""
    texts = list(_keys(folder))
    known = tuple(key for _, key in texts)
    for key in sorted(folder.used or ()) if texts else ():
        if not any(_is_used(one, key) for one in known):
            family = key.split(".")[0]
            akin = [wording for wording, one in texts if one.split(".")[0] == family]
            near = nearest(key, known)
            yield (akin or [texts[-1][0]])[0].problem(
                ("texts",),
                f"The code says `{key}`, and there is no such text.",
                f"Add it; or did the code mean `{near}`?" if near else "Add it.",
            )


def doubled_keys(folder: Folder) -> Iterator[Problem]:
    """No key stands in two files: only one of the texts would ever be said."""
    first: dict[str, str] = {}
    for wording, key in _keys(folder):
        if key in first:
            yield wording.problem(
                ("texts", key), f"`{key}` stands in `{first[key]}` too.", "Keep one of them."
            )
        first.setdefault(key, wording.name)


def unused_keys(folder: Folder) -> Iterator[Problem]:
    """Every key that is there is used."""
    for wording, key in _keys(folder):
        if folder.used is not None and not any(_is_used(key, used) for used in folder.used):
            yield wording.problem(
                ("texts", key), f"Nothing in the code says `{key}`.", "Take it out."
            )


def disagreeing_gaps(folder: Folder) -> Iterator[Problem]:
    """The gaps of a text are those the code fills."""
    for wording, key in _keys(folder):
        gaps = wording.shape.gaps(key)
        for filled in _filled(key, folder.used or {}):
            for gap in sorted(gaps - filled):
                yield wording.problem(
                    ("texts", key),
                    f"`{key}` has the gap `{{{gap}}}`, and the code does not fill it.",
                    f"The code fills {_listed(filled)}.",
                )
            for gap in sorted(filled - gaps):
                yield wording.problem(
                    ("texts", key),
                    f"The code fills `{{{gap}}}` in `{key}`, and the text has no such gap.",
                    f"Write `{{{gap}}}` where it belongs.",
                )


def broken_gaps(folder: Folder) -> Iterator[Problem]:
    """A gap is a lower-case name in curly brackets; every language has the same ones."""
    for wording, key in _keys(folder):
        local = wording.shape.texts[key]
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


def _keys(folder: Folder) -> Iterator[tuple[Read[Wording], str]]:
    for wording in folder.each(Wording):
        for key in wording.shape.texts:
            yield wording, key


def _filled(key: str, used: Mapping[str, frozenset[str]]) -> Iterator[frozenset[str]]:
    """What the code fills in a text, as far as it can be seen; a key said in full goes first."""
    said = [used[key]] if key in used else [used[one] for one in used if _is_used(key, one)]
    return (filled for filled in said if filled != ANY_GAPS)


def _is_used(key: str, used: str) -> bool:
    return key.startswith(used[:-1]) if used.endswith("*") else key == used


def _listed(gaps: frozenset[str]) -> str:
    return ", ".join(f"`{{{gap}}}`" for gap in sorted(gaps)) or "none"


RULES: Final = (
    Rule(id="odd-key", check=odd_keys),
    Rule(id="doubled-wording", check=doubled_keys),
    Rule(id="unknown-wording", check=unknown_keys),
    Rule(id="unused-wording", check=unused_keys),
    Rule(id="gaps-disagree", check=disagreeing_gaps),
    Rule(id="broken-gap", check=broken_gaps),
)
