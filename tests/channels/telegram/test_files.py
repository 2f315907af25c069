"""Files out, as photos and documents with their words; and files in, fetched before the turn."""

from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.attachments import CAPTION_LIMIT, form_of, with_file
from bot.channels.telegram.channel import TelegramOut
from bot.channels.telegram.rendering import Form, Rendered
from bot.errors import DeliveryError, OutcomeUnknown, Rejected, Throttled, Unreachable
from bot.messages import (
    UPLOAD_LIMIT,
    Address,
    Attachment,
    Command,
    Inbound,
    Option,
    Place,
    Reply,
    Text,
    Token,
    Unreadable,
    Upload,
    plain,
)
from tests.builders import wording
from tests.channels.telegram.api import BotApi, Fault
from tests.channels.telegram.house import COST, living
from tests.channels.telegram.html import parse_html, units
from tests.channels.telegram.server import ApiServer
from tests.channels.telegram.transport import Unhurried, bot_on

ANN = Address("telegram", "5")
UNREAD = wording("unreadable", kind=wording("unreadable.file"))
CSV = b"area,people\nlab,14\n"


def picture(scale: int = 4) -> bytes:
    made = BytesIO()
    segno.make("https://t.me/pathways_bot").save(made, kind="png", scale=scale)
    return made.getvalue()


def sized(width: int, height: int) -> bytes:
    """The head of a PNG of this size; nobody draws it."""
    made = picture()
    return made[:16] + width.to_bytes(4) + height.to_bytes(4) + made[24:]


def with_attachment(text: str, twin: str = "", *labels: str, png: bool = True) -> Reply:
    name, kind = ("plan.png", "image/png") if png else ("plan.csv", "text/csv")
    return Reply(
        text=text,
        options=tuple(Option(Token(f"t-{label}"), label) for label in labels),
        attachment=Attachment(file="f-1", name=name, media_type=kind, text_twin=twin),
    )


def made(api: BotApi) -> TelegramOut:
    api.chat(5)
    return TelegramOut(bot_on(api), lambda _language: "Private", Unhurried(), lambda _a, _b: None)


def said(api: BotApi) -> list[tuple[str, str]]:
    """Every message: whether it is words, a photo or a document, and its words."""
    return [
        (one.get("kind", "text"), one.get("text", one.get("caption", ""))) for one in api.said(5)
    ]


async def sent(reply: Reply, file: bytes | None) -> list[tuple[str, str]]:
    api = BotApi()
    await made(api).send(ANN, Place.PRIVATE, reply, "k:1#0", file)
    assert api.wrong == []
    return said(api)


async def test_a_picture_goes_out_as_a_photo_with_its_twin_in_the_caption() -> None:
    reply = with_attachment("Your **poster**.", "A code that leads to the bot.")
    assert await sent(reply, picture()) == [
        ("photo", "Your poster.\n\nA code that leads to the bot.")
    ]


async def test_any_other_file_goes_out_as_a_document_as_it_was_made() -> None:
    api = BotApi()
    reply = with_attachment("Here it is.", "", "Thanks", png=False)
    receipt = await made(api).send(ANN, Place.PRIVATE, reply, "k:1#0", CSV)
    (message,) = api.said(5)
    assert receipt == str(message["message_id"])
    assert message["file"] == ("plan.csv", CSV)
    assert message["reply_markup"]["inline_keyboard"][0][0]["text"] == "1. Thanks"
    assert said(api) == [("document", "Here it is.")]


LONG = "word " * 250


@pytest.mark.parametrize(
    ("text", "twin", "kinds"),
    [
        ("Short.", "Short.", ["photo"]),
        ("Short.", LONG, ["photo", "text"]),
        (LONG, "Short.", ["text", "photo"]),
        (LONG, "", ["text", "photo"]),
        (LONG, LONG, ["text", "photo", "text"]),
        ("", "Short.", ["photo"]),
        ("", "", ["photo"]),
    ],
)
async def test_words_too_long_for_a_caption_stand_before_and_below(
    text: str, twin: str, kinds: list[str]
) -> None:
    api = BotApi()
    await made(api).send(
        ANN, Place.PRIVATE, with_attachment(text, twin, "Yes"), "k:1#0", picture()
    )
    assert [kind for kind, _ in said(api)] == kinds
    assert " ".join(words for _, words in said(api)).split() == f"{text} {twin}".split()
    assert ["reply_markup" in one for one in api.said(5)] == [False] * (len(kinds) - 1) + [True]
    assert api.wrong == []


