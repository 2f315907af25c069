"""What `/metrics` says: enough to raise an alarm, and nothing about people (R51)."""

import asyncio
import re

from bot.cli.metrics import MeasuredStore, Metrics
from bot.messages import BranchId
from bot.service import jobs
from bot.service.jobs import Job
from bot.storage.memory import MemoryStore
from tests.service.houses import House


def values(page: bytes) -> dict[str, float]:
    lines = [line for line in page.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_what_waits_and_for_how_long() -> None:
    house = House(MemoryStore())
    metrics = Metrics(house.clock)
    store = MeasuredStore(house.store, metrics)
    job = Job(kind="x", subject="y", branch=BranchId("main"), due_at=house.clock.now())
    store.submit(lambda tx: jobs.schedule(tx, job, house.clock.now())).result()
    house.say("ann", "hello")
    house.clock.pass_(seconds=90)
    found = values(asyncio.run(metrics.page(store)))
    assert found['pathways_outbox_messages{status="sent"}'] >= 1
    assert found['pathways_jobs{status="due"}'] == 1
    assert found['pathways_oldest_waiting_seconds{what="jobs"}'] == 90
    assert found['pathways_oldest_waiting_seconds{what="outbox"}'] == 0
    assert found["pathways_store_up"] == 1
    assert found["pathways_store_wait_seconds_count"] >= 1
    assert found["pathways_store_commit_seconds_count"] >= 1


def test_a_store_that_does_not_answer_is_told() -> None:
    house = House(MemoryStore())
    metrics = Metrics(house.clock)
    house.store.close()
    assert values(asyncio.run(metrics.page(house.store)))["pathways_store_up"] == 0


def test_no_label_leads_to_a_person_or_a_branch() -> None:
    house = House(MemoryStore())
    metrics = Metrics(house.clock)
    house.say("ann-of-lab-2", "i am called ann")
    page = asyncio.run(metrics.page(house.store)).decode()
    assert not re.search(rf"ann|main|{house.person('ann-of-lab-2')}", page)
