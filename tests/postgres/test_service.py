"""The service on two processes at once: what was written for a single writer holds."""

import asyncio
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

import pytest

from bot.engine.effects import OpenReview
from bot.engine.effects_surveys import CountSteps
from bot.engine.speech import Draft
from bot.engine.view import View
from bot.messages import Address, Choice, Command, EntryId, Inbound, PersonId, Place, Role, Text
from bot.service import effects, jobs, misses, people, sessions
from bot.service.doing import Doing
from bot.service.intake import Intake
from bot.service.invites import NewInvite, make_invite
from bot.service.ports import Row, Tx
from bot.storage.postgres import PostgresStore
from tests.builders import FixedClock, wording
from tests.postgres.server import emptied
from tests.service.houses import CHANNEL, House
from tests.service.test_questions import ask
from tests.service.test_runs import ANONYMOUS, HAND_IN, NAMED, begin, flows

T = TypeVar("T")
WAIT_S = 60


@pytest.fixture
def houses() -> Iterator[tuple[House, House]]:
    """Two processes of one bot."""
    url = emptied()
    with ExitStack() as stack:
        stores = [stack.enter_context(closing(PostgresStore(url))) for _ in range(2)]
        clocks = [FixedClock(seed=seed) for seed in range(2)]  # each with chance of its own
        first, second = (
            House(store, flows=flows(NAMED, ANONYMOUS), clock=clock)
            for store, clock in zip(stores, clocks, strict=True)
        )
        yield first, second


def at_once(*calls: Callable[[], T]) -> list[T]:
    """What several calls return that begin at the same instant."""
    ready, found = threading.Barrier(len(calls)), dict[int, T]()

    def run(number: int, call: Callable[[], T]) -> None:
        ready.wait(WAIT_S)
        found[number] = call()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    return [found[number] for number in range(len(calls))]


def link(house: House, who: str, other: str) -> None:
    """A second chat of somebody who has written before."""

    def work(tx: Tx) -> None:
        row = tx.get("identity", {"channel": CHANNEL, "account": who})
        assert row is not None
        tx.insert("identity", {**row, "account": other})

    house.do(work)


