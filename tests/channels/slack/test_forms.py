"""H2: the answers in a modal, only to review and edit; nothing lost, nothing stale written over."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.flows.loading import parse_flows
from bot.service.library import Edition
from tests.builders import content_of, listed_reader, shipped, wording
from tests.channels.slack.fake import Fault
from tests.channels.slack.offices import BY_SOCKET, Office, office
from tests.channels.slack.payloads import (
    ask_form,
    direct_of,
    message,
    press,
    press_home,
    send_form,
)

ANN = "U0001"
FLOW = """
id: visit
version: "1"
title: A visit
purpose: things
retention: filled-in
questions:
  - {type: text, name: place, label: Where was it?, required: true}
  - type: integer
    name: people
    label: How many came?
    constraint: ". < 100"
    constraint_message: Fewer than 100.
  - {type: select_one size, name: size, label: How big is it?}
  - {type: text, name: why, label: Why big?, relevant: "${size} = 'big'"}
choices:
  size:
    - {name: big, label: Big}
    - {name: small, label: Small}
"""


def edition() -> Edition:
    linking = shipped()["wording-linking.yaml"]
    title = "form.title: Your answers"
    assert title in linking
    welsh = linking.replace(title, "form.title: {en: Your answers, cy: Eich atebion}")
    content = content_of(**{"wording-linking": welsh})
    return Edition(content, listed_reader(content), flows=parse_flows({"visit.yaml": FLOW}))


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path, edition=edition()) as opened:
        yield opened


async def last(here: Office, payload: dict[str, Any]) -> dict[str, Any]:
    """Send a payload, and wait for the last of the replies to it."""
    before = len(here.fake.messages)
    status, body = await here.post(payload)
    assert (status, body) == (200, "")
    await here.fake.until(lambda: len(here.fake.messages) > before)
    rows = await here.rows("outbox")
    await here.fake.until(lambda: len(here.fake.messages) >= len(rows))
    return here.fake.messages[-1]


async def reviewed(here: Office) -> dict[str, Any]:
    """Somebody has answered everything, and sees the review."""
    await last(here, message(ANN, "A visit"))
    agree = here.fake.messages[-1]
    await last(here, press(ANN, agree, wording("button.agree")))
    for words in ("Leeds", "about 12", "Big"):
        await last(here, message(ANN, words))
    return await last(here, message(ANN, "it grew"))


async def opened(here: Office, shown: dict[str, Any]) -> dict[str, Any]:
    before = len(here.fake.modals)
    assert await here.post(ask_form(ANN, shown)) == (200, "")
    await here.fake.until(lambda: len(here.fake.modals) > before)
    return here.fake.modals[-1]


async def answers(here: Office) -> dict[str, Any]:
    rows = await here.rows("run_answer")
    return {str(row["name"]): row["value"] and json.loads(str(row["value"])) for row in rows}


async def test_answers_are_edited_together_and_shown_again(here: Office) -> None:
    shown = await reviewed(here)
    view = await opened(here, shown)
    kinds = {block["block_id"]: block["element"]["type"] for block in view["blocks"]}
    assert kinds == {
        "place": "plain_text_input",
        "people": "plain_text_input",  # "about 12" is no number of a box
        "size": "static_select",
        "why": "plain_text_input",
    }
    said = await last(here, send_form(ANN, view, place="York", people="20"))
    assert wording("form.done") in said["text"]
    assert "York" in said["text"]
    assert await answers(here) == {"place": "York", "people": 20, "size": "big", "why": "it grew"}
    view = await opened(here, said)
    people = next(block for block in view["blocks"] if block["block_id"] == "people")
    assert people["element"]["type"] == "number_input"


async def test_a_form_is_in_the_language_of_whoever_opens_it(here: Office) -> None:
    shown = await reviewed(here)
    assert (await opened(here, shown))["title"]["text"] == "Your answers"
    await here.do(lambda tx: tx.update("person", {}, {"language": "cy"}))
    assert (await opened(here, shown))["title"]["text"] == "Eich atebion"


async def test_a_question_that_goes_away_takes_its_answer_along(here: Office) -> None:
    view = await opened(here, await reviewed(here))
    said = await last(here, send_form(ANN, view, size="small", why="no more"))
    assert "no more" not in said["text"]
    assert "Small" in said["text"]


async def test_what_cannot_be_taken_is_said_beside_it_and_nothing_is_kept(here: Office) -> None:
    view = await opened(here, await reviewed(here))
    before = await answers(here)
    status, body = await here.post(send_form(ANN, view, place="York", people="500"))
    told = json.loads(body)
    assert (status, told["response_action"]) == (200, "errors")
    assert set(told["errors"]) == {"people"}
    status, body = await here.post(send_form(ANN, view, place=None))
    assert set(json.loads(body)["errors"]) == {"place"}
    assert await answers(here) == before
    said = await last(here, send_form(ANN, view, place="York", people="50"))
    assert "50" in said["text"], "what was put right is taken"


async def test_what_was_changed_in_the_chat_meanwhile_is_not_written_over(here: Office) -> None:
    view = await opened(here, await reviewed(here))
    await last(here, message(ANN, "change where was it"))
    await last(here, message(ANN, "Hull"))
    _, body = await here.post(send_form(ANN, view, place="York"))
    assert "Hull" in json.loads(body)["errors"]["place"]
    said = await last(here, send_form(ANN, view, people="30"))
    assert "Hull" in said["text"], "the others of the form are taken"
    assert (await answers(here))["place"] == "Hull"


async def test_a_form_of_a_run_that_is_over_changes_nothing(here: Office) -> None:
    shown = await reviewed(here)
    view, old = await opened(here, shown), ask_form(ANN, shown)
    await last(here, press(ANN, shown, wording("button.submit")))
    _, body = await here.post(send_form(ANN, view, place="York"))
    assert json.loads(body)["errors"] == {"place": wording("form.gone")}
    said = await last(here, old)
    assert said["text"].startswith(wording("button.expired")[:20])


async def test_the_same_sending_twice_is_one_change(here: Office) -> None:
    view = await opened(here, await reviewed(here))
    sent = send_form(ANN, view, place="York")
    await last(here, sent)
    await here.post(sent)
    keys = [row["key"] for row in await here.rows("inbound_key")]
    assert len([key for key in keys if ":view:" in str(key)]) == 1


async def test_a_crisis_in_a_form_is_heard(tmp_path: Path) -> None:
    async with office(tmp_path, edition=edition()) as here:
        view = await opened(here, await reviewed(here))
        said = await last(here, send_form(ANN, view, why="i want to end it all"))
        assert "Samaritans" in said["text"]
        assert (await answers(here))["why"] == "it grew"


async def test_nobody_else_can_open_or_send_it(here: Office) -> None:
    shown = await reviewed(here)
    view = await opened(here, shown)
    status, _ = await here.post(send_form("U0002", view, place="York"))
    assert status == 200
    assert (await answers(here))["place"] == "Leeds"
    before = len(here.fake.modals)
    await here.post(ask_form("U0002", {**shown, "channel": direct_of("U0002")}))
    await here.fake.until(lambda: here.fake.said_to(direct_of("U0002")))
    assert len(here.fake.modals) == before


async def test_errors_come_by_socket_too(tmp_path: Path) -> None:
    async with office(tmp_path, BY_SOCKET, edition=edition()) as here:
        await here.fake.deliver(message(ANN, "A visit"))
        await here.fake.until(lambda: here.fake.messages)
        view = {
            "id": "V1",
            "hash": "1",
            "callback_id": "answers",
            "private_metadata": '["r1",{"place":"0"}]',
            "blocks": [{"block_id": "place", "element": {"type": "plain_text_input"}}],
            "title": {},
        }
        ack = await here.fake.deliver(send_form(ANN, view, place="York"))
        assert ack is not None
        assert ack["payload"]["response_action"] == "errors"


async def test_the_home_tab_shows_what_is_under_way_and_goes_on_with_it(here: Office) -> None:
    await reviewed(here)
    await here.post(message(ANN, "pause"))
    await here.post({**message(ANN, ""), "event": home_event()})
    await here.fake.until(lambda: ANN in here.fake.views)
    assert "A visit" in json.dumps(here.fake.views[ANN])
    said = await last(here, press_home(ANN, here.fake.views[ANN], "home.resume"))
    assert "Leeds" in said["text"]


def home_event() -> dict[str, Any]:
    return {"type": "app_home_opened", "user": ANN, "channel": direct_of(ANN), "tab": "home"}


async def test_a_modal_that_cannot_be_opened_is_no_trouble(here: Office) -> None:
    shown = await reviewed(here)
    here.fake.faults["views.open"] = [Fault(status=500)]
    assert await here.post(ask_form(ANN, shown)) == (200, "")
    assert await opened(here, shown), "one of the two was opened"
    assert here.fake.faults["views.open"] == []
