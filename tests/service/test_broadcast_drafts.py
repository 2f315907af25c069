"""Broadcasts while they are written: no typed word is lost, and only those are counted who are meant."""

import json
from collections.abc import Callable, Sequence

import pytest

from bot.engine.broadcast_needs import is_board_needed
from bot.engine.bulletins import EVERYBODY
from bot.messages import Choice, Place, Text, Utterance
from bot.service import bulletin_board, people, recipients
from bot.service.ports import Row, Tx, Where
from tests.builders import wording
from tests.service.broadcast_house import ULR, WORDS, BroadcastHouse
from tests.service.test_broadcast_places import close_lab_2, to_lab_2

REPS, ULRS = "role:rep", "role:ulr"
EACH = [EVERYBODY, REPS, ULRS]


def drafts(house: BroadcastHouse) -> list[str]:
    """The words of every draft."""
    rows = house.rows("broadcast", status="draft")
    return sorted(json.loads(str(row["texts"])).get("en", "").replace("\\", "") for row in rows)


def test_what_was_typed_stays_when_another_is_begun() -> None:
    house = BroadcastHouse()
    house.compose(words="One thing.")
    house.clock.pass_(seconds=1)
    house.compose(words="Another thing.")
    assert drafts(house) == ["Another thing.", "One thing."]
    (said,) = house.command(ULR, "broadcast")
    assert said.index("Another thing") < said.index("One thing")
    preview = house.press(ULR, wording("button.bc-number", number=2))
    assert "One thing" in preview[0]


def test_what_was_typed_stays_when_another_is_taken_back_to_be_changed() -> None:
    house = BroadcastHouse()
    house.send(when="Monday at 9", words="One thing.")
    house.compose(words="Another thing.")
    house.command(ULR, "broadcast")
    house.press(ULR, wording("button.bc-list"))
    house.press(ULR, wording("button.bc-number", number=1))
    house.press(ULR, wording("button.bc-do-change"))
    assert drafts(house) == ["Another thing.", "One thing."]


def test_only_the_one_that_is_thrown_away_goes() -> None:
    house = BroadcastHouse()
    house.compose(words="One thing.")
    house.compose(words="Another thing.")
    house.press(ULR, wording("button.bc-drop"))
    assert drafts(house) == ["One thing."]
    assert wording("broadcast.unfinished") in house.command(ULR, "broadcast")[0]


def test_of_those_without_a_word_only_the_last_is_kept() -> None:
    house = BroadcastHouse()
    house.compose()
    for _ in range(3):
        house.command(ULR, "broadcast", "new")
        house.press(ULR, wording("button.bc-own"))
    assert drafts(house) == ["", WORDS]
    assert wording("broadcast.no-words") in house.command(ULR, "broadcast")[0]


def read(house: BroadcastHouse, utterance: Utterance, who: str = ULR) -> list[str]:
    """The audiences whose people are read for a turn that is about to begin."""
    known, session, now = house.known(who), house.session(who), house.clock.now()

    def work(tx: Tx) -> list[str]:
        view = people.view_of(tx, known, Place.PRIVATE, "fresh")
        return sorted(bulletin_board.read(tx, view, session, utterance, now).people)

    return house.do(work)


def button(house: BroadcastHouse, key: str, who: str = ULR, **gaps: str | int) -> Choice:
    return Choice(house.option(who, wording(key, **gaps)).token)


