"""A process that takes nothing in: it delivers, or only asks Slack what the jobs want to know."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest_asyncio
from pydantic import SecretStr

from bot.channels.slack.spots import Spot
from bot.cli.running import House, Use, open_house
from bot.errors import DeliveryError, Throttled
from bot.messages import Address, Place, Reply, ReplyKind
from bot.service import destinations, jobs, people
from bot.service.clock import SystemClock
from bot.service.jobs import Job
from bot.service.library import Edition
from bot.service.ports import Row, Tx
from bot.settings import Settings
from bot.wiring import open_store
from tests.channels.slack.fake import BOT_TOKEN, THROTTLED, FakeSlack, Fault
from tests.channels.slack.payloads import BOT, TEAM, direct_of

ANN, ROOM = "U0001", "C0001"
HERE = Spot(team=TEAM, user=ANN, channel=ROOM, thread="1700.1").address()
WAITS: Row = {
    "id": "k#0", "branch": people.DEFAULT_BRANCH, "person": None, "seq": 1, "channel": "slack",
    "address": f"{TEAM}:{ANN}", "place": "private", "lane": "reply", "policy": "resend",
    "body": "{}", "status": "queued", "tries": 0, "due_at": 0, "made_at": 0,
}  # fmt: skip


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    opened = FakeSlack()
    await opened.start()
    yield opened
    await opened.stop()


@asynccontextmanager
async def process(fake: FakeSlack, folder: Path, cache: Path, use: Use) -> AsyncIterator[House]:
    """One that has Slack for one thing."""
    settings = Settings(
        database_url=f"sqlite:///{folder}/parts.db",
        cache=cache,
        listen="",
        slack_bot_token=SecretStr(BOT_TOKEN),
        slack_api_url=fake.api_url.rstrip("/"),
    )
    clock = SystemClock()
    store = open_store(settings.database_url, clock)
    try:
        async with open_house(settings, {"slack": use}, store, clock) as house:
            yield house
    finally:
        await asyncio.to_thread(store.close)


def said(fake: FakeSlack, name: str) -> int:
    return sum(called == name for called, _ in fake.calls)


async def test_jobs_ask_slack_who_may_post_and_deliver_nothing(
    fake: FakeSlack, tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    fake.members[ROOM] = [ANN, BOT]
    now = SystemClock().now()
    asked = {"channel": "slack", "place": HERE.id, "account": f"{TEAM}:{ANN}", "name": "Lab"}
    job = Job(
        kind=destinations.KIND,
        subject="d",
        branch=people.DEFAULT_BRANCH,
        due_at=now,
        payload=asked,
    )

    def work(tx: Tx) -> None:
        jobs.schedule(tx, job, now)
        tx.insert("outbox", WAITS)

    async with process(fake, tmp_path, index_cache, Use.PROVES) as house:
        house.store.submit(work).result()
        assert await house.jobs.work_due() == 1
        assert await house.deliverer.deliver_due() == 0
        (added,) = house.store.submit(lambda tx: tx.find("destination", {})).result()
    assert (added["channel"], added["address"]) == ("slack", f"{TEAM}:/{ROOM}/")
    assert fake.messages == []


async def test_deliveries_learn_once_who_the_bot_is(
    fake: FakeSlack, tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    reply = Reply(text="In private, please.", kind=ReplyKind.CARD, opens="hello")
    async with process(fake, tmp_path, index_cache, Use.DELIVERS) as house:
        slack = house.channels["slack"]
        await slack.send(HERE, Place.GROUP, reply, "one#0")
        await slack.send(Address("slack", f"{TEAM}:{ANN}"), Place.PRIVATE, reply, "two#0")
    shown = fake.said_to(ROOM)[0]
    assert f"slack://user?team={TEAM}&id={BOT}" in str(shown["blocks"])
    assert len(fake.said_to(direct_of(ANN))) == 1
    assert said(fake, "auth.test") == 1


async def test_what_slack_does_not_say_is_asked_again_and_nothing_is_in_doubt(
    fake: FakeSlack, tmp_path: Path, index_cache: Path, edition: Edition
) -> None:
    refused = '{"ok": false, "error": "account_inactive"}'
    fake.faults["auth.test"] = [Fault(status=0), THROTTLED, Fault(status=200, body=refused)]
    async with process(fake, tmp_path, index_cache, Use.DELIVERS) as house:
        slack, errors = house.channels["slack"], []
        for number in range(4):
            try:
                await slack.send(HERE, Place.GROUP, Reply(text="Hello."), f"{number}#0")
            except DeliveryError as error:
                errors.append(type(error))
    assert errors == [Throttled] * 3
    assert len(fake.messages) == 1
