"""Questions made from our own templates: frames, what people ask about by domain, frequent words."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from bot.language.stopwords import STOPWORDS

FOLDER: Final = Path(__file__).parent
NOUNS: Final = 6_000  # from books
VERBS: Final = 1_600
PAIRS: Final = 12_000
OPENED: Final = 0.12
CLOSED: Final = 0.15
DOUBLED: Final = 0.12  # two sentences about the same things
JOINTS: Final = (".", ",", "?", " and", " but", "...")
STORIED: Final = 0.06
CROSSED: Final = 0.10  # a thing of another domain than the act
COMPOSED: Final = 0.6  # acts made of a verb and a thing
TAILED: Final = 0.3
KINDS: Final = (0.5, 0.82)  # about an act; about a thing; the rest from frequent words
_VOWELS: Final = "aeiou"


class Templates:
    """Makes questions, the same ones from the same seed."""

    def __init__(self, words: Mapping[str, Sequence[str]], seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 - sentences to train with, no secrets
        self._frames = _yaml("vectors_frames.yaml")
        self._domains = list(_yaml("vectors_domains.yaml").values())
        self._lexicon = words
        self._forms = Forms(_yaml("vectors_verbs.yaml"))

    def many(self, count: int) -> list[str]:
        """That many different questions."""
        found: dict[str, None] = {}
        while len(found) < count:
            found[self.one()] = None
        return list(found)

    def one(self) -> str:
        """A question, complaint or remark."""
        random = self._random
        kind = random.random()
        names = ("about an act", "about a thing", "from frequent words")
        name = names[sum(kind > limit for limit in KINDS)]
        fillings = self._fillings()
        text = _articles(random.choice(self._frames[name]).format_map(fillings))
        if random.random() < DOUBLED and name != names[2]:
            more = random.choice(self._frames[random.choice(names[:2])])
            text = f"{text}{random.choice(JOINTS)} {_articles(more.format_map(fillings))}"
        if random.random() < STORIED:
            story = random.choice(self._frames["stories"])
            text = f"{story}. {text}" if random.random() < 0.5 else f"{text}? {story}"
        if random.random() < OPENED:
            text = f"{random.choice(self._frames['openers'])}, {text}"
        if random.random() < CLOSED:
            text = f"{text} {random.choice(self._frames['closers'])}"
        return text

    def _fillings(self) -> dict[str, str]:
        random, frames = self._random, self._frames
        domain = random.choice(self._domains)
        elsewhere = random.choice(self._domains) if random.random() < CROSSED else domain
        thing, other = random.choice(elsewhere["things"]), random.choice(domain["things"])
        trouble = random.choice(domain["troubles"])
        who = random.choice(frames["who"])
        if random.random() < COMPOSED:
            act = self._composed(thing, other=other, trouble=trouble, who=who)
            thing = random.choice(domain["things"])
        else:
            act = random.choice(domain["acts"])
        words = self._lexicon
        noun, noun2 = _often(random, words["nouns"]), _often(random, words["nouns"])
        return {
            "act": act,
            "acting": self._forms.gerund(act),
            "acted": self._forms.past(act),
            "thing": thing,
            "things": _plural(thing),
            "other": other,
            "trouble": trouble,
            "who": who,
            "noun": noun,
            "noun2": noun2,
            "nouns": _plural(noun),
            "verb": _often(random, words["verbs"]),
            "pair": _often(random, words["pairs"]),
            **{slot: random.choice(frames[slot]) for slot in ("when", "where", "adjective")},
        }

    def _composed(self, thing: str, **slots: str) -> str:
        """An act of a verb that goes with anything, and a thing."""
        random, frames = self._random, self._frames
        owner = random.choice(frames["objects"])
        if owner in {"all my", "two", "more"}:
            thing = _plural(thing)
        act = f"{random.choice(frames['verbs'])} {owner} {thing}"
        if random.random() < TAILED:
            act = f"{act} {random.choice(frames['tails']).format_map(slots)}"
        return act


def lexicon(
    frequent: Sequence[str], part_of_speech: Mapping[str, str], compounds: Sequence[str]
) -> dict[str, list[str]]:
    """Nouns, verbs and compounds of frequent use, most frequent first.

    Args:
        frequent: Words, most frequent first.
        part_of_speech: What a word mostly is: noun, verb, adj or adv.
        compounds: Nouns of two words.
    """
    rank = {word: at for at, word in enumerate(frequent)}
    told = [word for word in frequent if word not in STOPWORDS and len(word) > 2]
    known = [pair for pair in compounds if all(word in rank for word in pair.split())]
    return {
        "nouns": [word for word in told if part_of_speech.get(word) == "noun"][:NOUNS],
        "verbs": [word for word in told if part_of_speech.get(word) == "verb"][:VERBS],
        "pairs": sorted(known, key=lambda pair: max(rank[word] for word in pair.split()))[:PAIRS],
    }


def _often(random: Random, words: Sequence[str]) -> str:
    """One of the words, the frequent ones more often: the square of an even draw."""
    return words[int(len(words) * random.random() ** 2)]


def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    return loaded


def _articles(text: str) -> str:
    return re.sub(r"\ba (?=[aeio])", "an ", text)


def _plural(thing: str) -> str:
    if thing.endswith("s") and not thing.endswith("ss"):
        return thing
    if thing.endswith(("ss", "x", "ch", "sh")):
        return thing + "es"
    if thing.endswith("y") and thing[-2:-1] not in _VOWELS:
        return thing[:-1] + "ies"
    return thing + ("es" if thing.endswith("to") else "s")


class Forms:
    """Forms of verbs.

    Args:
        verbs: `irregular`, each with its past, and `doubled`, whose last letter is doubled.
    """

    def __init__(self, verbs: Mapping[str, Any]) -> None:
        self._irregular: Mapping[str, str] = verbs["irregular"]
        self._doubled = frozenset(verbs["doubled"])

    def gerund(self, act: str) -> str:
        """`reset my password` as `resetting my password`."""
        verb, _, rest = act.partition(" ")
        if verb.endswith("ie"):
            stem = verb[:-2] + "y"
        elif verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
            stem = verb[:-1]
        else:
            stem = self._stem(verb)
        return f"{stem}ing {rest}".strip()

    def past(self, act: str) -> str:
        """`send a letter` as `sent a letter`."""
        verb, _, rest = act.partition(" ")
        if verb in self._irregular:
            past = self._irregular[verb]
        elif verb.endswith("e"):
            past = verb + "d"
        elif verb.endswith("y") and verb[-2] not in _VOWELS:
            past = verb[:-1] + "ied"
        else:
            past = self._stem(verb) + "ed"
        return f"{past} {rest}".strip()

    def _stem(self, verb: str) -> str:
        return verb + verb[-1] if verb in self._doubled else verb
