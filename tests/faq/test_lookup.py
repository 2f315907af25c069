"""How sure a lookup is, what it makes of stories, and that it is quick and never fails."""

from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.faq.lookup import LEAST, SURE, Kind, look_up
from bot.faq.lookup_names import Names
from bot.knowledge.bodies import Bodies
from bot.knowledge.content import parse_file
from bot.knowledge.glossary import Glossary

KNOWLEDGE: Final = Path(__file__).parents[2] / "knowledge"
BODIES: Final = parse_file(
    Bodies, (KNOWLEDGE / "bodies.yaml").read_text(encoding="utf-8"), "bodies.yaml"
)
NAMES: Final = Names.compile(BODIES, Glossary())
PIECES: Final = (
    *("IET", "cost", "how much", "rail", "which body", "or", "EngTech"),
    *("?", "tax", "the", "ICE", "apprentice", ".", "what is"),
)


def test_words_left_over_make_it_less_sure() -> None:
    plain, strange = look_up("iet price", NAMES), look_up("iet price for a spanner man", NAMES)
    assert plain is not None
    assert plain.confidence == SURE
    assert strange is not None
    assert LEAST <= strange.confidence < plain.confidence


def test_a_slip_makes_it_less_sure() -> None:
    right, bent = look_up("imeche price", NAMES), look_up("imehce price", NAMES)
    assert right is not None
    assert bent is not None
    assert bent.confidence < right.confidence


def test_a_bare_name_is_less_sure_than_a_question() -> None:
    bare, asked = look_up("cibse", NAMES), look_up("what is cibse", NAMES)
    assert bare is not None
    assert asked is not None
    assert bare.confidence < asked.confidence


def test_too_many_strange_words_are_no_lookup() -> None:
    assert look_up("iet price wobble custard lantern", NAMES) is None


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("I'm an electrician in Leeds. How much is the IET?", Kind.COST_OF_BODY),
        ("I live in Crewe. Which bodies cover rail?", Kind.BODIES_FOR_SECTOR),
        ("Been on the tools since 1998. Is IMechE on the hmrc list?", Kind.TAX_OF_BODY),
    ],
)
def test_a_story_may_end_in_a_question(words: str, kind: Kind) -> None:
    found = look_up(words, NAMES)
    assert found is not None
    assert found.kind is kind
    assert found.confidence < SURE


@pytest.mark.parametrize(
    "words",
    [
        "My employer is useless. How much is the IET?",
        "How much is the IET? And how long does it take?",
        "How much is the IET? How much is RSciTech?",
        "The IET turned me down. What does IMechE cost?",
    ],
)
def test_a_story_that_asks_for_more_is_left_to_the_faq(words: str) -> None:
    assert look_up(words, NAMES) is None


def test_icttech_or_rittech_has_an_entry_of_its_own() -> None:
    assert look_up("compare icttech and rittech", NAMES) is None
    assert look_up("ICTTech vs RITTech", NAMES) is None


def test_names_that_mix_bodies_and_registers_are_not_compared() -> None:
    assert look_up("RCT or RSciTech", NAMES) is None


def test_four_bodies_are_too_many_to_compare() -> None:
    assert look_up("compare IET, IMechE, ICE and CIBSE", NAMES) is None


@given(st.text(max_size=5000))
@example("£" * 5000)
@example("a" * 5000)
@example("iet " * 500)
@example("institute of " * 300)
@settings(deadline=None)
def test_any_text_is_looked_up_without_error(words: str) -> None:
    found = look_up(words, NAMES)
    assert found is None or LEAST <= found.confidence <= 1


@given(st.lists(st.sampled_from(PIECES), max_size=12))
@settings(deadline=None)
def test_the_same_words_give_the_same_lookup(words: list[str]) -> None:
    text = " ".join(words)
    found = look_up(text, NAMES)
    assert found == look_up(text, NAMES)
    if found:
        assert {*found.bodies} <= {*BODIES.body_by_id}
        assert {*found.registers} <= {*BODIES.register_by_id}
        assert {*found.sectors} <= {*BODIES.sector_by_id}
        assert found.bodies or found.registers or found.sectors


def test_it_takes_a_fraction_of_a_millisecond() -> None:
    asked = [
        "how much is the IET a year",
        "can i move my EngTech from the IET to IMechE",
        "i have been in the lab for twenty years and my manager says there is no money left",
        "institue of mechancial engineers pric",
    ]

    def quickest(words: str) -> float:
        taken = []
        for _ in range(20):
            start = perf_counter()
            look_up(words, NAMES)
            taken.append(perf_counter() - start)
        return min(taken)

    assert median(map(quickest, asked)) < 0.001  # seconds; 0.1 ms on the machine it was written on
