"""Which registers, bodies and fields of work some words name.

A full name may stand for itself with `institute` for `institution`, without its small words, and
with a slip in one word. An acronym that is an everyday word too (ice, cases) counts in capitals, or
beside a word that makes it the body.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.faq.lookup_spelling import SHORTEST, Spelling
from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.glossary import Glossary, Term

NameKind = Literal["body", "register", "job", "sector", "keyword"]

TOKEN_LIMIT: Final = 60  # words that are looked at; whoever writes more tells a story
NEAR: Final = 2  # words to either side of an everyday word that may make it the body

_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’][a-z]+)?")
_SMALL: Final = frozenset("the of and for in an".split())
_OPTIONAL: Final = frozenset("royal chartered british registered".split())
_SAME: Final[Mapping[str, str]] = {
    "institution": "institute",
    "inst": "institute",
    "instit": "institute",
    "soc": "society",
    "assoc": "association",
    "tech": "technician",
    "tec": "technician",
    "eng": "engineer",
    "it": "it",
}
_MAKES_IT_A_BODY: Final = frozenset(
    "member membership memberships sub subs subscription fee fees institution institute join joining "
    "joined apprentice apprentices student students hmrc taxman civil nuclear society".split()
)
_MAKES_IT_THE_TRADE: Final = frozenset(
    "tech techs technician technicians support staff people worker workers job jobs role roles "
    "sector industry department dept work professional professionals helpdesk bod bods".split()
)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Every name in every spelling, compiled once.

    Attributes:
        bodies: Where the names come from.
        names_by_first: Names by their first word, longest first.
        speller: Repairs a slip in a word of a name.
    """

    bodies: Bodies
    names_by_first: Mapping[str, tuple[_Name, ...]] = field(repr=False)
    speller: Spelling = field(repr=False)

    @classmethod
    def compile(cls, bodies: Bodies, glossary: Glossary) -> "Names":
        """All names of the bodies file, and the spellings the glossary adds to them.

        Args:
            bodies: Bodies, registers and sectors.
            glossary: Its terms count where their id, title or spelling is one of these names.
        """
        names = [*_all_names(bodies)]
        names += _glossary_names(names, glossary)
        by_first: dict[str, dict[tuple[object, ...], _Name]] = {}
        for name in names:
            key = (name.words, name.kind if name.kind in {"sector", "keyword"} else "")
            if name.words:
                by_first.setdefault(name.words[0], {}).setdefault(key, name)
        merged = {first: _longest_first(found.values()) for first, found in by_first.items()}
        words = {word for name in names for word in name.words} | set(_SAME)
        clashing = {name.acronym.lower() for name in names if name.clash}
        return cls(bodies=bodies, names_by_first=merged, speller=Spelling.of(words - clashing))


def find_names(words: str, names: Names) -> Named:
    """The bodies, registers and fields of work in a text.

    Args:
        words: As typed; the first `TOKEN_LIMIT` words count.
        names: Compiled once.

    Returns:
        Nothing in it where nothing is named. The longest name at a place wins.
    """
    raw = tuple(found[0] for found in _TOKEN.finditer(words[: 12 * TOKEN_LIMIT]))[:TOKEN_LIMIT]
    lower = tuple(re.sub(r"['’]s$", "", token.lower()) for token in raw)
    content = [place for place, token in enumerate(lower) if token not in _SMALL]
    exact = [_normal(lower[place]) for place in content]
    mentions = _settle(list(_scan(names, raw, lower, content, exact)), raw, lower)
    return _named(mentions, lower)


def _scan(
    names: Names,
    raw: Sequence[str],
    lower: Sequence[str],
    content: Sequence[int],
    exact: Sequence[str],
) -> Iterator[tuple[Mention, _Name]]:
    """Every name, left to right, the longest at each place; sectors may share it."""
    mended = _mended(names, exact)
    at = 0
    while at < len(content):
        found = _at(names, mended, exact, at)
        if not found and raw[content[at]] == "IT" and not _is_shouted(raw):
            found = [(_Name("sector", ("it",), ("it",)), 1, True)]
        elif not found and lower[content[at]] == "it" and _is_the_trade(lower, content[at]):
            found = [(_Name("sector", ("it",), ("it",)), 1, True)]
        for name, length, certain in found:
            start, end = content[at], content[at + length - 1] + 1
            yield (
                Mention(kind=name.kind, ids=name.ids, start=start, end=end, certain=certain),
                name,
            )
        at += max((length for _, length, _ in found), default=1)


