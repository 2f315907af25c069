"""A rep works on their plan in Slack: words, buttons, and what stands in the store afterwards."""

from pathlib import Path
from typing import Any

from bot.service.library import Edition
from tests.builders import wording
from tests.channels.coached import WORKPLACE, done_in, give_plan
from tests.channels.slack.offices import Office, office
from tests.channels.slack.payloads import Payload, message, press

ANN = "U0001"


async def told(here: Office, payload: Payload, words: str) -> dict[str, Any]:
    """What the bot says to it that has these words."""
    before = len(here.fake.messages)

    def found() -> list[Payload]:
        return [one for one in here.fake.messages[before:] if words in one["text"]]

    assert (await here.post(payload))[0] == 200
    await here.fake.until(found)
    return found()[0]


async def test_a_rep_works_on_their_plan(tmp_path: Path, edition: Edition) -> None:
    async with office(tmp_path, edition=edition) as here:
        await here.hear(message(ANN, "hello"))
        await here.do(lambda tx: give_plan(tx, edition, here.clock.now()))
        card = await told(here, message(ANN, "next"), "Next: Team up")
        done = await told(here, press(ANN, card, wording("button.coach-done")), "Done: Team up")
        assert "Next: Count the technicians" in done["text"]
        await told(here, press(ANN, done, wording("button.coach-undo")), "Taken back")
        await told(here, message(ANN, "Note: Ask A. Byrne about it!"), "I have kept your note")
        note = "Ask A. Byrne about it!"
        assert await here.do(done_in) == [("done", ""), ("undone", ""), ("noted", note)]
        await told(here, message(ANN, "my plan"), WORKPLACE)
