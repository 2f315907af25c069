"""A house with the content we ship, in which reps have a plan."""

import asyncio
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.coach.plan import Plan
from bot.messages import Role
from bot.service import plans
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.library import Edition, Library
from bot.service.ports import Store
from bot.service.purging import purge
from bot.storage.memory import MemoryStore
from bot.wiring_jobs import job_handlers
from tests.builders import FixedClock
from tests.conversations.plans import found_plan
from tests.service.houses import House, Sent

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WORKPLACE = "Riverside Hospital"
PLAN = "pl-riverside"


class CoachHouse(House):
    """Ann has a plan, Ben shares it; Cat is a rep without one."""

    def __init__(
        self, edition: Edition, store: Store | None = None, at: datetime = MONDAY
    ) -> None:
        super().__init__(store or MemoryStore(), edition.content, clock=FixedClock(at))
        self.edition = Edition(edition.content, self.library.edition.reader, flows=edition.flows)
        self.library = Library(self.edition)
        self.conversation = Conversation(self.store, self.library, self.clock, LONDON)
        for who in ("ann", "ben", "cat"):
            self.say(who, "hello")
            self.grant(who, Role.REP)
        owners = [self.known(who) for who in ("ann", "ben")]
        self.do(lambda tx: found_plan(tx, self.edition, WORKPLACE, owners, at))

    def plan(self, plan: str = PLAN) -> Plan:
        """The plan as the store holds it."""
        found = self.do(lambda tx: plans.load(tx, plan))
        assert found is not None
        return found

    def work(self) -> list[Sent]:
        """Do what is due and deliver it; returns what was sent."""
        before = len(self.channel.sent)
        handlers = job_handlers(self.store, self.library, self.clock, LONDON)

        async def work() -> None:
            runner = JobRunner(self.store, handlers, self.clock, lambda: None)
            await runner.work_due()
            deliverer = Deliverer(self.store, {self.channel.name: self.channel}, self.clock)
            await deliverer.deliver_due()

        asyncio.run(work())
        return self.channel.sent[before:]

    def purge(self) -> None:
        """The night's purge."""
        retention = self.content.retention
        assert retention is not None
        purge(self.store, retention, self.clock.now())