async def test_where_the_bytes_are_gone_the_twin_says_it() -> None:
    assert await sent(with_attachment("Your chart.", "Two of nine."), None) == [
        ("text", "Your chart.\n\nTwo of nine.")
    ]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (sized(9_000, 1_000), Form.PHOTO),
        (sized(9_001, 1_000), Form.DOCUMENT),
        (sized(2_001, 100), Form.DOCUMENT),
        (sized(0, 0), Form.DOCUMENT),
        (picture() + bytes(10_000_000), Form.DOCUMENT),
        (b"no picture", Form.DOCUMENT),
        (b"\x89PNG\r\n\x1a\n", Form.DOCUMENT),
    ],
    ids=["large", "too-large", "too-narrow", "nothing", "heavy", "false", "cut"],
)
def test_only_what_telegram_shows_is_a_photo(content: bytes, form: Form) -> None:
    attachment = with_attachment("x").attachment
    assert attachment is not None
    assert form_of(attachment, content) is form


async def test_a_photo_that_telegram_will_not_show_goes_out_as_a_document() -> None:
    api = BotApi()
    out = made(api)
    api.faults["sendPhoto"].append(
        Fault(status=400, description="Bad Request: IMAGE_PROCESS_FAILED")
    )
    await out.send(ANN, Place.PRIVATE, with_attachment("Chart."), "k:1#0", picture())
    assert said(api) == [("document", "Chart.")]


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (Throttled, Fault(status=429, retry_after=3, description="Too Many Requests")),
        (OutcomeUnknown, Fault(status=0, done=True)),
        (OutcomeUnknown, Fault(status=502)),
        (Unreachable, Fault(status=403, description="Forbidden: bot was blocked by the user")),
        (Rejected, Fault(status=400, description="Bad Request: can't parse entities")),
    ],
    ids=lambda one: str(one)[:40],
)
async def test_the_troubles_of_a_file_have_the_names_of_all_others(
    error: type[DeliveryError], fault: Fault
) -> None:
    api = BotApi()
    out = made(api)
    api.faults["sendDocument"].append(fault)
    with pytest.raises(error):
        await out.send(ANN, Place.PRIVATE, with_attachment("x", png=False), "k:1#0", CSV)


async def test_after_a_break_it_goes_on_with_the_part_that_is_missing() -> None:
    api = BotApi()
    out = made(api)
    reply = with_attachment(LONG, LONG, png=False)
    api.faults["sendDocument"].append(Fault(status=502))
    with pytest.raises(OutcomeUnknown):
        await out.send(ANN, Place.PRIVATE, reply, "k:1#0", CSV)
    await out.send(ANN, Place.PRIVATE, reply, "k:1#0", CSV)
    assert [kind for kind, _ in said(api)] == ["text", "document", "text"]


words = st.text(max_size=40).map(plain) | st.integers(0, 1_000).map(lambda n: "<&@x " * n)


@settings(max_examples=20)
@given(words, words, st.lists(st.text(min_size=1, max_size=60), max_size=3))
def test_no_caption_is_ever_too_long_and_nothing_is_lost(
    text: str, twin: str, labels: list[str]
) -> None:
    messages = with_file(with_attachment(text, twin, *labels), picture(1))
    assert sum(one.form is Form.PHOTO for one in messages) == 1
    for one in messages:
        assert units(parse_html(one.html).text) <= (
            4096 if one.form is Form.TEXT else CAPTION_LIMIT
        )
        assert bool(one.rows) is (one is messages[-1] and bool(labels))
    shown = _letters("".join(one.html for one in messages))
    assert shown >= _letters("".join(one.html for one in with_file(_bare(text, twin), None)))


def _bare(text: str, twin: str) -> Reply:
    return with_attachment(text, twin)


def _letters(html: str) -> int:
    return sum(char.isalnum() for char in parse_html(html).text)


async def test_a_page_is_not_turned_into_a_file_in_its_place() -> None:
    """A message of words cannot become one with a file."""
    messages = with_file(replace(with_attachment("x"), in_place=True), picture())
    assert messages == (Rendered(html="x", form=Form.PHOTO),)


# Files in.


@pytest.fixture
async def server() -> AsyncIterator[ApiServer]:
    async with ApiServer(BotApi(limits=False)) as serving:
        yield serving
        assert serving.api.wrong == []


