"""The outbox as a machine: two owners, any order of events, and what must hold all the while."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
)

from bot.messages import Address, BranchId, PersonId, Place
from bot.service import outbox
from bot.service.outbox import LEASE, MAX_TRIES, Delivery, Target
from bot.service.outbox_order import Status
from bot.service.ports import Row
from bot.service.put_back import shorten_leases
from bot.storage.memory import MemoryStore
from tests.builders import reply
from tests.service.houses import House

CHANNELS = ("one", "two")
OWNERS = ("left", "right")
Leased = tuple[str, Delivery]


class Outbox(RuleBasedStateMachine):
    """Owners claim and settle in any order; a lease may be settled long after it was lost."""

    leases: Bundle[Leased] = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.house = House(MemoryStore())
        self.queued: list[tuple[Address, str]] = []
        self.arrived: list[tuple[Address, str]] = []

    @rule(
        channel=st.sampled_from(CHANNELS),
        who=st.sampled_from(["ann", "ben"]),
        count=st.integers(1, 3),
        hold=st.booleans(),
    )
    def queue(self, channel: str, who: str, count: int, hold: bool) -> None:
        address, key = Address(channel, who), f"k{len(self.queued)}"
        target = Target(
            branch=BranchId("main"), person=PersonId(who), address=address, place=Place.PRIVATE
        )
        replies = [reply(f"{key}#{place}") for place in range(count)]
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.queue(tx, target, replies, key, now))
        for one in replies:
            self.queued.append((address, one.text))
            if hold:
                where = {"id": one.text}
                self.house.do(lambda tx, w=where: tx.update("outbox", w, {"policy": "hold"}))  # type: ignore[misc]  # bound at once

    @rule(
        target=leases,
        owner=st.sampled_from(OWNERS),
        channels=st.sampled_from([CHANNELS, CHANNELS[:1], ()]),
        limit=st.integers(0, 3),
    )
    def claim(
        self, owner: str, channels: tuple[str, ...], limit: int
    ) -> "MultipleResults[Leased]":
        now = self.house.clock.now()
        due = [row for row in self.rows(Status.QUEUED) if int(row["due_at"] or 0)]
        claimed = self.house.do(lambda tx: outbox.claim(tx, owner, channels, now, limit))
        assert len(claimed) <= limit
        assert {one.address.channel for one in claimed} <= set(channels)
        first: dict[tuple[object, object], object] = {}
        for row in due:
            first.setdefault((row["channel"], row["address"]), row["id"])
        for one in claimed:
            assert first[one.address.channel, one.address.id] == one.id, "the oldest goes first"
        return multiple(*((owner, one) for one in claimed))

    @rule(lease=consumes(leases))
    def sent(self, lease: Leased) -> None:
        owner, one = lease
        held = self.holds(lease)
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.sent(tx, one, owner, "receipt", now))
        if held:
            self.arrived.append((one.address, one.reply.text))

    @rule(lease=consumes(leases))
    def failed(self, lease: Leased) -> None:
        owner, one = lease
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.failed(tx, one, owner, "Unreachable", now))

    @rule(lease=consumes(leases))
    def unknown(self, lease: Leased) -> None:
        owner, one = lease
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.unknown(tx, one, owner, "OutcomeUnknown", now))

    @rule(lease=consumes(leases), wait_s=st.none() | st.floats(0, 100))
    def again(self, lease: Leased, wait_s: float | None) -> None:
        owner, one = lease
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.again(tx, one, owner, "Oops", now, wait_s))

    @rule(seconds=st.sampled_from([0.5, 1, 30, 61, 200]))
    def time_passes(self, seconds: float) -> None:
        self.house.clock.time += timedelta(seconds=seconds)

    @rule(seconds=st.sampled_from([-86_400, -3_600, -61, -1, 3_600, 86_400]))
    def clock_is_set(self, seconds: float) -> None:
        self.house.clock.time += timedelta(seconds=seconds)
        if seconds < 0:
            now = self.house.clock.now()
            self.house.do(lambda tx: shorten_leases(tx, "outbox", LEASE, now))

    @rule(target=leases)
    def all_that_is_ready_goes(self) -> "MultipleResults[Leased]":
        """What nobody has put off waits for nothing but its turn, whatever the clock says."""
        now = self.house.clock.now()
        busy = {(row["channel"], row["address"]) for row in self.rows(Status.LEASED)}
        heads: dict[tuple[object, object], Row] = {}
        for row in self.rows(Status.QUEUED):
            heads.setdefault((row["channel"], row["address"]), row)
        ready = {row["id"] for to, row in heads.items() if to not in busy and not row["error"]}
        claimed = self.house.do(lambda tx: outbox.claim(tx, OWNERS[0], CHANNELS, now, 99))
        assert ready <= {one.id for one in claimed}
        return multiple(*((OWNERS[0], one) for one in claimed))

    @rule()
    def recover(self) -> None:
        now = self.house.clock.now()
        late = [r for r in self.rows(Status.LEASED) if self.until(r) <= now.timestamp()]
        assert self.house.do(lambda tx: outbox.recover(tx, now)) == len(late)

    @rule()
    def restart(self) -> None:
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.recover_all(tx, now))
        assert self.rows(Status.LEASED) == []

    def rows(self, status: Status) -> list[Row]:
        where = {"status": status.value}
        return self.house.do(lambda tx: tx.find("outbox", where, order=("seq",)))

    def until(self, row: Row) -> float:
        return int(row["lease_until"] or 0) / 1e6

    def holds(self, lease: Leased) -> bool:
        owner, one = lease
        where = {"id": one.id, "status": Status.LEASED.value, "lease_owner": owner}
        return self.house.do(lambda tx: tx.get("outbox", where)) is not None

    @invariant()
    def an_address_has_at_most_one_lease(self) -> None:
        addresses = [(row["channel"], row["address"]) for row in self.rows(Status.LEASED)]
        assert len(addresses) == len(set(addresses))

    @invariant()
    def no_lease_is_longer_than_a_new_one(self) -> None:
        latest = (self.house.clock.now() + LEASE).timestamp()
        assert all(self.until(row) <= latest for row in self.rows(Status.LEASED))

    @invariant()
    def nothing_is_lost(self) -> None:
        assert len(self.house.rows("outbox")) == len(self.queued)

    @invariant()
    def a_lease_and_an_end_are_whole(self) -> None:
        for row in self.house.rows("outbox"):
            leased = row["status"] == Status.LEASED.value
            assert (row["lease_owner"] is not None) is leased
            assert (row["lease_until"] is not None) is leased
            ended = row["status"] in {"sent", "failed", "unknown"}
            assert (row["ended_at"] is not None) is ended

    @invariant()
    def at_most_eight_tries(self) -> None:
        for row in self.house.rows("outbox"):
            assert int(row["tries"] or 0) <= MAX_TRIES

    @invariant()
    def only_what_is_held_becomes_unknown(self) -> None:
        for row in self.rows(Status.UNKNOWN):
            assert row["policy"] == "hold"

    @invariant()
    def one_address_receives_in_order(self) -> None:
        for address in {address for address, _ in self.queued}:
            wanted = [text for to, text in self.queued if to == address]
            got = [text for to, text in self.arrived if to == address]
            assert got == [text for text in wanted if text in got]
            assert len(got) == len(set(got))

    def teardown(self) -> None:
        """Then nothing goes wrong any more, and everything that could arrive does."""
        self.house.clock.time += LEASE + timedelta(days=1)
        now = self.house.clock.now()
        self.house.do(lambda tx: outbox.recover_all(tx, now))
        for _ in range(3 * len(self.queued) + 3):
            self.house.clock.time += timedelta(hours=1)
            now = self.house.clock.now()
            claimed = self.house.do(lambda tx, n=now: outbox.claim(tx, "last", CHANNELS, n, 32))  # type: ignore[misc]  # bound at once
            for one in claimed:
                self.house.do(lambda tx, o=one, n=now: outbox.sent(tx, o, "last", "r", n))  # type: ignore[misc]  # bound at once
                self.arrived.append((one.address, one.reply.text))
        assert self.rows(Status.QUEUED) == []
        assert self.rows(Status.LEASED) == []
        self.one_address_receives_in_order()


TestOutbox = Outbox.TestCase
TestOutbox.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
