"""A sheet to draw on, as wide as a phone, as long as it needs to be. Text is wrapped and never cut.

matplotlib is loaded when the first sheet is made: it is part of the `reports` extra.
"""

import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties

WIDTH: Final = (
    6.0  # inches: at 200 dots an inch, 1,200 pixels, what Telegram and Slack show unscaled
)
DOTS: Final = 200  # dots per inch
EDGE: Final = 0.3  # inches of margin
LINE: Final = 1.35  # height of a line, in heights of its letters
FAMILY: Final = (
    "DejaVu Sans"  # comes with matplotlib: Latin with Welsh, Greek, Cyrillic, Hebrew, Arabic
)
_JOINED = re.compile(
    "\u200d.|[\ufe00-\ufe0f]", re.DOTALL
)  # the later parts of an emoji made of several
COLOURS: Final = 48  # in one picture: six of ours, and what lies between letters and paper
INK: Final = "#1a1a1a"
GREY: Final = "#595959"  # 7:1 on white
BLUE: Final = "#0072b2"  # Okabe and Ito's palette, told apart by all kinds of colour blindness
SKY: Final = "#9fcfe8"
ORANGE: Final = "#d55e00"
PALE: Final = "#e6e6e6"


@cache
def _letters() -> frozenset[int]:
    from matplotlib import ft2font  # noqa: PLC0415 - part of an extra
    from matplotlib.font_manager import FontProperties, findfont  # noqa: PLC0415 - see above

    found = findfont(FontProperties(family=FAMILY), fallback_to_default=False)
    return frozenset(ft2font.FT2Font(found).get_charmap())


def writable(text: str) -> str:
    """The text without what the font cannot draw, such as most emoji: no empty boxes."""
    alone = _JOINED.sub("", text)
    kept = "".join(sign for sign in alone if ord(sign) in _letters() and sign.isprintable())
    return " ".join(kept.split())


class Sheet:
    """A picture that grows downwards. All measures are inches from the top left."""

    def __init__(self) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - an extra
        from matplotlib.figure import Figure  # noqa: PLC0415 - see above

        self._figure = Figure(figsize=(WIDTH, 1), dpi=DOTS, facecolor="white")
        self._measure = FigureCanvasAgg(self._figure).get_renderer()  # type: ignore[no-untyped-call]  # matplotlib's own gap
        self._things: list[tuple[str, tuple[float, ...], dict[str, object]]] = []
        self.y = EDGE

    def text(
        self,
        text: str,
        *,
        size: float = 13,
        bold: bool = False,
        colour: str = INK,
        x: float = EDGE,
    ) -> None:
        """Write a text, wrapped, and go below it.

        Args:
            text: Any text; what the font cannot draw is left out.
            size: Height of the letters in points.
            bold: Whether it is heavy.
            colour: As matplotlib writes colours.
            x: Where it begins.
        """
        font = self._font(size, bold=bold)
        for line in self._lines(writable(text), font, WIDTH - EDGE - x):
            self._write(line, x, self.y, font, colour)
            self.y += size * LINE / 72

    def beside(self, text: str, x: float, y: float, *, size: float = 12) -> None:
        """Write a short text to the right of a bar, its middle at `y`."""
        self._write(text, x, y - size * LINE / 144, self._font(size, bold=True), INK)

    def bar(self, x: float, width: float, height: float, colour: str, hatch: str = "") -> None:
        """Draw a bar at the present height, without going below it."""
        self._things.append(
            ("bar", (x, self.y, width, height), {"colour": colour, "hatch": hatch})
        )

    def gap(self, height: float) -> None:
        """Leave room."""
        self.y += height

    def width_of(self, text: str, size: float = 12) -> float:
        """How wide a short bold text is."""
        return self._width(text, self._font(size, bold=True))

    def png(self) -> bytes:
        """The picture."""
        from matplotlib.patches import Rectangle  # noqa: PLC0415 - an extra

        height = self.y + EDGE
        self._figure.set_size_inches(WIDTH, height)
        for kind, place, look in self._things:
            if kind == "bar":
                x, y, wide, high = place
                self._figure.add_artist(
                    Rectangle(
                        (x / WIDTH, 1 - (y + high) / height),
                        wide / WIDTH,
                        high / height,
                        facecolor=str(look["colour"]),
                        edgecolor="white" if look["hatch"] else "none",
                        hatch=str(look["hatch"]) or None,
                        linewidth=0,
                        transform=self._figure.transFigure,
                    )
                )
            else:
                x, y = place
                self._figure.text(
                    x / WIDTH,
                    1 - y / height,
                    str(look["text"]),
                    fontproperties=look["font"],
                    color=str(look["colour"]),
                    ha="left",
                    va="top",
                    parse_math=False,
                )
        return self._small()

    def _small(self) -> bytes:
        """The figure in few colours: a fifth of the bytes, and nothing to be seen of it."""
        from PIL import Image  # noqa: PLC0415 - comes with matplotlib

        drawn, picture = BytesIO(), BytesIO()
        self._figure.savefig(drawn, format="png")
        Image.open(drawn).convert("RGB").quantize(COLOURS).save(picture, "PNG", optimize=True)
        return picture.getvalue()

    def _write(self, line: str, x: float, y: float, font: "FontProperties", colour: str) -> None:
        self._things.append(("text", (x, y), {"text": line, "font": font, "colour": colour}))

    def _font(self, size: float, *, bold: bool) -> "FontProperties":
        from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - an extra

        return FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")

    def _width(self, text: str, font: "FontProperties") -> float:
        wide, _, _ = self._measure.get_text_width_height_descent(text, font, ismath=False)
        return float(wide) / DOTS

    def _lines(self, text: str, font: "FontProperties", room: float) -> list[str]:
        """Break a text between words, and a word that is wider than a line anywhere."""
        lines: list[str] = []
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self._width(longer, font) <= room:
                line = longer
                continue
            lines += [line] if line else []
            *pieces, line = self._pieces(word, font, room)
            lines += pieces
        return [*lines, line] if line else lines

    def _pieces(self, word: str, font: "FontProperties", room: float) -> list[str]:
        pieces = [""]
        for letter in word:
            if pieces[-1] and self._width(pieces[-1] + letter, font) > room:
                pieces.append("")
            pieces[-1] += letter
        return pieces
