"""Which registers, bodies and fields of work some words name.

A full name may stand for itself with `institute` for `institution`, without its small words, and
with a slip in one word. An acronym that is an everyday word too (ice, cases) counts in capitals, or
beside a word that makes it the body.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.faq import lookup_words as lexicon
from bot.faq.lookup_spelling import SHORTEST, Spelling
from bot.faq.lookup_written import (
    LINKS,
    SAME,
    SMALL,
    TOKEN,
    Name,
    NameKind,
    all_names,
    as_written,
    by_first,
    glossary_names,
    normal,
)
from bot.knowledge.bodies import Bodies
from bot.knowledge.glossary import Glossary

TOKEN_LIMIT: Final = 60  # words that are looked at; whoever writes more tells a story
NEAR: Final = 2  # words to either side of an everyday word that may make it the body

_POSSESSIVE = re.compile("(?<!what)(?<!who)(?<!it)['\u2019]s$")


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
    strong_by_first: Mapping[str, tuple[Name, ...]] = field(repr=False)
    sectors_by_first: Mapping[str, tuple[Name, ...]] = field(repr=False)
    speller: Spelling = field(repr=False)

    @classmethod
    def compile(cls, bodies: Bodies, glossary: Glossary) -> "Names":
        """All names of the bodies file, and the spellings the glossary adds to them.

        Args:
            bodies: Bodies, registers and sectors.
            glossary: Its terms count where their id, title or spelling is one of these names.
        """
        names = [*all_names(bodies)]
        words = {word for name in names for word in name.words} | {*SAME, *as_written(bodies)}
        names += glossary_names(names, glossary)
        clashing = {name.acronym.lower() for name in names if name.clash}
        return cls(
            bodies=bodies,
            strong_by_first=by_first(name for name in names if name.kind != "sector"),
            sectors_by_first=by_first(name for name in names if name.kind == "sector"),
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
    raw = tuple(found[0] for found in TOKEN.finditer(words[: 12 * TOKEN_LIMIT]))[:TOKEN_LIMIT]
    lower = tuple(token.lower() if token.isalnum() else _plain(token) for token in raw)
    content = [place for place, token in enumerate(lower) if token not in SMALL]
    exact = [normal(lower[place]) for place in content]
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


def _plain(token: str) -> str:
    """A word with an apostrophe in lower case, without the 's of "the IET's fees"."""
    return _POSSESSIVE.sub("", token.lower())


def _near(names: Names, typed: str, exact: str) -> frozenset[str]:
    """What a word may be a slip of, as it was typed or in the singular."""
    if exact in names.speller.known:
        return frozenset()
    found = names.speller.near(typed)
    if exact != typed:
        found |= names.speller.near(exact)
    return frozenset(map(normal, found)) - {exact} if found else found


def _scan(
    names_by_first: Mapping[str, tuple[Name, ...]], texts: _Texts
) -> Iterator[tuple[Mention, Name]]:
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
    names_by_first: Mapping[str, tuple[Name, ...]], texts: _Texts, at: int
) -> tuple[Name, bool] | None:
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


def _slips(name: Name, texts: _Texts, at: int) -> int | None:
    """How many words had to be mended for a name to stand here; None where it does not."""
    end, after = at + len(name.words), at + 1
    if end > len(texts.exact):
        return None
    if end > after and name.words[1] != texts.exact[after] and not texts.near[after]:
        return None  # most names end here: their second word is not there
    typed_between = texts.lower[texts.content[at] : texts.content[end - 1]]
    if name.kind == "body" and not LINKS & {*typed_between} <= name.links:
        return None
    slips = 0
    for word, typed, near in zip(name.words, texts.exact[at:end], texts.near[at:end], strict=True):
        if word != typed:
            slips += 1
            if word not in near:
                return None
    return slips


def _may_slip(name: Name) -> bool:
    """A name of several words, a long acronym, or a long word of a field of work."""
    if len(name.words) > 1:
        return True
    if name.kind in {"sector", "keyword"}:
        return len(name.words[0]) > SHORTEST + 1
    return len(name.words[0]) >= SHORTEST and not name.clash


def _settle(found: Sequence[tuple[Mention, Name]], texts: _Texts) -> list[Mention]:
    """Drop everyday words that nothing makes a body."""
    sure = [mention for mention, name in found if not name.clash and mention.kind != "keyword"]
    kept: list[Mention] = []
    for mention, name in found:
        if name.clash is None or _is_meant(name, mention, texts, sure):
            kept.append(mention)
    return kept


def _is_meant(name: Name, mention: Mention, texts: _Texts, sure: Sequence[Mention]) -> bool:
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