def test_people_are_read_only_where_they_are_counted() -> None:
    house = BroadcastHouse()
    house.command(ULR, "broadcast", "new")
    assert read(house, button(house, "button.bc-own")) == []
    house.press(ULR, wording("button.bc-own"))
    assert read(house, Text(WORDS)) == []
    house.say(ULR, WORDS)
    assert read(house, button(house, "button.bc-service")) == EACH
    house.press(ULR, wording("button.bc-service"))
    label = wording("button.bc-audience", name=wording("broadcast.to-rep"), count=3)
    assert read(house, Choice(house.option(ULR, label).token)) == []
    house.press(ULR, label)
    assert read(house, button(house, "button.bc-none")) == []
    house.press(ULR, wording("button.bc-none"))
    assert read(house, Text("Monday at 9")) == [REPS]
    house.say(ULR, "Monday at 9")
    wanted = {"confirm": [REPS], "change-texts": [], "change-audience": EACH, "drop": []}
    assert {key: read(house, button(house, f"button.bc-{key}")) for key in wanted} == wanted
    house.press(ULR, wording("button.bc-change-texts"))
    assert read(house, Text(WORDS)) == [REPS]
    assert wording("broadcast.total", count=3) in house.say(ULR, WORDS)[1]
    house.press(ULR, wording("button.bc-confirm"))
    assert read(house, button(house, "button.bc-show")) == []


def test_a_typed_number_finds_the_people_it_is_about() -> None:
    house = BroadcastHouse()
    house.compose()
    house.press(ULR, wording("button.bc-change-audience"))
    labels = [option.label for option in house.channel.sent[-1].reply.options]
    wanted = wording("button.bc-audience", name=wording("broadcast.to-rep"), count=3)
    said = house.say(ULR, str(labels.index(wanted) + 1))
    assert wording("broadcast.total", count=3) in said[1]


def test_whom_else_to_pick_is_counted_where_a_place_was_closed() -> None:
    house = to_lab_2("now")
    close_lab_2(house)
    house.press(ULR, wording("button.bc-confirm"))
    labels = {option.label for option in house.channel.sent[-1].reply.options}
    assert wording("button.bc-audience", name=wording("broadcast.to-rep"), count=3) in labels


def test_a_question_to_the_faq_reads_nothing_of_broadcasts() -> None:
    house = BroadcastHouse()
    house.compose()
    cost = Text("How much does registration cost?")
    house.say(ULR, cost.text)
    assert any(offer.act.name.startswith("bc-") for offer in house.session(ULR).offers)
    assert not is_board_needed(house.session(ULR), cost)
    assert is_board_needed(house.session(ULR), button(house, "button.bc-confirm"))


class Counted:
    """A transaction that counts the rows that are read through it."""

    def __init__(self, tx: Tx) -> None:
        self.rows = 0
        self._find = tx.find

    def find(
        self, table: str, where: Where, *, order: Sequence[str] = (), limit: int | None = None
    ) -> list[Row]:
        """See `Tx.find`."""
        found = self._find(table, where, order=order, limit=limit)
        self.rows += len(found)
        return found


def runs_of(house: BroadcastHouse, many: Callable[[int], int]) -> None:
    """Everybody has begun the same flow, some of them several times."""
    rest: Row = {"flow_hash": "h", "version": "1", "revision": 0, "began_at": 1, "changed_at": 1}
    for number in range(9):
        whose = house.known(f"rep{number}")
        for again in range(many(number)):
            row: Row = {"id": f"{number}-{again}", "branch": whose.branch, "person": whose.person}
            house.do(lambda tx, row=row: tx.insert("run", {**row, **rest, "flow": "fees"}))  # type: ignore[misc]  # bound at once


@pytest.mark.parametrize("audience", [EVERYBODY, REPS, "unfinished:fees"])
def test_a_page_of_an_audience_reads_no_more_than_the_page(audience: str) -> None:
    house = BroadcastHouse(people=9)
    runs_of(house, lambda number: 1 + 6 * (number % 3 == 0))
    branch = house.known(ULR).branch

    def pages(tx: Tx) -> tuple[list[str], int]:
        found: list[str] = []
        most, page = 0, [""]
        while page:
            counted = Counted(tx)
            page = recipients.members(counted, branch, audience, page[-1], 2)  # type: ignore[arg-type]  # it only reads
            most = max(most, counted.rows)
            found += page
        return found, most

    found, most = house.do(pages)
    everybody = sorted(str(row["id"]) for row in house.rows("person"))
    reps = sorted(house.person(f"rep{number}") for number in range(9))
    assert found == (everybody if audience == EVERYBODY else reps)
    assert most <= 6
