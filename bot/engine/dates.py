"""How we say when a fact was true: honestly, and always."""

from collections.abc import Sequence
from datetime import date

from bot.engine.speech import Scene
from bot.knowledge.faq import Entry
from bot.knowledge.shapes import Source


def month_of(day: date) -> str:
    """A month as people write it: "November 2026"."""
    return f"{day:%B} {day.year}"


def source_lines(scene: Scene, entry: Entry, more: Sequence[Source] = ()) -> str:
    """Where an entry's facts come from and when they were true; the end of every answer.

    Args:
        scene: Only its wording is used.
        entry: Whose sources.
        more: Sources of a live table below the answer; doubled ones are said once.
    """
    sources = _unique((*entry.sources, *more))
    if not sources:
        return ""
    if len(sources) == 1:
        how_old = _age(scene, sources[0], entry.checked_at, "one")
        return scene.say("source.one", source=_named(sources[0]), age=how_old)
    listed = "\n".join(
        f"- {_named(source)} ({_age(scene, source, entry.checked_at, 'many')})"
        for source in sources
    )
    closing = (
        scene.say("source.checked-many", month=month_of(entry.checked_at))
        if entry.checked_at
        else scene.say("source.unchecked-many")
    )
    return scene.say("source.many", sources=listed, closing=closing)


def stale_line(scene: Scene, entry: Entry) -> str:
    """A plain warning where an entry is past its review date; else nothing."""
    if entry.review_by is None or scene.now.date() <= entry.review_by:
        return ""
    return scene.say("source.stale", month=month_of(entry.review_by))


def _unique(sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple({(source.title, source.url): source for source in sources}.values())


def _named(source: Source) -> str:
    return f"[{source.title}]({source.url})" if source.url else source.title


def _age(scene: Scene, source: Source, checked_at: date | None, how: str) -> str:
    if source.url is None:
        return scene.say("source.own")
    if checked_at and how == "one":
        return scene.say("source.checked", month=month_of(checked_at))
    if source.as_of:
        return scene.say(f"source.dated-{how}", year=source.as_of)
    return scene.say(f"source.undated-{how}")
