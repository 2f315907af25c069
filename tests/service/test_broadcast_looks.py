"""What is previewed is what is sent, on each channel it goes out on, by the renderers that send it."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html import unescape
from typing import cast

import pytest

from bot.channels.light_markdown import to_plain
from bot.channels.telegram.rendering import JOINER
from bot.messages import Inbound, Place, Role, Text
from bot.service import people
from bot.service.clock import micros
from bot.service.conversation import Conversation
from bot.service.deliverer import Deliverer
from bot.service.ports import Row, Showing, Tx
from tests.builders import wording
from tests.contracts.channels import Bench, telegram
from tests.contracts.slack_bench import said_on, slack
from tests.service.broadcast_house import ULR, WORDS, ZONE, BroadcastHouse
from tests.service.houses import CHANNEL

LONG = f"{WORDS} **Bring** your *card* & a pen; see <b>page 2</b>.\n\n- Room 4\n- @everyone is welcome"

NUMBER = re.compile(r"^\d+\. ", re.MULTILINE)


class TwoChannels(BroadcastHouse):
    """A house whose ULR writes from one channel, and whose reps are on Telegram and on Slack."""

    def __init__(self) -> None:
        super().__init__(people=0)
        self.benches: Mapping[str, Bench] = {"telegram": telegram(), "slack": slack()}
        self.before: dict[str, list[str]] = {}
        others = {name: bench.channel for name, bench in self.benches.items()}
        showing = {name: cast("Showing", channel) for name, channel in others.items()}
        self.conversation = Conversation(
            self.store, self.library, self.clock, ZONE, channels=showing
        )
        channels = {CHANNEL: self.channel, **others}
        self.deliverer = Deliverer(self.store, channels, self.clock)

    def enrol(self, name: str) -> None:
        """A rep on a channel, who has said hello there."""
        address = self.benches[name].address
        hello = Inbound(
            key=f"{name}:hello",
            identity=address,
            address=address,
            place=Place.PRIVATE,
            utterance=Text("hello"),
        )
        assert self.conversation.hear(hello).result(30)

        def work(tx: Tx) -> None:
            known = people.recognise(tx, address, "")
            people.grant(tx, known, Role.REP, "test", self.clock.now())

        self.do(work)
        self.work()
        self.before[name] = self._said(name)

    def arrived(self, name: str) -> str:
        """What they read of everything that was sent to them since they said hello."""
        before = self.before.get(name, [])
        return words("\n".join(self._said(name)[len(before) :]))

    def _said(self, name: str) -> list[str]:
        bench = self.benches[name]
        if name == "slack":
            said = said_on(bench.address.id.partition(":")[2])
            return [unescape(str(one["text"])) for one in said]
        return [shown.text for shown in bench.messages()]

    def work_until_sent(self) -> None:
        for _ in range(5):
            self.work()
            self.clock.time += timedelta(seconds=2)


@pytest.fixture
def house() -> Iterator[TwoChannels]:
    made = TwoChannels()
    yield made
    made.store.close()


def words(text: str) -> str:
    """A text without what nobody sees; the number of an option is that of each reader's table."""
    return " ".join(NUMBER.sub("", text.replace(JOINER, "")).split())


def twins(preview: list[str]) -> dict[str, str]:
    """The words of a preview on each channel, by its name."""
    found = {}
    for name in ("telegram", "slack"):
        head = wording("broadcast.elsewhere", channel=name.capitalize(), message="")
        for shown in preview:
            if shown.startswith(head):
                found[name] = words(to_plain(shown.removeprefix(head)))
    return found


def test_what_is_previewed_is_what_each_channel_shows(house: TwoChannels) -> None:
    for name in house.benches:
        house.enrol(name)
    shown = twins(house.compose(words=LONG))
    house.press(ULR, wording("button.bc-confirm"))
    house.work_until_sent()
    assert set(shown) == {"telegram", "slack"}
    for name in house.benches:
        assert shown[name] == house.arrived(name)
        assert shown[name].endswith(wording("button.bc-stop"))


@pytest.mark.parametrize("name", ["telegram", "slack"])
def test_only_channels_that_it_goes_out_on_are_shown(house: TwoChannels, name: str) -> None:
    house.enrol(name)
    assert set(twins(house.compose())) == {name}


def test_of_a_few_it_is_not_told_which_channels_they_are_on(house: TwoChannels) -> None:
    house.enrol("slack")
    row = house.do(lambda tx: tx.get("identity", {"channel": "slack"}))
    known, at = house.known(ULR), micros(house.clock.now())
    assert row is not None
    one: Row = {"id": "w", "branch": known.branch, "name": "W", "folded": "w", "created_at": at}
    area: Row = {
        "id": "a1",
        "branch": known.branch,
        "workplace": "w",
        "name": "Lab",
        "parent": None,
    }
    rest: Row = {"merged_into": None, "is_gone": 0, "source": "", "added_at": at}
    yes: Row = {"id": "c", "branch": known.branch, "person": row["person"], "purpose": "area:a1"}
    when: Row = {"wording_hash": "h", "given_at": at, "withdrawn_at": None}
    house.do(lambda tx: tx.insert("workplace", one))
    house.do(lambda tx: tx.insert("area", {**area, **rest}))
    house.do(lambda tx: tx.insert("consent", {**yes, **when}))
    preview = house.compose(audience=wording("broadcast.to-area", area="Lab (W)"))
    assert set(twins(preview)) == {"telegram", "slack"}


def test_the_channel_of_whoever_writes_it_is_shown_as_it_is(house: TwoChannels) -> None:
    house.enrol("slack")
    first, second, *_ = house.compose(words=LONG)
    assert "**Bring**" not in first  # their own signs are signs
    assert wording("broadcast.foot-service") in first
    assert second.startswith(wording("broadcast.elsewhere", channel="Slack", message=""))


def test_a_post_in_a_group_is_previewed_without_what_is_said_to_one_person(
    house: TwoChannels,
) -> None:
    house.say(ULR, "hello")
    known, at = house.known(ULR), micros(house.clock.now())
    place: Row = {"id": "d-1", "branch": known.branch, "channel": "telegram", "address": "5"}
    rest: Row = {"name": "Nights", "status": "proven", "added_by": known.person, "at": at}
    role: Row = {"destination": "d-1", "role": Role.ULR.value, "branch": known.branch}
    house.do(lambda tx: tx.insert("destination", {**place, **rest}))
    house.do(lambda tx: tx.insert("destination_role", role))
    preview = house.compose(audience="the group Nights", words=LONG)
    assert wording("broadcast.foot-service") not in "".join(preview)
    assert wording("button.bc-stop") not in "".join(preview)
    house.press(ULR, wording("button.bc-confirm"))
    house.work_until_sent()
    assert twins(preview) == {"telegram": house.arrived("telegram")}
