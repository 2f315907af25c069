"""The same conversation on every channel, by button and by typing, leaves the same session and records.

The lines and presses of a transcript go through the real adapter of each channel, and what the bot says
is rendered and sent by it; the buttons that are pressed are those that the platform was given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest

from bot.channels.telegram.called import Heard, Myself, meaning_of, to_utterance
from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.updates import Message, parse_update
from bot.cli.chat_seat import without_call
from bot.cli.transcript import Spoken, Transcript, parse_transcript
from bot.engine.session import decode
from bot.messages import Address, Choice, Option, Place, Reply, Utterance
from bot.service import people
from bot.service.library import Edition
from bot.service.ports import Channel, Row, Tx
from bot.service.tables import TABLES
from tests.channels.slack.payloads import Payload, press
from tests.channels.telegram.api import BOT_ID, USERNAME, BotApi
from tests.channels.telegram.transport import Unhurried, bot_on
from tests.contracts.channels import plain_terminal
from tests.contracts.slack_bench import said_on, slack, utterance_of
from tests.conversations.playing import RecordingChannel, Stage
from tests.conversations.test_conversations import FILES
from tests.flows.sample import sample_flows
from tests.flows.test_conversations import FILES as FLOW_FILES

ALL: Final = (*FILES, *FLOW_FILES)
SHORT: Final = (*FILES[::15], *FLOW_FILES[::10])
CUT: Final = "\u2026"
Pressed = Callable[[Option], Utterance | None]


@dataclass(frozen=True, kw_only=True)
class Lane:
    """One channel, as a person has it in front of them.

    Attributes:
        typed: What a line that they type becomes.
        pressed: What the newest button of an option becomes; None where there is none to be seen.
    """

    channel: Channel
    address: Address
    typed: Callable[[str], Utterance]
    pressed: Pressed


def _terminal() -> Lane:
    bench = plain_terminal()

    def pressed(option: Option) -> Utterance | None:
        offers = getattr(bench.channel, "offers")  # noqa: B009 - of the terminal alone
        found = [number for number, one in offers.items() if one.token == option.token]
        return bench.pressed(found[-1]) if found else None

    return Lane(channel=bench.channel, address=bench.address, typed=bench.typed, pressed=pressed)


def _telegram() -> Lane:
    api, me = BotApi(limits=False), Myself(id=BOT_ID, username=USERNAME, commands=())
    api.chat(5)
    out = TelegramOut(
        bot_on(api), lambda _language: "Private", Unhurried(), lambda _before, _after: None
    )

    def typed(line: str) -> Utterance:
        raw = {"message_id": 1, "chat": {"id": 5, "type": "private"}, "text": line}
        said = to_utterance(Message.model_validate(raw), me)
        assert said is not None
        return said

    def pressed(option: Option) -> Utterance | None:
        found = [
            utterance_of_press(button["callback_data"])
            for message in api.said(5)
            for row in message.get("reply_markup", {}).get("inline_keyboard", [])
            for button in row
            if is_label_of(button["text"], option) and "callback_data" in button
        ]
        right = [one for one in found if one == Choice(option.token)]
        assert right or not found, "a button says it, and none does it"
        return right[-1] if right else None

    def utterance_of_press(data: str) -> Utterance:
        chat = {"message_id": 1, "chat": {"id": 5, "type": "private"}}
        query = {"id": "1", "from": {"id": 5}, "data": data, "message": chat}
        update = parse_update({"update_id": 1, "callback_query": query})
        assert update is not None
        meaning = meaning_of(update, me)
        assert isinstance(meaning, Heard)
        return meaning.inbound.utterance

    return Lane(channel=out, address=Address("telegram", "5"), typed=typed, pressed=pressed)


def _slack() -> Lane:
    bench = slack()
    user = bench.address.id.partition(":")[2]

    def pressed(option: Option) -> Utterance | None:
        for shown in reversed(said_on(user)):
            for label in _labels(shown):
                said = (
                    utterance_of(press(user, shown, label)) if is_label_of(label, option) else None
                )
                if said == Choice(option.token):  # several may be called the same
                    return said
        return None

    return Lane(channel=bench.channel, address=bench.address, typed=bench.typed, pressed=pressed)


def _labels(shown: Payload) -> list[str]:
    actions = [block for block in shown["blocks"] if block["type"] == "actions"]
    elements = [element for block in actions for element in block["elements"]]
    options = [one for element in elements for one in element.get("options", [element])]
    return [one["text"]["text"] for one in options]


def is_label_of(shown: str, option: Option) -> bool:
    """Whether a button says what an option says: behind its number or a tick, perhaps cut short."""
    words = " ".join(option.label.split())
    said = shown.partition(". ")[2] if shown.partition(". ")[0].isdigit() else shown
    return said == words or (said.endswith(CUT) and words.startswith(said.rstrip(CUT)))


LANES: Final[Mapping[str, Callable[[], Lane]]] = {
    "terminal": _terminal,
    "telegram": _telegram,
    "slack": _slack,
}


class _Through(RecordingChannel):
    """Keeps what it is given, and shows it to the person of the transcript on a real channel."""

    def __init__(self, name: str, mine: str, lane: Lane) -> None:
        super().__init__(name)
        self._mine, self._lane = mine, lane

    async def send(
        self, address: Address, place: Place, reply: Reply, key: str, file: bytes | None = None
    ) -> str:
        if address.id == self._mine and place is Place.PRIVATE:
            await self._lane.channel.send(self._lane.address, place, reply, key, file)
        return await super().send(address, place, reply, key, file)


class OnLane(Stage):
    """A transcript, played through the adapter of a channel.

    Attributes:
        types: Whether options on the table are typed by their number instead of pressed.
        through: How many utterances came by way of the adapter.
    """

    types = False
    through = 0

    def on(self, lane: Lane, *, types: bool) -> "OnLane":
        self.lane, self.types = lane, types
        self.channel = _Through(self.channel.name, self._address(None).id, lane)
        self.deliverer._channels = {self.channel.name: self.channel}
        return self

    def _utterance(self, spoken: Spoken) -> Utterance | None:
        plainly = super()._utterance(spoken)
        if spoken.who is not None or self.transcript.place == "group":
            return plainly
        if isinstance(plainly, Choice) and spoken.press is not None:
            return self._chosen(plainly, spoken.press)
        if spoken.user is not None and spoken.user.strip():
            self.through += 1
            return self.lane.typed(without_call(spoken.user))
        return plainly

    def _chosen(self, choice: Choice, label: str) -> Utterance:
        number = self.store.submit(lambda tx: self._number(tx, choice)).result()
        if self.types and number:
            self.through += 1
            return self.lane.typed(str(number))
        pressed = self.lane.pressed(Option(choice.token, label))
        if pressed is None:
            return choice
        self.through += 1
        return pressed

    def _number(self, tx: Tx, choice: Choice) -> int:
        """What would have to be typed for a button; 0 where a number means something else."""
        known = people.recognise(tx, self._address(None), "")
        row = tx.get("session", {"person": known.person})
        session = decode(str(row["state"])) if row else None
        menu = session.menu if session else ()
        return menu.index(choice.token) + 1 if choice.token in menu else 0


def rows_of(stage: Stage) -> Mapping[str, Sequence[Row]]:
    """Every row there is in the end; of deliveries what was said, and not how the platform names it."""

    def work(tx: Tx) -> dict[str, list[Row]]:
        return {table.name: tx.find(table.name, {}) for table in TABLES}

    rows = stage.store.submit(work).result()
    rows["outbox"] = [{**row, "receipt": None} for row in rows["outbox"]]
    return rows


def _read(path: Path) -> Transcript:
    return parse_transcript(path.read_text(encoding="utf-8"), path.name)


def check(path: Path, edition: Edition, name: str, *, types: bool) -> None:
    used = replace(edition, flows=sample_flows()) if path in FLOW_FILES else edition
    plainly = Stage(used, _read(path))
    assert [fault for played in plainly.play() for fault in played.faults] == []
    expected = rows_of(plainly)
    stage = OnLane(used, _read(path)).on(LANES[name](), types=types)
    faults = [fault for played in stage.play() for fault in played.faults]
    assert faults == []
    found = rows_of(stage)
    for table in expected:
        assert found[table] == expected[table], table


@pytest.mark.parametrize("name", LANES)
@pytest.mark.parametrize("path", SHORT, ids=lambda path: path.stem)
def test_it_leaves_the_same_on_every_channel(path: Path, name: str, edition: Edition) -> None:
    check(path, edition, name, types=False)


@pytest.mark.parametrize("name", LANES)
@pytest.mark.parametrize("path", SHORT[::2], ids=lambda path: path.stem)
def test_typing_leaves_the_same_as_pressing(path: Path, name: str, edition: Edition) -> None:
    check(path, edition, name, types=True)


@pytest.mark.long
@pytest.mark.parametrize("types", [False, True])
@pytest.mark.parametrize("name", LANES)
@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_all_of_them_do(path: Path, name: str, types: bool, edition: Edition) -> None:
    check(path, edition, name, types=types)


def test_the_adapters_are_on_the_way(edition: Edition) -> None:
    """Else all of the above would compare a thing with itself."""
    for name, make in LANES.items():
        for path in SHORT:
            used = replace(edition, flows=sample_flows()) if path in FLOW_FILES else edition
            stage = OnLane(used, _read(path)).on(make(), types=False)
            list(stage.play())
            if stage.through > 2:
                break
        else:
            pytest.fail(f"nothing went through {name}")
