"""New versions of a flow while thousands are inside: each ends on the one they began on (R23)."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.flows.loading import parse_flows
from bot.flows.model import Flows
from bot.messages import Choice, Text
from bot.storage.sqlite import SQLiteStore
from tests.builders import wording
from tests.service.crowds import FIRST, gather
from tests.service.houses import CHANNEL, House

VERSIONS = 40  # more than the process keeps parsed at a time
GROWTH_MB = (
    40.0  # of the process while thousands change over; what ten people take it has taken before
)
COUNTS = [pytest.param(120), pytest.param(10_000, marks=pytest.mark.long)]
NAMED = """
id: things
version: "{version}"
title: Named things
purpose: things
retention: filled-in
roles: [rep]
questions:
  - {{type: text, name: thing, label: "Which thing, in version {version}?", required: true}}
  - {{type: integer, name: many, label: "How many, in version {version}?", required: true}}
"""
ANONYMOUS = """
id: secret
version: "{version}"
title: Secret survey
purpose: survey
retention: filled-in
anonymous: true
questions:
  - {{type: text, name: word, label: "Which word, in version {version}?", required: true}}
  - {{type: text, name: other, label: "Which other, in version {version}?", required: true}}
"""
KINDS = ("Named things", "Secret survey")


def flows(version: int) -> Flows:
    """What the folder of content holds at one time: the newest version of each, and no other."""
    texts = {"things.yaml": NAMED, "secret.yaml": ANONYMOUS}
    return parse_flows({name: text.format(version=version) for name, text in texts.items()})


def who(number: int) -> str:
    return str(FIRST + number)


def megabytes() -> float:
    """What this process holds in memory; 0 where the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * 4096 / 1e6 if status.exists() else 0.0


def press(house: House, name: str, *labels: str) -> None:
    """Press the last button with one of these labels."""
    (*_, offer) = (one for one in house.session(name).offers if one.label in labels)
    assert house.hear(name, Choice(offer.token))


def begin(house: House, name: str, title: str) -> None:
    """Begin, and answer the first question."""
    assert house.hear(name, Text(title))
    press(house, name, wording("button.agree"), wording("button.begin"))
    assert house.hear(name, Text(f"first of {name}"))


def end(house: House, name: str, title: str) -> None:
    """Answer the second question, and hand it in."""
    assert house.hear(name, Text("12" if title == KINDS[0] else f"second of {name}"))
    press(house, name, wording("button.submit"))


def clear(house: House) -> None:
    """Nobody reads what is said: the outbox is not what is measured here."""
    house.do(lambda tx: tx.delete("outbox", {}))


@pytest.mark.parametrize("count", COUNTS)
def test_everybody_ends_on_the_version_they_began_on(
    count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = SQLiteStore(tmp_path / "house.db")
    house = House(store, flows=flows(0))
    house.do(lambda tx: gather(tx, CHANNEL, count, house.clock.now()))
    step = -(-count // VERSIONS)
    began = {number: number // step for number in range(count)}
    grown = 0.0
    for number in range(count):
        if number and number % step == 0:  # a new version is published, and the process is new
            house = House(store, clock=house.clock, flows=flows(began[number]))
            clear(house)
        begin(house, who(number), KINDS[number % 2])
        grown = grown or (megabytes() if number >= count // 10 else 0.0)
    house = House(store, clock=house.clock, flows=flows(VERSIONS))
    for number in range(count):
        end(house, who(number), KINDS[number % 2])
        if number % step == 0:
            clear(house)
    grown = megabytes() - grown
    _look(house, began)
    store.close()
    assert grown < GROWTH_MB
    if count > 1000:
        with capsys.disabled():
            print(f"\n{count:,} people over {VERSIONS} versions: {grown:+.1f} MB")


def _look(house: House, began: dict[int, int]) -> None:
    """Nobody is stuck, no answer is lost, and each stands at the version it was asked in."""
    assert not any(house.session(who(number)).runs for number in began)
    named = {number for number in began if number % 2 == 0}
    runs = house.rows("run")
    assert Counter(str(row["version"]) for row in runs) == Counter(
        str(began[number]) for number in named
    )
    assert all(row["submitted_at"] for row in runs)
    answers = house.rows("run_answer")
    words = Counter(json.loads(str(row["value"])) for row in answers if row["name"] == "thing")
    assert words == Counter(f"first of {who(number)}" for number in named)
    assert Counter(row["name"] for row in answers) == {"thing": len(named), "many": len(named)}
    returns = [*house.rows("survey_return"), *house.rows("survey_pool")]
    found = Counter(
        (
            str(row["version"]),
            tuple(json.loads(answer[2]) for answer in json.loads(str(row["body"]))),
        )
        for row in returns
    )
    assert found == Counter(
        (str(version), (f"first of {who(number)}", f"second of {who(number)}"))
        for number, version in began.items()
        if number % 2
    )
