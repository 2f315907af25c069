"""Rules about `reminders.yaml`: every gap is filled, every topic is there, everything fits."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.errors import Problem
from bot.knowledge.lint_files import Folder, Read
from bot.knowledge.lint_rules import Rule
from bot.knowledge.reminders import Reminder, Reminders
from bot.knowledge.shapes import LANGUAGES
from bot.knowledge.yaml_text import Path

LABEL_LIMIT: Final = 30  # characters of a title: it stands on a button, behind a word or two
TEXT_LIMIT: Final = 1_000  # characters of a text before its gaps are filled: one message
_GAP: Final = re.compile(r"\{([a-z_]+)\}")
_BUTTON: Final = re.compile(r"none|ask|flow:[a-z0-9]+(-[a-z0-9]+)*")


def _reminders(folder: Folder) -> Iterator[tuple[Read[Reminders], Path, Reminder]]:
    for read in folder.each(Reminders):
        for number, one in enumerate(read.shape.reminders):
            yield read, ("reminders", number), one


def unfilled_gaps(folder: Folder) -> Iterator[Problem]:
    """The gaps of a text are those that are asked for, in every language."""
    for read, path, one in _reminders(folder):
        asked = {gap.name for gap in one.gaps}
        for language in LANGUAGES:
            text = getattr(one.text, language)
            if text is None:
                continue
            for gap in sorted(set(_GAP.findall(text)) ^ asked):
                yield read.problem(
                    (*path, "text"),
                    f"The gap `{{{gap}}}` of `{one.id}` stands only in the text, or only in `gaps`.",
                    "Ask for it in `gaps` and write it in the text, in every language.",
                )


def unknown_topics(folder: Folder) -> Iterator[Problem]:
    """Whoever gets a reminder can stop its topic."""
    for read, path, one in _reminders(folder):
        if read.shape.topic(one.topic) is None:
            known = ", ".join(topic.id for topic in read.shape.topics)
            yield read.problem(
                (*path, "topic"),
                f"`{one.id}` has the topic `{one.topic}`, and there is none.",
                f"Add it to `topics`, or use one of: {known}.",
            )


def doubled_reminders(folder: Folder) -> Iterator[Problem]:
    """No id is used twice, of topics or of reminders."""
    for read in folder.each(Reminders):
        for name, ids in (
            ("topics", [one.id for one in read.shape.topics]),
            ("reminders", [one.id for one in read.shape.reminders]),
        ):
            for wanted in (one for one, count in Counter(ids).items() if count > 1):
                last = len(ids) - 1 - ids[::-1].index(wanted)
                yield read.problem(
                    (name, last, "id"), f"The id `{wanted}` is used twice.", "Rename one of them."
                )


def unfit_reminders(folder: Folder) -> Iterator[Problem]:
    """A title fits on a button, a text into one message, and a button is one that we have."""
    for read, path, one in _reminders(folder):
        if max(len(one.title.text(language)) for language in LANGUAGES) > LABEL_LIMIT:
            yield read.problem(
                (*path, "title"),
                f"The title of `{one.id}` is longer than {LABEL_LIMIT} characters.",
                "Say it shorter.",
            )
        if max(len(one.text.text(language)) for language in LANGUAGES) > TEXT_LIMIT:
            yield read.problem(
                (*path, "text"),
                f"The text of `{one.id}` is longer than {TEXT_LIMIT:,} characters.",
                "Say less, and link to the rest.",
            )
        if not _BUTTON.fullmatch(one.button):
            yield read.problem(
                (*path, "button"),
                f"`{one.id}` has the button `{one.button}`, which is none.",
                "Write `none`, `ask`, or `flow:` and the id of a flow.",
            )


RULES: Final = (
    Rule(id="reminder-gaps", check=unfilled_gaps),
    Rule(id="reminder-topic", check=unknown_topics),
    Rule(id="reminder-doubled", check=doubled_reminders),
    Rule(id="reminder-unfit", check=unfit_reminders),
)
