"""All content, parsed: what a folder of YAML says, and the index of what is in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from bot.errors import ContentError, Problem
from bot.knowledge.action_plan import ActionPlan
from bot.knowledge.bodies import Bodies
from bot.knowledge.faq import Entry, Faq
from bot.knowledge.glossary import Glossary
from bot.knowledge.outside import Outside
from bot.knowledge.reminders import Reminders
from bot.knowledge.retention import Retention
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.shapes import Shape
from bot.knowledge.smalltalk import Smalltalk
from bot.knowledge.wording import Wording
from bot.knowledge.yaml_text import Document, Path, parse_yaml
from bot.messages import EntryId

S = TypeVar("S", bound=Shape)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything people read, frozen. A new version replaces it as a whole.

    Attributes:
        hash: Of all files it was made from; the index cache goes by it.
        bodies: None where the folder holds no `bodies.yaml`.
        action_plan: None where the folder holds no `action_plan.yaml`: then there is no coach.
    """

    hash: str
    faq: Faq
    sensitive: Sensitive
    wording: Wording
    smalltalk: Smalltalk = field(default_factory=lambda: Smalltalk(kinds=()))
    glossary: Glossary = field(default_factory=Glossary)
    outside: Outside = field(default_factory=Outside)
    bodies: Bodies | None = None
    retention: Retention | None = None
    reminders: Reminders = field(default_factory=Reminders)
    action_plan: ActionPlan | None = None

    def with_crisis_only(self) -> "Content":
        """The same with no guard but the crisis card: for a folder that brings none of its own."""
        topics = tuple(topic for topic in self.sensitive.topics if topic.kind == "crisis")
        sensitive = self.sensitive.model_copy(update={"topics": topics})
        return replace(self, hash=f"{self.hash}-crisis", sensitive=sensitive)

    @cached_property
    def entry_by_id(self) -> Mapping[EntryId, Entry]:
        """Entries by their id, in file order."""
        return {entry.id: entry for entry in self.faq.entries}

    @cached_property
    def entries_by_topic(self) -> Mapping[str, tuple[Entry, ...]]:
        """Entries on each topic's shelf, in file order."""
        shelves: dict[str, list[Entry]] = {}
        for entry in self.faq.entries:
            shelves.setdefault(entry.topic, []).append(entry)
        return {topic: tuple(entries) for topic, entries in shelves.items()}

    @cached_property
    def tables(self) -> dict[tuple[str, date, str], str]:
        """Tables worked out already, by key, day and language. `engine/figures.py` fills it in."""
        return {}

    @cached_property
    def known_words(self) -> frozenset[str]:
        """Every word of the FAQ and the glossary, in lower case: none of them is a person's name."""
        texts = [
            text for entry in self.faq.entries for text in (*entry.asked_as(), entry.answer.en)
        ]
        texts += [f"{term.title} {' '.join(term.spellings)}" for term in self.glossary.terms]
        return frozenset(_WORD.findall(" ".join(texts).lower()))


SHAPES: Final[Mapping[str, type[Shape]]] = {
    "faq.yaml": Faq,
    "bodies.yaml": Bodies,
    "glossary.yaml": Glossary,
    "sensitive.yaml": Sensitive,
    "smalltalk.yaml": Smalltalk,
    "outside.yaml": Outside,
    "wording.yaml": Wording,
    "wording-linking.yaml": Wording,
    "wording-chat.yaml": Wording,
    "wording-figures.yaml": Wording,
    "wording-finder.yaml": Wording,
    "wording-flows.yaml": Wording,
    "wording-maps.yaml": Wording,
    "wording-reports.yaml": Wording,
    "wording-broadcasts.yaml": Wording,
    "wording-surveys.yaml": Wording,
    "wording-coach.yaml": Wording,
    "retention.yaml": Retention,
    "reminders.yaml": Reminders,
    "action_plan.yaml": ActionPlan,
}
MORE_WORDING: Final = tuple(  # read together with wording.yaml, as one catalogue
    file for file, shape in SHAPES.items() if shape is Wording and file != "wording.yaml"
)


