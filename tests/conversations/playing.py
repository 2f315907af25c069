"""Plays a transcript through the doors of the service: hear, commit, deliver."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from bot.channels.light_markdown import to_plain
from bot.channels.terminal import NO_LIMITS, to_utterance
from bot.cli.chat import parse_now
from bot.cli.chat_seat import without_call
from bot.cli.transcript import Spoken, Transcript
from bot.engine.plan_view import CoachNeed
from bot.engine.session import Session, decode, encode
from bot.engine.turn import Turn, respond
from bot.engine.view import View
from bot.faq.ranking import Ranking
from bot.messages import (
    Address,
    Choice,
    Command,
    Edited,
    Inbound,
    Option,
    Place,
    Reply,
    Role,
    Text,
    Unreadable,
    Utterance,
)
from bot.service import audit, bulletin_board, desks, maps, open_surveys, people, plans, runs
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.library import Edition, Library
from bot.service.people import Known
from bot.service.ports import Tx
from bot.storage.memory import MemoryStore
from bot.wiring_jobs import job_handlers
from tests.builders import NOON, FixedClock
from tests.conversations.plans import found_plan

ACCOUNT: Final = "1"
GROUP: Final = "group"  # the address of the one group; `group` in `arrives` too
NO_POSTER: Final = "guest"  # the one account that may not post there
_READ: Final[
    dict[tuple[int, str], Ranking]
] = {}  # by the reader, which lives as long as the tests
LONDON: Final = ZoneInfo("Europe/London")
ME: Final = "me"  # the person a transcript is about, in `arrives`


class RecordingChannel:
    """A channel that keeps what it is given.

    Attributes:
        sent: The replies, in order.
    """

    capabilities = NO_LIMITS

    def __init__(self, name: str) -> None:
        self.name = name
        self.sent: list[tuple[Address, Reply]] = []

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        self.sent.append((address, reply))
        return key

    async def may_post(self, place: Address, account: Address) -> Address | None:
        """See `Prover.may_post`."""
        return None if account.id == NO_POSTER else place


@dataclass(frozen=True, slots=True)
class Played:
    """One turn as it went: what was done, what was said, and what was wrong with it."""

    done: str
    replies: tuple[Reply, ...]
    faults: tuple[str, ...] = ()


@dataclass
class Stage:
    """The people of a transcript, one bot, and what is asked of them.

    Attributes:
        offered: Every option that was ever shown to each account, newest last.
    """

    edition: Edition
    transcript: Transcript
    offered: dict[str, list[Option]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        now = self.transcript.now
        self.clock = FixedClock(parse_now(now) if now else NOON)
        self.store = MemoryStore()
        self.channel = RecordingChannel(self.transcript.channel)
        self.library = Library(self.edition)
        self.conversation = Conversation(self.store, self.library, self.clock, LONDON)
        self.deliverer = Deliverer(self.store, {self.channel.name: self.channel}, self.clock)
        provers = {self.channel.name: self.channel}
        handlers = job_handlers(self.store, self.library, self.clock, LONDON, provers)
        self.jobs = JobRunner(self.store, handlers, self.clock, lambda: None)
        self.keys = count(1)
        self.last: Inbound | None = None
        self.store.submit(self._set_up).result()

    def play(self) -> Iterator[Played]:
        """Each turn as it went, until one goes wrong."""
        for spoken in self.transcript.turns:
            played = self._turn(spoken)
            yield played
            if played.faults:
                return

    def _set_up(self, tx: Tx) -> None:
        now = self.clock.now()
        audit.set_install_key(tx, self.clock.fresh())
        people.add_branch(tx, people.DEFAULT_BRANCH, "Main branch", now)
        for name, roles in self.transcript.people.items():
            self._enrol(tx, self._address(name), roles)
        if self.transcript.role or self.transcript.audience:
            known = self._enrol(tx, self._address(None), self.transcript.role)
            if self.transcript.plan:
                others = [self._known(tx, name) for name in self.transcript.shared_with]
                found_plan(tx, self.edition, self.transcript.plan, [known, *others], now)
            if audience := self.transcript.audience:
                tx.update("person", {"id": known.person}, {"audience": audience.value})

    def _enrol(self, tx: Tx, address: Address, roles: Sequence[Role]) -> Known:
        now = self.clock.now()
        known = people.recognise(tx, address, self.clock.fresh())
        people.enrol(tx, known, address, now)
        for role in roles:
            people.grant(tx, known, role, "console", now)
        return known

    def _known(self, tx: Tx, name: str) -> Known:
        return people.recognise(tx, self._address(name), "")

    def _address(self, who: str | None) -> Address:
        return Address(self.transcript.channel, ACCOUNT if who in {None, ME} else str(who))

    def _turn(self, spoken: Spoken) -> Played:
        before = len(self.channel.sent)
        if spoken.after:
            self._pass_time(spoken.after)
        utterance = self._utterance(spoken)
        if utterance is None and spoken.follow:
            return Played(done_of(spoken), (), (f"no link came with {spoken.follow!r}",))
        if utterance is None:
            return Played(done_of(spoken), (), (f"no button was ever labelled {spoken.press!r}",))
        if not spoken.again or self.last is None:
            place = Place(spoken.place or self.transcript.place)
            self.last = self._inbound(utterance, self._address(spoken.who), place)
        address = self.last.address
        if spoken.at:
            self.clock.time = parse_now(spoken.at)
            asyncio.run(self._work())
        self.conversation.hear(self.last).result()
        asyncio.run(self._work())
        sent = self.channel.sent[before:]
        replies = tuple(reply for to, reply in sent if to == address)
        for to, reply in sent:
            self.offered[to.id] += reply.options
        faults = (
            *faults_of(spoken, replies),
            *self._not_arrived(spoken, sent),
            *self.store.submit(lambda tx: self._look(tx, self._address(spoken.who))).result(),
        )
        return Played(done_of(spoken), replies, faults)

    async def _work(self) -> None:
        """Deliver what is due; then do the jobs that are, and deliver what they made."""
        await self.deliverer.deliver_due()
        if await self.jobs.work_due():
            await self.deliverer.deliver_due()

    def _pass_time(self, after: str) -> None:
        """Nothing happens for a while but what was due in it."""
        number, unit = after.split()
        self.clock.time += timedelta(**{unit: int(number)})
        asyncio.run(self._work())

    def _followed(self, words: str) -> Command | None:
        """What the newest link in a message with these words carries."""
        said = [reply.text for _, reply in self.channel.sent if words in to_plain(reply.text)]
        links = [found for text in said for found in re.findall(r"open:(\w+)", text)]
        return Command("start", links[-1]) if links else None

    def _not_arrived(self, spoken: Spoken, sent: Sequence[tuple[Address, Reply]]) -> Iterator[str]:
        for name, texts in spoken.arrives.items():
            got = [reply for to, reply in sent if to == self._address(name)]
            expected = Spoken(user="x", bot=texts)
            yield from (f"to {name}: {fault}" for fault in faults_of(expected, got))

    def _utterance(self, spoken: Spoken) -> Utterance | None:
        if spoken.press is not None:
            shown = self.offered[self._address(spoken.who).id]
            pressed = [option for option in shown if option.label == spoken.press]
            return Choice(pressed[-1].token) if pressed else None
        if spoken.follow is not None:
            return self._followed(spoken.follow)
        if spoken.edited is not None:
            return Edited(spoken.edited)
        if spoken.unreadable is not None:
            return Unreadable(spoken.unreadable)
        return to_utterance(without_call(spoken.user or ""))

    def _inbound(self, utterance: Utterance, identity: Address, place: Place) -> Inbound:
        is_elsewhere = place.value != self.transcript.place
        address = Address(identity.channel, GROUP) if is_elsewhere else identity
        return Inbound(
            key=f"{self.channel.name}:{next(self.keys)}",
            identity=identity,
            address=address,
            place=place,
            utterance=utterance,
            employer_reads=self.transcript.employer_reads,
        )

    def _look(self, tx: Tx, address: Address) -> tuple[str, ...]:
        """Write the session down and read it back, then try every option that is on the table."""
        known = people.recognise(tx, address, "")
        row = None if known.is_new else tx.get("session", {"person": known.person})
        if row is None:
            return ()
        session = decode(str(row["state"]))
        if session is None or decode(encode(session)) != session:
            return ("the session does not read back equal",)
        tx.update("session", {"person": known.person}, {"state": encode(session)})
        view = self._view(tx, known, session)
        return tuple(self._unreachable(session, view, self.offered[address.id]))

    def _view(self, tx: Tx, known: Known, session: Session) -> View:
        view = people.view_of(tx, known, Place(self.transcript.place), self.clock.fresh())
        view = replace(view, zone=LONDON)
        now = self.clock.now()
        view = open_surveys.read(tx, known, view, session, Text(""))
        desk = desks.read(tx, view, session, now)
        coach = plans.read(tx, view, now, CoachNeed(builds=True, begins=True))
        flows = runs.flows_for(tx, self.edition.flows, session, view)
        view = replace(view, desk=desk, coach=coach, flows=flows)
        view = replace(view, board=bulletin_board.read(tx, view, session, Text(""), now))
        return replace(view, maps=maps.read(tx, view, session, Text(""), now.date()))

    def _unreachable(self, session: Session, view: View, shown: Sequence[Option]) -> Iterator[str]:
        by_token = {option.token: option for option in shown}
        menu = [by_token[token] for token in session.menu if token in by_token]
        ends = [self._hear(session, view, Choice(option.token)) for option in menu]
        for number, (option, end) in enumerate(zip(menu, ends, strict=True), 1):
            if session.offer(option.token) is None:
                yield f"option {number}, {option.label!r}, has no button that works"
            if self._hear(session, view, Text(str(number))) != end:
                yield f"typing {number} is not option {number}, {option.label!r}"
            alike = [end for one, end in zip(menu, ends, strict=True) if one.label == option.label]
            if self._hear(session, view, Text(option.label)) not in alike:
                yield f"typing {option.label!r} is not option {number}"

    def _hear(self, session: Session, view: View, utterance: Utterance) -> Turn:
        ranking = self._ranking(utterance.text) if isinstance(utterance, Text) else None
        return respond(session, utterance, ranking, view, self.edition.content, self.clock.now())

    def _ranking(self, text: str) -> Ranking:
        """What a label is taken for; the same labels come up in many conversations."""
        key = (id(self.edition.reader), text)
        if key not in _READ:
            _READ[key] = self.edition.reader.read(text)
        return _READ[key]


def faults_of(spoken: Spoken, replies: Sequence[Reply]) -> Iterator[str]:
    """What a turn should have said and did not, or said and should not have."""
    said = flat("\n".join(to_plain(reply.text) for reply in replies))
    place = 0
    for text in spoken.bot:
        found = said.find(flat(text), place)
        if found < 0:
            yield f"not said{' here' if flat(text) in said else ''}: {text}"
        else:
            place = found + len(flat(text))
    yield from (
        f"said, and should not be: {text}" for text in spoken.without if flat(text) in said
    )
    labels = [option.label for reply in replies for option in reply.options]
    yield from (f"not offered: {label}" for label in spoken.options if label not in labels)
    if spoken.again and replies:
        yield "the same message again had an effect"
    if not spoken.again and not replies:
        yield "nothing was said at all"


def flat(text: str) -> str:
    """The text on one line: where its lines end is a matter of the screen."""
    return " ".join(text.split())


def done_of(spoken: Spoken) -> str:
    """What a person did, as a line of the chat."""
    if spoken.who is not None:
        return f"({spoken.who}) {done_of(spoken.model_copy(update={'who': None}))}"
    if spoken.press is not None:
        return f"[{spoken.press}]"
    if spoken.again:
        return "(the same once more)"
    if spoken.follow is not None:
        return f"(follows the link of {spoken.follow!r})"
    if spoken.unreadable is not None:
        return f"({spoken.unreadable})"
    return spoken.edited if spoken.edited is not None else str(spoken.user)


def chat_diff(about: str, played: Sequence[Played]) -> str:
    """The chat up to the turn that went wrong, and what was wrong with it."""
    lines = [about, ""]
    for turn in played:
        lines.append(f"  you  {turn.done}")
        for reply in turn.replies:
            said = to_plain(reply.text).splitlines()
            lines += [
                f"  {'bot' if not place else '   '}  {line}" for place, line in enumerate(said)
            ]
            lines += [
                f"       [{reply.first_number + place} {option.label}]"
                for place, option in enumerate(reply.options)
            ]
        lines += [f"->     {fault}" for fault in turn.faults]
    return "\n".join(lines)
