"""Ready reminders: texts a ULR can send with a few words filled in, and the topics people can stop."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from bot.knowledge.shapes import Line, Shape, Slug, Words


class Topic(Shape):
    """Something that people can say no to on its own.

    Attributes:
        title: Stands on a button.
    """

    id: Slug
    title: Words


class Gap(Shape):
    """What a ULR fills in.

    Attributes:
        name: Stands in the text as `{name}`.
        kind: `day` takes a day to come, `time` a time of day, `link` an https address, `text` some words.
        ask: The question to the ULR.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$")]
    kind: Literal["day", "time", "text", "link"]
    ask: Words


class Reminder(Shape):
    """One ready reminder.

    Attributes:
        title: Stands on a button.
        topic: One of `topics`.
        kind: `service` for what people take part in, `campaign` for what a union would like them to do.
        text: Light Markdown, with the gaps.
        button: `ask`, `flow:` and the id of a flow, or `none`.
    """

    id: Slug
    title: Words
    topic: Slug
    kind: Literal["service", "campaign"]
    text: Words
    gaps: tuple[Gap, ...] = ()
    button: Line = "none"


class Reminders(Shape):
    """`reminders.yaml`."""

    version: Literal[1] = 1
    topics: tuple[Topic, ...] = ()
    reminders: tuple[Reminder, ...] = ()

    def topic(self, wanted: str) -> Topic | None:
        """The topic of an id."""
        return next((one for one in self.topics if one.id == wanted), None)

    def reminder(self, wanted: str) -> Reminder | None:
        """The ready reminder of an id."""
        return next((one for one in self.reminders if one.id == wanted), None)
