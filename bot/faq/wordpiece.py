"""Cuts a text into the pieces of words that BERT models were trained on (WordPiece, uncased).

A word the vocabulary does not hold is cut into the longest pieces that it does hold, from the left.
The same numbers come out as of the reference tokenizer; tests compare them.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from bot.language.name_list import NameList

CACHE_WORDS: Final = 4096
WORD_LIMIT: Final = 100  # characters; a longer word is unknown as a whole
INSIDE: Final = "##"  # begins a piece that does not begin a word
_NO_TEXT: Final = frozenset(("\0", "\N{REPLACEMENT CHARACTER}"))
_IDEOGRAPHS: Final = (  # each of these is a word
    *((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF)),
    *((0x2A700, 0x2B81F), (0x2B920, 0x2CEAF), (0x2F800, 0x2FA1F)),
)


class WordPiece:
    """A vocabulary, and how texts are cut by it.

    Args:
        vocabulary: Its pieces, in the order of their numbers.

    Raises:
        ValueError: It lacks the marks every text needs.
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._list = NameList.of(vocabulary)
        self._unknown, self._start, self._end = map(self._mark, ("[UNK]", "[CLS]", "[SEP]"))
        self._cut = lru_cache(maxsize=CACHE_WORDS)(self._pieces_of)

    def __len__(self) -> int:
        """How many pieces there are."""
        return len(self._list)

    def numbers(self, text: str, limit: int) -> list[int]:
        """The numbers of a text's pieces, between those of its start and its end.

        Args:
            text: Anything at all.
            limit: Most numbers that are given; what follows in the text is left out.
        """
        found = [self._start]
        for word in _words(text):
            found += self._cut(word)
            if len(found) >= limit - 1:
                break
        return [*found[: limit - 1], self._end]

    def _mark(self, name: str) -> int:
        number = self._list.number(name)
        if number is None:
            raise ValueError(f"this vocabulary has no {name}")
        return number

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        if len(word) > WORD_LIMIT:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = INSIDE if start else ""
            for end in range(len(word), start, -1):
                number = self._list.number(mark + word[start:end])
                if number is not None:
                    break
            else:
                return (self._unknown,)
            found.append(number)
            start = end
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """The words of a text without accents and in lower case; every punctuation mark is one."""
    plain = "".join(map(_readable, text))
    letters = (c for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c) != "Mn")
    for run in "".join(letters).lower().split():
        start = 0
        for at, character in enumerate(run):
            if _is_punctuation(character):
                if start < at:
                    yield run[start:at]
                yield character
                start = at + 1
        if start < len(run):
            yield run[start:]


def _readable(character: str) -> str:
    """A character as it counts: none of those that cannot be seen, ideographs as words of their own."""
    if character.isspace():
        return " "
    if character in _NO_TEXT or unicodedata.category(character).startswith("C"):
        return ""
    code = ord(character)
    if code >= _IDEOGRAPHS[0][0] and any(low <= code <= high for low, high in _IDEOGRAPHS):
        return f" {character} "
    return character


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")