class Ears:
    """Writes down what is heard; the house goes on hearing it."""

    def __init__(self, house: Any) -> None:
        intake = house.channel._in._intake
        self.heard: list[Inbound] = []
        self._hear = intake.hear
        intake.hear = self.hear

    async def hear(self, inbound: Inbound) -> bool:
        """See `Intake.hear`."""
        self.heard.append(inbound)
        return bool(await self._hear(inbound))


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("map.csv", "text/csv"),
        ("map.CSV", "application/vnd.ms-excel"),
        ("map", "text/plain"),
        ("map of ours & more.tsv", ""),
    ],
)
async def test_a_small_file_of_text_is_heard_with_its_content(
    server: ApiServer, tmp_path: Path, name: str, mime: str
) -> None:
    async with living(tmp_path, server) as house:
        ears = Ears(house)
        house.api.sends(5, name, CSV, mime)
        await house.said(5, 1)
        assert [one.utterance for one in ears.heard] == [Upload(name, CSV)]


async def test_words_with_a_file_are_heard_first_and_neither_is_lost(
    server: ApiServer, tmp_path: Path
) -> None:
    """A cry for help may come with a file that is slow, or that cannot be read."""
    async with living(tmp_path, server) as house:
        ears = Ears(house)
        number = house.api.sends(5, "map.csv", CSV, "text/csv")
        house.api.waiting[-1]["message"]["caption"] = COST
        house.api.sends(5, "map.zip", CSV, "application/zip")
        house.api.waiting[-1]["message"]["caption"] = "/help"
        await house.said(5, 4)
        assert [one.utterance for one in ears.heard] == [
            Text(COST),
            Upload("map.csv", CSV),
            Command("help"),
            Unreadable("file"),
        ]
        assert [one.key.rpartition(f":{number}")[2] for one in ears.heard[:2]] == ["", ":file"]


@pytest.mark.parametrize(
    ("name", "mime", "more"),
    [
        ("map.csv", "text/csv", {"file_size": UPLOAD_LIMIT + 1}),
        ("map.csv", "text/csv", {"file_size": None}),
        ("map.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", {}),
        ("bomb.zip", "application/zip", {}),
        ("map.csv", "text/csv", {"file_id": "of nobody"}),
        ("map.csv", "text/csv", {"file_id": 7}),
    ],
    ids=["too-big", "of-no-size", "workbook", "zip", "unknown", "garbled"],
)
async def test_any_other_file_gets_the_line_that_says_what_to_do(
    server: ApiServer, tmp_path: Path, name: str, mime: str, more: dict[str, Any]
) -> None:
    async with living(tmp_path, server) as house:
        house.api.sends(5, name, CSV, mime, **more)
        (answer,) = await house.said(5, 1)
        assert answer["text"] == UNREAD


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getFile", Fault(status=502)),
        ("getFile", Fault(status=429, retry_after=60, description="Too Many Requests")),
        ("getFile", Fault(status=200, body=b'{"ok":true,"result":7}')),
        ("getFile", Fault(status=200, body=b'{"ok":true,"result":{"file_path":"/etc/hostname"}}')),
        ("file", Fault(status=500, body=b"sorry")),
        ("file", Fault(status=0)),
        ("file", Fault(status=302, body=b"")),
    ],
    ids=lambda one: one if isinstance(one, str) else str(one.status),
)
async def test_a_file_that_cannot_be_fetched_gets_that_line_once_and_holds_nobody_up(
    server: ApiServer, tmp_path: Path, method: str, fault: Fault
) -> None:
    async with living(tmp_path, server) as house:
        house.api.faults[method].append(fault)
        number = house.api.sends(5, "map.csv", CSV, "text/csv")
        house.api.waiting.append(dict(house.api.waiting[-1]))
        house.api.writes(6, COST)
        assert (await house.said(5, 1))[0]["text"] == UNREAD
        assert "costs" in (await house.said(6, 1))[0]["text"]
        await house.until(lambda: house.api.confirmed > number)
        assert len(house.api.said(5)) == 1


async def test_a_file_that_is_larger_than_it_said_is_not_read_to_its_end(
    server: ApiServer, tmp_path: Path
) -> None:
    async with living(tmp_path, server) as house:
        house.api.sends(5, "map.csv", b"x" * 50_000_000, "text/csv", file_size=10)
        assert (await house.said(5, 1))[0]["text"] == UNREAD
