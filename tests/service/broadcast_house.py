"""A house with union learning reps in it, that does what is due and sends broadcasts."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.flows.model import Flows
from bot.messages import Address, Option, Role
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.job_runner import JobRunner
from bot.service.ports import Store
from bot.storage.memory import MemoryStore
from bot.wiring_jobs import job_handlers
from tests.builders import FixedClock, content_of, shipped, wording
from tests.service.houses import CHANNEL, House, RecordingChannel

ZONE = ZoneInfo("Europe/London")
ULR = "uma"
WORDS = "The survey closes on Friday."


class Posting(RecordingChannel):
    """A channel that says who may post: everybody but `guest`."""

    async def may_post(self, place: Address, account: Address) -> Address | None:
        """See `Prover.may_post`."""
        return None if account.id == "guest" else place


class BroadcastHouse(House):
    """Everything together, with jobs; it is noon on a Saturday.

    Args:
        people: How many workplace reps there are, beside the ULR.
    """

    def __init__(
        self,
        people: int = 3,
        store: Store | None = None,
        clock: FixedClock | None = None,
        flows: Flows | None = None,
    ) -> None:
        content = content_of(reminders=shipped()["reminders.yaml"])
        super().__init__(store or MemoryStore(), content, clock=clock, flows=flows)
        self.conversation = Conversation(self.store, self.library, self.clock, ZONE)
        self.channel = Posting()
        self.jobs_of(self.channel)
        for who in (ULR, *(f"rep{n}" for n in range(people))):
            self.say(who, "hello")
            self.grant(who, Role.ULR if who == ULR else Role.REP)

    def jobs_of(self, channel: Posting) -> None:
        """Let jobs ask this channel."""
        self.channel = channel
        handlers = job_handlers(self.store, self.library, self.clock, ZONE, {CHANNEL: channel})
        self.deliverer = Deliverer(self.store, {channel.name: channel}, self.clock)
        self.runner = JobRunner(self.store, handlers, self.clock, lambda: None)

    def work(self) -> None:
        """Do what is due, and send what is to be sent, until nothing is left to do now."""

        async def both() -> None:
            while await self.runner.work_due() + await self.deliverer.deliver_due():
                pass

        asyncio.run(both())

    def only_jobs(self) -> None:
        """Do what is due, and send nothing yet."""
        asyncio.run(self.runner.work_due())

    def pass_time(self, **times: float) -> None:
        """Nothing happens for a while but what was due in it, at its end."""
        self.clock.time += timedelta(**times)
        self.work()

    def deliver(self, channel: RecordingChannel | None = None) -> int:
        """Deliver what is due, as `House` does."""
        return super().deliver(channel or self.channel)

    def offers(self, who: str) -> list[Option]:
        """What was offered to somebody, oldest first."""
        return [o for s in self.channel.sent if s.address.id == who for o in s.reply.options]

    def compose(
        self,
        when: str = "now",
        audience: str = "workplace reps",
        kind: str = "service",
        words: str = WORDS,
        who: str = ULR,
    ) -> list[str]:
        """Write a broadcast up to its preview; returns what is said then."""
        self.command(who, "broadcast", "new")
        self.press(who, wording("button.bc-own"))
        self.say(who, words)
        self.press(who, wording(f"button.bc-{kind}"))
        label = next(o.label for o in reversed(self.offers(who)) if o.label.startswith(audience))
        self.press(who, label)
        self.press(who, wording("button.bc-none"))
        return self.say(who, when)

    def send(self, when: str = "now", **how: str) -> str:
        """Write a broadcast and say yes; returns its id."""
        self.compose(when, **how)
        self.press(how.get("who", ULR), wording("button.bc-confirm"))
        return self.broadcast()["id"]

    def broadcast(self) -> dict[str, str]:
        """The newest broadcast."""
        rows = self.rows("broadcast")
        row = max(rows, key=lambda one: int(one["changed_at"] or 0))
        return {name: str(value) for name, value in row.items()}

    def fates(self, planned_at: int | None = None) -> dict[str, str]:
        """What became of everybody, by account; of one time of a broadcast or of all."""
        names = {row["person"]: str(row["account"]) for row in self.rows("identity")}
        rows = self.rows("delivery")
        return {
            names.get(row["person"], "?"): str(row["fate"])
            for row in rows
            if planned_at is None or row["planned_at"] == planned_at
        }

    def told(self, who: str, words: str = WORDS) -> int:
        """How many broadcasts with these words somebody got; a preview is none."""
        texts = [s.reply.text for s in self.channel.sent if s.address.id == who]
        foot = wording("broadcast.foot-service")
        shown = wording("broadcast.buttons-below", buttons="{").split("{", maxsplit=1)[0].strip()
        got = [text for text in texts if shown not in text]
        return sum(words.split(".", maxsplit=1)[0] in text and foot in text for text in got)
