"""What a rep can do about a reminder where it stands, whatever became of the item meanwhile."""

from datetime import UTC, date, datetime, time

import pytest

from bot.coach.plan import ItemId, Status
from bot.engine.plan_reminding import MOST
from bot.messages import Choice, Option, Place
from bot.service.library import Edition
from tests.builders import wording
from tests.service.coaching import LONDON, CoachHouse
from tests.service.houses import Sent

FIRST, SECOND = "Team up with other reps", "Count the technicians"


@pytest.fixture
def house(edition: Edition) -> CoachHouse:
    """Ann has said yes to reminders."""
    house = CoachHouse(edition)
    house.say("ann", "reminders")
    house.press("ann", wording("button.plan-remind"))
    return house


def reminder(house: CoachHouse, day: date = date(2026, 11, 25)) -> Sent:
    """The reminder that comes on a day."""
    house.clock.time = datetime.combine(day, time(9), LONDON).astimezone(UTC)
    (sent,) = house.work()
    assert "From your plan" in sent.reply.text
    return sent


def labels(sent: Sent) -> list[str]:
    return [option.label for option in sent.reply.options]


def push(house: CoachHouse, option: Option, who: str = "ann") -> str:
    """Somebody presses exactly this button, which may be an old one."""
    return house._turn(who, Choice(option.token), Place.PRIVATE)[-1]


def brought_up(house: CoachHouse) -> ItemId:
    """The item that the first reminder is about."""
    return house.plan().items[0].id


def status(house: CoachHouse, item: ItemId) -> Status:
    found = house.plan().item(item)
    assert found is not None
    return found.status


def test_done_marks_that_step_and_shows_the_next(house: CoachHouse) -> None:
    sent = reminder(house)
    item = brought_up(house)
    assert FIRST in sent.reply.text
    said = push(house, sent.reply.options[0])
    assert f"Done: {FIRST}" in said
    assert f"Next: {SECOND}" in said
    assert status(house, item) is Status.DONE


def test_done_is_of_the_item_that_was_brought_up_and_not_of_the_next_one(
    house: CoachHouse,
) -> None:
    sent = reminder(house)
    item, other = brought_up(house), house.plan().items[1].id
    house.say("ben", "the whole plan")
    house.press("ben", f"{SECOND} in each area")
    house.press("ben", wording("button.plan-first"))
    assert house.plan().items[0].id == other
    assert f"Done: {FIRST}" in push(house, sent.reply.options[0])
    assert (status(house, item), status(house, other)) == (Status.DONE, Status.OPEN)


@pytest.mark.parametrize("who", ["ann", "ben"], ids=["pressed twice", "another rep did it"])
def test_done_a_second_time_changes_nothing(who: str, house: CoachHouse) -> None:
    sent = reminder(house)
    if who == "ann":
        push(house, sent.reply.options[0])
    else:
        house.say("ben", "next")
        house.say("ben", "done")
    before = house.plan().history
    said = push(house, sent.reply.options[0])
    assert wording("coach.unchanged") in said
    assert f"{FIRST} and your negotiators: done." in said
    assert f"Next: {SECOND}" in said
    assert house.plan().history == before


@pytest.mark.parametrize("words", ["move it to 18 december", "not for us", "blocked"])
def test_done_after_somebody_else_changed_it_asks_first(words: str, house: CoachHouse) -> None:
    sent = reminder(house)
    item = brought_up(house)
    house.say("ben", "next")
    house.say("ben", words)
    if words == "blocked":
        house.say("ben", "1")
    before = house.plan().history
    said = push(house, sent.reply.options[0])
    assert "Somebody who shares this plan changed it just before you." in said
    assert house.plan().history == before
    assert status(house, item) is not Status.DONE
    if words == "move it to 18 december":
        house.press("ann", wording("button.plan-anyway"))
        assert status(house, item) is Status.DONE


def test_done_after_they_moved_it_themselves_says_that_it_was_them(house: CoachHouse) -> None:
    sent = reminder(house)
    item = brought_up(house)
    house.say("ann", "next")
    house.say("ann", "move it to 18 december")
    said = push(house, sent.reply.options[0])
    assert "You have changed this yourself" in said
    assert "Somebody who shares" not in said
    house.press("ann", wording("button.plan-anyway"))
    assert status(house, item) is Status.DONE


def test_done_of_a_plan_that_was_put_away_says_so(house: CoachHouse) -> None:
    sent = reminder(house)
    house.say("ben", "archive my plan")
    house.press("ben", wording("button.plan-archive-yes"))
    assert wording("coach.not-shared") in push(house, sent.reply.options[0])
    assert status(house, brought_up(house)) is Status.OPEN


def test_later_asks_for_the_day_and_it_wakes_then(house: CoachHouse) -> None:
    sent = reminder(house)
    assert "When shall I bring this up again" in push(house, sent.reply.options[1])
    assert "I will remind you on Friday 27 November" in house.say("ann", "on friday")[-1]
    woken = reminder(house, date(2026, 11, 27))
    assert "You asked me to bring this up again" in woken.reply.text
    assert f"Done: {FIRST}" in labels(woken)[0]


def test_no_more_reminders_is_one_press(house: CoachHouse) -> None:
    sent = reminder(house)
    assert labels(sent)[-1] == wording("button.plan-quiet")
    push(house, sent.reply.options[-1])
    house.clock.pass_(days=10)
    assert house.work() == []


def test_of_several_items_each_has_a_button_and_words_ask_which(house: CoachHouse) -> None:
    for _ in (FIRST, SECOND):
        house.say("ann", "next")
        house.say("ann", "remind me on wednesday")
    sent = reminder(house)
    named = [label for label in labels(sent) if label.startswith("Done: ")]
    assert len(named) == 2 <= MOST
    asked = house.say("ann", "done")[-1]
    assert wording("coach.which") in asked
    assert [one.status for one in house.plan().items[:2]] == [Status.LATER, Status.LATER]
    push(house, sent.reply.options[1])
    assert [one.status for one in house.plan().items[:2]] == [Status.LATER, Status.DONE]
    push(house, sent.reply.options[0])
    assert [one.status for one in house.plan().items[:2]] == [Status.DONE, Status.DONE]


def test_words_mean_the_item_that_the_reminder_brought_up(house: CoachHouse) -> None:
    reminder(house)
    assert f"Done: {FIRST}" in house.say("ann", "done")[-1]


def test_no_button_of_a_reminder_is_one_of_the_turn_before(house: CoachHouse) -> None:
    house.say("ann", "start the survey")
    house.press("ann", wording("button.agree"))
    house.say("ann", "how much does registration cost?")
    assert house.session("ann").unnumbered, "an answer amid a run has buttons without numbers"
    before = {one.token for one in house.session("ann").offers}
    sent = reminder(house)
    assert before.isdisjoint(option.token for option in sent.reply.options)
    tokens = [one.token for one in house.session("ann").offers]
    assert len(set(tokens)) == len(tokens)
