"""The map in words: one line for each area, in the words of the catalogue."""

from collections.abc import Iterator
from datetime import date

from bot.language.saying import Sayer
from bot.mapping.workplace import Item
from bot.results.published import percent
from bot.results.workplace import Heads, MapNode


def depths(node: MapNode, depth: int = 0) -> Iterator[tuple[int, MapNode]]:
    """Every area with how deep it lies, top to bottom."""
    yield depth, node
    for child in node.children:
        yield from depths(child, depth + 1)


def figure_text(node: MapNode, sayer: Sayer) -> str:
    """How many technicians an area has, how that is known, how many are registered, and when."""
    if node.heads is None:
        return sayer.say("report.map-none")
    how = sayer.say(f"report.map-key-{node.heads.provenance.value}")
    text = sayer.say("report.map-how", figure=heads_text(node.heads, sayer), how=how)
    if node.registered is not None and node.heads.middle:
        share = percent(node.registered, node.heads.middle)
        text = sayer.say("report.map-registered", figure=text, count=node.registered, share=share)
    if node.mapped_at:
        text = sayer.say("report.map-when", figure=text, day=day_text(node.mapped_at, sayer))
    return text


def heads_text(heads: Heads, sayer: Sayer) -> str:
    """A number of technicians, or a range."""
    if heads.low == heads.high:
        return sayer.say("report.map-heads", count=heads.low)
    return sayer.say("report.map-range", low=heads.low, high=heads.high)


def item_text(item: Item, sayer: Sayer) -> str:
    """What an item is called."""
    return sayer.say(f"map.item.{item.value.replace('_', '-')}")


def day_text(day: date, sayer: Sayer) -> str:
    """A day with the month in letters, so that nobody can take it for another one."""
    return f"{day.day} {sayer.say(f'figures.month.{day.month}')} {day.year}"
