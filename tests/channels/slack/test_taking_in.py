"""Through the front door: everything Slack sends, kept before it is acknowledged, and once."""

import asyncio
import json
import re
import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from bot.channels.slack.budgets import BUTTON_VALUE
from bot.channels.slack.opening import Slack
from bot.errors import SettingsError, StoreFull
from bot.messages import Address, Option, Place, Reply, Token
from bot.service.library import Edition
from bot.service.ports import Tx
from bot.storage.sqlite import SQLiteStore
from tests.builders import content_of, listed_reader, shipped
from tests.channels.slack.fake import BOT_TOKEN, RESET_AFTER, THROTTLED, Fault
from tests.channels.slack.offices import BY_HTTP, Office, office
from tests.channels.slack.payloads import (
    BOT,
    TEAM,
    direct_of,
    edited,
    event,
    home_opened,
    mention,
    message,
    press,
    press_home,
    shortcut,
    slash,
)

ANN, BEN = "U0001", "U0002"
T = TypeVar("T")


async def test_a_direct_message_is_answered_there_and_the_employer_named_once(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as here:
        warning, answer = await here.hear(message(ANN, "/help"), 2)
        (again,) = await here.hear(message(ANN, "/help"))
        assert "employer" in warning["text"]
        assert answer["channel"] == direct_of(ANN) == again["channel"]
        assert "employer" not in again["text"]
        assert (answer["unfurl_links"], answer["unfurl_media"]) == (False, False)
        assert answer["metadata"]["event_payload"]["key"].startswith("slack:T0001:event:")
        assert [row["account"] for row in await here.rows("identity")] == [f"T0001:{ANN}"]


async def test_the_private_way_is_a_link(tmp_path: Path) -> None:
    async with office(tmp_path, replace(BY_HTTP, private_way="https://t.example/a_b")) as here:
        warning, _ = await here.hear(message(ANN, "/help"), 2)
        assert "<https://t.example/a_b|" in json.dumps(warning["blocks"])


async def test_a_thread_in_a_direct_message_goes_on_there(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        _, answer = await here.hear(message(ANN, "/help", thread_ts="1790000000.000001"), 2)
        assert answer["thread_ts"] == "1790000000.000001"


async def test_a_call_in_a_channel_is_answered_in_its_thread(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        called = mention(ANN, "/topics")
        (answer,) = await here.hear(called)
        assert answer["channel"] == "C0001"
        assert answer["thread_ts"] == called["event"]["ts"]
        assert "only_for" not in answer
        assert "employer" not in answer["text"]


async def test_cards_and_notices_in_a_channel_are_for_the_caller_alone(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        for words in ("/human", "/why", "/nonsense", "hello"):
            (answer,) = await here.hear(mention(ANN, words))
            assert (answer["channel"], answer["only_for"]) == ("C0001", ANN), words
            assert "thread_ts" not in answer, "Slack hides it in a thread that nobody has begun"
        (answer,) = await here.hear(mention(ANN, "/human", thread_ts="1790000000.000001"))
        assert answer["thread_ts"] == "1790000000.000001"


async def test_what_was_for_one_person_goes_on_for_them_alone(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        (shown,) = await here.hear(mention(ANN, "/help"))
        (topics,) = await here.hear(press(ANN, shown, "topics", f"{here.fake.url}/hook"))
        assert topics["only_for"] == ANN
        assert "thread_ts" not in topics


@pytest.mark.parametrize("words", ["my data", "/mydata", "status", "/join abcde"])
async def test_what_is_about_a_person_leaves_the_channel(words: str, tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.hear(mention(ANN, words), 2)
        assert {one["channel"] for one in here.fake.messages} == {direct_of(ANN)}
        assert "conversations.open" not in [name for name, _ in here.fake.calls]


async def test_the_slash_command_answers_in_private_and_says_so(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        status, body = await here.post(slash(ANN, "topics"))
        told = json.loads(body)
        assert (status, told["response_type"]) == (200, "ephemeral")
        assert "private" in told["text"]
        await here.fake.until(lambda: len(here.fake.messages) == 2)
        assert here.fake.messages[-1]["channel"] == direct_of(ANN)
        assert await here.post(slash(ANN, "topics", direct_of(ANN))) == (200, "")


async def test_the_shortcut_answers_anothers_words_and_obeys_none(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.hear(shortcut(ANN, "stop"), 2)
        await here.hear(shortcut(ANN, "forget me"), 1)
        assert await here.rows("opt_out") == []
        assert {one["channel"] for one in here.fake.messages} == {direct_of(ANN)}
        assert "delete" not in here.fake.messages[-1]["text"].lower()


async def test_an_edit_corrects_and_a_preview_does_not(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        _, answer = await here.hear(edited(ANN, "something new", "something"), 2)
        assert "You changed your message" in answer["text"]
        assert await here.post(edited(ANN, "the same", "the same")) == (200, "")
        assert len(await here.rows("inbound_key")) == 1


@pytest.mark.parametrize(
    ("mimetype", "said"),
    [("image/png", "pictures"), ("audio/mp4", "voice"), ("text/csv", "files")],
)
async def test_a_file_is_said_to_be_unreadable(mimetype: str, said: str, tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        files = [{"id": "F1", "mimetype": mimetype, "url_private": "https://files.example/1"}]
        _, answer = await here.hear(message(ANN, "", subtype="file_share", files=files), 2)
        assert said in answer["text"]


async def test_a_pressed_button_counts_and_shows_it(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        _, asked = await here.hear(message(ANN, "/audience"), 2)
        (answer,) = await here.hear(press(ANN, asked, "A workplace rep"))
        assert "A workplace rep" in answer["text"]
        await here.fake.until(lambda: asked["blocks"][-1]["type"] == "context")
        assert "A workplace rep" in asked["blocks"][-1]["elements"][0]["text"]
        assert [row["audience"] for row in await here.rows("person")] == ["rep"]


MANY = """
version: 1
sections: [{id: all, title: Everything}]
topics: [{id: all, title: All of it, section: all}]
entries:
""" + "".join(
    f"  - {{id: entry-{n}, topic: all, question: Question {n}?, answer: Yes., sources: []}}\n"
    for n in range(12)
)


async def test_a_page_is_turned_in_its_place(tmp_path: Path) -> None:
    edition = Edition(content_of(MANY), listed_reader(content_of(MANY)))
    async with office(tmp_path, edition=edition) as here:
        _, shown = await here.hear(message(ANN, "/topics"), 2)
        if "Question 1?" not in shown["text"]:
            (shown,) = await here.hear(press(ANN, shown, "Everything"))
        if "Question 1?" not in shown["text"]:
            (shown,) = await here.hear(press(ANN, shown, "All of it"))
        count, first = len(here.fake.messages), shown["text"]
        assert (await here.post(press(ANN, shown, "More (1 of 2)")))[0] == 200
        await here.fake.until(lambda: shown["text"] != first)
        assert "Question 11?" in shown["text"]
        assert "Question 1?" not in shown["text"]
        await here.hear(message(ANN, "/help"))
        assert len(here.fake.messages) == count + 1


async def test_a_private_thing_pressed_in_a_channel_leads_into_private(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        (shown,) = await here.hear(mention(ANN, "/privacy"))
        (refused,) = await here.hear(press(ANN, shown, "Show my data", f"{here.fake.url}/hook"))
        assert refused["only_for"] == ANN
        (link,) = refused["blocks"][-1]["elements"]
        assert link["url"] == f"slack://user?team=T0001&id={BOT}"
        assert here.fake.said_to(direct_of(ANN)) == []


async def test_a_button_of_somebody_else_does_nothing(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        (asked,) = await here.hear(mention(ANN, "/audience"))
        (answer,) = await here.hear(press(BEN, asked, "A workplace rep"))
        assert answer["only_for"] == BEN
        assert "too old" in answer["text"]
        assert {row["audience"] for row in await here.rows("person")} == {None}


async def test_a_button_only_one_person_sees_is_marked_by_its_own_address(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        (shown,) = await here.hear(mention(ANN, "/help"))
        assert shown["only_for"] == ANN
        await here.hear(press(ANN, shown, "topics", f"{here.fake.url}/hook"))
        await here.fake.until(lambda: here.fake.hooks)
        assert here.fake.hooks[0]["replace_original"] is True
        assert "Show me the topics" in here.fake.hooks[0]["text"]


async def test_the_home_tab_works_without_typing(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        assert await here.post(home_opened(ANN)) == (200, "")
        await here.fake.until(lambda: here.fake.views)
        assert await here.rows("person") == [], "a look makes nobody known"
        for action in ("topics", "human", "privacy", "mydata", "forget", "audience", "stop"):
            pressed = press_home(ANN, here.fake.views[ANN], f"home.{action}")
            await here.hear(pressed)
        assert [row["topic"] for row in await here.rows("opt_out")] == ["all"]
        await here.fake.until(lambda: "home.optin" in json.dumps(here.fake.views))
        await here.hear(press_home(ANN, here.fake.views[ANN], "home.optin"))
        assert await here.rows("opt_out") == []
        assert {one["channel"] for one in here.fake.messages} == {direct_of(ANN)}


async def test_bots_channel_talk_and_strange_kinds_are_not_heard(tmp_path: Path) -> None:
    ignored = [
        message(BOT, "mine"),
        message(ANN, "a bot's", bot_id="B1"),
        message(ANN, "gone", subtype="message_deleted"),
        message(ANN, "talk", channel="C0001", channel_type="channel"),
        mention(BOT, "mine"),
        home_opened(ANN, tab="messages"),
        event({"type": "reaction_added", "user": ANN}),
        {"type": "view_submission", "team": {"id": "T0001"}, "view": {"id": "V1"}},
        {**slash(ANN, "x"), "command": "/other"},
        {**shortcut(ANN, "x"), "callback_id": "other"},
    ]
    async with office(tmp_path) as here:
        for payload in ignored:
            assert (await here.post(payload))[0] == 200, payload
        assert await here.rows("inbound_key") == []
        assert here.fake.messages == []


async def test_another_workspace_leaves_no_trace(tmp_path: Path) -> None:
    """R34, T7: also a guest from another workspace in a shared channel."""
    strange = [
        event(
            {"type": "app_mention", "user": ANN, "text": "hi", "ts": "1.1", "channel": "C1"}, "T9"
        ),
        mention(ANN, "hi", user_team="T9", source_team="T9"),
        {**slash(ANN, "topics"), "team_id": "T9"},
        {**shortcut(ANN, "topics"), "team": {"id": "T9"}},
        event({"type": "app_home_opened", "user": ANN, "tab": "home"}, "T9"),
    ]
    async with office(tmp_path) as here:
        for payload in strange:
            assert await here.post(payload) == (200, "")
        await asyncio.sleep(0)
        assert await here.rows("inbound_key") == []
        assert [name for name, _ in here.fake.calls] == ["auth.test"]


async def test_the_tokens_own_workspace_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="PATHWAYS_SLACK_TEAMS does not name T0001"):
        async with office(tmp_path, replace(BY_HTTP, teams=frozenset({"T9"}))):
            pass


async def test_a_wrong_token_is_a_setting_to_be_put_right(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="invalid_auth"):
        async with office(tmp_path, replace(BY_HTTP, bot_token=f"{BOT_TOKEN}-wrong")):
            pass


@pytest.mark.parametrize(
    ("options", "missing"),
    [
        (replace(BY_HTTP, signing_secrets=()), "PATHWAYS_SLACK_SIGNING_SECRET"),
        (replace(BY_HTTP, listens=False), "PATHWAYS_LISTEN"),
    ],
)
async def test_no_way_in_is_said(options: object, missing: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=missing):
        async with office(tmp_path, options):  # type: ignore[arg-type]  # from the table above
            pass


async def test_what_comes_again_changes_nothing(tmp_path: Path) -> None:
    """R30: retries with their headers, and the same bytes eight at a time."""
    async with office(tmp_path) as here:
        for payload in (message(ANN, "hello"), slash(ANN, "topics"), shortcut(ANN, "hello")):
            before = len(await here.rows("inbound_key"))
            told = [await here.post(payload, retry=number) for number in range(3)]
            told += await asyncio.gather(*(here.post(payload) for _ in range(8)))
            assert {status for status, _ in told} == {200}
            assert len(await here.rows("inbound_key")) == before + 1
        _, asked = await here.hear(message(BEN, "/audience"), 2)
        pressed = press(BEN, asked, "A workplace rep")
        await asyncio.gather(*(here.post(pressed) for _ in range(8)))
        assert len(await here.rows("inbound_key")) == 5
        await here.deliverer.deliver_due()
        keys = [one["metadata"]["event_payload"]["key"] for one in here.fake.messages]
        assert len(keys) == len(set(keys))


class BrokenStore(SQLiteStore):
    """Cannot commit while it is told so, or not before it may."""

    is_full = False
    gate: threading.Event | None = None

    def submit(self, work: Callable[[Tx], T], locks: Collection[str] | None = None) -> "Future[T]":
        def held(tx: Tx) -> T:
            if self.gate:
                self.gate.wait(20)
            if self.is_full:
                raise StoreFull("The disk is full.")
            return work(tx)

        return super().submit(held, locks)


async def test_nothing_is_acknowledged_that_is_not_kept(tmp_path: Path) -> None:
    """R03 by HTTP: 503, then once more, then it is kept."""
    store = BrokenStore(tmp_path / "slack.db")
    async with office(tmp_path, store=store) as here:
        for payload in (message(ANN, "/help"), slash(ANN, "topics"), shortcut(ANN, "hello")):
            before = len(await here.rows("inbound_key"))
            store.is_full = True
            assert (await here.post(payload))[0] == 503
            store.is_full = False
            assert len(await here.rows("inbound_key")) == before
            assert (await here.post(payload, retry=1))[0] == 200
            assert len(await here.rows("inbound_key")) == before + 1


async def test_a_store_that_hangs_is_not_waited_for_and_a_late_commit_counts(
    tmp_path: Path,
) -> None:
    """R19: Slack hears within the limit; what is kept late is answered, and once."""
    store = BrokenStore(tmp_path / "slack.db")
    async with office(tmp_path, replace(BY_HTTP, ack_s=0.2), store=store) as here:
        store.gate = threading.Event()
        said = message(ANN, "/help")
        start = asyncio.get_running_loop().time()
        assert (await here.post(said))[0] == 503
        assert asyncio.get_running_loop().time() - start >= 0.2
        store.gate.set()
        await here.fake.until(lambda: len(here.fake.messages) == 2)
        assert (await here.post(said, retry=1))[0] == 200
        assert len(await here.rows("inbound_key")) == 1


async def test_a_throttled_or_broken_call_goes_out_again(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.fake.faults["chat.postMessage"] = [
            THROTTLED,
            Fault(status=502, body="<html>"),
            Fault(status=200, body="no json"),
            RESET_AFTER,
        ]
        assert (await here.post(message(ANN, "/help")))[0] == 200
        keys = {f"{row['id']}.0" for row in await here.rows("outbox")}

        def said() -> set[str]:
            return {one["metadata"]["event_payload"]["key"] for one in here.fake.messages}

        await here.fake.until(lambda: said() == keys, 30)
        assert len(here.fake.messages) <= len(keys) + 1, "only the lost answer may repeat one"


async def test_a_place_that_is_gone_is_given_up(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.fake.gone.add("C0001")
        await here.post(mention(ANN, "/topics"))
        await here.fake.until(
            lambda: any(name == "chat.postMessage" for name, _ in here.fake.calls)
        )
        await here.hear(message(BEN, "/help"), 2)  # behind it in the queue of deliveries
        lost = [row["address"] for row in await here.rows("unreachable")]
        assert [str(one).partition("/")[0] for one in lost] == [f"T0001:{ANN}"]
        assert ("failed", "Unreachable") in {
            (row["status"], row["error"]) for row in await here.rows("outbox")
        }


async def test_when_told_to_stop_it_asks_slack_to_come_again(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.stop.set()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (await here.post(message(ANN, "hello")))[0] == 503
        assert isinstance(here.slack, Slack)
        assert isinstance(here, Office)


async def test_blocks_that_slack_would_refuse_are_never_sent(tmp_path: Path) -> None:
    options = (Option(label="Yes", token=Token("x" * (BUTTON_VALUE + 1))),)
    reply = Reply(text="Shall I?", options=options)
    async with office(tmp_path) as here:
        await here.slack.send(Address("slack", f"{TEAM}:{ANN}"), Place.PRIVATE, reply, "one#0")
        (shown,) = here.fake.said_to(direct_of(ANN))
        assert not shown["blocks"]
        assert "1. Yes" in shown["text"], "the twin says all of it"
        assert [name for name, _ in here.fake.calls].count("chat.postMessage") == 1


async def test_whoever_is_answered_in_private_is_told_so_in_their_language(tmp_path: Path) -> None:
    ours = re.sub(
        "slack.moved: .*",
        'slack.moved: {en: "Answered in private.", cy: "Atebais yn breifat."}',
        shipped()["wording.yaml"],
    )
    content = content_of(wording=ours)
    async with office(tmp_path, edition=Edition(content, listed_reader(content))) as here:
        for told in ("Answered in private.", "Atebais yn breifat."):
            status, body = await here.post(slash(ANN, "help"))
            assert (status, json.loads(body)["text"]) == (200, told)
            await here.do(lambda tx: tx.update("person", {}, {"language": "cy"}))
