"""A poster for the notice board: a text, and a code that a phone turns into a link.

One layout, two forms: PDF to print, PNG to send. The letters grow until the page is full, so a short
text is a loud one.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final, Literal

import segno
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from bot.coach.ready_texts import is_link
from bot.coach.voice import Voice
from bot.reports.light_text import Paragraph, paragraphs

A4_IN: Final = (8.27, 11.69)  # inches, ISO 216
PNG_DPI: Final = 150  # 1,240 x 1,754 pixels: sharp on paper, small enough for a chat
MARGIN: Final = 0.08  # of the page
CODE_SIZE: Final = 0.34  # of the page's width: 7 cm, readable from two metres
CODE_HEIGHT: Final = CODE_SIZE * A4_IN[0] / A4_IN[1]  # of the page's height
SIZES: Final = tuple(range(30, 9, -1))  # points of the text, the largest that fits is taken
HEADING: Final = 1.7  # times the text
LINE: Final = 1.35  # line height, times the letters
GAP: Final = 0.7  # of a line, between paragraphs
BORDER: Final = 4  # modules of white around a code, ISO/IEC 18004
POINTS: Final = 72  # an inch


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on it.

    Attributes:
        text: Light Markdown; a paragraph that is bold as a whole is a headline.
        link: Where the code leads.
        scan: Said beside the code.
        alt: Says in words what the code is.

    Raises:
        ValueError: The link is none that a phone can open.
    """

    text: str
    link: str
    scan: str
    alt: str

    def __post_init__(self) -> None:
        """Refuse a code that leads nowhere.

        Raises:
            ValueError: The link is none that may stand on a poster.
        """
        if not is_link(self.link):
            raise ValueError("a poster's link begins with https:// and has no spaces")


def make_poster(voice: Voice, text: str, link: str) -> Poster:
    """A poster with a text of ours, and a code that leads to a link.

    Args:
        voice: Says what to do with the code.
        text: Light Markdown.
        link: Where the code leads.

    Raises:
        ValueError: The link is none that a phone can open.
    """
    scan = voice.say("document.poster.scan")
    return Poster(text=text, link=link, scan=scan, alt=voice.say("document.poster.alt", link=link))


class TooMuchText(ValueError):
    """The text does not fit on one page, even in the smallest letters."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the poster: its words, where they begin (1 is right and top), how large they are."""

    text: str
    x: float
    y: float
    size: float
    is_bold: bool


def poster_png(poster: Poster) -> bytes:
    """The poster as a picture, A4 upright.

    Raises:
        TooMuchText: It does not fit on the page.
    """
    return _printed(poster, "png")


def poster_pdf(poster: Poster) -> bytes:
    """The poster as a page to print, A4 upright, its letters embedded.

    Raises:
        TooMuchText: It does not fit on the page.
    """
    return _printed(poster, "pdf")


def _printed(poster: Poster, form: Literal["png", "pdf"]) -> bytes:
    figure = Figure(figsize=A4_IN, dpi=PNG_DPI, facecolor="white")
    for line in (*_fitted(poster), *_beside_code(poster)):
        figure.text(
            line.x,
            line.y,
            line.text,
            fontsize=line.size,
            fontweight="bold" if line.is_bold else "normal",
            va="top",
            parse_math=False,
        )
    code = segno.make(poster.link, error="m", micro=False)
    axes = figure.add_axes((MARGIN, MARGIN / 2, CODE_SIZE, CODE_HEIGHT))
    matrix = [list(row) for row in code.matrix_iter(border=BORDER)]
    axes.imshow(matrix, cmap="gray_r", interpolation="nearest", vmin=0, vmax=1)
    axes.set_axis_off()
    target = BytesIO()
    undated = {"CreationDate": None} if form == "pdf" else {"Software": ""}
    with rc_context({"pdf.fonttype": 42}):  # letters as letters: they can be searched and copied
        figure.savefig(target, format=form, dpi=PNG_DPI, metadata=undated)
    return target.getvalue()


def _beside_code(poster: Poster) -> list[_Line]:
    left = MARGIN + CODE_SIZE + 0.03
    y = MARGIN / 2 + CODE_HEIGHT * 0.8
    lines: list[_Line] = []
    for words, size, is_bold in ((poster.scan, 15, True), (poster.link, 13, False)):
        for row in _wrapped(words, size, 1 - MARGIN - left, is_bold=is_bold):
            lines.append(_Line(row, left, y, size, is_bold))
            y -= _step(size)
    return lines


def _fitted(poster: Poster) -> list[_Line]:
    """The lines of the text in the largest letters in which they fit above the code."""
    bottom = MARGIN / 2 + CODE_HEIGHT + 0.02
    text = paragraphs(poster.text)
    for size in SIZES:
        lines, end = _set(text, size)
        if end >= bottom:
            return lines
    raise TooMuchText("The text does not fit on one page. Shorten it.")


def _set(text: tuple[Paragraph, ...], size: float) -> tuple[list[_Line], float]:
    """Every line of the text in letters of a size, and where the last one ends."""
    lines: list[_Line] = []
    y = 1 - MARGIN
    for one in text:
        large = size * (HEADING if one.is_heading else 1)
        words = f"\u2022 {one.text}" if one.is_item else one.text
        for row in _wrapped(words, large, 1 - 2 * MARGIN, is_bold=one.is_heading):
            lines.append(_Line(row, MARGIN, y, large, one.is_heading))
            y -= _step(large)
        y -= _step(large) * GAP
    return lines, y


def _step(size: float) -> float:
    """From one line to the next, as a share of the page's height."""
    return size * LINE / POINTS / A4_IN[1]


def _wrapped(words: str, size: float, width: float, *, is_bold: bool) -> list[str]:
    """Words in lines no wider than a share of the page; a word that is too long is broken."""
    room = width * A4_IN[0] * POINTS / size  # in letters of one point
    rows: list[str] = []
    used = room
    for word in words.split():
        long = _width(f" {word}", is_bold=is_bold)
        if rows and used + long <= room:
            rows[-1] += f" {word}"
            used += long
            continue
        rows.append("")
        used = 0.0
        for sign in word:
            wide = _width(sign, is_bold=is_bold)
            if rows[-1] and used + wide > room:
                rows.append("")
                used = 0.0
            rows[-1] += sign
            used += wide
    return rows


@lru_cache(maxsize=4096)
def _width(words: str, *, is_bold: bool) -> float:
    """How wide words are in letters of one point, in points."""
    font = FontProperties(size=100, weight="bold" if is_bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(words, font, ismath=False)
    return float(width) / 100
