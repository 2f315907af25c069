"""Changing an earlier answer by words: "change my job title", "no, 14 not 40", an edited message."""

import re

from bot.engine.guide import Guide, local_now
from bot.engine.guiding import answered, said
from bot.engine.prompts import choose, label_of
from bot.engine.speech import Draft, Said
from bot.flows import runner
from bot.flows.model import Question
from bot.flows.reading import Read, Reading, read
from bot.flows.route import Stop
from bot.flows.run import Key
from bot.flows.runner import Moved
from bot.language.choices import Picked, Torn, match_choice
from bot.messages import plain

WORDS_LIMIT = 200  # characters of a correction; more is no correction

_CHANGE = re.compile(
    r"^(?:please |can i |i want to |i'd like to |let me )*(?:change|correct|fix|edit|redo)\s+"
    r"(?:my |the |answer |answer to |what i said (?:about|for) )*(?P<what>\S.*)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:q|question|number|answer)\s*\.?\s*(?P<number>\d{1,2})\s+(?:is|was)\s+wrong\W*$",
    re.IGNORECASE,
)
_BY_NUMBER = re.compile(
    r"^(?:please |can i |can we |i want to |i'd like to |let me |let's )*"
    r"(?:change|correct|fix|edit|redo|(?:go )?back to)\s+(?:my |the )*"
    r"(?:answer|question|q|number|no\.?)\s*(?:(?:to|for|of|number|question|q|no\.?)\s*)*"
    r"(?P<number>\d{1,2})\W*$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:no|nope|sorry|oops|actually|wait)\b[,. ]*)*"
    r"(?:(?:i meant?|i said|it'?s|make (?:it|that)|it should be)\b[,: ]*)?",
    re.IGNORECASE,
)
_TURNED = {"i": "you", "me": "you", "my": "your", "am": "are"}  # what they say, and we ask
_NOT = re.compile(r",?\s+(?:and\s+)?not\s+", re.IGNORECASE)


def corrected(here: Guide, text: str) -> Said | None:
    """What a correction leads to; None where the words are none."""
    words = " ".join(text.split())
    if len(words) > WORDS_LIMIT:
        return None
    if found := _NUMBERED.match(words) or _BY_NUMBER.match(words):
        return _by_number(here, int(found["number"]))
    if found := _CHANGE.match(words):
        return _by_name(here, found["what"].rstrip(".!? "))
    return _by_value(here, words.rstrip(".! "))


def edited(here: Guide, text: str) -> Said | None:
    """An edited message: offers its words as the answer that the last typed message gave."""
    stop = here.route.stop(Key(here.held.typed)) if here.held.typed else None
    if stop is None or not isinstance(stop.part, Question) or stop.answer is None:
        return None
    reading = _read(here, stop, text)
    if not isinstance(reading, Read):
        return None
    offer = here.say(
        "flow.edited",
        question=plain(label_of(here, stop)),
        before=plain(here.shown(stop.part, stop.answer)),
        after=plain(here.shown(stop.part, reading.answer)),
    )
    choices = (
        choose(here, "change-to", here.say("button.change-to"), stop.key, text),
        choose(here, "resume-run", here.say("button.leave-it")),
    )
    return Said(session=here.session, drafts=(Draft(text=offer, choices=choices, asks=True),))


def _by_value(here: Guide, words: str) -> Said | None:
    """As in "no, 14 not 40" or "sorry, 14"; something has to show that it is no new answer."""
    lead = _LEAD.match(words)
    rest = words[lead.end() :] if lead else words
    new, is_not, old = rest, None, ""
    if found := _NOT.search(rest):
        new, is_not, old = rest[: found.start()], found, rest[found.end() :]
    if not new or (is_not is None and rest == words):
        return None
    return _instead(here, new, old or None)


def _answered_stops(here: Guide) -> list[Stop]:
    return [stop for stop in here.route.stops if stop.answer is not None]


def _by_number(here: Guide, number: int) -> Said | None:
    asked = [stop for stop in here.route.stops if isinstance(stop.part, Question)]
    if not 1 <= number <= len(asked) or asked[number - 1].answer is None:
        return None
    return _ask_again(here, asked[number - 1])


def _by_name(here: Guide, what: str) -> Said | None:
    stops = _answered_stops(here)
    labels = [label_of(here, stop) for stop in stops]
    names = [(stop.part.name.replace("_", " "),) for stop in stops]
    match match_choice(what, labels, names):
        case Picked(index=index):
            return _ask_again(here, stops[index])
        case Torn(indexes=indexes):
            return _which(here, [stops[index] for index in indexes])
        case None:
            like = [stop for stop, label in zip(stops, labels, strict=True) if _holds(label, what)]
            return _ask_again(here, like[0]) if len(like) == 1 else _which(here, like)


def _holds(label: str, what: str) -> bool:
    """Whether a question has all words of a text, as "where I work" in "Where do you work?"."""
    said = re.findall(r"[a-z0-9']+", what.lower())
    wanted = {_TURNED.get(word, word) for word in said}
    return bool(wanted) and wanted <= set(re.findall(r"[a-z0-9']+", label.lower()))


def _which(here: Guide, stops: list[Stop]) -> Said | None:
    if not stops:
        return None
    choices = tuple(
        choose(here, "change", here.say("button.change", question=label_of(here, stop)), stop.key)
        for stop in stops
    )
    draft = Draft(text=here.say("choice.which"), choices=choices, asks=True)
    return Said(session=here.session, drafts=(draft,))


def _ask_again(here: Guide, stop: Stop) -> Said:
    moved = runner.correct(here.flow, here.run, stop.key, local_now(here.scene))
    return said(here.moved(moved)) if isinstance(moved, Moved) else said(here)


def _instead(here: Guide, new: str, old: str | None) -> Said | None:
    """One value for another: the newest answer that was the old value and can be the new one."""
    stops = sorted(_answered_stops(here), key=lambda stop: -_age(here, stop))
    for stop in stops if old else stops[:1]:  # "sorry, 14" can only be about the last answer
        meant = _read(here, stop, new)
        before = _read(here, stop, old) if old else None
        was_it = old is None or (
            isinstance(before, Read)
            and stop.answer is not None
            and before.answer.value == stop.answer.value
        )
        if isinstance(meant, Read) and was_it:
            moved = runner.correct(here.flow, here.run, stop.key, local_now(here.scene))
            if isinstance(moved, Moved):
                return answered(here.moved(moved), meant.answer, typed=True)
    return None


def _age(here: Guide, stop: Stop) -> int:
    """How late a slot was answered: the place of its last step."""
    keys = [undo.key for undo in here.run.history]
    return len(keys) - keys[::-1].index(stop.key) if stop.key in keys else 0


def _read(here: Guide, stop: Stop, text: str) -> Reading | None:
    return read(stop, text, local_now(here.scene).date(), here.scene.view.language)
