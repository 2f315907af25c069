"""Rules about reading: short sentences, everyday words, a reading age of twelve at most."""

import re
from collections.abc import Iterator
from typing import Final

from bot.errors import Problem
from bot.knowledge.bodies import Bodies
from bot.knowledge.glossary import Glossary
from bot.knowledge.lint_files import Folder, Passage
from bot.knowledge.lint_plain_words import PLAIN_WORD
from bot.knowledge.lint_prose import Sentence, plain_text, sentences
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.reading_level import EasyNames, easy_names, reading_age

LONG: Final = 28  # words of a sentence that begins to tire
TOO_LONG: Final = 35  # words of one that nobody reads to its end
OLDEST: Final = 12.0  # years; the reading age our texts stay below
ENOUGH: Final = 40  # words of a text of which a reading age can be told

_JARGON = re.compile(
    rf"\b(?:{'|'.join(map(re.escape, sorted(PLAIN_WORD, key=len, reverse=True)))})\b",
    re.IGNORECASE,
)


def long_sentences(folder: Folder) -> Iterator[Problem]:
    """Sentences stay short."""
    for passage, sentence in _english(folder):
        if LONG < len(sentence.words) <= TOO_LONG:
            yield _too_long(passage, sentence, LONG)


def endless_sentences(folder: Folder) -> Iterator[Problem]:
    """No sentence is so long that nobody gets to its end."""
    for passage, sentence in _english(folder):
        if len(sentence.words) > TOO_LONG:
            yield _too_long(passage, sentence, TOO_LONG)


def hard_texts(folder: Folder) -> Iterator[Problem]:
    """Somebody of twelve can read it."""
    easy = known_names(folder)
    for passage in _long_texts(folder):
        said = sentences(passage.text)
        if sum(len(sentence.words) for sentence in said) < ENOUGH:
            continue
        age = reading_age(said, easy)
        if age > OLDEST:
            yield passage.problem(
                f"`{passage.owner}` has a reading age of {age:.1f}; it should be {OLDEST:g} at most.",
                "Split long sentences, and say long words with short ones.",
            )


def jargon(folder: Folder) -> Iterator[Problem]:
    """A word that readers stumble over is replaced, or explained in the glossary."""
    explained = {name.lower() for name in _glossary_names(folder)}
    for passage in _long_texts(folder):
        text = " ".join(plain_text(passage.text).split())
        for found in _JARGON.finditer(text):
            word = found[0].lower()
            is_explained = text[found.end() :].lstrip().startswith("(")
            if word not in explained and not is_explained and not _in_a_name(text, found):
                plainer = PLAIN_WORD[word]
                yield passage.problem(
                    f'`{passage.owner}` says "{found[0]}".',
                    f'Say "{plainer}", or explain the word in the glossary.'
                    if plainer
                    else "Leave it out.",
                    found[0],
                )


def mean_reading_age(folder: Folder) -> float:
    """The reading age of all English texts together, in years; 0 where there are none."""
    said = [sentence for passage in _long_texts(folder) for sentence in sentences(passage.text)]
    return reading_age(said, known_names(folder))


def known_names(folder: Folder) -> EasyNames:
    """What counts as one short word: names of registers and bodies, and what the glossary explains."""
    names = list(_glossary_names(folder))
    bodies = folder.of(Bodies)
    if bodies:
        for body in bodies.shape.bodies:
            names += [body.name, body.acronym, *body.also]
        for register in bodies.shape.registers:
            names += [register.name, register.title, *register.also]
        for regulator in bodies.shape.regulators:
            names += [regulator.name, regulator.acronym or ""]
    return easy_names(names)


def _glossary_names(folder: Folder) -> Iterator[str]:
    glossary = folder.of(Glossary)
    for term in glossary.shape.terms if glossary else ():
        yield term.title
        yield from term.spellings


def _long_texts(folder: Folder) -> Iterator[Passage]:
    """English texts of more than a label; what is for editors only is not among them."""
    return (one for one in folder.passages if one.language == "en" and not one.label)


def _english(folder: Folder) -> Iterator[tuple[Passage, Sentence]]:
    for passage in _long_texts(folder):
        for sentence in sentences(passage.text):
            yield passage, sentence


def _in_a_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word has a capital though no sentence begins with it: part of somebody's name."""
    return found[0][0].isupper() and text[: found.start()].rstrip()[-1:] not in {"", ".", "?", ":"}


def _too_long(passage: Passage, sentence: Sentence, limit: int) -> Problem:
    start = " ".join(sentence.text.split()[:8])
    return passage.problem(
        f'A sentence of `{passage.owner}` has {len(sentence.words)} words: "{start} …".',
        f"Make two of it; {limit} words are the most.",
        sentence.text,
    )


RULES: Final = (
    Rule(id="long-sentence", check=long_sentences, house=Weight.ADVICE, guest=Weight.NONE),
    Rule(id="endless-sentence", check=endless_sentences, guest=Weight.NONE),
    Rule(id="hard-text", check=hard_texts, house=Weight.ADVICE, guest=Weight.NONE),
    Rule(id="jargon", check=jargon, house=Weight.ADVICE, guest=Weight.NONE),
)
