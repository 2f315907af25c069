"""Which registers, bodies and fields of work some words name.

A full name may stand for itself with `institute` for `institution`, without its small words, and
with a slip in one word. An acronym that is an everyday word too (ice, cases) counts in capitals, or
beside a word that makes it the body.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.faq import lookup_words as lexicon
from bot.faq.lookup_spelling import SHORTEST, Spelling
from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.glossary import Glossary, Term

NameKind = Literal["body", "register", "job", "sector", "keyword"]

TOKEN_LIMIT: Final = 60  # words that are looked at; whoever writes more tells a story
NEAR: Final = 2  # words to either side of an everyday word that may make it the body

_TOKEN = re.compile("[A-Za-z0-9]+(?:['\u2019][a-z]+)?")
_POSSESSIVE = re.compile("(?<!what)(?<!who)(?<!it)['\u2019]s$")
_SMALL: Final = frozenset({"the", "of", "and", "for", "in", "an"})
_OPTIONAL: Final = frozenset({"royal", "chartered", "british", "registered"})
_SAME: Final[Mapping[str, str]] = {
    "institution": "institute",
    "inst": "institute",
    "instit": "institute",
    "soc": "society",
    "assoc": "association",
    "tech": "technician",
    "tec": "technician",
    "eng": "engineer",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A name at a place.

    Attributes:
        kind: What it names; a `job` means the register that the law demands for it.
        ids: What it may be; several only for keywords and sectors.
        start: Its first token.
        end: The token after its last.
        certain: False where a slip was repaired or an everyday word was taken for a body.
    """

    kind: NameKind
    ids: tuple[str, ...]
    start: int
    end: int
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What some words name, each once, in the order of the words.

    Attributes:
        tokens: The words in lower case.
        mentions: Where the names stand; they do not overlap.
    """

    bodies: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    keyword_bodies: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class _Name:
    kind: NameKind
    ids: tuple[str, ...]
    words: tuple[str, ...]
    acronym: str = ""
    clash: str | None = None
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Texts:
    """The words of a text: as typed, in lower case, without small words, and mended.

    `content` gives the place in the text of each word of `exact`; `near` what each may be a slip of.
    """

    raw: tuple[str, ...]
    lower: tuple[str, ...]
    content: tuple[int, ...]
    exact: tuple[str, ...]
    near: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Every name in every spelling, compiled once.

    Attributes:
        bodies: Where the names come from.
        strong_by_first: Bodies, registers, jobs and keywords by first word, longest first.
        sectors_by_first: Fields of work by first word, longest first.
        speller: Repairs a slip in a word of a name.
    """

    bodies: Bodies
    strong_by_first: Mapping[str, tuple[_Name, ...]] = field(repr=False)
    sectors_by_first: Mapping[str, tuple[_Name, ...]] = field(repr=False)
    speller: Spelling = field(repr=False)

    @classmethod
    def compile(cls, bodies: Bodies, glossary: Glossary) -> "Names":
        """All names of the bodies file, and the spellings the glossary adds to them.

        Args:
            bodies: Bodies, registers and sectors.
            glossary: Its terms count where their id, title or spelling is one of these names.
        """
        names = [*_all_names(bodies)]
        words = {word for name in names for word in name.words} | {*_SAME, *_as_written(bodies)}
        names += _glossary_names(names, glossary)
        clashing = {name.acronym.lower() for name in names if name.clash}
        return cls(
            bodies=bodies,
            strong_by_first=_by_first(name for name in names if name.kind != "sector"),
            sectors_by_first=_by_first(name for name in names if name.kind == "sector"),
            speller=Spelling.of(words - clashing),
        )


def find_names(words: str, names: Names) -> Named:
    """The bodies, registers and fields of work in a text.

    Args:
        words: As typed; the first `TOKEN_LIMIT` words count.
        names: Compiled once.

    Returns:
        Nothing in it where nothing is named. The longest name at a place wins.
    """
    raw = tuple(found[0] for found in _TOKEN.finditer(words[: 12 * TOKEN_LIMIT]))[:TOKEN_LIMIT]
    lower = tuple(_POSSESSIVE.sub("", token.lower()) for token in raw)
    content = [place for place, token in enumerate(lower) if token not in _SMALL]
    exact = [_normal(lower[place]) for place in content]
    near = tuple(
        _near(names, lower[place], word) for place, word in zip(content, exact, strict=True)
    )
    texts = _Texts(raw, lower, tuple(content), tuple(exact), near)
    strong = _settle(list(_scan(names.strong_by_first, texts)), texts)
    inside = {
        at
        for one in strong
        if one.kind in {"body", "register"}
        for at in range(one.start, one.end)
    }
    fields = [one for one, _ in _scan(names.sectors_by_first, texts) if one.start not in inside]
    return _named((*strong, *fields, *_computing(texts, inside)), lower)