def _mended(names: Names, exact: Sequence[str]) -> list[str]:
    """The words with slips repaired, where the speller knows one word that near."""
    return [
        word if word in names.speller.known else _normal(names.speller.repair(word) or word)
        for word in exact
    ]


def _at(
    names: Names, mended: Sequence[str], exact: Sequence[str], at: int
) -> list[tuple[_Name, int, bool]]:
    """The longest names at a place: one body, register or job, else a sector and a keyword."""
    best: list[tuple[_Name, int, bool]] = []
    for name in names.names_by_first.get(mended[at], ()):
        length = len(name.words)
        if best and length < best[0][1]:
            break
        if tuple(mended[at : at + length]) != name.words:
            continue
        slips = [
            typed for typed, word in zip(exact[at:], name.words, strict=False) if typed != word
        ]
        if len(slips) > 1 or (slips and not _may_slip(name)):
            continue
        best.append((name, length, not slips))
    strong = [found for found in best if found[0].kind in {"body", "register", "job"}]
    return strong[:1] or best


def _may_slip(name: _Name) -> bool:
    """A name of several words, a long acronym, or a long word of a field of work."""
    if len(name.words) > 1:
        return True
    if name.kind in {"sector", "keyword"}:
        return len(name.words[0]) > SHORTEST + 1
    return len(name.words[0]) >= SHORTEST and not name.clash


def _settle(
    found: Sequence[tuple[Mention, _Name]], raw: Sequence[str], lower: Sequence[str]
) -> list[Mention]:
    """Drop everyday words that nothing makes a body."""
    sure = [mention for mention, name in found if not name.clash and mention.kind != "keyword"]
    kept: list[Mention] = []
    for mention, name in found:
        if name.clash is None:
            kept.append(mention)
        elif _is_meant(name, mention, raw, lower, sure):
            kept.append(mention)
    return kept


def _is_meant(
    name: _Name,
    mention: Mention,
    raw: Sequence[str],
    lower: Sequence[str],
    sure: Sequence[Mention],
) -> bool:
    capitals = raw[mention.start] == name.acronym and (not _is_shouted(raw) or len(raw) == 1)
    if capitals and name.clash == "lower-case":
        return True
    near = {*lower[max(0, mention.start - NEAR) : mention.end + NEAR]}
    if near & (_MAKES_IT_A_BODY | name.needs):
        return True
    others = (one for one in sure if one.kind in {"body", "register"})
    return any(
        one.start - mention.end in range(NEAR + 1) or mention.start - one.end in range(NEAR + 1)
        for one in others
    )


def _is_shouted(raw: Sequence[str]) -> bool:
    return not any(character.islower() for token in raw for character in token)


def _is_the_trade(lower: Sequence[str], at: int) -> bool:
    return at + 1 < len(lower) and lower[at + 1] in _MAKES_IT_THE_TRADE


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
    for sector in bodies.sectors:
        yield from (_Name("sector", (sector.id,), _words(text)) for text in sector.words)
    keywords: dict[tuple[str, ...], list[str]] = {}
    for body in bodies.bodies:
        for keyword in body.keywords:
            keywords.setdefault(_words(keyword), []).append(body.id)
    for spelt, ids in keywords.items():
        yield _Name("keyword", tuple(dict.fromkeys(ids)), spelt)


def _body_names(body: Body) -> Iterator[_Name]:
    clash = body.acronym_clashes
    acronym = (body.acronym.lower(),)
    yield _Name("body", (body.id,), acronym, acronym=body.acronym, clash=clash)
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


def _longest_first(names: Iterable[_Name]) -> tuple[_Name, ...]:
    return tuple(sorted(names, key=lambda name: -len(name.words)))
