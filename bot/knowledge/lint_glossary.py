"""Rules about the glossary, and about writing its titles as it writes them."""

import re
from collections.abc import Iterator
from typing import Final

from rapidfuzz import fuzz

from bot.errors import Problem
from bot.knowledge.glossary import Glossary, SynonymGroup, Term
from bot.knowledge.lint_files import Folder, Read
from bot.knowledge.lint_prose import plain_text
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.yaml_text import Path

SLIP: Final = 85.0  # rapidfuzz ratio, 0-100: `engtec` is a slip of EngTech, `engineering` is not

_WORD = re.compile(r"[^\W_]+")
_NO_WORDS = re.compile(
    r"\{[a-z_]+\}|\S+@\S+|(?:https?://|www\.)\S+|\b[\w.-]+\.(?:org|com|uk|net|gov)\b\S*"
)


def doubled_spellings(folder: Folder) -> Iterator[Problem]:
    """No spelling stands for two terms, or it stands for neither."""
    first: dict[str, str] = {}
    for glossary, place, term in _terms(folder):
        for n, spelling in enumerate(term.spellings):
            key = _flat(spelling)
            if key in first:
                owner = "this term too" if first[key] == term.id else f"`{first[key]}`"
                yield glossary.problem(
                    (*place, "spellings", n),
                    f"The spelling `{spelling}` of `{term.id}` belongs to {owner}.",
                    "Leave it with the one people mean by it.",
                )
            first.setdefault(key, term.id)


def doubled_synonyms(folder: Folder) -> Iterator[Problem]:
    """No word is in two groups of synonyms, or all of both would mean the same."""
    first: dict[str, Path] = {}
    for glossary, place, group in _groups(folder):
        for n, word in enumerate(group.words):
            if _flat(word) in first:
                line = glossary.line(first[_flat(word)])
                yield glossary.problem(
                    (*place, "words", n),
                    f"`{word}` is already a synonym on line {line}.",
                    "Keep it in one group, or make one group of the two.",
                )
            first.setdefault(_flat(word), place)


def ambiguous_without_needs(folder: Folder) -> Iterator[Problem]:
    """A term that is an everyday word too says which words make it ours."""
    for glossary, place, term in _terms(folder):
        if term.ambiguous != bool(term.needs):
            yield glossary.problem(
                place,
                f"`{term.id}` is ambiguous and has no `needs`."
                if term.ambiguous
                else f"`{term.id}` has `needs` and is not `ambiguous`, so they do nothing.",
                "Add `needs: [...]`: words of which one must stand in the same text."
                if term.ambiguous
                else "Add `ambiguous: true`, or take `needs` out.",
            )


def dead_needs(folder: Folder) -> Iterator[Problem]:
    """A word that makes a term ours is another word than the term."""
    for glossary, place, term in _terms(folder):
        own = {_flat(spelling) for spelling in (*term.spellings, term.title)}
        for n, word in enumerate(term.needs):
            if _flat(word) in own:
                yield glossary.problem(
                    (*place, "needs", n),
                    f"`{term.id}` needs `{word}`, which is the term itself, so it is always there.",
                    "Name a word that stands beside it when it is ours.",
                )


def lone_synonyms(folder: Folder) -> Iterator[Problem]:
    """A group of synonyms has two words at least."""
    for glossary, place, group in _groups(folder):
        if len(group.words) < 2:
            yield glossary.problem(
                place,
                "This group of synonyms has fewer than two words.",
                "Add a word that means the same, or take the group out.",
            )


def misspelt_titles(folder: Folder) -> Iterator[Problem]:
    """A title or an acronym is written in our texts as the glossary writes it."""
    meant = {key: term for _, _, term in _terms(folder) for key in _slips(term)}
    longest = max((key.count(" ") + 1 for key in meant), default=0)
    first_words = {key.split()[0] for key in meant}
    for passage in folder.passages:
        words = _WORD.findall(_NO_WORDS.sub(" ", plain_text(passage.text)))
        for start in [n for n, word in enumerate(words) if word.lower() in first_words]:
            for end in range(start + 1, min(start + longest, len(words)) + 1):
                said = " ".join(words[start:end])
                term = meant.get(said.lower())
                if term and _is_slip(said, term):
                    yield passage.problem(
                        f"`{passage.owner}` writes `{said}`; the glossary writes `{term.title}`.",
                        f"Write `{term.title}`.",
                        said,
                    )


def _terms(folder: Folder) -> Iterator[tuple[Read[Glossary], Path, Term]]:
    for glossary in folder.each(Glossary):
        for i, term in enumerate(glossary.shape.terms):
            yield glossary, ("terms", i), term


def _groups(folder: Folder) -> Iterator[tuple[Read[Glossary], Path, SynonymGroup]]:
    for glossary in folder.each(Glossary):
        for i, group in enumerate(glossary.shape.synonyms):
            yield glossary, ("synonyms", i), group


def _slips(term: Term) -> frozenset[str]:
    """Spellings of a term's title that are the same letters, or nearly: no full names."""
    if term.kind == "word" or not _is_written_specially(term.title):
        return frozenset()
    letters = _letters(term.title)
    return frozenset(
        " ".join(_WORD.findall(spelling.lower()))
        for spelling in (*term.spellings, term.title, f"{term.title}s")
        if _letters(spelling) in {letters, f"{letters}s"}
        or (" " not in spelling and fuzz.ratio(_letters(spelling), letters) >= SLIP)
    )


def _is_written_specially(title: str) -> bool:
    """Whether capitals make a title: "EngTech", "CPD" and "T Level", not "Dental technician"."""
    words = title.split()
    return len(words) == 1 or any(len(word) == 1 or not word[1:].islower() for word in words)


def _is_slip(said: str, term: Term) -> bool:
    """Whether some words are the term, written otherwise; an everyday word in small letters is not."""
    title = " ".join(_WORD.findall(term.title))
    if said in {title, f"{title}s"}:
        return False
    return not (term.ambiguous and (said.islower() or said.istitle()))


def _letters(words: str) -> str:
    return "".join(_WORD.findall(words.lower()))


def _flat(words: str) -> str:
    return " ".join(words.lower().split())


RULES: Final = (
    Rule(id="doubled-spelling", check=doubled_spellings),
    Rule(id="doubled-synonym", check=doubled_synonyms),
    Rule(id="lone-synonym", check=lone_synonyms),
    Rule(id="ambiguous-term", check=ambiguous_without_needs),
    Rule(id="dead-need", check=dead_needs),
    Rule(id="misspelt-title", check=misspelt_titles, guest=Weight.ADVICE),
)
