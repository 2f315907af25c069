"""Questions that a table answers: what a body costs, who awards a title, which body covers a field.

Shy by design. The FAQ answers nearly everything better, so a lookup needs a name, a cue of its kind,
and hardly a word that neither belongs to the kind nor is small talk; any word of `BLOCKED` ends it.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from bot.faq import lookup_words as lexicon
from bot.faq.lookup_names import TOKEN_LIMIT, Named, Names, find_names
from bot.knowledge.bodies import Bodies
from bot.messages import EntryId

SURE: Final = 0.95  # nothing left over
STRANGE: Final = 0.15  # less for each word left over
UNCERTAIN: Final = 0.1  # less for a slip repaired, a bare name, a story before the question
LEAST: Final = 0.5  # below this it is no lookup
COMPARED: Final = 3  # names side by side, at most
SENTENCES: Final = 4  # of a story that ends in a question, at most

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_HEALTH: Final = frozenset({"healthcare", "pharmacy", "dental"})
_TITLE_ENTRIES: Final = {
    "engtech": "fees-engtech",
    "icttech": "fees-engtech",
    "rscitech": "fees-rscitech",
    "rsci": "fees-rscitech",
    "rittech": "fees-rittech",
}
_MAIN_FOUR: Final = frozenset({"engtech", "icttech", "rscitech", "rittech"})
_HEALTH_REGISTERS: Final = frozenset(
    {
        "gphc-pharmacy-technician",
        "gdc-dental-technician",
        "rct-clinical-technologist",
        "ahcs-hcs-practitioner",
    }
)


class Kind(StrEnum):
    """What is asked of a body, a register or a field of work. There are no others."""

    COST_OF_BODY = "cost_of_body"
    COST_OF_REGISTER = "cost_of_register"
    BODIES_FOR_SECTOR = "bodies_for_sector"
    WHO_AWARDS = "who_awards"
    ABOUT_BODY = "about_body"
    ABOUT_REGISTER = "about_register"
    COMPARE = "compare"
    TAX_OF_BODY = "tax_of_body"
    APPRENTICE_PRICE = "apprentice_price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A question that is answered from `bodies.yaml`.

    Attributes:
        kind: What is asked.
        entry: The FAQ entry it belongs to: for topics, votes and `eval`.
        bodies: What was named; for a field of work the bodies whose own words were used.
        registers: The registers that were named.
        sectors: The fields of work that were named.
        confidence: In [0, 1]; at least `LEAST`.
    """

    kind: Kind
    entry: EntryId
    bodies: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    confidence: float = SURE


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question: the names in it, the words that are left, and all words with spaces around."""

    named: Named
    rest: tuple[str, ...]
    text: str
    bodies: Bodies

    def has(self, cues: Collection[str], runs: Sequence[str] = ()) -> bool:
        """Whether one of the cues stands in it, or one of the runs of words."""
        if any(map(cues.__contains__, self.rest)):
            return True
        return any(run in self.text for run in runs)

    def strange(self, allowed: Collection[str]) -> int | None:
        """How many words are left over; None where one of them belongs to the FAQ."""
        left = [word for word in self.rest if word not in allowed and word not in lexicon.FILLER]
        if any(word in lexicon.BLOCKED for word in self.rest if word not in allowed):
            return None
        if self.has((), lexicon.BLOCKED_RUNS):
            return None
        return sum(not word.isdigit() for word in left)

    def found(
        self, kind: Kind, entry: str, allowed: Collection[str], budget: int
    ) -> Lookup | None:
        """The lookup, where not too many words are left over."""
        strange = self.strange(allowed)
        if strange is None or strange > budget:
            return None
        certain = all(mention.certain for mention in self.named.mentions)
        confidence = SURE - STRANGE * strange - (0 if certain else UNCERTAIN)
        if confidence < LEAST:
            return None
        return Lookup(
            kind=kind,
            entry=EntryId(entry),
            bodies=self.named.bodies,
            registers=self.named.registers,
            sectors=self.named.sectors,
            confidence=round(confidence, 2),
        )


def look_up(words: str, names: Names) -> Lookup | None:
    """What some words ask of the tables.

    Args:
        words: As typed; one question, perhaps after a sentence or two of story.
        names: Compiled once.

    Returns:
        None wherever the FAQ should answer.
    """
    sentences = [part for part in _SENTENCE_END.split(words.strip()) if part.strip()]
    if sum("?" in part for part in sentences) > 1:
        return None
    whole = _read(words, names)
    if whole is not None:
        return whole
    if not 1 < len(sentences) <= SENTENCES:
        return None
    found = [_read(sentence, names) for sentence in sentences]
    asked = [lookup for lookup in found if lookup and lookup.kind is not Kind.ABOUT_BODY]
    others = [part for part, lookup in zip(sentences, found, strict=True) if not lookup]
    if len(asked) != 1 or len(asked) + len(others) != len(sentences):
        return None
    if any(_belongs_to_the_faq(other) for other in others):
        return None
    return replace(asked[0], confidence=round(asked[0].confidence - UNCERTAIN, 2))


def _belongs_to_the_faq(sentence: str) -> bool:
    words = frozenset(re.findall(r"[a-z']+", sentence.lower()))
    return "?" in sentence or bool(words & lexicon.BLOCKED)


def _read(words: str, names: Names) -> Lookup | None:
    named = find_names(words, names)
    if not named.mentions or len(named.tokens) >= TOKEN_LIMIT:
        return None
    inside = {at for mention in named.mentions for at in range(mention.start, mention.end)}
    rest = tuple(token for at, token in enumerate(named.tokens) if at not in inside)
    asked = _Asked(named, rest, f" {' '.join(named.tokens)} ", names.bodies)
    return next((found for kind in _KINDS if (found := kind(asked)) is not None), None)


def _tax(asked: _Asked) -> Lookup | None:
    if not asked.named.bodies or not asked.has(lexicon.TAX_CUES, lexicon.TAX_RUNS):
        return None
    allowed = lexicon.TAX_CUES | lexicon.TAX_ALLOWED
    return asked.found(Kind.TAX_OF_BODY, "tax-relief-on-fees", allowed, 2)


def _apprentice(asked: _Asked) -> Lookup | None:
    if not asked.named.bodies or not asked.has(lexicon.YOUNG_CUES):
        return None
    if not asked.has(lexicon.YOUNG_NEEDS):
        return None
    allowed = lexicon.YOUNG_CUES | lexicon.YOUNG_ALLOWED
    return asked.found(Kind.APPRENTICE_PRICE, "apprentice-fees", allowed, 1)


def _compare(asked: _Asked) -> Lookup | None:
    bodies, registers = asked.named.bodies, asked.named.registers
    several = bodies if len(bodies) > 1 else registers
    if not 1 < len(several) <= COMPARED or (bodies and several is registers):
        return None
    if {"icttech", "rittech"} <= {*registers}:
        return None
    costs = asked.has(lexicon.COST_CUES | {"annual", "yearly"}, lexicon.COST_RUNS)
    if costs and asked.has(lexicon.COST_BLOCKED):
        return None
    if not costs and not asked.has(lexicon.COMPARE_CUES, lexicon.COMPARE_RUNS):
        return None
    allowed = lexicon.COMPARE_CUES | lexicon.COMPARE_ALLOWED | lexicon.COST_CUES
    if costs:
        allowed |= lexicon.COST_ALLOWED
    return asked.found(Kind.COMPARE, _compare_entry(asked, costs=costs), allowed, 2)


def _compare_entry(asked: _Asked, *, costs: bool) -> str:
    if costs:
        return _cost_entry(asked)
    given = [_given(asked.bodies, body) for body in asked.named.bodies]
    if any("rittech" in one for one in given) and any("icttech" in one for one in given):
        return "icttech-or-rittech"
    return "which-register-and-body-fit-me"


def _cost(asked: _Asked) -> Lookup | None:
    named = asked.named
    cued, paired = asked.has(lexicon.COST_CUES), asked.has((), lexicon.COST_RUNS)
    if not (cued or paired) or asked.has(lexicon.COST_BLOCKED | lexicon.TAX_CUES):
        return None
    allowed = lexicon.COST_CUES | lexicon.COST_ALLOWED
    if len(named.bodies) == 1:
        return asked.found(Kind.COST_OF_BODY, _cost_entry(asked), allowed, 2 if cued else 1)
    registers = named.registers or named.jobs
    if named.bodies or len(registers) != 1 or asked.has(lexicon.YOUNG_CUES):
        return None
    found = asked.found(Kind.COST_OF_REGISTER, _cost_entry(asked), allowed, 1 if cued else 0)
    return replace(found, registers=registers) if found else None


def _awards(asked: _Asked) -> Lookup | None:
    named = asked.named
    if named.bodies or len(named.registers) != 1 or named.tokens[0] not in lexicon.AWARD_ASKS:
        return None
    cues = lexicon.AWARD_VERBS | lexicon.BODY_NOUNS
    if not asked.has(cues, lexicon.AWARD_RUNS) or asked.has(lexicon.NEEDED):
        return None
    register = named.registers[0]
    entry = "who-runs-the-registers" if register in _TITLE_ENTRIES else _entry_about(register)
    return asked.found(Kind.WHO_AWARDS, entry, lexicon.AWARD_ALLOWED, 0)


def _sector(asked: _Asked) -> Lookup | None:
    named = asked.named
    fields = (*named.sectors, *named.keyword_bodies, *named.jobs)
    if not fields or named.bodies or asked.has(lexicon.SECTOR_BLOCKED):
        return None
    has_noun = asked.has(lexicon.BODY_NOUNS)
    if not has_noun and not asked.has((), lexicon.SECTOR_RUNS):
        return None
    is_health = bool(_HEALTH & {*named.sectors}) or bool(named.jobs)
    entry = "healthcare-technicians" if is_health else "which-register-and-body-fit-me"
    allowed = lexicon.SECTOR_ALLOWED if has_noun else lexicon.SECTOR_ALLOWED - {"list"}
    budget = 2 if has_noun and named.keyword_bodies else 1
    found = asked.found(Kind.BODIES_FOR_SECTOR, entry, allowed, budget)
    registers = named.registers or named.jobs
    return replace(found, bodies=named.keyword_bodies, registers=registers) if found else None


def _about_register(asked: _Asked) -> Lookup | None:
    named = asked.named
    if named.bodies or len(named.registers) != 1 or not _asks_about(asked):
        return None
    entry = _entry_about(named.registers[0])
    return asked.found(Kind.ABOUT_REGISTER, entry, lexicon.ABOUT_ALLOWED, 0)


def _asks_about(asked: _Asked) -> bool:
    return asked.has((), lexicon.ABOUT_RUNS) and not asked.has(lexicon.NEEDED)


def _entry_about(register: str) -> str:
    if register in _MAIN_FOUR:
        return "which-technician-titles-exist"
    if register == "rsci":
        return "next-step-after-technician-title"
    is_health = register in _HEALTH_REGISTERS
    return "healthcare-technicians" if is_health else "other-technician-registers"


def _about_body(asked: _Asked) -> Lookup | None:
    named = asked.named
    if len(named.bodies) != 1 or named.registers or named.sectors or named.keyword_bodies:
        return None
    is_bare = not [word for word in asked.rest if word not in lexicon.POLITE]
    if not is_bare and not _asks_about(asked):
        return None
    entry = "which-register-and-body-fit-me"
    found = asked.found(Kind.ABOUT_BODY, entry, lexicon.ABOUT_ALLOWED, 0)
    if found is None or not is_bare:
        return found
    return replace(found, confidence=round(found.confidence - UNCERTAIN, 2))


def _cost_entry(asked: _Asked) -> str:
    """The fee entry that all named titles share; of a body with several kinds, the overview."""
    registers = asked.named.registers or asked.named.jobs
    if not registers:
        known = asked.bodies.body_by_id
        registers = tuple(
            one.gives for body in asked.named.bodies for one in known[body].registers
        )
    entries = {_TITLE_ENTRIES.get(register, "cost-overview") for register in registers}
    return entries.pop() if len(entries) == 1 else "cost-overview"


def _given(bodies: Bodies, body: str) -> tuple[str, ...]:
    """The registers a body is said to give."""
    return tuple(licence.gives for licence in bodies.body_by_id[body].registers)


_KINDS: Final[tuple[Callable[[_Asked], Lookup | None], ...]] = (
    _tax,
    _apprentice,
    _compare,
    _cost,
    _awards,
    _sector,
    _about_register,
    _about_body,
)
