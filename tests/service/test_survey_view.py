"""What a turn reads of the surveys: counts and who took part only where the turn may ask for them."""

from dataclasses import replace

import pytest

from bot.engine.session import Session
from bot.engine.survey import Survey
from bot.messages import Address, Choice, Command, Place, Text, Utterance
from bot.service import open_surveys, people
from bot.service.ports import Tx
from bot.storage.memory import MemoryStore
from tests.builders import KEY, wording
from tests.service.houses import CHANNEL, House
from tests.service.test_open_surveys import ASKED, all_flows, answer, follow, link_of, opened


@pytest.fixture
def house() -> House:
    """Ann and four others have answered."""
    house = opened(MemoryStore())
    for who in ("ann", "b", "c", "d", "e"):
        answer(house, who, "no", "yes")
    return house


def seen(house: House, who: str, utterance: Utterance) -> Survey:
    """The one survey, as a turn of somebody sees it."""

    def read(tx: Tx) -> tuple[Survey, ...]:
        known = people.recognise(tx, Address(CHANNEL, who), "")
        view = people.view_of(tx, known, Place.PRIVATE, "")
        view = replace(view, flows=all_flows(ASKED))
        return open_surveys.read(tx, known, view, Session(secret=KEY), utterance).surveys

    (one,) = house.do(read)
    return one


@pytest.mark.parametrize(
    ("who", "utterance", "returns"),
    [
        ("rita", Command("surveys"), 5),
        ("rita", Text("/surveys"), 5),
        ("rita", Text("what does it cost?"), 0),
        ("rita", Command("start"), 0),
        ("ann", Command("surveys"), 0),
    ],
)
def test_returns_are_counted_where_a_rep_asks_for_the_surveys(
    house: House, who: str, utterance: Utterance, returns: int
) -> None:
    assert seen(house, who, utterance).returns == returns


@pytest.mark.parametrize(
    ("words", "is_taken"),
    [("Asked survey", True), ("asked-survey!", True), ("what does it cost?", False)],
)
def test_who_took_part_is_looked_up_where_they_may_begin(
    house: House, words: str, is_taken: bool
) -> None:
    assert seen(house, "ann", Text(words)).is_taken is is_taken
    assert not seen(house, "rita", Text(words)).is_taken


@pytest.mark.parametrize("argument", ["{link}", "flow_asked"])
def test_who_follows_a_link_is_looked_up(house: House, argument: str) -> None:
    command = Command("start", argument.format(link=link_of(house)))
    assert seen(house, "ann", command).is_taken
    assert not seen(house, "rita", command).is_taken


def test_who_kept_a_button_from_before_they_answered_is_told(house: House) -> None:
    follow(house, "zoe")
    option = house.option("zoe", wording("button.agree"))
    house.press("zoe", option.label)
    for words in ("no", "yes"):
        house.say("zoe", words)
    house.press("zoe", wording("button.submit"))
    assert follow(house, "zoe") == [wording("flow.taken", title="Asked survey")]
    assert house.say("zoe", "asked survey") == [wording("flow.taken", title="Asked survey")]
    house.hear("zoe", Choice(option.token))
    assert len(house.rows("ticket")) == 6
