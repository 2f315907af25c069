"""The gaps of a ready reminder: which is next, whether what was typed fits, and the whole text."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from bot.engine.bulletins import GAP_LIMIT, Bulletin
from bot.engine.speech import Scene
from bot.knowledge.reminders import Gap, Reminder
from bot.knowledge.shapes import LANGUAGES
from bot.language.clock_times import Clock, read_time
from bot.language.days import Day
from bot.language.saying import say_date, say_time
from bot.language.when import read_day
from bot.messages import plain

_GAP = re.compile(r"\{([a-z_]+)\}")
_ENDS: Final = ".,;:!?"  # what ends a sentence is no part of a link
_LINK: Final = re.compile(r"https://[a-z0-9.-]+\.[a-z]{2,}(?:/[A-Za-z0-9._~/?=&%+-]*)?")


def question(scene: Scene, bulletin: Bulletin) -> str:
    """What is asked for the next gap."""
    gap = _next(scene, bulletin)
    return gap.ask.text(scene.view.language) if gap else scene.say("broadcast.gone")


def fill(scene: Scene, bulletin: Bulletin, words: str) -> Bulletin | str:
    """The bulletin with its next gap filled, and with its text once all are; or what was wrong."""
    one, gap = scene.content.reminders.reminder(bulletin.ready), _next(scene, bulletin)
    if one is None or gap is None:
        return scene.say("broadcast.gone")
    value = _checked(scene, gap, words)
    if value is None:
        again = scene.say(f"broadcast.gap-{gap.kind}")
        return f"{again}\n\n{gap.ask.text(scene.view.language)}"
    filled = replace(bulletin, gaps={**bulletin.gaps, gap.name: value})
    return filled if _next(scene, filled) else replace(filled, texts=_texts(one, filled))


def own_words(words: str) -> str:
    """What somebody wrote, each line a paragraph: no character keeps a meaning, but a whole link leads."""
    lines = (line.split() for line in words.splitlines())
    return "\n\n".join(" ".join(map(_word, line)) for line in lines if line)


def _word(word: str) -> str:
    """One word; of a link its own address is what people read, so that it leads where it says."""
    link = word.rstrip(_ENDS)
    if not _LINK.fullmatch(link):
        return plain(word)
    return f"[{plain(link)}]({link}){plain(word[len(link) :])}"


def _next(scene: Scene, bulletin: Bulletin) -> Gap | None:
    one = scene.content.reminders.reminder(bulletin.ready)
    gaps = one.gaps if one else ()
    return next((gap for gap in gaps if gap.name not in bulletin.gaps), None)


def _checked(scene: Scene, gap: Gap, words: str) -> str | None:
    """What fills a gap, as it is going to be read; None where it does not fit."""
    said = " ".join(words.split())
    if len(said) > GAP_LIMIT:
        return None
    match gap.kind:
        case "day":
            day = read_day(said, _today(scene))
            to_come = isinstance(day, Day) and day.day >= _today(scene)
            return say_date(day.day, scene) if isinstance(day, Day) and to_come else None
        case "time":
            clock = read_time(said)
            return say_time(clock.time) if isinstance(clock, Clock) else None
        case "link":
            return said if _LINK.fullmatch(said) else None
        case "text":
            return plain(said) or None


def _today(scene: Scene) -> date:
    return scene.now.astimezone(scene.view.zone).date()


def _texts(one: Reminder, bulletin: Bulletin) -> dict[str, str]:
    """The whole text in every language it is written in."""
    said = {name: getattr(one.text, name) for name in LANGUAGES}
    return {
        name: _GAP.sub(lambda found: bulletin.gaps.get(found[1], ""), text).strip()
        for name, text in said.items()
        if text
    }
