"""The poster is looked at again: its words, its code, its size, and what it must never do."""

import re
from io import BytesIO

import pytest
import segno
from PIL import Image

from bot.coach.ready_texts import fill, is_link
from bot.reports.poster import (
    BORDER,
    Poster,
    TooMuchText,
    make_poster,
    poster_pdf,
    poster_png,
)
from tests.coach.plans import content, voice

LINK = "https://t.me/pathways_bot?start=survey-4f7a2c"
SIDE = 34  # of a hundred: the width of the code on the page


def poster(text: str | None = None, link: str = LINK) -> Poster:
    known = {"workplace": "North site", "close_date": "Friday 18 December", "branch": "Branch 12"}
    return make_poster(voice(), text or fill(content(), "survey-poster", known).text, link)


def modules_seen(picture: Image.Image, count: int) -> list[list[int]]:
    """The code as a camera sees it: dark or light in the middle of each module."""
    width, height = picture.size
    side = width * SIDE / 100
    left, bottom = width * 0.08, height * (1 - 0.04)
    size = side / count
    dark = picture.convert("L").point(lambda grey: grey < 128, "1")
    rows = [int(bottom - side + (y + 0.5) * size) for y in range(count)]
    columns = [int(left + (x + 0.5) * size) for x in range(count)]
    return [[int(bool(dark.getpixel((x, y)))) for x in columns] for y in rows]


def code(link: str) -> list[list[int]]:
    made = segno.make(link, error="m", micro=False)
    return [list(map(int, row)) for row in made.matrix_iter(border=BORDER)]


def test_the_code_on_the_picture_is_the_code_of_the_link() -> None:
    matrix = [
        list(map(int, row))
        for row in segno.make(LINK, error="m", micro=False).matrix_iter(border=BORDER)
    ]
    picture = Image.open(BytesIO(poster_png(poster())))
    assert modules_seen(picture, len(matrix)) == matrix
    other = segno.make(LINK + "x", error="m", micro=False).matrix_iter(border=BORDER)
    assert [list(map(int, row)) for row in other] != matrix


def test_the_picture_is_a4_upright() -> None:
    width, height = Image.open(BytesIO(poster_png(poster()))).size
    assert (width, height) == (1240, 1753)


def test_the_page_to_print_is_one_a4_page_with_letters_in_it() -> None:
    page = poster_pdf(poster())
    assert page.startswith(b"%PDF-")
    assert re.search(rb"/Count 1\b", page)
    assert b"/FontFile2" in page, "its letters are embedded"
    assert b"CreationDate" not in page


def test_the_same_poster_is_the_same_file() -> None:
    assert poster_png(poster()) == poster_png(poster())
    assert poster_pdf(poster()) == poster_pdf(poster())


def test_a_short_text_is_a_loud_one_and_a_long_one_still_fits() -> None:
    short = Image.open(BytesIO(poster_png(poster("**Hello**")))).convert("L")
    long = poster("**Hello**\n\n" + "Some words that go on and on. " * 60)
    assert poster_png(long)
    dark = short.crop((99, 100, 150, 400)).point(lambda grey: 255 * (grey < 128)).getbbox()
    assert dark is not None
    assert dark[3] - dark[1] > 70, "the H of letters of 51 points is 37 points: 77 pixels"


def test_a_text_that_does_not_fit_is_refused() -> None:
    with pytest.raises(TooMuchText, match="Shorten"):
        poster_png(poster("Some words that go on and on. " * 400))


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "https://a b",
        "t.me/x",
        "https://x\ny",
        'https://x/"',
        "http://example.org",
    ],
)
def test_a_code_that_leads_nowhere_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="https"):
        poster(link=link)


@pytest.mark.parametrize("link", ["Https://example.org/s", "HTTPS://EXAMPLE.ORG?a=1"])
def test_a_link_that_the_chat_takes_is_one_for_a_poster(link: str) -> None:
    assert is_link(link)
    assert poster_pdf(poster("**Hello**", link)).startswith(b"%PDF-")


def test_a_dollar_is_a_dollar() -> None:
    assert poster_png(poster("**Win $5$ or $$x^2**")) != poster_png(poster("**Win**"))
