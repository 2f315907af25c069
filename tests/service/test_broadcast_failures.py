"""What goes wrong again and again around broadcasts: it stops, and whoever waits for it hears so."""

from datetime import datetime

from bot.errors import OutcomeUnknown
from bot.messages import Address, Place
from bot.service import digests, nightly
from bot.service.digests import Digests
from bot.service.job_runner import Finish, Handler, JobRunner
from bot.service.jobs import MAX_TRIES, Job
from tests.builders import wording
from tests.service.broadcast_house import ULR, ZONE, BroadcastHouse, Posting
from tests.service.test_broadcast_outages import in_the_middle, leads
from tests.service.test_broadcasts import REPS, report_of


def try_until_lost(house: BroadcastHouse) -> None:
    """As often as a job is tried, with the waits between."""
    for _ in range(MAX_TRIES):
        house.clock.pass_(minutes=4, seconds=1)
        house.only_jobs()


def test_a_broadcast_that_cannot_go_on_is_stopped_and_its_author_hears_so() -> None:
    house = in_the_middle()
    house.do(lambda tx: tx.delete("delivery", {}))  # but its messages wait: each is in the way
    house.do(lambda tx: tx.update("broadcast", {}, {"cursor": ""}))
    try_until_lost(house)
    assert house.broadcast()["status"] == "halted"
    house.do(lambda tx: tx.delete("outbox", {"lane": "broadcast"}))
    house.work()
    assert house.fates() == dict.fromkeys(REPS, "halted")
    assert leads(house, "broadcast.lost") == 1
    assert wording("fate.halted", count=3) in report_of(house)


class Mute(Posting):
    """A channel that cannot be asked who may post."""

    async def may_post(self, place: Address, account: Address) -> Address | None:
        """See `Prover.may_post`."""
        raise OutcomeUnknown("no answer")


def test_a_place_that_nobody_could_ask_about_is_refused() -> None:
    house = BroadcastHouse()
    channel = Mute()
    channel.sent += house.channel.sent
    house.jobs_of(channel)
    house.command(ULR, "destination", "add Lab 2", place=Place.GROUP)
    try_until_lost(house)
    house.work()
    assert house.rows("destination") == []
    said = [s.reply.text for s in channel.sent if s.address.id == ULR]
    assert said[-1] == wording("destination.refused", name="Lab 2")


def test_a_digest_that_could_not_be_made_comes_the_week_after() -> None:
    def fail(_job: Job, _now: datetime) -> Finish:
        raise OSError("no")

    house = BroadcastHouse()
    nightly.run(house.store, house.content, house.clock, house.clock.now())
    house.work()
    (row,) = house.rows("due_job", kind=digests.KIND)
    handler = Handler(fail, Digests(house.library, ZONE).lost)
    house.runner = JobRunner(house.store, {digests.KIND: handler}, house.clock, lambda: None)
    house.clock.pass_(days=2)
    try_until_lost(house)
    (after,) = house.rows("due_job", kind=digests.KIND)
    week = 7 * 24 * 3600 * 1_000_000
    assert (after["status"], after["due_at"]) == ("due", int(row["due_at"] or 0) + week)
    assert after["payload"] == row["payload"]
