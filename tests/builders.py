"""Small builders for tests: content out of a few lines, rankings by hand, a clock that stands still."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, cast

from bot.engine.session import Session, decode, encode
from bot.engine.turn import Turn, respond
from bot.engine.view import View
from bot.faq.ranking import Explanation, Part, Ranked, Ranking
from bot.faq.reading import Reader
from bot.knowledge.content import Content, parse_content
from bot.messages import (
    BranchId,
    Choice,
    Command,
    EntryId,
    Option,
    Outcome,
    PersonId,
    Place,
    Reply,
    Role,
    Text,
    Utterance,
)
from bot.storage.files import read_folder

ROOT: Final = Path(__file__).parent.parent
KEY: Final = "what signs the buttons of a person"
NOON: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)

FAQ: Final = """
version: 1
starters: [cost, basics]
sections:
  - {id: money, title: What it costs}
  - {id: start, title: How to begin}
topics:
  - {id: fees, title: Fees, section: money}
  - {id: help, title: Help with fees, section: money}
  - {id: first, title: First steps, section: start}
entries:
  - id: cost
    topic: fees
    question: How much does registration cost?
    answer: It costs **less** than you think.
    answer_for: {rep: Tell your members what it costs., employer: You may pay it.}
    sources: [{title: The fee page, url: "https://example.org/fees", as_of: "2024"}]
    review_by: 2027-01-01
    related: [basics, employer, refund]
  - id: employer
    topic: help
    question: Will my employer pay the fee?
    answer: Many do.
    sources: [{title: The help page, url: "https://example.org/help"}]
    related: [cost]
  - id: refund
    topic: fees
    question: Can I get my money back?
    answer: Only in the first month.
    sources: [{title: Our own rule}]
  - id: checked
    topic: fees
    question: Who checks the fees?
    answer: We do.
    sources: [{title: The check page, url: "https://example.org/check", as_of: "2020"}]
    checked_at: 2026-10-01
  - id: basics
    topic: first
    question: What is registration?
    answer: A check from outside.
    sources:
      - {title: One page, url: "https://example.org/1", as_of: "2019"}
      - {title: Two pages, url: "https://example.org/2"}
    review_by: 2026-01-01
  - id: how-long
    topic: first
    question: How long does it take?
    answer: A few months.
    sources: []
"""
SENSITIVE: Final = """
version: 1
topics:
  - id: crisis
    title: You are not alone
    kind: crisis
    card: Please talk to somebody now.
    signposts:
      - {name: Samaritans, what: Day and night., phone: "116 123", url: "https://example.org/s"}
    phrasings: [i want to end it all]
    signals: [[end, it, all]]
  - id: dismissal
    title: Losing your job
    kind: sensitive
    card: Talk to your rep first.
    signposts:
      - {name: Acas, what: Rights at work., phone: "0300 123 1100"}
      - {name: Your rep, what: Near you.}
    phrasings: [they want to sack me]
    signals: [[sack, me]]
"""
SMALLTALK: Final = """
version: 1
kinds:
  - {id: hello, phrasings: [hello], replies: [Hello again., Good to see you.]}