def parse_content(used: Mapping[str, str], lent: Mapping[str, str] | None = None) -> Content:
    """Turn files into content.

    Args:
        used: File name to text. Only `faq.yaml`, `sensitive.yaml` and `wording.yaml` are required.
        lent: Wording files whose sentences are said where those of `used` lack them.

    Raises:
        ContentError: With every mistake in every file.
    """
    parsed: dict[str, Shape] = {}
    problems: list[Problem] = []
    for file, shape in SHAPES.items():
        if file not in used:
            continue
        try:
            parsed[file] = parse_file(shape, used[file], file)
        except ContentError as error:
            problems += error.problems
    if "faq.yaml" not in used:
        what = "There is no `faq.yaml` here."
        problems.append(
            Problem(file="faq.yaml", line=1, what=what, fix="Add one, or name another folder.")
        )
    if problems:
        raise ContentError(tuple(problems))
    parsed["wording.yaml"] = _one_wording(
        [parsed.pop(file) for file in ("wording.yaml", *MORE_WORDING) if file in parsed], lent
    )
    if isinstance(faq := parsed["faq.yaml"], Faq):
        parsed["faq.yaml"] = faq.finished()
    fields: dict[str, Any] = {file.removesuffix(".yaml"): shape for file, shape in parsed.items()}
    return Content(hash=content_hash(used), **fields)


def _one_wording(shapes: Iterable[Shape], lent: Mapping[str, str] | None) -> Wording:
    """All sentences as one catalogue, on top of those that are lent."""
    below = [parse_file(Wording, text, file) for file, text in (lent or {}).items()]
    return Wording(
        texts={
            key: words
            for one in (*below, *shapes)
            if isinstance(one, Wording)
            for key, words in one.texts.items()
        }
    )


def content_hash(texts: Mapping[str, str]) -> str:
    """A name for exactly these files: 64 characters."""
    digest = sha256()
    for file in sorted(texts):
        digest.update(f"{file}\0{texts[file]}\0".encode())
    return digest.hexdigest()


def parse_file(shape: type[S], text: str, file: str) -> S:
    """Turn the text of one file into its shape.

    Raises:
        ContentError: With every mistake in the file, each on its line.
    """
    document = parse_yaml(text, file)
    try:
        return shape.model_validate(document.value, strict=False)
    except ValidationError as error:
        raise ContentError(tuple(_problems(error, document, file))) from None


def _problems(error: ValidationError, document: Document, file: str) -> list[Problem]:
    found: dict[tuple[int, str], Problem] = {}
    for mistake in error.errors(include_url=False, include_context=False, include_input=False):
        path: Path = tuple(part for part in mistake["loc"])
        where = " > ".join(_step(part) for part in path) or "the file"
        line = document.line(path)
        what, fix = _in_plain_words(mistake["type"], str(mistake["msg"]), where)
        found.setdefault((line, what), Problem(file=file, line=line, what=what, fix=fix))
    return sorted(found.values(), key=lambda problem: problem.line)


def _step(part: str | int) -> str:
    return f"number {part + 1}" if isinstance(part, int) else f"`{part}`"


def _in_plain_words(kind: str, message: str, where: str) -> tuple[str, str]:
    """What a kind of mistake means to somebody who edits YAML, and what to do about it."""
    match kind:
        case "missing":
            return f"{where} is missing.", "Add it."
        case "extra_forbidden":
            return f"{where} is not a key we know.", "Check the spelling, or take it out."
        case "string_too_short":
            return f"{where} is empty.", "Write something there, or take the key out."
        case "string_type":
            return f"{where} should be text.", "Put it in quotes."
        case "string_pattern_mismatch":
            return (
                f"{where} should be lower-case words with hyphens.",
                "For example `fees-engtech`.",
            )
        case "literal_error" | "enum":
            return f"{where}: {message.lower()}.", "Use one of these."
        case "tuple_type" | "list_type":
            return f"{where} should be a list.", "Begin each item with `- `."
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{where} should have keys.", "Write `key: value` lines below it."
        case _ if kind.startswith("date"):
            return f"{where} should be a date.", "Write it as 2026-11-21."
        case _:
            return f"{where}: {message.lower()}.", "Please correct it."
