"""What runs leave in the store: named ones their answers, anonymous ones nothing that leads to anybody."""

import json

import pytest

from bot.flows.loading import parse_flows
from bot.flows.model import Flows
from bot.messages import Role
from bot.service.ports import Store
from tests.builders import wording
from tests.service.houses import House

NAMED = """
id: named
version: "1"
title: Named things
purpose: things
retention: filled-in
roles: [rep]
questions:
  - {type: text, name: thing, label: Which thing?, required: true}
  - {type: integer, name: many, label: How many?}
"""
ANONYMOUS = """
id: secret
version: "1"
title: Secret survey
purpose: survey
retention: filled-in
anonymous: true
questions:
  - {type: text, name: word, label: Which word?, required: true}
"""
AGREE, HAND_IN = wording("button.agree"), wording("button.submit")


def flows(*texts: str) -> Flows:
    return parse_flows({f"{at}.yaml": text for at, text in enumerate(texts)})


@pytest.fixture
def house(store: Store) -> House:
    return House(store, flows=flows(NAMED, ANONYMOUS))


def begin(house: House, who: str, title: str) -> list[str]:
    """Agrees where that was not done before."""
    house.say(who, title)
    labels = [offer.label for offer in house.session(who).offers[-2:]]
    return house.press(who, AGREE if AGREE in labels else wording("button.begin"))


def fill_in(house: House, who: str, word: str) -> list[str]:
    begin(house, who, "Secret survey")
    house.say(who, word)
    return house.press(who, HAND_IN)


def test_nothing_is_kept_before_somebody_agreed(house: House) -> None:
    (about,) = house.say("ann", "Secret survey")
    assert wording("consent-text.survey") in about
    assert house.rows("flow_text") == [] == house.rows("consent")
    house.press("ann", AGREE)
    (consent,) = house.rows("consent")
    assert consent["purpose"] == "survey"


def test_who_agreed_once_is_not_asked_again(house: House) -> None:
    begin(house, "ann", "Secret survey")
    house.command("ann", "cancel")
    (about,) = house.say("ann", "Secret survey")
    assert wording("consent-text.survey") not in about
    assert "Which word?" in house.press("ann", wording("button.begin"))[-1]


def test_a_named_run_is_kept_as_it_goes_and_with_every_revision(house: House) -> None:
    house.say("ann", "hello")
    house.grant("ann", Role.REP)
    begin(house, "ann", "Named things")
    house.say("ann", "a drill")
    (draft,) = house.rows("run_answer")
    assert (draft["revision"], json.loads(str(draft["value"]))) == (0, "a drill")
    house.say("ann", "about 12")
    house.press("ann", HAND_IN)
    (run,) = house.rows("run")
    assert run["revision"] == 1
    assert run["submitted_at"]
    kept = {row["name"]: row for row in house.rows("run_answer")}
    assert {row["revision"] for row in kept.values()} == {1}
    assert json.loads(str(kept["many"]["value"])) == 12
    assert kept["many"]["is_about"] == 1


def test_a_run_is_for_those_it_is_meant_for(house: House) -> None:
    said = house.say("ann", "Named things")
    assert said == [wording("flow.not-yours", title="Named things")]


def test_leaving_a_run_leaves_nothing_of_it(house: House) -> None:
    house.say("ann", "hello")
    house.grant("ann", Role.REP)
    begin(house, "ann", "Named things")
    house.say("ann", "a drill")
    house.command("ann", "cancel")
    assert house.rows("run") == [] == house.rows("run_answer")


def test_taking_an_agreement_back_deletes_what_was_filled_in(house: House) -> None:
    house.say("ann", "hello")
    house.grant("ann", Role.REP)
    begin(house, "ann", "Named things")
    house.say("ann", "a drill")
    house.command("ann", "consent", "things")
    assert house.rows("run") == [] == house.rows("run_answer")
    house.say("ann", "12")
    assert house.press("ann", HAND_IN)[-1] == wording("flow.not-kept")
    assert house.rows("run_answer") == []


def test_forgetting_somebody_deletes_what_they_filled_in(house: House) -> None:
    house.say("ann", "hello")
    house.grant("ann", Role.REP)
    begin(house, "ann", "Named things")
    house.say("ann", "a drill")
    house.command("ann", "forget", "yes")
    assert house.rows("run") == [] == house.rows("run_answer")


def test_a_run_ends_on_the_flow_it_began_on_after_a_restart(house: House) -> None:
    begin(house, "ann", "Secret survey")
    again = House(house.store, clock=house.clock, flows=flows(ANONYMOUS.replace("word?", "name?")))
    assert "Which word?" in again.command("ann", "repeat")[-1]


def test_an_anonymous_return_has_no_person_no_time_and_no_order(house: House) -> None:
    for at in range(4):
        fill_in(house, f"p{at}", f"word {at}")
    pool = house.rows("survey_pool")
    assert len(pool) == 4
    assert {key for row in pool for key in row} == {
        "id", "survey", "branch", "version", "body", "entered",
    }  # fmt: skip
    assert house.rows("survey_return") == []
    fill_in(house, "p4", "word 4")
    assert house.rows("survey_pool") == []
    returns = house.rows("survey_return")
    words = {json.loads(str(row["body"]))[0][2] for row in returns}
    assert words == {f'"word {at}"' for at in range(5)}
    assert house.rows("run") == [] == house.rows("run_answer")


def test_no_message_and_no_session_keeps_what_was_handed_in(house: House) -> None:
    fill_in(house, "ann", "zanzibar")
    for table in ("session", "outbox", "inbound_key", "run_answer", "miss"):
        assert "zanzibar" not in repr(house.rows(table)), table


def test_each_person_hands_in_once(house: House) -> None:
    fill_in(house, "ann", "one")
    assert house.say("ann", "Secret survey") == [wording("flow.taken", title="Secret survey")]
    assert len(house.rows("survey_pool")) == 1