"""
RETENTION: Final = (ROOT / "knowledge" / "retention.yaml").read_text(encoding="utf-8")


@cache
def shipped() -> Mapping[str, str]:
    """The content we ship, as text."""
    return read_folder(ROOT / "knowledge")


@cache
def content_of(faq: str = FAQ, **others: str) -> Content:
    """Content out of a few lines; wording and retention are the real ones.

    Args:
        faq: The text of `faq.yaml`.
        others: The text of further files by their name without `.yaml`.
    """
    texts = {
        "faq.yaml": faq,
        "sensitive.yaml": SENSITIVE,
        "smalltalk.yaml": SMALLTALK,
        "wording.yaml": shipped()["wording.yaml"],
        "wording-linking.yaml": shipped()["wording-linking.yaml"],
        "wording-chat.yaml": shipped()["wording-chat.yaml"],
        "wording-flows.yaml": shipped()["wording-flows.yaml"],
        "wording-broadcasts.yaml": shipped()["wording-broadcasts.yaml"],
        "wording-surveys.yaml": shipped()["wording-surveys.yaml"],
        "wording-coach.yaml": shipped()["wording-coach.yaml"],
        "wording-maps.yaml": shipped()["wording-maps.yaml"],
        "wording-reports.yaml": shipped()["wording-reports.yaml"],
        "wording-figures.yaml": shipped()["wording-figures.yaml"],
        "retention.yaml": RETENTION,
        **{f"{name}.yaml": text for name, text in others.items()},
    }
    return parse_content(texts)


def ids(*names: str) -> tuple[EntryId, ...]:
    return tuple(EntryId(name) for name in names)


def _ranked(*names: str, **confidences: float) -> tuple[Ranked, ...]:
    falling = (Ranked(EntryId(name), 0.9 - 0.1 * place) for place, name in enumerate(names))
    return tuple(falling) or tuple(Ranked(EntryId(n), c) for n, c in confidences.items())


def answered(entry: str, *others: str, words: str = "words") -> Ranking:
    """Words that one entry answers, surely."""
    why = Explanation(repaired=("cost",), features=("fee",), nearest="what is the fee", margin=0.4)
    return one(
        Part(
            words=words,
            outcome=Outcome.ANSWER,
            ranked=_ranked(entry, *others),
            offered=ids(entry),
            explanation=why,
        )
    )


def torn(*entries: str, words: str = "words") -> Ranking:
    """Words that several entries may answer."""
    return one(
        Part(
            words=words,
            outcome=Outcome.DISAMBIGUATE,
            ranked=_ranked(*entries),
            offered=ids(*entries),
        )
    )


def declined(words: str = "words", asks: bool = True, /, **near: float) -> Ranking:
    """Words that nothing answers; `near` are confidences by entry, `_` for `-` in its id."""
    by_entry = {EntryId(name.replace("_", "-")): value for name, value in near.items()}
    ranked = tuple(Ranked(entry, value) for entry, value in by_entry.items())
    part = Part(words=words, outcome=Outcome.DECLINE, ranked=ranked, confidence_by_entry=by_entry)
    return one(part, asks=asks)


def guarded(topic: str, words: str = "words") -> Ranking:
    """Words about a sensitive topic."""
    return one(Part(words=words, outcome=Outcome.SIGNPOST, ranked=_ranked("cost"), topic=topic))


def chatted(kind: str = "hello", words: str = "hello") -> Ranking:
    """Words that ask nothing."""
    return one(Part(words=words, outcome=Outcome.SMALLTALK, topic=kind))


def one(part: Part, *, asks: bool = True) -> Ranking:
    return Ranking(parts=(part,), is_question=asks)


def both(*rankings: Ranking) -> Ranking:
    """Several questions in one message."""
    return Ranking(parts=tuple(ranking.first for ranking in rankings), is_question=True)


class ListedReader:
    """Reads a list of texts, each as the ranking beside it; an entry's question is its answer.

    Stands in for the matcher where a test is about something else.
    """

    def __init__(self, content: Content, listed: Mapping[str, Ranking] | None = None) -> None:
        questions = {e.question.en: answered(e.id) for e in content.faq.entries}
        topics = {p.text: guarded(t.id) for t in content.sensitive.topics for p in t.phrasings}
        chat = {p: chatted(k.id) for k in content.smalltalk.kinds for p in k.phrasings}
        self.listed = {**questions, **topics, **chat, **(listed or {})}

    def read(self, text: str) -> Ranking:
        """See `Reader.read`."""
        found = self.listed.get(text) or declined(text)
        return replace(found, parts=tuple(replace(p, words=text) for p in found.parts))


def listed_reader(content: Content, listed: Mapping[str, Ranking] | None = None) -> Reader:
    """A `ListedReader` where the type of the real one is asked for."""
    return cast(Reader, ListedReader(content, listed))


class FixedClock:
    """A clock that stands still until somebody sets it, and chance that comes out the same.

    Attributes:
        time: What it says now.
    """

    def __init__(self, time: datetime = NOON, seed: int = 0) -> None:
        self.time = time
        self._chance = random.Random(seed)

    def now(self) -> datetime:
        """See `Clock.now`."""
        return self.time

    def fresh(self) -> str:
        """See `Clock.fresh`."""
        return "".join(self._chance.choices("abcdefghijklmnopqrstuvwxyz234567", k=26))

    def pass_(self, **duration: float) -> None:
        """Let time go by; the names of `timedelta`."""
        self.time += timedelta(**duration)


def view(
    *roles: Role, place: Place = Place.PRIVATE, fresh: str = "abcdefghijklmnopqrstuvwxyz"
) -> View:
    """A person with these roles, in this place."""
    return View(
        person=PersonId("p-1"),
        branch=BranchId("main"),
        place=place,
        fresh=fresh,
        roles=frozenset({Role.MEMBER, *roles}),
    )


@dataclass
class Talk:
    """One talk with the engine alone: what is said next builds on what was said before.

    Attributes:
        turn: The last one.
    """

    content: Content = field(default_factory=content_of)
    view: View = field(default_factory=view)
    now: datetime = NOON
    session: Session = field(default_factory=lambda: Session(secret=KEY))
    clock: FixedClock = field(default_factory=FixedClock)
    turn: Turn | None = None

    def hear(self, utterance: Utterance, ranking: Ranking | None = None) -> Turn:
        """One turn; between two the session is written down and read back."""
        self.view = replace(self.view, fresh=self.clock.fresh())
        turn = respond(self.session, utterance, ranking, self.view, self.content, self.now)
        kept = decode(encode(turn.session))
        assert kept == turn.session
        self.session, self.turn = turn.session, turn
        return turn

    def say(self, text: str, ranking: Ranking | None = None) -> Turn:
        """Somebody types."""
        return self.hear(Text(text), ranking or declined(text))

    def command(self, name: str, argument: str = "") -> Turn:
        """Somebody uses a command."""
        return self.hear(Command(name, argument))

    def press(self, label: str) -> Turn:
        """Somebody presses the last button with this label."""
        return self.hear(Choice(self.option(label).token))

    def option(self, label: str) -> Option:
        """An option of the last turn."""
        assert self.turn is not None
        found = [one for one in options_of(self.turn) if one.label == label]
        assert found, f"{label!r} is not among {[one.label for one in options_of(self.turn)]}"
        return found[-1]


def options_of(turn: Turn) -> tuple[Option, ...]:
    """Every option of a turn, in the order of their numbers."""
    return tuple(option for reply in turn.replies for option in reply.options)


def labels_of(turn: Turn) -> list[str]:
    return [option.label for option in options_of(turn)]


def text_of(turn: Turn) -> str:
    """Everything that a turn says."""
    return "\n\n".join(reply.text for reply in turn.replies)


def wording(key: str, **gaps: str | int) -> str:
    """A text of the real wording catalogue."""
    return content_of().wording.say(key, **gaps)


def reply(text: str = "Hello", *, personal: bool = False) -> Reply:
    return Reply(text=text, personal=personal)
