"""What editors learn from: misses without a person, labels, votes that change, reviews (J1, A9, A10, A12)."""

import pytest

from bot.messages import Choice, Command, Edited, Text
from bot.service.clock import micros
from bot.service.ports import Store
from bot.storage.memory import MemoryStore
from tests.builders import answered, torn, wording
from tests.service.houses import CHANNEL, House

COST, EMPLOYER = "How much does registration cost?", "Will my employer pay the fee?"
LISTED = {"the fee?": torn("cost", "employer")}
HELPFUL, NOT_HELPFUL = wording("vote.yes"), wording("vote.no")


@pytest.fixture
def house(store: Store) -> House:
    return House(store, listed=LISTED)


def test_a_miss_has_scrubbed_words_a_day_and_no_person(house: House) -> None:
    house.clock.pass_(hours=3, minutes=17)
    house.say("ann", "does my manager Dave Smith on 07700 900123 pay?")
    (miss,) = house.rows("miss")
    assert "Dave" not in str(miss["words"])
    assert "07700" not in str(miss["words"])
    assert "pay" in str(miss["words"])
    assert (miss["outcome"], miss["chosen"], miss["status"]) == ("decline", None, "new")
    assert int(miss["at"] or 0) % micros_of_a_day() == 0
    assert house.person("ann") not in repr(miss)


def micros_of_a_day() -> int:
    return 24 * 60 * 60 * 1_000_000


def test_nothing_leads_from_a_person_to_their_miss_after_the_next_turn(house: House) -> None:
    house.say("ann", "the fee?")
    (miss,) = house.rows("miss")
    house.say("ann", COST)
    everything = {table: rows for table, rows in house.everything().items() if table != "miss"}
    assert str(miss["id"])[:8] not in repr(everything)


def test_one_person_counts_once_and_two_count_as_two_within_a_month(house: House) -> None:
    for who in ("ann", "ann", "ben"):
        house.say(who, "moon?")
    assert len({row["asker"] for row in house.rows("miss")}) == 2
    house.clock.pass_(days=30)
    house.say("ann", "moon?")
    assert len({row["asker"] for row in house.rows("miss")}) == 3, "months cannot be joined"


@pytest.mark.parametrize("way", ["press", "number", "title"])
def test_a_pick_labels_the_question(house: House, way: str) -> None:
    house.say("ann", "the fee?")
    match way:
        case "press":
            house.press("ann", EMPLOYER)
        case "number":
            house.say("ann", "2")
        case _:
            house.say("ann", EMPLOYER)
    (miss,) = house.rows("miss")
    assert (miss["outcome"], miss["chosen"]) == ("disambiguate", "employer")


def test_none_of_these_is_a_label_too(house: House) -> None:
    house.say("ann", "the fee?")
    house.press("ann", wording("disambiguate.none"))
    assert house.rows("miss")[0]["chosen"] == "none"


def test_a_late_pick_labels_nothing(house: House) -> None:
    house.say("ann", "the fee?")
    button = house.option("ann", EMPLOYER)
    house.command("ann", "status")
    house.hear("ann", Choice(button.token))
    assert house.rows("miss")[0]["chosen"] is None


def test_a_vote_is_kept_once_and_can_be_changed(house: House) -> None:
    house.say("ann", COST)
    yes, no = house.option("ann", HELPFUL), house.option("ann", NOT_HELPFUL)
    seen = []
    for option in (yes, no, no, yes):
        house.hear("ann", Choice(option.token))
        (vote,) = house.rows("feedback")
        seen.append((vote["helpful"], vote["why"]))
    assert seen == [(1, None), (0, None), (0, None), (1, None)]


def test_a_reason_is_kept_with_the_vote_and_goes_when_the_vote_changes(house: House) -> None:
    house.say("ann", COST)
    yes = house.option("ann", HELPFUL)
    house.press("ann", NOT_HELPFUL)
    house.press("ann", wording("reason.old"))
    (vote,) = house.rows("feedback")
    assert (vote["entry"], vote["helpful"], vote["why"]) == ("cost", 0, "old")
    house.hear("ann", Choice(yes.token))
    (vote,) = house.rows("feedback")
    assert (vote["helpful"], vote["why"]) == (1, None)


def test_a_decline_can_be_voted_on(house: House) -> None:
    house.say("ann", "moon?")
    house.press("ann", NOT_HELPFUL)
    (vote,) = house.rows("feedback")
    assert (vote["entry"], vote["helpful"]) == (None, 0)


def test_each_answer_and_each_person_has_a_vote_of_its_own(house: House) -> None:
    for who in ("ann", "ben"):
        for question in (COST, EMPLOYER):
            house.say(who, question)
            house.press(who, HELPFUL)
    assert len(house.rows("feedback")) == 4


def test_a_stale_answer_opens_one_review_item_and_counts(house: House) -> None:
    for _ in range(3):
        house.say("ann", "What is registration?")
    (review,) = house.rows("review")
    assert (review["entry"], review["shown"], review["review_by"]) == ("basics", 3, "2026-01-01")
    assert house.person("ann") not in repr(review)


def test_a_fresh_answer_opens_none(house: House) -> None:
    house.say("ann", COST)
    assert house.rows("review") == []


SENSITIVE = ("they want to sack me", "i want to end it all")


@pytest.mark.parametrize("words", SENSITIVE)
@pytest.mark.parametrize("kind", [Text, Edited])
def test_a_signpost_stores_nothing_of_what_was_said(
    house: House, words: str, kind: type[Text] | type[Edited]
) -> None:
    """Only the outbox holds the card that goes out; no row anywhere holds any of the words (A12)."""
    house.say("ann", "hello")
    before = house.everything()
    house.hear("ann", kind(words), key="k")
    after = house.everything()
    assert {table for table in before if before[table] != after[table]} == {
        "session",
        "inbound_key",
        "outbox",
    }
    content = repr({table: rows for table, rows in after.items() if table != "outbox"})
    for word in words.split():
        assert len(word) < 4 or word not in content
    assert words not in repr(after["outbox"])
    session = house.session("ann")
    assert session.last is None
    for topic in house.content.sensitive.topics:
        assert topic.id not in content


def test_words_of_an_answered_question_are_kept_nowhere() -> None:
    house = House(MemoryStore(), listed={"zebra quarry?": answered("cost")})
    house.hear("ann", Text("zebra quarry?"))
    house.hear("ann", Command("why"))
    assert "zebra" not in repr(house.everything())


def test_the_key_of_a_message_says_nothing_of_its_words(house: House) -> None:
    house.say("ann", COST)
    assert all(str(row["key"]).startswith(CHANNEL) for row in house.rows("inbound_key"))
    assert micros(house.clock.now()) == house.rows("inbound_key")[0]["at"]
