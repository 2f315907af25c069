"""What a handler wants said, before its options have tokens and numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.engine.effects import Effect
from bot.engine.session import Act, Offer, Session
from bot.engine.view import View
from bot.knowledge.content import Content
from bot.messages import UNNUMBERED, Option, Reply, ReplyKind
from bot.records import quick, replace

LEAVES: Final = "kept"  # the act of a button that leaves all as it is
LASTING: Final = frozenset({"vote"})  # acts whose buttons make sense when the talk has moved on


@dataclass(frozen=True, slots=True)
class Choose:
    """An option: what it says and what it does."""

    label: str
    act: Act


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A reply whose options have no tokens yet.

    Attributes:
        numbered: Whether a typed number picks an option; not where it would be an answer.
        urgent: Whether it stands alone, as the card in a crisis does.
        asks: Whether it belongs to a run, so that its question need not be asked again below it.
        form: The run whose answers a form can edit; empty for none.
    """

    text: str
    choices: tuple[Choose, ...] = ()
    kind: ReplyKind = ReplyKind.NOTICE
    personal: bool = False
    numbered: bool = True
    asks: bool = False
    urgent: bool = False
    in_place: bool = False
    opens: str | None = None
    form: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """All that a handler may look at: one argument instead of four.

    Attributes:
        part: Which of the questions of a message is being answered, from 0.
    """

    session: Session
    view: View
    content: Content
    now: datetime
    part: int = 0

    def about(self) -> str:
        """What this answer or decline is called in votes; unique within the person."""
        return f"{self.view.fresh[:12]}-{self.part}"

    def miss_id(self) -> str:
        """The id of a question to remember; shares nothing with `about`, which a person has."""
        return f"{self.view.fresh[12:]}-{self.part}"

    def say(self, key: str, /, **gaps: str | int) -> str:
        """A text of the wording catalogue, in this person's language."""
        return self.content.wording.say(key, self.view.language, **gaps)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a handler decided: what to say, what to do, and where the talk stands then."""

    session: Session
    drafts: tuple[Draft, ...]
    effects: tuple[Effect, ...] = field(default=())

    def before(self, *drafts: Draft) -> "Said":
        """The same, with these drafts said first."""
        return replace(self, drafts=(*drafts, *self.drafts))


def say(scene: Scene, key: str, *choices: Choose, **gaps: str | int) -> Said:
    """One text of the catalogue and its options; nothing else changes."""
    return Said(
        session=scene.session, drafts=(Draft(text=scene.say(key, **gaps), choices=choices),)
    )


def number_between_turns(session: Session, draft: Draft) -> tuple[Session, Reply]:
    """A reply outside this person's turns: its numbers run on behind those on the table."""
    first = len(session.menu) + 1
    free = first + len(session.unnumbered)  # the buttons of the turn have the tokens before
    made = tuple(
        Offer(session.token(free + place), choice.label, choice.act)
        for place, choice in enumerate(draft.choices)
    )
    reply = Reply(
        text=draft.text,
        options=tuple(Option(offer.token, offer.label) for offer in made),
        first_number=first,
        kind=draft.kind,
        personal=draft.personal,
    )
    return session.with_more_offers(made), reply


def number(session: Session, drafts: Sequence[Draft]) -> tuple[Session, tuple[Reply, ...]]:
    """Give every option its token, and its number where it has one; numbers run on through the turn."""
    replies: list[Reply] = []
    offers: list[Offer] = []
    unnumbered: list[Offer] = []
    for draft in drafts:
        first, place = len(offers) + 1, len(offers) + len(unnumbered) + 1
        tokens = session.tokens(place, len(draft.choices))
        made = [
            Offer(token, choice.label, choice.act)
            for token, choice in zip(tokens, draft.choices, strict=True)
        ]
        (offers if draft.numbered else unnumbered).extend(made)
        replies.append(
            Reply(
                text=draft.text,
                options=tuple(
                    [Option(one.token, one.label, one.act.name in LASTING) for one in made]
                ),
                first_number=first if draft.numbered else UNNUMBERED,
                kind=draft.kind,
                personal=draft.personal,
                in_place=draft.in_place,
                opens=draft.opens,
                form=draft.form,
            )
        )
    return session.with_offers(tuple(offers), tuple(unnumbered)), tuple(replies)