def test_linked_chats_of_one_person_on_two_replicas_lose_no_turn(
    houses: tuple[House, House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their accounts have locks of their own, so it is the session's version that keeps them apart."""
    first, second = houses
    first.say("ann", "hello")
    link(first, "ann", "ann at home")
    before = first.rows("session")[0]["version"]
    save, left = sessions.save, [3, 2, 1]  # turns that overtake the one that is to be taken
    meanwhile: list[int] = []

    def overtaken(*given: Any) -> None:
        if left and not meanwhile:
            meanwhile.append(left.pop())
            second.hear("ann at home", Text(f"hello {meanwhile[0]}"))
            meanwhile.clear()
        save(*given)

    monkeypatch.setattr(sessions, "save", overtaken)
    account = Address(CHANNEL, "ann")
    inbound = Inbound(
        key="test:last",
        identity=account,
        address=account,
        place=Place.PRIVATE,
        utterance=Text("hello at last"),
    )
    assert asyncio.run(Intake(first.conversation, first.store, lambda: None).hear(inbound))
    assert left == []
    after = first.rows("session")[0]["version"]
    assert (before, after) == (1, 5)
    assert len(first.rows("inbound_key")) == 5


def test_an_update_that_comes_to_both_is_taken_in_once(houses: tuple[House, House]) -> None:
    for number in range(10):
        taken = at_once(
            *(partial(h.hear, f"p{number}", Text("hello"), key=f"k{number}") for h in houses)
        )
        assert sorted(taken) == [False, True]
    assert len(houses[0].rows("person")) == len(houses[0].rows("identity")) == 10


def test_a_code_is_used_once(houses: tuple[House, House]) -> None:
    here, there = houses
    for number in range(8):
        code = f"abcdefghi{number + 2}"
        new = NewInvite(
            id=code, branch=people.DEFAULT_BRANCH, role=Role.REP, code=code, made_by="console"
        )
        here.do(lambda tx, new=new: make_invite(tx, new, here.clock.now()))  # type: ignore[misc]  # bound at once
        at_once(
            lambda n=number, c=code: here.hear(f"a{n}", Command("join", c)),  # type: ignore[misc]  # bound at once
            lambda n=number, c=code: there.hear(f"b{n}", Command("join", c)),  # type: ignore[misc]
        )
    assert len(here.rows("role", name="rep")) == 8
    assert len(here.rows("join_try")) == 8


def test_no_anonymous_return_is_lost_and_one_survey_opens(houses: tuple[House, House]) -> None:
    presses = []
    for number in range(12):
        house, who = houses[number % 2], f"p{number}"
        begin(house, who, "Secret survey")
        house.say(who, f"word {number}")
        token = house.option(who, HAND_IN).token
        presses.append(lambda h=house, w=who, t=token: h.hear(w, Choice(t)))
    assert all(at_once(*presses))
    here = houses[0]
    assert len(here.rows("survey")) == 1
    assert len(here.rows("ticket")) == 12
    bodies = [
        str(row["body"]) for each in ("survey_pool", "survey_return") for row in here.rows(each)
    ]
    assert len(bodies) == 12
    assert all(any(f"word {number}\\" in body for body in bodies) for number in range(12))


def test_a_question_is_taken_by_one_rep(houses: tuple[House, House]) -> None:
    here, there = houses
    for house, who in ((here, "rita"), (there, "roy"), (here, "ann")):
        house.say(who, "hello")
    here.grant("rita", Role.REP)
    here.grant("roy", Role.REP)
    ask(here, "ann")
    here.deliver()
    presses = []
    for house, who in ((here, "rita"), (there, "roy")):
        house.command(who, "questions")
        token = house.option(who, wording("button.desk-take", number=1)).token
        presses.append(lambda h=house, w=who, t=token: _pressed(h, w, t))
    at_once(*presses)
    assert len(here.rows("take")) == 1


def _pressed(house: House, who: str, token: object) -> bool:
    return house.hear(who, Choice(token))  # type: ignore[arg-type]  # a token


def test_what_others_send_somebody_loses_none_of_their_turns(houses: tuple[House, House]) -> None:
    here, there = houses
    here.say("rita", "hello")
    rita, before = here.person("rita"), here.session("rita").turn

    def tell(tx: Tx) -> None:
        sessions.show_between_turns(tx, rita, Draft(text="News."))

    for number in range(15):
        at_once(
            lambda n=number: here.hear("rita", Text(f"moon {n}?")),  # type: ignore[misc]  # bound at once
            lambda: there.do(tell) is None,
        )
    assert here.session("rita").turn == before + 15


def test_every_showing_of_an_entry_due_for_a_check_counts(houses: tuple[House, House]) -> None:
    known = people.Known(PersonId("p"), people.DEFAULT_BRANCH, is_new=False)
    effect = OpenReview(entry=EntryId("cost"), review_by="2026-01-01")

    def show(house: House) -> Callable[[], None]:
        work = lambda tx: misses.keep(tx, known, effect, house.clock.now())  # noqa: E731 - a name to read by
        return lambda: house.store.submit(work, ()).result(WAIT_S)

    for _ in range(15):
        at_once(*(show(house) for house in houses))
    assert [row["shown"] for row in houses[0].rows("review")] == [30]


def test_every_step_of_a_survey_counts_and_none_waits_for_those_of_others(
    houses: tuple[House, House],
) -> None:
    here, _ = houses
    row: Row = {
        "id": "s",
        "branch": people.DEFAULT_BRANCH,
        "flow": "f",
        "flow_hash": "h",
        "opened_at": 1,
    }
    here.do(lambda tx: tx.insert("survey", row))
    steps = [("q1", "left"), ("q2", "reached"), ("q1", "s5")]

    def count(house: House, *order: tuple[str, str]) -> Callable[[], None]:
        effect = CountSteps(survey="s", counts=dict.fromkeys(order, 1))
        known = people.Known(PersonId("p"), people.DEFAULT_BRANCH, is_new=False)

        def work(tx: Tx) -> None:
            view = View(person=known.person, branch=known.branch, place=Place.PRIVATE, fresh="")
            doing = Doing(
                tx=tx,
                known=known,
                view=view,
                content=house.content,
                now=house.clock.now(),
                chance=house.clock.fresh,
            )
            effects.apply(doing, [effect])

        return lambda: house.store.submit(work, (house.clock.fresh(),)).result(WAIT_S)

    for _ in range(15):
        at_once(*(count(h, *order) for h in houses for order in (steps, steps[::-1])))
    found = {(row["question"], row["what"]): row["count"] for row in here.rows("survey_count")}
    assert found == dict.fromkeys(steps, 60)


def test_replies_go_out_once_and_in_their_order(houses: tuple[House, House]) -> None:
    here, there = houses
    for number in range(60):
        houses[number % 2].hear(f"p{number % 6}", Text(f"moon {number}?"))
    rows = here.do(lambda tx: tx.find("outbox", {}, order=("seq",)))
    at_once(here.deliver, there.deliver, here.deliver, there.deliver)
    sent = [*here.channel.sent, *there.channel.sent]
    assert Counter(one.key for one in sent) == Counter(str(row["id"]) for row in rows)
    wanted, found = defaultdict(list), defaultdict(list)
    for row in rows:
        wanted[row["address"]].append((row["id"], row["receipt"] is None))
    for row in here.do(
        lambda tx: tx.find("outbox", {"status": "sent"}, order=("ended_at", "seq"))
    ):
        found[row["address"]].append((row["id"], row["receipt"] is not None))
    assert found == wanted


def test_a_job_is_leased_to_one(houses: tuple[House, House]) -> None:
    now = houses[0].clock.now()
    for number in range(20):
        job = jobs.Job(
            kind="k", subject=str(number), branch=people.DEFAULT_BRANCH, due_at=now - timedelta(1)
        )
        houses[0].do(lambda tx, job=job: jobs.schedule(tx, job, now))  # type: ignore[misc]  # bound at once

    def claim(house: House) -> Callable[[], list[str]]:
        def work(tx: Tx) -> list[str]:
            return [one.job.subject for one in jobs.claim(tx, "me", ("k",), now, 3)]

        def several() -> list[str]:
            return [
                s for _ in range(6) for s in house.store.submit(work, (jobs.LOCK,)).result(WAIT_S)
            ]

        return several

    claimed = at_once(*(claim(house) for house in houses))
    assert Counter(subject for each in claimed for subject in each) == Counter(map(str, range(20)))
