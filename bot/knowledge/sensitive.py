"""Sensitive topics: what gets a signpost to people who can help, and never a fuzzy answer."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from bot.knowledge.faq import Phrasing, as_phrasing
from bot.knowledge.shapes import Line, Shape, Slug, Words


class Signpost(Shape):
    """Somebody to turn to.

    Attributes:
        name: Who.
        what: What they do, in one line.
        phone: As it is dialled; None where we hold none.
        url: Their page; None where we hold none.
        source: Where phone and page were read; None for what needs no source, such as 999.
        as_of: What that source says of its date.
    """

    name: Line
    what: Words
    phone: Line | None = None
    url: Line | None = None
    source: Line | None = None
    as_of: Line | None = None


class SensitiveTopic(Shape):
    """One topic: its card, and what people write when it is theirs.

    Attributes:
        kind: `crisis` wins in every state and stores nothing; `sensitive` wins outside a question.
        signals: Groups of words; all of one group in this order, at most three words between, is enough.
        innocent: What sounds like it and is not.
    """

    id: Slug
    title: Words
    kind: Literal["crisis", "sensitive"]
    card: Words
    signposts: tuple[Signpost, ...] = ()
    phrasings: tuple[Annotated[Phrasing, BeforeValidator(as_phrasing)], ...]
    innocent: tuple[Line, ...] = ()
    signals: tuple[tuple[Line, ...], ...] = ()


class Sensitive(Shape):
    """`sensitive.yaml`, in the order in which topics win."""

    version: Literal[1] = 1
    topics: tuple[SensitiveTopic, ...]

    def topic(self, topic_id: str) -> SensitiveTopic:
        """The topic with this id.

        Raises:
            KeyError: There is none.
        """
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)