def _near(names: Names, typed: str, exact: str) -> frozenset[str]:
    """What a word may be a slip of, as it was typed or in the singular."""
    if exact in names.speller.known:
        return frozenset()
    found = names.speller.near(typed)
    if exact != typed:
        found |= names.speller.near(exact)
    return frozenset(map(_normal, found)) - {exact} if found else found


def _scan(
    names_by_first: Mapping[str, tuple[_Name, ...]], texts: _Texts
) -> Iterator[tuple[Mention, _Name]]:
    """Names from left to right, the longest at each place."""
    at = 0
    while at < len(texts.content):
        found = _at(names_by_first, texts, at)
        if found is None:
            at += 1
            continue
        name, certain = found
        start, end = texts.content[at], texts.content[at + len(name.words) - 1] + 1
        yield Mention(kind=name.kind, ids=name.ids, start=start, end=end, certain=certain), name
        at += len(name.words)


def _computing(texts: _Texts, inside: Collection[int]) -> Iterator[Mention]:
    """The trade called IT, where the word is not the pronoun."""
    for at, word in enumerate(texts.lower):
        is_trade = texts.raw[at] == "IT" and not _is_shouted(texts.raw)
        if word == "it" and at not in inside and (is_trade or _is_the_trade(texts.lower, at)):
            yield Mention(kind="sector", ids=("it",), start=at, end=at + 1)


def _at(
    names_by_first: Mapping[str, tuple[_Name, ...]], texts: _Texts, at: int
) -> tuple[_Name, bool] | None:
    """The longest name at a place, and whether it is spelt right."""
    begun = names_by_first.get(texts.exact[at], ())
    for word in texts.near[at]:
        begun += names_by_first.get(word, ())
    if not begun:
        return None
    found = [
        (name, slips)
        for name in begun
        if (slips := _slips(name, texts, at)) == 0 or (slips == 1 and _may_slip(name))
    ]
    if not found:
        return None
    best = max(found, key=lambda one: (len(one[0].words), one[1] == 0))
    rivals = {one.ids for one, slips in found if slips and len(one.words) == len(best[0].words)}
    return None if best[1] and len(rivals) > 1 else (best[0], best[1] == 0)


def _slips(name: _Name, texts: _Texts, at: int) -> int | None:
    """How many words had to be mended for a name to stand here; None where it does not."""
    end = at + len(name.words)
    if end > len(texts.exact):
        return None
    slips = 0
    for word, typed, near in zip(name.words, texts.exact[at:end], texts.near[at:end], strict=True):
        if word != typed:
            slips += 1
            if word not in near:
                return None
    return slips


def _may_slip(name: _Name) -> bool:
    """A name of several words, a long acronym, or a long word of a field of work."""
    if len(name.words) > 1:
        return True
    if name.kind in {"sector", "keyword"}:
        return len(name.words[0]) > SHORTEST + 1
    return len(name.words[0]) >= SHORTEST and not name.clash


def _settle(found: Sequence[tuple[Mention, _Name]], texts: _Texts) -> list[Mention]:
    """Drop everyday words that nothing makes a body."""
    sure = [mention for mention, name in found if not name.clash and mention.kind != "keyword"]
    kept: list[Mention] = []
    for mention, name in found:
        if name.clash is None or _is_meant(name, mention, texts, sure):
            kept.append(mention)
    return kept


def _is_meant(name: _Name, mention: Mention, texts: _Texts, sure: Sequence[Mention]) -> bool:
    raw, lower = texts.raw, texts.lower
    if len(name.words) == 1 and lower[mention.start] != name.acronym.lower():
        return False
    capitals = raw[mention.start] == name.acronym and (not _is_shouted(raw) or len(raw) == 1)
    if capitals and name.clash == "lower-case":
        return True
    near = {*lower[max(0, mention.start - NEAR) : mention.end + NEAR]}
    if near & (lexicon.MAKES_IT_A_BODY | name.needs):
        return True
    others = (one for one in sure if one.kind in {"body", "register"})
    return any(
        one.start - mention.end in range(NEAR + 1) or mention.start - one.end in range(NEAR + 1)
        for one in others
    )


def _is_shouted(raw: Sequence[str]) -> bool:
    return not any(character.islower() for token in raw for character in token)


