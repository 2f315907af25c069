"""Files: reports go out with their words, lists come in as their bytes, and the token goes to Slack alone."""

from pathlib import Path
from typing import Any

import pytest

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.fetching import Fetching, SentFile
from bot.channels.slack.incoming import Said, Us, parse_incoming
from bot.channels.slack.spots import Spot
from bot.channels.slack.web_api import web_client
from bot.errors import OutcomeUnknown, Throttled
from bot.messages import (
    UPLOAD_LIMIT,
    Attachment,
    Place,
    Reply,
    Unreadable,
    Upload,
)
from tests.channels.slack.fake import BOT_TOKEN, RESET_AFTER, Fault
from tests.channels.slack.offices import office
from tests.channels.slack.payloads import BOT, TEAM, direct_of, message

ANN = "U0001"
US = Us(user=BOT, teams=frozenset({TEAM}))
CHART = Attachment(
    file="f1", name="chart.png", media_type="image/png", text_twin="12 of 30 are registered."
)
REPLY = Reply(text="Your **chart**.", personal=True, attachment=CHART)
ADDRESS = Spot(team=TEAM, user=ANN).address()


def sent_file(address: str, **more: Any) -> dict[str, Any]:
    return {"id": "F1", "name": "list.csv", "mimetype": "text/csv", "url_private": address, **more}


async def test_a_file_goes_out_with_its_words_and_what_it_shows(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.slack.send(ADDRESS, Place.PRIVATE, REPLY, "k#0", b"\x89PNG")
        (said,) = here.fake.messages
        assert "12 of 30 are registered." in said["text"]
        (shared,) = here.fake.shared
        assert shared["channel_id"] == direct_of(ANN)
        assert here.fake.uploaded[shared["files"][0]["id"]] == b"\x89PNG"
        asked = [arguments for name, arguments in here.fake.calls if "getUpload" in name]
        assert asked[0]["alt_txt"] == CHART.text_twin


async def test_where_the_bytes_are_gone_the_words_are_there(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        await here.slack.send(ADDRESS, Place.PRIVATE, REPLY, "k#0", None)
        assert "12 of 30" in here.fake.messages[0]["text"]
        assert here.fake.shared == []


@pytest.mark.parametrize(
    "where", ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
)
async def test_a_file_that_broke_off_goes_on_without_its_words_twice(
    where: str, tmp_path: Path
) -> None:
    async with office(tmp_path) as here:
        here.fake.faults[where] = [Fault(status=500)]
        with pytest.raises(OutcomeUnknown):
            await here.slack.send(ADDRESS, Place.PRIVATE, REPLY, "k#0", b"png")
        await here.slack.send(ADDRESS, Place.PRIVATE, REPLY, "k#0", b"png")
        assert len(here.fake.messages) == 1
        assert len(here.fake.shared) == 1


async def test_a_lost_answer_repeats_a_file_once_at_most(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.fake.faults["files.completeUploadExternal"] = [RESET_AFTER]
        with pytest.raises(OutcomeUnknown):
            await here.slack.send(ADDRESS, Place.PRIVATE, REPLY, "k#0", b"png")
        assert len(here.fake.shared) == 1, "nothing is repeated here: that is for the outbox"


async def test_a_client_without_connections_of_its_own_sends_files_too(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        client = web_client(BOT_TOKEN, here.fake.api_url, "", 10, None)
        channel = SlackChannel(client, lambda key, *_, **__: key)
        await channel.send(ADDRESS, Place.PRIVATE, REPLY, "k#0", b"png")
        assert len(here.fake.shared) == 1


async def test_a_list_comes_in_before_it_is_acknowledged(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.fake.files["list.csv"] = b"area,count\nLab,4\n"
        files = [sent_file(f"{here.fake.url}/files/list.csv", size=17)]
        said = message(ANN, "", subtype="file_share", files=files)
        here.fake.faults["files"] = [Fault(status=503)]
        assert (await here.post(said))[0] == 503
        assert await here.rows("inbound_key") == []
        assert (await here.post(said, retry=1))[0] == 200
        assert len(await here.rows("inbound_key")) == 1


async def test_words_with_a_file_are_heard_first_and_neither_is_lost(tmp_path: Path) -> None:
    """A cry for help may come with a file that cannot be fetched: it is answered all the same."""
    async with office(tmp_path) as here:
        here.fake.files["list.csv"] = b"area,count\nLab,4\n"
        files = [sent_file(f"{here.fake.url}/files/list.csv", size=17)]
        said = message(ANN, "How much does registration cost?", subtype="file_share", files=files)
        here.fake.faults["files"] = [Fault(status=503)]
        assert (await here.post(said))[0] == 503
        await here.fake.until(lambda: len(here.fake.messages) >= 2)
        assert "It costs less" in here.fake.messages[1]["text"]
        assert (await here.post(said, retry=1))[0] == 200
        key = f"slack:{TEAM}:event:{said['event_id']}"
        kept = {str(row["key"]) for row in await here.rows("inbound_key")}
        assert kept == {key, f"{key}:file"}
        ids = [str(row["id"]) for row in await here.rows("outbox")]
        assert [one.removeprefix(key) for one in sorted(ids)] == ["#0", "#1", ":file#0"]


async def test_a_list_is_fetched_whole_and_not_beyond_the_limit(tmp_path: Path) -> None:
    async with office(tmp_path) as here:
        here.fake.files |= {"small": b"a,b\n", "big": b"x" * (UPLOAD_LIMIT + 1)}
        client = web_client(BOT_TOKEN, here.fake.api_url, "", 10, None)
        fetching, at = Fetching(client), f"{here.fake.url}/files"
        assert await fetching.fetch(SentFile("l", f"{at}/small")) == Upload("l", b"a,b\n")
        assert await fetching.fetch(SentFile("l", f"{at}/big")) == Unreadable("file")
        here.fake.faults["files"] = [Fault(status=302), Fault(status=429), Fault(status=404)]
        assert await fetching.fetch(SentFile("l", f"{at}/small")) == Unreadable("file")
        with pytest.raises(Throttled):
            await fetching.fetch(SentFile("l", f"{at}/small"))
        assert await fetching.fetch(SentFile("l", f"{at}/small")) == Unreadable("file")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/x",
        "https://slack.com.evil.example/x",
        "http://files.slack.com/x",
        "https://u@files.slack.com/x",
        "file:///etc/passwd",
        "https://[::1",
        "//files.slack.com/x",
    ],
)
async def test_the_token_goes_to_no_other_host(address: str) -> None:
    fetching = Fetching(web_client(BOT_TOKEN, "https://slack.example/api/", "", 1, None))
    assert await fetching.fetch(SentFile("l", address)) == Unreadable("file")


@pytest.mark.parametrize(
    "more",
    [
        {"mimetype": "image/png"},
        {"mode": "external"},
        {"mode": "tombstone"},
        {"size": UPLOAD_LIMIT + 1},
        {"url_private": ""},
    ],
)
def test_what_is_no_list_is_not_fetched(more: dict[str, Any]) -> None:
    files = [sent_file("https://files.slack.com/x", **more)]
    incoming = parse_incoming(message(ANN, "", subtype="file_share", files=files), US)
    assert isinstance(incoming, Said)
    assert incoming.file is None
    assert isinstance(incoming.inbound.utterance, Unreadable)
