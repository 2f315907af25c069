"""Every name of a body, a register or a field of work, as people write it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.glossary import Glossary, Term

NameKind = Literal["body", "register", "job", "sector", "keyword"]

TOKEN: Final = re.compile("[A-Za-z0-9]+(?:['\u2019][a-z]+)?")
SMALL: Final = frozenset({"the", "of", "and", "for", "in", "an"})  # words a name is found without
LINKS: Final = frozenset({"for", "in"})  # "institution for water" is no Institution of Water
SAME: Final[Mapping[str, str]] = {
    "institution": "institute",
    "inst": "institute",
    "instit": "institute",
    "soc": "society",
    "assoc": "association",
    "tech": "technician",
    "tec": "technician",
    "eng": "engineer",
}
_OPTIONAL: Final = frozenset({"royal", "chartered", "british", "registered"})


@dataclass(frozen=True, slots=True)
class Name:
    """One name in one spelling.

    Attributes:
        kind: What it names.
        ids: What it may be; several only for fields and keywords.
        words: Without small words, each in its one form.
        acronym: How it is written where it is an acronym.
        clash: `lower-case` or `always` where it is an everyday word too.
        needs: Words beside which it is the name.
        links: The linking words in it.
    """

    kind: NameKind
    ids: tuple[str, ...]
    words: tuple[str, ...]
    acronym: str = ""
    clash: str | None = None
    needs: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


def all_names(bodies: Bodies) -> Iterator[Name]:
    """Every name the bodies file gives, strongest first."""
    for body in bodies.bodies:
        yield from _body_names(body)
    for register in bodies.registers:
        written = (register.name, register.post_nominals or "", *register.also)
        for text in written:
            if text and "(" not in text:
                yield Name("register", (register.id,), _words(text))
        for job in register.jobs:
            yield Name("job", (register.id,), _words(job))
    fields = ((word, sector.id) for sector in bodies.sectors for word in sector.words)
    yield from _shared("sector", fields)
    whole = {_words(sector.id.replace("-", " ")) for sector in bodies.sectors}
    own = ((word, body.id) for body in bodies.bodies for word in body.keywords)
    yield from _shared("keyword", (pair for pair in own if _words(pair[0]) not in whole))


def _shared(kind: NameKind, owned: Iterable[tuple[str, str]]) -> Iterator[Name]:
    """Words that several fields or bodies may own."""
    owners: dict[tuple[str, ...], list[str]] = {}
    for text, owner in owned:
        owners.setdefault(_words(text), []).append(owner)
    for words, ids in owners.items():
        yield Name(kind, tuple(dict.fromkeys(ids)), words)


def as_written(bodies: Bodies) -> Iterator[str]:
    """The words of all full names as they are written, plurals and all."""
    texts = [text for body in bodies.bodies for text in (body.name, *body.also)]
    texts += [text for one in bodies.registers for text in (one.name, *one.also)]
    for text in texts:
        yield from (found[0].lower() for found in TOKEN.finditer(text))


def _body_names(body: Body) -> Iterator[Name]:
    clash = body.acronym_clashes
    yield Name("body", (body.id,), _words(body.acronym), acronym=body.acronym, clash=clash)
    for text in (re.sub(r"\(.*?\)", "", body.name), *body.also):
        words, links = _words(text), _links(text)
        yield Name("body", (body.id,), words, links=links)
        short = tuple(word for word in words if word not in _OPTIONAL)
        if len(short) > 1:
            yield Name("body", (body.id,), short, links=links)


def glossary_names(names: Sequence[Name], glossary: Glossary) -> Iterator[Name]:
    """The spellings the glossary adds to names that are already there."""
    strong = {name.words: name for name in names if name.kind in {"body", "register"}}
    ids = {name.ids[0]: name for name in strong.values()}
    for term in glossary.terms:
        owner = ids.get(term.id) or strong.get(_words(term.title))
        if owner is None or term.kind == "word":
            continue
        for spelling in term.spellings:
            if _words(spelling) not in strong:
                yield _glossary_name(owner, term, spelling)


def _glossary_name(owner: Name, term: Term, spelling: str) -> Name:
    clash = "always" if term.ambiguous else None
    needs = frozenset(need.lower() for need in term.needs)
    return Name(
        owner.kind,
        owner.ids,
        _words(spelling),
        acronym=spelling,
        clash=clash,
        needs=needs,
        links=_links(spelling),
    )


def _words(text: str) -> tuple[str, ...]:
    tokens = (found[0].lower() for found in TOKEN.finditer(text))
    return tuple(normal(token) for token in tokens if token not in SMALL)


def _links(text: str) -> frozenset[str]:
    return LINKS & {*text.lower().split()}


def normal(token: str) -> str:
    """One form for a word, its plural and its short forms."""
    if token in SAME:
        return SAME[token]
    if len(token) > 4 and token.endswith("ies"):
        token = token[:-3] + "y"
    elif len(token) > 4 and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        token = token[:-1]
    return SAME.get(token, token)


def by_first(names: Iterable[Name]) -> dict[str, tuple[Name, ...]]:
    """Names by their first word, longest first; of the same words the first name wins."""
    by_first: dict[str, dict[tuple[str, ...], Name]] = {}
    for name in names:
        if name.words:
            by_first.setdefault(name.words[0], {}).setdefault(name.words, name)
    return {
        first: tuple(sorted(found.values(), key=lambda name: -len(name.words)))
        for first, found in by_first.items()
    }
