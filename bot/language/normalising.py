"""What a person typed, made comparable: lower case, contractions and chat spellings written out.

Nothing here knows a FAQ. The same function reads phrasings and questions, so that both come out
alike whatever apostrophes, accents, invisible characters or pictures they hold.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from bot.language.stopwords import STOPWORDS
from bot.messages import TEXT_LIMIT

TOKEN_LIMIT: Final = 400  # tokens used; the longest phrasing we know of has 60
WORD_LIMIT: Final = 40  # characters of one token that are read; no English word is longer

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_APOSTROPHES: Final = dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u0060\u00b4\uff07"), "'")

_SUFFIXES: Final[Mapping[str, str]] = {
    "re": "are",
    "ve": "have",
    "ll": "will",
    "m": "am",
    "d": "would",
}
_IS_AFTER: Final = frozenset(
    (
        "what",
        "where",
        "who",
        "how",
        "when",
        "why",
        "that",
        "there",
        "here",
        "it",
        "he",
        "she",
        "this",
    )
)
_NEGATED: Final = (
    *("do", "does", "did", "is", "was", "are", "were", "have", "has", "had"),
    *("would", "could", "should", "need", "must"),
)
_WRITTEN_OUT: Final[Mapping[str, str]] = {
    "ain't": "is not",
    "aint": "is not",
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "let's": "let us",
    **{f"{verb}nt": f"{verb} not" for verb in _NEGATED},
    "cant": "can not",
    "wont": "will not",
    "im": "i am",
    "ive": "i have",
    "whats": "what is",
    "wheres": "where is",
    "hows": "how is",
    "whos": "who is",
    "thats": "that is",
    "theres": "there is",
    "youre": "you are",
    "youve": "you have",
    "theyre": "they are",
    "theyve": "they have",
    "weve": "we have",
    "wouldve": "would have",
    "couldve": "could have",
    "shouldve": "should have",
    "its": "it",
    "u": "you",
    "ya": "you",
    "ur": "your",
    "r": "are",
    "n": "and",
    "pls": "please",
    "plz": "please",
    "plse": "please",
    "thx": "thanks",
    "tnx": "thanks",
    "ty": "thank you",
    "cheers": "thanks",
    "cos": "because",
    "coz": "because",
    "cuz": "because",
    "bcoz": "because",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "gimme": "give me",
    "lemme": "let me",
    "dunno": "do not know",
    "wot": "what",
    "wat": "what",
    "wen": "when",
    "abt": "about",
    "msg": "message",
    "tho": "though",
    "thru": "through",
    "ppl": "people",
    "info": "information",
    "govt": "government",
    "dept": "department",
    "yr": "year",
    "yrs": "years",
    "mth": "month",
    "mths": "months",
    "hrs": "hours",
    "mgr": "manager",
    "uni": "university",
    "quals": "qualifications",
    "av": "have",
    "summat": "something",
    "nowt": "nothing",
    "owt": "anything",
    "b4": "before",
    "2moro": "tomorrow",
}


def normalise(text: str) -> str:
    """The text as comparable words with one space between them.

    Args:
        text: As typed; the first 4,096 characters count.
    """
    return " ".join(tokens(text))


def tokens(text: str) -> tuple[str, ...]:
    """The comparable words of a text, in order.

    Args:
        text: As typed, of any length and in any script; the first 4,096 characters count.

    Returns:
        Lower-case words and numbers without accents, at most 400, each of at most 40 characters;
        empty where there is none (`"!?"`, an emoji).
    """
    found: list[str] = []
    for match in _TOKEN.finditer(_plain(text[:TEXT_LIMIT])):
        found.extend(_written_out(match[0][:WORD_LIMIT]))
        if len(found) >= TOKEN_LIMIT:
            break
    return tuple(found[:TOKEN_LIMIT])


def content_words(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that say what it is about: no stopwords, no bare numbers, no single letters."""
    return tuple(w for w in words if len(w) > 1 and w not in STOPWORDS and not w.isdigit())


def _plain(text: str) -> str:
    """Lower case, straight apostrophes, no accents and nothing invisible."""
    if text.isascii():
        return text.lower()
    return (
        "".join(_visible(unicodedata.normalize("NFKD", text)))[:TEXT_LIMIT]
        .lower()
        .translate(_APOSTROPHES)
    )


def _visible(text: str) -> Iterator[str]:
    """Drop accents, zero-width characters, direction marks; a control character is a space."""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc":
            yield " "
        elif category not in {"Mn", "Cf", "Cs"}:
            yield character


@lru_cache(maxsize=8192)
def _written_out(word: str) -> tuple[str, ...]:
    """A contraction or chat spelling as the words it stands for."""
    if word in _WRITTEN_OUT:
        return tuple(_WRITTEN_OUT[word].split())
    if "'" not in word:
        return (word,)
    stem, _, suffix = word.rpartition("'")
    if word.endswith("n't"):
        verb = word[:-3].replace("'", "")
        return (verb, "not") if verb else ("not",)
    if suffix == "s":
        return (stem, "is") if stem in _IS_AFTER else (stem.replace("'", ""),)
    if suffix in _SUFFIXES:
        return (stem.replace("'", ""), _SUFFIXES[suffix])
    return tuple(part for part in word.split("'") if part)
