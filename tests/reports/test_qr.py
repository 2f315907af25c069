"""The picture of the bot's address: for reps, on the channel that has one, and it can be read back."""

import zlib

import segno

from bot.messages import Place, Role
from bot.reports.qr import BORDER, MODULE, qr_png
from bot.service import doors
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.service.houses import House

URL = "https://t.me/pathways_bot"


def squares(png: bytes) -> list[str]:
    """The rows of squares that a picture shows, black as 1, read out of its pixels."""
    width, height = int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
    assert png[24:26] == bytes([1, 0]), "one bit for each pixel, black or white"
    start = png.index(b"IDAT")
    data = zlib.decompress(png[start + 4 : start + 4 + int.from_bytes(png[start - 4 : start])])
    stride = (width + 7) // 8 + 1
    rows: list[str] = []
    above = bytes(stride - 1)
    for y in range(height):
        kind, line = data[y * stride], data[y * stride + 1 : (y + 1) * stride]
        assert kind in {0, 2}
        above = bytes((a + b) % 256 for a, b in zip(line, above, strict=True)) if kind else line
        rows.append("".join(f"{byte ^ 255:08b}" for byte in above)[:width])
    return [row[MODULE // 2 :: MODULE] for row in rows[MODULE // 2 :: MODULE]]


def test_the_picture_shows_the_code_of_the_link_with_white_around_it() -> None:
    code = segno.make(URL, error="m", micro=False)
    wanted = ["".join(map(str, row)) for row in code.matrix_iter(border=BORDER)]
    assert squares(qr_png(URL)) == wanted
    assert squares(qr_png(f"{URL}?start=do_topics")) != wanted


def made(*roles: Role, argument: str = "", door: bool = True) -> House:
    house = House(MemoryStore())
    house.say("ann", "hello")
    house.grant("ann", *roles)
    if door:
        house.do(lambda tx: doors.remember(tx, "telegram", "https://t.me/older_bot"))
        house.do(lambda tx: doors.remember(tx, "telegram", URL))
    assert house.command("ann", "qr", argument)[-1] == wording("qr.making")
    house.make_files()
    return house


def test_a_rep_gets_the_picture_with_the_address_in_words() -> None:
    sent = made(Role.REP).channel.sent[-1]
    assert sent.file == qr_png(URL)
    assert sent.place is Place.PRIVATE
    assert sent.reply.text == wording("qr.caption", url=URL)
    assert sent.reply.attachment is not None
    assert sent.reply.attachment.text_twin == wording("qr.twin")


def test_the_link_can_begin_with_what_everybody_may_do() -> None:
    sent = made(Role.OFFICER, argument="topics").channel.sent[-1]
    assert sent.file == qr_png(f"{URL}?start=do_topics")
    assert "?start=do_topics" in sent.reply.text


def test_where_the_bot_has_no_address_it_says_so() -> None:
    sent = made(Role.REP, door=False).channel.sent[-1]
    assert sent.file is None
    assert sent.reply.text == wording("file.gone")


def test_a_role_that_was_taken_back_meanwhile_counts() -> None:
    house = made(Role.REP)
    house.command("ann", "qr")
    house.do(lambda tx: tx.delete("role", {}))
    house.make_files()
    assert house.channel.sent[-1].reply.text == wording("file.gone")


def test_a_member_is_told_that_it_is_not_for_them() -> None:
    house = House(MemoryStore())
    house.say("ben", "hello")
    assert house.command("ben", "qr") == [wording("refused.role")]
    assert house.rows("due_job") == []
