"""Puts lookups into a ranking: a question that a table answers is answered from the table."""

from collections.abc import Iterable
from dataclasses import replace

from bot.faq.lookup import Lookup, look_up
from bot.faq.lookup_names import Names, find_names
from bot.faq.ranking import Part, Ranked, Ranking
from bot.language.normalising import tokens
from bot.language.swearing import without_swearing
from bot.messages import Outcome

LISTED = 10  # entries of a ranking


def looked_up(ranking: Ranking, names: Names) -> Ranking:
    """The ranking with every part that a table answers turned into that answer.

    A signpost and small talk stay what they are. A message with one part that is a lookup as a whole
    stays one.
    """
    return replace(ranking, parts=tuple(_look(part, names) for part in ranking.parts))


def _look(part: Part, names: Names) -> Part:
    if part.outcome in {Outcome.SIGNPOST, Outcome.SMALLTALK}:
        return part
    found = look_up(part.words, names) or _looked_up_plainly(part.words, names)
    if found is None or found.entry not in part.confidence_by_entry:
        is_answer = part.outcome is Outcome.ANSWER
        return replace(part, named=names_in(part.words, names)) if is_answer else part
    return replace(
        part,
        outcome=Outcome.ANSWER,
        offered=(found.entry,),
        ranked=_first(part, found),
        lookup=found,
        named=_written(found.registers, found.bodies, names),
    )


def names_in(words: str, names: Names) -> tuple[str, ...]:
    """The registers and bodies that some words name, as they are written."""
    found = find_names(words, names)
    return _written(found.registers, found.bodies, names)


def _written(registers: Iterable[str], bodies: Iterable[str], names: Names) -> tuple[str, ...]:
    titles = [names.bodies.register_by_id[one].name for one in registers]
    return (*titles, *(names.bodies.body_by_id[one].acronym for one in bodies))


def _looked_up_plainly(words: str, names: Names) -> Lookup | None:
    """The lookup that a text with curses in it is without them."""
    typed = tokens(words)
    plain = without_swearing(typed)
    return look_up(" ".join(plain), names) if plain != typed else None


def _first(part: Part, found: Lookup) -> tuple[Ranked, ...]:
    """The ranking with the lookup's entry at its head, and nothing surer below it."""
    others = tuple(
        Ranked(one.entry, min(one.confidence, found.confidence))
        for one in part.ranked
        if one.entry != found.entry
    )
    return (Ranked(found.entry, found.confidence), *others)[:LISTED]
