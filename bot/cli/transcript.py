"""A conversation written down: the format of the files in `tests/conversations/`, read and written.

A file is written line by line while people talk, so that whatever ends the talk leaves a whole file.
What a person typed is scrubbed first, and so is what the bot said about them.
"""

import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bot.channels.light_markdown import to_plain
from bot.errors import ContentError, Problem, Refused
from bot.knowledge.content import parse_file
from bot.knowledge.shapes import Line, Shape
from bot.language.scrubbing import scrub
from bot.messages import (
    Audience,
    Choice,
    Command,
    Edited,
    Filled,
    Reply,
    Role,
    Text,
    Unreadable,
    Upload,
    Utterance,
)

ABOUT: Final = "Write here in one sentence what this conversation shows."
HIDDEN: Final = "[code]"  # stands for what follows a command that takes a code
WITH_CODE: Final = frozenset({"join", "link", "start"})


def _as_list(value: object) -> object:
    """One role or text is a list of one."""
    return [value] if isinstance(value, str) else value


_IN_CODE: Final = {"not": "without", "as": "who"}  # words of Python that the files may use
Lines = Annotated[tuple[Line, ...], BeforeValidator(_as_list)]


class Spoken(Shape):
    """One turn: what a person did, exactly one of the first six, and what the bot is to say.

    Attributes:
        user: A line they typed; a slash makes it a command, as in the chat.
        press: The label of a button they pressed: the newest with that label.
        edited: What they changed their last message to.
        unreadable: A kind of thing that we cannot read, such as `photo`.
        follow: Words of a message with a link, which they follow: the newest that anybody got.
        again: True plays the turn before once more, with the same key: nothing may happen.
        bot: Texts that must occur, in this order, in what the bot says.
        options: Labels that must be offered.
        without: `not` in the file: texts that must not occur.
        who: `as` in the file: who of `people` does it; None for the person the file is about.
        after: How long nothing happened before it, such as `8 days` or `2 hours`.
        place: Where they do it, if not where the conversation takes place.
        at: When it is done, an ISO time later than the turn before. What is due by then comes first.
        arrives: Texts that must reach others of `people` in this turn; `me` is the first person.
    """

    user: str | None = None
    press: Line | None = None
    edited: str | None = None
    unreadable: Line | None = None
    follow: Line | None = None
    again: Literal[True] | None = None
    bot: Lines = ()
    options: Lines = ()
    without: Lines = ()
    who: Line | None = None
    after: Annotated[str, StringConstraints(pattern=r"^\d+ (minutes|hours|days)$")] | None = None
    place: Literal["private", "group"] | None = None
    at: Line | None = None
    arrives: Mapping[str, Lines] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, value: object) -> object:
        if isinstance(value, dict):
            return {_IN_CODE.get(key, key): told for key, told in value.items()}
        return value

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        done = (self.user, self.press, self.edited, self.unreadable, self.follow, self.again)
        if sum(one is not None for one in done) != 1:
            raise ValueError("one of user, press, edited, unreadable, follow, again begins a turn")
        return self


class Transcript(Shape):
    """A whole conversation.

    Attributes:
        about: One sentence on what it shows.
        role: Roles the person has from the start.
        audience: Whose wording they chose before.
        place: Where it takes place.
        now: When: an ISO date or time.
        channel: On which channel.
        employer_reads: Whether the place may belong to their employer.
        people: Others who talk, each with their roles.
        plan: A workplace for which the person has a plan from the start; None for none.
        shared_with: Who of `people` shares that plan.
    """

    about: Line
    role: Annotated[tuple[Role, ...], BeforeValidator(_as_list)] = ()
    audience: Audience | None = None
    place: Literal["private", "group"] = "private"
    now: Line | None = None
    channel: Line = "terminal"
    employer_reads: bool = False
    people: Mapping[str, Annotated[tuple[Role, ...], BeforeValidator(_as_list)]] = Field(
        default_factory=dict
    )
    plan: Line | None = None
    shared_with: Lines = ()
    turns: tuple[Spoken, ...]


def parse_transcript(text: str, file: str) -> Transcript:
    """Read a transcript.

    Raises:
        ContentError: With every mistake in it, each on its line.
    """
    transcript = parse_file(Transcript, text, file)
    if not transcript.turns:
        problem = Problem(file=file, line=1, what="`turns` is empty.", fix="Add a turn.")
        raise ContentError((problem,))
    return transcript


class TranscriptWriter:
    """Writes a conversation down while it happens.

    Args:
        path: A new file; only its owner can read it.
        header: Further keys of `Transcript`, such as `role`; what is empty is left out.
        known: Words in lower case that are no names; see `scrub`.

    Raises:
        Refused: The file exists already, or cannot be written.
    """

    def __init__(
        self, path: Path, header: Mapping[str, str | Sequence[str] | None], known: Collection[str]
    ) -> None:
        self._known = known
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise Refused(
                f"There is a file {path} already. Name another, or remove it first."
            ) from None
        except OSError as error:
            raise Refused(
                f"The transcript {path} cannot be written: {error.strerror}. Name another file."
            ) from None
        self._path = path
        self._turns = 0
        self._file = os.fdopen(descriptor, "w", encoding="utf-8", errors="replace")
        self._line(f"about: {_scalar(ABOUT)}")
        for key, value in header.items():
            if value:
                self._line(f"{key}: {_value(value)}")
        self._line("turns:")

    def add(
        self, utterance: Utterance, replies: Sequence[Reply], pressed: str | None = None
    ) -> None:
        """Write one turn down.

        Args:
            utterance: What the person did.
            replies: What was said to it.
            pressed: The label of the button, for a `Choice`.
        """
        self._turns += 1
        self._line(f"  - {self._done(utterance, pressed)}")
        said = [self._first_line(reply) for reply in replies]
        self._line(f"    bot: {_value([line for line in said if line])}")
        labels = [option.label for reply in replies for option in reply.options]
        if labels:
            self._line(f"    options: {_value(labels)}")

    def close(self) -> None:
        """Finish the file. One without a turn is no transcript, and is removed."""
        self._file.close()
        if not self._turns:
            self._path.unlink(missing_ok=True)

    def _done(self, utterance: Utterance, pressed: str | None) -> str:
        match utterance:
            case Choice():
                return f"press: {_scalar(pressed or '?')}"
            case Command(name=name, argument=argument):
                said = HIDDEN if argument and name in WITH_CODE else scrub(argument, self._known)
                return f"user: {_scalar(f'/{name} {said}'.strip())}"
            case Edited(text=text):
                return f"edited: {_scalar(scrub(text, self._known))}"
            case Filled():
                return "unreadable: form"
            case Upload(name=name):
                return f"upload: {_scalar(name)}"
            case Unreadable(kind=kind):
                return f"unreadable: {_scalar(kind)}"
            case Text(text=text):
                return f"user: {_scalar(scrub(text, self._known))}"

    def _first_line(self, reply: Reply) -> str:
        first = to_plain(reply.text).partition("\n")[0].strip()
        return scrub(first, self._known) if reply.personal else first

    def _line(self, line: str) -> None:
        self._file.write(f"{line}\n")
        self._file.flush()


def _value(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return _scalar(value)
    return f"[{', '.join(_scalar(one, in_list=True) for one in value)}]"


def _scalar(text: str, *, in_list: bool = False) -> str:
    """A text as YAML on one line; quoted where a reader could take it for something else."""
    if in_list:
        return yaml.safe_dump([text], allow_unicode=True, width=10**6, default_flow_style=True)[
            1:-2
        ]
    return yaml.safe_dump(text, allow_unicode=True, width=10**6).partition("\n")[0]
