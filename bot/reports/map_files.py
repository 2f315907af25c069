"""The workplace map as files to send: a picture with its words, an Excel workbook, a CSV list."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.mapping import exporting
from bot.mapping.cells import write_cells
from bot.mapping.rounds import changes
from bot.mapping.voice import day_text, depths, item_text
from bot.mapping.workplace import LEVELS, Item, WorkMap, path_text
from bot.messages import plain
from bot.reports.comma_separated import csv_bytes
from bot.reports.labels import Labels
from bot.reports.safe_cells import Cell
from bot.reports.spreadsheet import table_workbook
from bot.reports.workplace_map import area_name, map_png, map_text
from bot.results.workplace import MapNode
from bot.service.files import MadeFile
from bot.service.map_files import MapFile

PNG: Final = "image/png"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURED: Final = 60  # areas in one picture: more make it higher than chats show
_APART = re.compile(r"[^a-z0-9]+")


def picture(source: MapFile) -> Sequence[MadeFile]:
    """The map as a picture, and the same in words beside it."""
    labels = _labels(source)
    drawn = Labels(source.wording, source.language, is_drawn=True)
    least = None if source.work_map is not None else source.threshold
    content = map_png(trimmed(source.tree, labels), drawn, source.made_at.date(), least)
    text = f"{labels.say('report.map-alt')}\n\n{map_text(source.tree, labels)}"
    return (_made(source, "png", PNG, content, text),)


def trimmed(node: MapNode, labels: Labels, most: int = PICTURED) -> MapNode:
    """The map with so few areas that a picture of it can be looked at; the words beside it have all.

    The deepest areas go first; their people stay in those around them. What is left out is counted.
    """
    for level in range(LEVELS, 0, -1):
        if sum(1 for _ in depths(node)) <= most:
            return node
        if level > 1:
            node = _without_level(node, level)
    shown = node.children[: most - 2]
    more = labels.say("map.more-areas", count=len(node.children) - len(shown))
    return replace(node, children=(*shown, MapNode(names=(more,), level=1)))


def _without_level(node: MapNode, level: int) -> MapNode:
    children = tuple(_without_level(one, level) for one in node.children if one.level < level)
    return replace(node, children=children)


def workbook(source: MapFile) -> Sequence[MadeFile]:
    """The map as a workbook; for its team with every figure that was ever said."""
    labels = _labels(source)
    sheets = {labels.say("map.sheet"): list(_tree_rows(source, labels))}
    if source.work_map is not None:
        history = list(_history_rows(source.work_map, labels))
        sheets[labels.say("map.sheet-history")] = history
        if len(rounds := list(_round_rows(source.work_map, labels))) > 1:
            sheets[labels.say("map.sheet-rounds")] = rounds
    return (_made(source, "xlsx", XLSX, table_workbook(sheets, source.made_at), ""),)


def listing(source: MapFile) -> Sequence[MadeFile]:
    """The map as a CSV list; the team's own can be sent back to the bot."""
    rows: list[list[Cell]] = (
        [list(row) for row in exporting.rows(source.work_map)]
        if source.work_map is not None
        else list(_tree_rows(source, _labels(source)))
    )
    return (_made(source, "csv", CSV, csv_bytes(rows, bom=True), ""),)


def _made(source: MapFile, ending: str, media_type: str, content: bytes, twin: str) -> MadeFile:
    labels = _labels(source)
    key = "map.file-whole" if source.work_map else "map.file-outside"
    name = area_name(source.tree, labels)
    stem = _APART.sub("-", name.lower()).strip("-")[:40] or "workplace"
    day = f"{source.made_at:%Y-%m-%d}"
    return MadeFile(
        name=f"{labels.say('map.file-name')}-{stem}-{day}.{ending}",
        media_type=media_type,
        content=content,
        caption=labels.say(key, name=plain(name), least=source.threshold),
        text_twin=twin,
    )


def _labels(source: MapFile) -> Labels:
    return Labels(source.wording, source.language)


def _tree_rows(source: MapFile, labels: Labels) -> Iterator[list[Cell]]:
    heads = ("area", "level", "least", "most", "how", "registered", "day")
    yield [labels.say(f"map.column-{one}") for one in heads]
    for depth, node in depths(source.tree):
        known = node.heads
        yield [
            area_name(node, labels),
            depth,
            known.low if known else None,
            known.high if known else None,
            labels.say(f"report.map-key-{known.provenance.value}") if known else None,
            node.registered,
            day_text(node.mapped_at, labels) if node.mapped_at else None,
        ]


def _round_rows(work_map: WorkMap, labels: Labels) -> Iterator[list[Cell]]:
    """Technicians of every area that was mapped in two rounds, then and now."""
    heads = ("area", "before-day", "before-least", "before-most", "day", "least", "most")
    yield [labels.say(f"map.column-{one}") for one in heads]
    for change in changes(work_map):
        yield [
            path_text(work_map.path(change.area)),
            day_text(change.before_at, labels),
            change.before.low,
            change.before.high,
            day_text(change.after_at, labels),
            change.after.low,
            change.after.high,
        ]


def _history_rows(work_map: WorkMap, labels: Labels) -> Iterator[list[Cell]]:
    """Every figure of every area, newest first; never who said it."""
    yield [labels.say(f"map.column-{one}") for one in ("area", "item", "said", "how", "day")]
    for area in work_map.live:
        for item in Item:
            for figure in work_map.told(area.id, item):
                how = figure.told.provenance
                yield [
                    path_text(work_map.path(area.id)),
                    item_text(item, labels),
                    write_cells({item: figure.told})[item.value],
                    labels.say(f"report.map-key-{how.value}") if how else None,
                    day_text(figure.at.date(), labels),
                ]