def _is_the_trade(lower: Sequence[str], at: int) -> bool:
    return at + 1 < len(lower) and lower[at + 1] in lexicon.MAKES_IT_THE_TRADE


def _named(mentions: Sequence[Mention], lower: tuple[str, ...]) -> Named:
    def ids(kind: NameKind) -> tuple[str, ...]:
        of_kind = (mention for mention in mentions if mention.kind == kind)
        return tuple(dict.fromkeys(one for mention in of_kind for one in mention.ids))

    return Named(
        bodies=ids("body"),
        registers=ids("register"),
        sectors=ids("sector"),
        keyword_bodies=ids("keyword"),
        jobs=ids("job"),
        tokens=lower,
        mentions=tuple(mentions),
    )


def _all_names(bodies: Bodies) -> Iterator[_Name]:
    for body in bodies.bodies:
        yield from _body_names(body)
    for register in bodies.registers:
        written = (register.name, register.post_nominals or "", *register.also)
        for text in written:
            if text and "(" not in text:
                yield _Name("register", (register.id,), _words(text))
        for job in register.jobs:
            yield _Name("job", (register.id,), _words(job))
    fields = ((word, sector.id) for sector in bodies.sectors for word in sector.words)
    yield from _shared("sector", fields)
    whole = {_words(sector.id.replace("-", " ")) for sector in bodies.sectors}
    own = ((word, body.id) for body in bodies.bodies for word in body.keywords)
    yield from _shared("keyword", (pair for pair in own if _words(pair[0]) not in whole))


def _shared(kind: NameKind, owned: Iterable[tuple[str, str]]) -> Iterator[_Name]:
    """Words that several fields or bodies may own."""
    owners: dict[tuple[str, ...], list[str]] = {}
    for text, owner in owned:
        owners.setdefault(_words(text), []).append(owner)
    for words, ids in owners.items():
        yield _Name(kind, tuple(dict.fromkeys(ids)), words)


def _as_written(bodies: Bodies) -> Iterator[str]:
    """The words of all full names as they are written, plurals and all."""
    texts = [text for body in bodies.bodies for text in (body.name, *body.also)]
    texts += [text for one in bodies.registers for text in (one.name, *one.also)]
    for text in texts:
        yield from (found[0].lower() for found in _TOKEN.finditer(text))


def _body_names(body: Body) -> Iterator[_Name]:
    clash = body.acronym_clashes
    yield _Name("body", (body.id,), _words(body.acronym), acronym=body.acronym, clash=clash)
    for text in (re.sub(r"\(.*?\)", "", body.name), *body.also):
        words = _words(text)
        yield _Name("body", (body.id,), words)
        short = tuple(word for word in words if word not in _OPTIONAL)
        if len(short) > 1:
            yield _Name("body", (body.id,), short)


def _glossary_names(names: Sequence[_Name], glossary: Glossary) -> Iterator[_Name]:
    strong = {name.words: name for name in names if name.kind in {"body", "register"}}
    ids = {name.ids[0]: name for name in strong.values()}
    for term in glossary.terms:
        owner = ids.get(term.id) or strong.get(_words(term.title))
        if owner is None or term.kind == "word":
            continue
        for spelling in term.spellings:
            if _words(spelling) not in strong:
                yield _glossary_name(owner, term, spelling)


def _glossary_name(owner: _Name, term: Term, spelling: str) -> _Name:
    clash = "always" if term.ambiguous else None
    needs = frozenset(need.lower() for need in term.needs)
    return _Name(
        owner.kind, owner.ids, _words(spelling), acronym=spelling, clash=clash, needs=needs
    )


def _words(text: str) -> tuple[str, ...]:
    tokens = (found[0].lower() for found in _TOKEN.finditer(text))
    return tuple(_normal(token) for token in tokens if token not in _SMALL)


def _normal(token: str) -> str:
    """One form for a word, its plural and its short forms."""
    if token in _SAME:
        return _SAME[token]
    if len(token) > 4 and token.endswith("ies"):
        token = token[:-3] + "y"
    elif len(token) > 4 and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        token = token[:-1]
    return _SAME.get(token, token)


def _by_first(names: Iterable[_Name]) -> dict[str, tuple[_Name, ...]]:
    """Names by their first word, longest first; of the same words the first name wins."""
    by_first: dict[str, dict[tuple[str, ...], _Name]] = {}
    for name in names:
        if name.words:
            by_first.setdefault(name.words[0], {}).setdefault(name.words, name)
    return {
        first: tuple(sorted(found.values(), key=lambda name: -len(name.words)))
        for first, found in by_first.items()
    }
