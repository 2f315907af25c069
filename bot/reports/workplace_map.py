"""The workplace map as a picture and as a list that a screen reader can read.

Both take the map as it is given. What leaves the team goes through `results.workplace.for_outside` first.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bot.mapping.voice import depths, figure_text
from bot.messages import plain
from bot.reports.drawing import BLUE, EDGE, GREY, INK, PALE, SKY, WIDTH, Sheet, writable
from bot.reports.labels import Labels, seen
from bot.results.workplace import Heads, MapNode, Provenance

INDENT: Final = 0.28  # inches a level is set in by
BAR: Final = 0.22  # inches a bar is high


def map_lines(node: MapNode, labels: Labels) -> Iterator[tuple[int, str]]:
    """Every area as one sentence, with how deep it lies, top to bottom."""
    for depth, one in depths(node):
        text = labels.say(
            "report.map-line", name=area_name(one, labels), figure=figure_text(one, labels)
        )
        yield depth, text


def map_text(node: MapNode, labels: Labels) -> str:
    """The map as an indented list in light Markdown."""
    return "\n".join(f"{'  ' * depth}- {plain(text)}" for depth, text in map_lines(node, labels))


def area_name(node: MapNode, labels: Labels) -> str:
    """What an area, or several that are shown as one, is called."""
    names = [seen(name) for name in node.names]
    return (
        names[0] if len(names) == 1 else labels.say("report.map-together", names=", ".join(names))
    )


def map_png(node: MapNode, labels: Labels, made_on: date, threshold: int | None) -> bytes:
    """The map as a picture: an indented tree, a bar for each area, the registered ones in full colour.

    Args:
        node: As it may be shown.
        labels: Of a picture.
        made_on: The day it is of.
        threshold: The least number shown; None where every number is, for those who map it.
    """
    sheet = Sheet()
    title = labels.say("report.map-title", name=area_name(node, labels))
    sheet.text(title, size=17, bold=True)
    sheet.gap(0.1)
    _key(sheet, labels)
    most = max((n.heads.high for _, n in depths(node) if n.heads), default=1)
    _draw(sheet, node, labels, 0, max(most, 1))
    sheet.gap(0.05)
    day = labels.day(made_on)
    source = labels.say("report.map-source-whole", day=day)
    if threshold is not None:
        source = labels.say("report.map-source", day=day, threshold=threshold)
    sheet.text(source, size=11, colour=GREY)
    return sheet.png()


def _key(sheet: Sheet, labels: Labels) -> None:
    for colour, hatch, text in (
        (SKY, "", labels.say("report.map-key-counted")),
        (SKY, "///", labels.say("report.map-key-estimated")),
        (BLUE, "", labels.say("report.map-key-registered")),
    ):
        sheet.gap(0.04)
        sheet.bar(EDGE, 0.35, 0.16, colour, hatch)
        sheet.text(text, size=11, x=EDGE + 0.45)
    sheet.gap(0.12)


def _draw(sheet: Sheet, node: MapNode, labels: Labels, depth: int, most: int) -> None:
    x = EDGE + INDENT * min(depth, 6)
    sheet.text(writable(area_name(node, labels)) or "?", size=13, bold=depth == 0, x=x)
    if node.heads is None:
        sheet.text(labels.say("report.map-none"), size=11, colour=GREY, x=x)
        sheet.gap(0.12)
    else:
        _bars(sheet, node, node.heads, x, most)
        sheet.text(figure_text(node, labels), size=10.5, colour=INK, x=x)
        sheet.gap(0.14)
    for child in node.children:
        _draw(sheet, child, labels, depth + 1, most)


def _bars(sheet: Sheet, node: MapNode, heads: Heads, x: float, most: int) -> None:
    deepest = EDGE + INDENT * 6
    room = WIDTH - EDGE - deepest
    hatch = "" if heads.provenance is Provenance.COUNTED else "///"
    sheet.gap(0.03)
    sheet.bar(x, room, BAR, PALE)
    sheet.bar(x, max(room * heads.high / most, 0.02), BAR, SKY, hatch)
    if node.registered is not None:
        sheet.bar(x, room * min(node.registered, heads.high) / most, BAR, BLUE)
    sheet.gap(BAR + 0.04)
