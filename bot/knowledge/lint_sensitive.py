"""Rules about sensitive topics: the crisis first, and somebody to turn to in each."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.errors import Problem
from bot.knowledge.lint_faq import entries
from bot.knowledge.lint_files import Folder, Read
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.sensitive import Sensitive, SensitiveTopic
from bot.knowledge.yaml_text import Path

NO_SOURCE_NEEDED: Final = frozenset({"999", "112"})
GAP: Final = 3  # words that may stand between two words of a signal

_WORD = re.compile(r"[a-z0-9]+")
_PHONE = re.compile(r"\+?[\d\s()-]{3,20}")


def crisis_first(folder: Folder) -> Iterator[Problem]:
    """There is one crisis topic, and it wins over all others."""
    for sensitive in folder.each(Sensitive):
        kinds = [topic.kind for topic in sensitive.shape.topics]
        if "crisis" not in kinds:
            yield sensitive.problem(
                ("topics",), "There is no topic of the kind `crisis`.", "Put one first."
            )
        elif kinds[0] != "crisis":
            yield sensitive.problem(
                ("topics", kinds.index("crisis")),
                "The crisis topic is not the first, so another one may win over it.",
                "Move it to the top.",
            )
        for place in [n for n, kind in enumerate(kinds) if kind == "crisis"][1:]:
            yield sensitive.problem(
                ("topics", place), "There is a second crisis topic.", "Make one topic of the two."
            )


def nobody_to_turn_to(folder: Folder) -> Iterator[Problem]:
    """Each topic names somebody who can be reached."""
    for sensitive, place, topic in _topics(folder):
        if not any(post.phone or post.url for post in topic.signposts):
            yield sensitive.problem(
                place,
                f"`{topic.id}` has no signpost with a phone number or a page.",
                "Add one under `signposts`, with the source you have it from.",
            )


def unsourced_signposts(folder: Folder) -> Iterator[Problem]:
    """Each phone number and each page was read somewhere, and we know where."""
    for sensitive, place, topic in _topics(folder):
        for n, post in enumerate(topic.signposts):
            needs = post.url or (post.phone and post.phone not in NO_SOURCE_NEEDED)
            if needs and not post.source:
                yield sensitive.problem(
                    (*place, "signposts", n),
                    f'The signpost "{post.name}" of `{topic.id}` does not say where it was read.',
                    "Add `source:` with the address of that page.",
                )


def odd_phones(folder: Folder) -> Iterator[Problem]:
    """A phone number can be dialled."""
    for sensitive, place, topic in _topics(folder):
        for n, post in enumerate(topic.signposts):
            if post.phone and not _PHONE.fullmatch(post.phone):
                yield sensitive.problem(
                    (*place, "signposts", n, "phone"),
                    f"`{post.phone}` of `{topic.id}` cannot be dialled.",
                    'Write figures and spaces only, in quotes: "0800 83 85 87".',
                )


def no_signals(folder: Folder) -> Iterator[Problem]:
    """Each topic has words that are enough by themselves."""
    for sensitive, place, topic in _topics(folder):
        if not topic.signals:
            yield sensitive.problem(
                place,
                f"`{topic.id}` has no `signals`.",
                "Add groups of words that are enough by themselves, such as - [kill, myself].",
            )
        for n, group in enumerate(topic.signals):
            if not group:
                yield sensitive.problem(
                    (*place, "signals", n),
                    f"A signal of `{topic.id}` has no words, so it would always ring.",
                    "Write words in it, or take it out.",
                )


def innocents_that_ring(folder: Folder) -> Iterator[Problem]:
    """What is called innocent does not hold a signal of the same topic."""
    for sensitive, place, topic in _topics(folder):
        signals = _by_first_word([topic])
        for n, text in enumerate(topic.innocent):
            rung = _rings(text, signals)
            if rung:
                yield sensitive.problem(
                    (*place, "innocent", n),
                    f'"{text}" is innocent for `{topic.id}`, and holds its signal '
                    f"`{' '.join(rung[1])}`.",
                    "Make the signal longer, or take the innocent text out.",
                )


def phrasings_that_ring(folder: Folder) -> Iterator[Problem]:
    """A phrasing of the FAQ with a signal in it gets a signpost and never its answer."""
    sensitive = folder.of(Sensitive)
    signals = _by_first_word(sensitive.shape.topics if sensitive else ())
    for faq, place, entry in entries(folder):
        for n, phrasing in enumerate(entry.phrasings):
            rung = _rings(phrasing.text, signals)
            if rung:
                yield faq.problem(
                    (*place, "phrasings", n),
                    f'"{phrasing.text[:60]}" of `{entry.id}` holds the signal '
                    f"`{' '.join(rung[1])}` of `{rung[0]}`, so it gets that card and not the answer.",
                    "Say it otherwise, or make the signal longer.",
                )


def _topics(folder: Folder) -> Iterator[tuple[Read[Sensitive], Path, SensitiveTopic]]:
    for sensitive in folder.each(Sensitive):
        for i, topic in enumerate(sensitive.shape.topics):
            yield sensitive, ("topics", i), topic


Signals = Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]


def _by_first_word(topics: Sequence[SensitiveTopic]) -> Signals:
    """Signals and their topics, by the word each begins with."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = defaultdict(list)
    for topic in topics:
        for group in topic.signals:
            words = tuple(word for part in group for word in _words(part))
            if words:
                found[words[0]].append((topic.id, words))
    return found


def _rings(text: str, signals: Signals) -> tuple[str, tuple[str, ...]] | None:
    """The first signal in a text, with its topic."""
    words = _words(text)
    for start, word in enumerate(words):
        for topic, signal in signals.get(word, ()):
            if _follows(words, start, signal):
                return topic, signal
    return None


def _follows(words: Sequence[str], start: int, signal: Sequence[str]) -> bool:
    """Whether a signal's words come in order from a place on, each soon after the one before."""
    for word in signal[1:]:
        near = list(words[start + 1 : start + 2 + GAP])
        if word not in near:
            return False
        start += 1 + near.index(word)
    return True


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))


RULES: Final = (
    Rule(id="crisis-first", check=crisis_first),
    Rule(id="nobody-to-turn-to", check=nobody_to_turn_to),
    Rule(id="unsourced-signpost", check=unsourced_signposts),
    Rule(id="odd-phone", check=odd_phones),
    Rule(id="no-signal", check=no_signals),
    Rule(id="innocent-rings", check=innocents_that_ring),
    Rule(id="phrasing-rings", check=phrasings_that_ring, house=Weight.ADVICE, guest=Weight.ADVICE),
)
