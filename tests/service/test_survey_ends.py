"""How surveys end: who may still hand in, what is said to who comes too late, what the file gives away."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import pytest

from bot.messages import Choice
from bot.service import audit, surveys
from bot.service.ports import Store
from tests.builders import wording
from tests.service.houses import House
from tests.service.test_open_surveys import (
    AGREE,
    HAND_IN,
    NAMED,
    answer,
    do_jobs,
    follow,
    opened,
    slip,
    survey_of,
)

LAST_NIGHT = datetime(2026, 12, 5, 23, 50, tzinfo=UTC)  # of the last day, the 5th


@pytest.fixture
def house(store: Store) -> House:
    return opened(store)


@pytest.fixture
def named(store: Store) -> House:
    return opened(store, NAMED)


def fill_in(house: House, who: str, *words: str) -> None:
    """Somebody answers everything, and does not hand it in."""
    follow(house, who)
    house.press(who, AGREE)
    for one in words:
        house.say(who, one)


def close(house: House) -> None:
    survey, now = survey_of(house), house.clock.now()
    house.do(lambda tx: surveys.close(tx, survey, now))


def test_who_comes_after_the_close_is_not_thanked_and_nothing_of_it_is_kept(named: House) -> None:
    fill_in(named, "ann", "no", "yes")
    assert len(named.rows("run_answer")) == 2
    close(named)
    assert named.press("ann", HAND_IN) == [wording("survey.closed-meanwhile")]
    assert named.rows("run") == [] == named.rows("run_answer")
    assert named.session("ann").runs == ()


def test_a_change_that_comes_after_the_close_leaves_what_was_handed_in(named: House) -> None:
    answer(named, "ann", "no", "yes")
    named.command("ann", "answers")
    named.press("ann", wording("button.reopen", title="Named survey, The depot"))
    named.press("ann", wording("button.change", question="Do you stay?"))
    named.say("ann", "no")
    close(named)
    assert named.press("ann", HAND_IN) == [wording("survey.closed-unchanged")]
    assert {row["revision"] for row in named.rows("run_answer")} == {1}
    assert [row["revision"] for row in named.rows("run")] == [1]


def test_what_was_begun_in_time_goes_in_after_midnight(house: House) -> None:
    house.clock.time = LAST_NIGHT
    fill_in(house, "ann", "no", "yes")
    fill_in(house, "ben", "no", "yes")
    house.clock.pass_(minutes=20)
    assert do_jobs(house) == 0
    assert wording("survey.over", day="Saturday 5 December 2026") in follow(house, "late")
    assert wording("flow.thanks") in house.press("ann", HAND_IN)
    assert len(house.rows("survey_pool")) == 1
    house.clock.pass_(hours=2)
    assert house.press("ben", HAND_IN) == [wording("survey.closed-meanwhile")]
    assert len(house.rows("survey_pool")) == 1, "also where the job that closes it is late"
    assert do_jobs(house) == 1


def test_a_named_one_goes_in_after_midnight_too_and_is_not_opened_again(named: House) -> None:
    named.clock.time = LAST_NIGHT
    fill_in(named, "ann", "no", "yes")
    option = named.option("ann", HAND_IN)
    named.clock.pass_(minutes=20)
    assert named.hear("ann", Choice(option.token))
    assert [row["revision"] for row in named.rows("run")] == [1]
    named.command("ann", "answers")
    named.deliver()
    assert wording("answers.closed") in named.channel.sent[-1].reply.text


def test_whoever_has_the_file_cannot_tell_which_return_was_typed_in_when_and_by_whom(
    house: House,
) -> None:
    """R43: neither the id of a return nor anything made from what else is kept leads to it."""
    for number in range(2):
        slip(house, "no", "yes")
        answer(house, f"p{number}", "yes", "no", "yes")
        house.clock.pass_(minutes=7, seconds=13)
    tables = house.everything()
    pooled = [*tables.pop("survey_pool"), *tables.pop("survey_return")]
    returns = {str(row["id"]) for row in pooled}
    assert len(returns) == 4
    kept = repr(tables)
    assert not [one for one in returns if one in kept]
    known = set(re.findall(r"(?=([a-z2-7]{26}))", kept))
    sizes = (8, 12, 16, 32)
    made = {
        blake2b(f"{one}{end}".encode(), digest_size=size).hexdigest()
        for one in known
        for end in ("", ":return")
        for size in sizes
    }
    assert not returns & made
    lines = [row for row in tables["audit"] if row["what"] == "survey.slip"]
    links = [row for row in tables["audit_link"] if row["line"] in {one["id"] for one in lines}]
    a_day = 24 * 60 * 60 * 1_000_000
    moments = [int(str(row["at"])) for row in (*lines, *links)]
    moments += [int(str(row["id"]).split("-")[0]) for row in lines]
    assert len(moments) == 6
    assert [at % a_day for at in moments] == [0] * 6, "only the day is kept"


def test_the_log_is_whole_after_a_survey_closed_by_itself(house: House) -> None:
    answer(house, "ann", "no", "yes")
    house.clock.time += timedelta(days=30)
    assert do_jobs(house) == 1
    assert [row["who"] for row in house.rows("audit")][-1] == "clock"
    assert house.do(audit.tampered) is None
