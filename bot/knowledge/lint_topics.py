"""Rules about browsing: three taps reach every entry, and no two buttons of a page look alike.

A page has eight buttons: sections, then the topics of a section, then the entries of a topic.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from bot.errors import Problem
from bot.knowledge.action_plan import ActionPlan
from bot.knowledge.faq import Faq
from bot.knowledge.lint_faq import entries
from bot.knowledge.lint_files import Folder, Read
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.shapes import LANGUAGES, LocalText
from bot.knowledge.wording import Wording
from bot.knowledge.yaml_text import Path

PAGE: Final = 8  # buttons on a page; with more, the last turns the page and the fourth tap begins
LABEL_LIMIT: Final = 75  # characters; Slack, text of a button
_VERBS: Final = "help back skip cancel pause resume repeat status human restart stop"
VERBS: Final = frozenset(_VERBS.split())
LABEL_KEYS: Final = ("button.", "vote.", "reason.", "audience.", "language.")  # wording on buttons
NO_LABELS: Final = (
    "ask",
    "set",
    "thanks",
    "sorry",
    "noted",
    "expired",
)  # under these, and no label
SAME_PAGE: Final = ("vote.", "reason.", "audience.", "language.")  # all of these stand on one page

Label = tuple[Path, str, str]  # path, language, text


def crowded_pages(folder: Folder) -> Iterator[Problem]:
    """No page has more buttons than fit, so three taps are enough."""
    for faq in folder.each(Faq):
        topics = Counter(topic.section for topic in faq.shape.topics)
        entries_of = Counter(entry.topic for entry in faq.shape.entries)
        pages: list[tuple[Path, str, int, str]] = [
            (("sections",), "The first page", len(faq.shape.sections), "sections")
        ]
        for i, section in enumerate(faq.shape.sections):
            name = f"The section `{section.id}`"
            pages.append((("sections", i), name, topics[section.id], "topics"))
        for i, topic in enumerate(faq.shape.topics):
            name = f"The topic `{topic.id}`"
            pages.append((("topics", i), name, entries_of[topic.id], "entries"))
        for path, name, count, what in pages:
            if count > PAGE:
                yield faq.problem(
                    path,
                    f"{name} has {count} {what}, and a page has {PAGE} buttons.",
                    "Move some of them elsewhere, or put two together.",
                )


def empty_shelves(folder: Folder) -> Iterator[Problem]:
    """No button leads to an empty page."""
    for faq in folder.each(Faq):
        filled = {entry.topic for entry in faq.shape.entries}
        used = {topic.section for topic in faq.shape.topics}
        empty: list[tuple[Path, str]] = []
        for i, section in enumerate(faq.shape.sections):
            if section.id not in used:
                empty.append((("sections", i), f"section `{section.id}`"))
        for i, topic in enumerate(faq.shape.topics):
            if topic.id not in filled:
                empty.append((("topics", i), f"topic `{topic.id}`"))
        for path, name in empty:
            yield faq.problem(
                path, f"The {name} is empty.", "Put something in it, or take it out."
            )


def unreachable_entries(folder: Folder) -> Iterator[Problem]:
    """Where there are topics, every entry is in one."""
    for faq, place, entry in entries(folder):
        if faq.shape.topics and "topic" not in entry.model_fields_set:
            yield faq.problem(
                place,
                f"`{entry.id}` has no topic, so nobody comes upon it by browsing.",
                f"Add `topic:` and one of {', '.join(topic.id for topic in faq.shape.topics)}.",
            )


def long_labels(folder: Folder) -> Iterator[Problem]:
    """A label fits on a button."""
    for read, page in _pages(folder):
        for path, _, text in page:
            if len(text) > LABEL_LIMIT:
                yield read.problem(
                    path,
                    f'"{text[:40]}…" has {len(text)} characters, and a button holds {LABEL_LIMIT}.',
                    "Say it shorter.",
                )


def unusable_labels(folder: Folder) -> Iterator[Problem]:
    """Typing a label picks it, so it is neither a command, nor a number, nor only a picture."""
    for read, page in _pages(folder):
        for path, _, text in page:
            words = text.strip(" .!?").lower()
            if words in VERBS:
                yield read.problem(
                    path,
                    f'The label "{text}" is also a command that works everywhere.',
                    "Use more words, such as what it helps with or stops.",
                )
            elif not any(map(str.isalnum, words)):
                yield read.problem(
                    path,
                    f'The label "{text}" has no letter in it, so nobody can type or hear it.',
                    "Write a word; a picture may stand behind it.",
                )
            elif words.strip("#.) ").isdigit():
                yield read.problem(
                    path,
                    f'The label "{text}" is only a number, and numbers pick buttons by their place.',
                    "Write a word with it, such as `5 years`.",
                )


def doubled_labels(folder: Folder) -> Iterator[Problem]:
    """No two buttons of a page say the same."""
    for read, page in _pages(folder):
        first: dict[tuple[str, str], Path] = {}
        for path, language, text in page:
            key = (language, " ".join(text.lower().strip(" .!?").split()))
            if key in first:
                yield read.problem(
                    path,
                    f'Another button of the same page says "{text}" too '
                    f"(line {read.line(first[key])}).",
                    "Say how they differ.",
                )
            first.setdefault(key, path)


def _pages(folder: Folder) -> Iterator[tuple[Read[Any], list[Label]]]:
    """The labels of every page of buttons."""
    for faq in folder.each(Faq):
        for page in _faq_pages(faq.shape):
            yield faq, page
    for wording in folder.each(Wording):
        keys = [key for key in wording.shape.texts if _is_label(key)]
        shared = [[key for key in keys if key.startswith(start)] for start in SAME_PAGE]
        alone = [[key] for key in keys if not key.startswith(SAME_PAGE)]
        for together in (*shared, *alone):
            yield (
                wording,
                _labels([(("texts", key), wording.shape.texts[key]) for key in together]),
            )
    for plan in folder.each(ActionPlan):
        for page in _plan_pages(plan.shape):
            yield plan, page


def _plan_pages(plan: ActionPlan) -> Iterator[list[Label]]:
    for n, question in enumerate(plan.questions):
        place: Path = ("questions", n, "options")
        yield _labels(
            [((*place, i, "title"), one.title) for i, one in enumerate(question.options)]
        )
    for key in ("actions", "blocks", "clauses", "texts"):
        shelf = getattr(plan, key)
        yield _labels([((key, i, "title"), one.title) for i, one in enumerate(shelf)])


def _faq_pages(faq: Faq) -> Iterator[list[Label]]:
    yield _labels([(("sections", i, "title"), one.title) for i, one in enumerate(faq.sections)])
    for section in dict.fromkeys(topic.section for topic in faq.topics):
        yield _labels(
            [
                (("topics", i, "title"), one.title)
                for i, one in enumerate(faq.topics)
                if one.section == section
            ]
        )
    for topic in dict.fromkeys(entry.topic for entry in faq.entries):
        yield _labels(
            [
                (("entries", i, "question"), one.question)
                for i, one in enumerate(faq.entries)
                if one.topic == topic
            ]
        )


def _labels(texts: Sequence[tuple[Path, LocalText]]) -> list[Label]:
    """The labels of one page, in every language they are written in."""
    return [
        (path, language, text)
        for path, local in texts
        for language in LANGUAGES
        if (text := getattr(local, language))
    ]


def _is_label(key: str) -> bool:
    return key.startswith(LABEL_KEYS) and not key.endswith(NO_LABELS)


RULES: Final = (
    Rule(id="crowded-page", check=crowded_pages),
    Rule(id="empty-shelf", check=empty_shelves),
    Rule(id="unreachable-entry", check=unreachable_entries),
    Rule(id="label-too-long", check=long_labels, guest=Weight.ADVICE),
    Rule(id="unusable-label", check=unusable_labels),
    Rule(id="doubled-label", check=doubled_labels),
)
