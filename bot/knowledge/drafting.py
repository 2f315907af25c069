"""Drafts for the editors: an entry or a phrasing, as YAML that can be pasted into `faq.yaml`."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bot.knowledge.lint_shape import slug_of

TOPIC: Final = "general"  # of a draft: whoever finishes it chooses another
ID_WORDS: Final = 6  # words of the question that make the id of a draft

_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftEntry:
    """An entry that nobody is answered with yet.

    Attributes:
        id: Like no other.
        question: One line.
        answer: What is known so far.
        topic: The shelf it stands on.
    """

    id: str
    question: str
    answer: str
    topic: str = TOPIC

    @classmethod
    def of(
        cls, question: str, answer: str, *, known: Collection[str], topic: str = TOPIC
    ) -> "DraftEntry":
        """A draft of a question and what is known of its answer, with an id of its own.

        Args:
            question: As asked.
            answer: May have several lines.
            known: Ids that are taken.
            topic: The shelf it stands on.
        """
        words = slug_of(" ".join(re.findall(r"[a-z0-9]+", question.lower())[:ID_WORDS])) or "draft"
        names = (words if number == 1 else f"{words}-{number}" for number in range(1, 10**6))
        line = " ".join(question.split()) or words
        free = next(name for name in names if name not in known)
        return cls(id=free, question=line, answer=answer.strip(), topic=topic)


def quoted(text: str) -> str:
    """A text as YAML in double quotes, on one line, whatever it holds."""
    return json.dumps(
        _ODD.sub(lambda odd: "\n" if odd[0] == "\n" else " ", text), ensure_ascii=False
    )


def phrasing_in_one_line(words: str, style: str | None = None) -> str:
    """A phrasing as a line of a list."""
    end = f", style: {style}" if style else ""
    return f"- {{text: {quoted(' '.join(words.split()))}{end}}}"


def entry_in_one_line(draft: DraftEntry) -> str:
    """A draft entry as a line of a list: for a chat, where indents would be lost."""
    parts = ", ".join(f"{key}: {value}" for key, value in _fields(draft))
    return f"- {{{parts}, phrasings: [{quoted(draft.question)}]}}"


def entry_in_lines(draft: DraftEntry, indent: str) -> tuple[str, ...]:
    """A draft entry as lines of a file, as people write it.

    Args:
        draft: What to write.
        indent: What stands before the dash.
    """
    (first, *others) = [f"{key}: {value}" for key, value in _fields(draft)]
    return (
        f"{indent}- {first}",
        *(f"{indent}  {line}" for line in others),
        f"{indent}  phrasings:",
        f"{indent}    {phrasing_in_one_line(draft.question)}",
    )


def _fields(draft: DraftEntry) -> tuple[tuple[str, str], ...]:
    return (
        ("id", quoted(draft.id) if draft.id.isdigit() else draft.id),
        ("draft", "true"),
        ("topic", draft.topic),
        ("question", quoted(draft.question)),
        ("answer", quoted(draft.answer)),
    )
