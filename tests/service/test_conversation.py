"""One turn, one transaction: exactly once, never over another's, never out of order (B10, R04)."""

from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.engine.session import Session, encode
from bot.errors import StaleSession, StoreError, StoreFull
from bot.messages import Address, Choice, Command, Edited, Inbound, Place, Text
from bot.service import sessions
from bot.service.conversation import Conversation
from bot.service.ports import Store, Tx
from tests.builders import KEY, wording
from tests.service.houses import CHANNEL, House

T = TypeVar("T")
COST = "How much does registration cost?"


def test_a_stranger_gets_a_person_an_account_a_session_and_an_answer(house: House) -> None:
    assert "It costs" in house.say("ann", COST)[0]
    assert [row["account"] for row in house.rows("identity")] == ["ann"]
    assert [row["branch"] for row in house.rows("person")] == ["main"]
    assert house.session("ann").turn == 1


def test_a_key_seen_before_changes_nothing(house: House) -> None:
    for utterance in (Text(COST), Text("moon"), Command("stop"), Edited("moon")):
        key = f"{CHANNEL}:{utterance}"
        assert house.hear("ann", utterance, key=key) is True
        before = house.everything()
        house.clock.pass_(minutes=5)
        for _ in range(3):
            assert house.hear("ann", utterance, key=key) is False
        assert house.everything() == before


def test_a_repeated_key_of_a_stranger_enrols_nobody(house: House) -> None:
    house.hear("ann", Text(COST), key="k")
    before = house.everything()
    assert house.hear("ben", Text(COST), key="k") is False
    assert house.everything() == before


def test_a_button_pressed_twice_votes_once(house: House) -> None:
    house.say("ann", COST)
    token = house.option("ann", wording("vote.yes")).token
    for n in range(3):
        assert house.hear("ann", Choice(token), key=f"press-{n}")
    (vote,) = house.rows("feedback")
    assert vote["helpful"] == 1


def test_a_turn_counts_once_and_the_version_goes_up(house: House) -> None:
    for turn in range(1, 6):
        house.say("ann", COST)
        assert house.session("ann").turn == turn
        assert house.rows("session")[0]["version"] == turn


class FailingStore:
    """Another store, in whose transactions one write is refused; the port itself is untouched."""

    def __init__(self, store: Store, table: str) -> None:
        self._store, self._table = store, table

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        def failing(tx: Tx) -> T:
            value = work(tx)
            if self._table == "commit":
                raise StoreFull("The disk is full.")
            tx.insert(self._table, {"nobody": "knows this column"})
            return value

        return self._store.submit(failing)

    def submit_ahead(self, work: Callable[[Tx], T]) -> "Future[T]":
        return self.submit(work)

    def checkpoint(self) -> "Future[None]":
        return self._store.checkpoint()

    def close(self) -> None:
        self._store.close()


@pytest.mark.parametrize("table", ["outbox", "session", "miss", "commit"])
@pytest.mark.parametrize("utterance", [Text("moon"), Text(COST), Command("forget", "yes")])
def test_a_turn_that_cannot_be_committed_leaves_nothing_and_says_so(
    house: House, table: str, utterance: Text | Command
) -> None:
    house.say("ann", COST)
    before = house.everything()
    broken = Conversation(FailingStore(house.store, table), house.library, house.clock)
    inbound = Inbound(
        key="k",
        identity=Address(CHANNEL, "ann"),
        address=Address(CHANNEL, "ann"),
        place=Place.PRIVATE,
        utterance=utterance,
    )
    with pytest.raises(StoreError):
        broken.hear(inbound).result(30)
    assert house.everything() == before
    assert house.conversation.hear(inbound).result(30) is True, "and it can be tried again"


def test_a_session_that_somebody_else_saved_is_refused(house: House) -> None:
    house.say("ann", COST)
    known, now = house.known("ann"), house.clock.now()
    session, version = house.do(lambda tx: sessions.load(tx, known, "s"))
    house.do(lambda tx: sessions.save(tx, known, session, version, now))
    with pytest.raises(StaleSession):
        house.do(lambda tx: sessions.save(tx, known, replace(session, turn=99), version, now))
    assert house.session("ann") == session


def test_a_first_session_is_never_written_over_another(house: House) -> None:
    house.say("ann", COST)
    known, now = house.known("ann"), house.clock.now()
    with pytest.raises(StaleSession):
        house.do(lambda tx: sessions.save(tx, known, Session(secret=KEY), sessions.NEW, now))


def test_a_session_of_another_version_of_the_program_begins_anew(house: House) -> None:
    house.say("ann", COST)
    person = house.person("ann")
    old = encode(house.session("ann")).replace('"format":1', '"format":0')
    house.do(lambda tx: tx.update("session", {"person": person}, {"state": old}))
    assert house.say("ann", "repeat") == [wording("repeat.nothing")]
    assert house.session("ann").turn == 1


def test_replies_stand_in_the_outbox_in_their_order(house: House) -> None:
    house.hear("ann", Command("start"))
    assert [reply.text for reply in house.queued()] == [
        wording("welcome"),
        wording("audience.ask"),
    ]


def test_ids_of_one_turn_lead_from_none_to_another(house: House) -> None:
    """The first turn of a stranger makes a person, a secret, a miss and a name for votes."""
    house.hear("ann", Text("moon"))
    person = house.person("ann").removeprefix("p-")
    secret = house.session("ann").secret
    miss = str(house.rows("miss")[0]["id"])
    last = house.session("ann").last
    assert last is not None
    pieces = [person, secret, miss, last.about]
    for one in pieces:
        for other in pieces:
            if one is not other:
                assert not any(one[n : n + 8] in other for n in range(max(len(one) - 8, 1)))


def test_people_have_secrets_of_their_own(house: House) -> None:
    house.say("ann", COST)
    house.say("ben", COST)
    assert house.session("ann").secret != house.session("ben").secret
    assert house.session("ann").secret not in house.person("ann")
    stolen = house.option("ann", wording("vote.yes")).token
    before = house.rows("feedback")
    house.hear("ben", Choice(stolen))
    assert house.rows("feedback") == before


def test_a_fixed_clock_keeps_the_order_of_turns(house: House) -> None:
    """Also where time stands still, or is put back: what was said first goes out first."""
    for number in range(12):
        house.hear("ann", Command("start"), key=f"n{number}")
    house.clock.pass_(hours=-1)
    house.hear("ann", Command("help"), key="last")
    house.clock.pass_(hours=2)
    house.deliver()
    keys = [sent.key for sent in house.channel.sent]
    assert keys == [f"n{n}#{part}" for n in range(12) for part in range(2 if n == 0 else 1)] + [
        "last#0"
    ]


def test_a_known_person_of_no_session_begins_one(house: House) -> None:
    house.say("ann", COST)
    house.do(lambda tx: tx.delete("session", {}))
    assert "It costs" in house.say("ann", COST)[0]
