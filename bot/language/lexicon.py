"""Terms of the glossary in all their spellings, and words that mean the same here.

A spelling may have several words ("r sci tech"); in a text it becomes one token, so that every
spelling is the same word to whatever reads on. A term that is everyday English too ("ice") counts
only where one of the words it `needs` stands in the same text.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.glossary import Glossary, Term
from bot.language.normalising import tokens

MEANING: Final = (
    "="  # begins the name of a group of synonyms, so that it is never taken for a word
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing something, and what it stands for.

    Attributes:
        words: Its normalised words.
        means: The token of the term, or the name of the group of synonyms.
        needs: Words one of which must stand in the same text; none needed where empty.
    """

    words: tuple[str, ...]
    means: str
    needs: frozenset[str] = frozenset()

    def counts_in(self, words: Sequence[str]) -> bool:
        """Whether it is to be read that way in a text that holds it."""
        return not self.needs or not self.needs.isdisjoint(words)


_ByFirstWord = Mapping[str, tuple[Spelling, ...]]


class Lexicon:
    """The glossary, compiled for reading texts.

    Args:
        glossary: Terms and synonyms; an empty one leaves texts as they are.
    """

    def __init__(self, glossary: Glossary) -> None:
        self.title_by_token: Mapping[str, str] = {token_of(t): t.title for t in glossary.terms}
        self._terms = _by_first_word(
            spelling for term in glossary.terms for spelling in _spellings(term)
        )
        groups = ((MEANING + tokens(g.words[0])[0], g.words) for g in glossary.synonyms if g.words)
        self._synonyms = _by_first_word(
            Spelling(tokens(word), name) for name, words in groups for word in words
        )

    @property
    def words(self) -> frozenset[str]:
        """Every word that stands in a spelling, and every term's token."""
        found = {w for group in self._terms.values() for s in group for w in (*s.words, s.means)}
        return frozenset(found)

    def unify(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words with every spelling of a term as that term's token.

        Args:
            words: Normalised tokens. The longest spelling wins; what is read never overlaps.
        """
        if self._terms.keys().isdisjoint(words):
            return tuple(words)
        read: list[str] = []
        at = 0
        while at < len(words):
            known = words[at] in self._terms
            spelling = next(_here(self._terms, words, at), None) if known else None
            read.append(spelling.means if spelling else words[at])
            at += len(spelling.words) if spelling else 1
        return tuple(read)

    def meanings(self, words: Sequence[str]) -> tuple[str, ...]:
        """The groups of synonyms that some words belong to, each as `=` and its first word."""
        if self._synonyms.keys().isdisjoint(words):
            return ()
        return tuple(
            spelling.means
            for at, word in enumerate(words)
            if word in self._synonyms
            for spelling in _here(self._synonyms, words, at)
        )


def token_of(term: Term) -> str:
    """The one token that stands for a term."""
    return term.id.replace("-", "")


def _spellings(term: Term) -> Iterator[Spelling]:
    """Every way to write a term; a spelling that holds a needed word itself needs no other."""
    needs = frozenset(word for line in term.needs for word in tokens(line))
    for text in (term.title, *term.spellings):
        words = tokens(text)
        alone = not term.ambiguous or (len(words) > 1 and not needs.isdisjoint(words))
        yield Spelling(words, token_of(term), frozenset() if alone else needs)


def _by_first_word(spellings: Iterator[Spelling]) -> _ByFirstWord:
    found: dict[str, set[Spelling]] = defaultdict(set)
    for spelling in spellings:
        if spelling.words:
            found[spelling.words[0]].add(spelling)
    return {
        first: tuple(sorted(group, key=lambda s: (-len(s.words), s.words, s.means)))
        for first, group in found.items()
    }


def _here(table: _ByFirstWord, words: Sequence[str], at: int) -> Iterator[Spelling]:
    """The spellings that begin at a place, longest first."""
    for spelling in table[words[at]]:
        if tuple(words[at : at + len(spelling.words)]) == spelling.words and spelling.counts_in(
            words
        ):
            yield spelling
