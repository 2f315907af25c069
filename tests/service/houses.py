"""A whole house for tests: store, conversation, deliveries and a channel that writes down what it sends."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.engine.session import Session, decode
from bot.faq.ranking import Ranking
from bot.flows.model import NO_FLOWS, Flows
from bot.knowledge.content import Content
from bot.messages import (
    Address,
    Choice,
    Command,
    Inbound,
    Option,
    PersonId,
    Place,
    Reply,
    Role,
    Text,
    Utterance,
)
from bot.service import audit, people
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.library import Edition, Library
from bot.service.ports import Capabilities, Row, Store, Tx
from bot.service.reply_text import decode_reply
from bot.service.tables import TABLES
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from bot.wiring_jobs import job_handlers
from tests.builders import FixedClock, content_of, listed_reader

T = TypeVar("T")
CHANNEL = "test"
GROUP = "group-1"
_NUMBERS = count(1)  # of all houses, since two may share a store
MAKERS: Mapping[str, Callable[[Path], Store]] = {
    "memory": lambda _: MemoryStore(),
    "sqlite": lambda folder: SQLiteStore(folder / "house.db"),
}


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that went out."""

    address: Address
    place: Place
    reply: Reply
    key: str
    file: bytes | None = None


class RecordingChannel:
    """Takes everything and writes it down; a script says what goes wrong first.

    Args:
        name: Of the channel.
        script: Per address, what each try raises in turn; None for what goes well.
    """

    capabilities = Capabilities(text_limit=4096, max_options=8, label_limit=60, restyles=False)

    def __init__(
        self, name: str = CHANNEL, script: Mapping[str, Iterable[Exception | None]] | None = None
    ) -> None:
        self.name = name
        self.sent: list[Sent] = []
        self.tried: list[str] = []
        self._script = {address: list(steps) for address, steps in (script or {}).items()}

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        """See `Channel.send`."""
        self.tried.append(key)
        steps = self._script.get(address.id)
        step = steps.pop(0) if steps else None
        if step is not None:
            raise step
        self.sent.append(Sent(address, place, reply, key, file))
        return f"receipt-{len(self.sent)}"


class House:
    """Everything together, on a store that is set up."""

    def __init__(
        self,
        store: Store,
        content: Content | None = None,
        listed: Mapping[str, Ranking] | None = None,
        clock: FixedClock | None = None,
        flows: Flows | None = None,
    ) -> None:
        self.store = store
        self.clock = clock or FixedClock()
        self.content = content or content_of()
        edition = Edition(
            self.content, listed_reader(self.content, listed), flows=flows or NO_FLOWS
        )
        self.library = Library(edition)
        self.conversation = Conversation(store, self.library, self.clock)
        self.channel = RecordingChannel()
        now, fresh = self.clock.now(), self.clock.fresh()

        def set_up(tx: Tx) -> None:
            audit.set_install_key(tx, fresh)
            people.add_branch(tx, people.DEFAULT_BRANCH, "Main branch", now)

        self.do(set_up)

    def do(self, work: Callable[[Tx], T]) -> T:
        """One piece of work on the store."""
        return self.store.submit(work).result(30)

    def hear(
        self, who: str, utterance: Utterance, place: Place = Place.PRIVATE, key: str = ""
    ) -> bool:
        """One utterance, taken in and committed."""
        home = who if place is Place.PRIVATE else GROUP
        inbound = Inbound(
            key=key or f"{CHANNEL}:{next(_NUMBERS)}",
            identity=Address(CHANNEL, who),
            address=Address(CHANNEL, home),
            place=place,
            utterance=utterance,
        )
        return self.conversation.hear(inbound).result(30)

    def say(self, who: str, text: str, place: Place = Place.PRIVATE) -> list[str]:
        """Somebody types; returns what is said to that in the end."""
        return self._turn(who, Text(text), place)

    def command(
        self, who: str, name: str, argument: str = "", place: Place = Place.PRIVATE
    ) -> list[str]:
        """Somebody uses a command; returns what is said to that in the end."""
        return self._turn(who, Command(name, argument), place)

    def press(self, who: str, label: str, place: Place = Place.PRIVATE) -> list[str]:
        """Somebody presses the last button with this label; returns what is said to that."""
        return self._turn(who, Choice(self.option(who, label).token), place)

    def _turn(self, who: str, utterance: Utterance, place: Place) -> list[str]:
        before = len(self.channel.sent)
        assert self.hear(who, utterance, place)
        self.deliver()
        return [sent.reply.text for sent in self.channel.sent[before:]]

    def deliver(self, channel: RecordingChannel | None = None) -> int:
        """Deliver everything that is due."""
        out = channel or self.channel

        async def deliver() -> int:
            deliverer = Deliverer(self.store, {out.name: out}, self.clock)
            return await deliverer.deliver_due()

        return asyncio.run(deliver())

    def make_files(self) -> int:
        """Make the files that were asked for, and deliver them; returns how many jobs that was."""
        handlers = job_handlers(self.store, self.library, self.clock, UTC)
        runner = JobRunner(self.store, handlers, self.clock, lambda: None)
        done = asyncio.run(runner.work_due())
        self.deliver()
        return done

    def option(self, who: str, label: str) -> Option:
        """The last option with this label that was sent to somebody's place."""
        options = [
            option
            for sent in self.channel.sent
            if sent.address.id in {who, GROUP}
            for option in sent.reply.options
            if option.label == label
        ]
        assert options, f"nobody was offered {label!r}"
        return options[-1]

    def person(self, who: str) -> PersonId:
        """The id of somebody who has written before."""
        row = self.do(lambda tx: tx.get("identity", {"channel": CHANNEL, "account": who}))
        assert row is not None, f"{who} is not known"
        return PersonId(str(row["person"]))

    def known(self, who: str) -> people.Known:
        """Somebody who has written before, with their branch."""
        return self.do(lambda tx: people.recognise(tx, Address(CHANNEL, who), ""))

    def grant(self, who: str, *roles: Role) -> None:
        """Give roles to somebody who has written before."""
        known = self.known(who)
        for role in roles:
            self.do(lambda tx, role=role: people.grant(tx, known, role, "test", self.clock.now()))  # type: ignore[misc]  # bound at once

    def session(self, who: str) -> Session:
        """Where somebody's talk stands."""
        person = self.person(who)
        row = self.do(lambda tx: tx.get("session", {"person": person}))
        assert row is not None
        session = decode(str(row["state"]))
        assert session is not None
        return session

    def rows(self, table: str, **where: str | int | None) -> list[Row]:
        """Rows of a table, as the store gives them."""
        return self.do(lambda tx: tx.find(table, where))

    def everything(self) -> dict[str, list[Row]]:
        """All rows of all tables."""
        return self.do(lambda tx: {table.name: tx.find(table.name, {}) for table in TABLES})

    def copy(self) -> "House":
        """Another house with the same rows and the same time, in memory."""
        rows = self.everything()
        store = MemoryStore()

        def fill(tx: Tx) -> None:
            for table in TABLES:
                for row in rows[table.name]:
                    tx.insert(table.name, row)

        store.submit(fill).result()
        made = House(store, self.content, clock=FixedClock(self.clock.time, seed=1))
        made.channel.sent += self.channel.sent
        return made

    def queued(self) -> list[Reply]:
        """What waits in the outbox, in the order of sending."""
        rows = self.do(lambda tx: tx.find("outbox", {}, order=("seq",)))
        return [decode_reply(str(row["body"])) for row in rows]
