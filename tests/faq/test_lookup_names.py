"""Names in words: by full name, acronym, short form and with a slip; and what is no name."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.faq.lookup_names import Names, find_names
from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.content import parse_file
from bot.knowledge.glossary import Glossary, Term
from bot.knowledge.registers import Register

KNOWLEDGE: Final = Path(__file__).parents[2] / "knowledge"
BODIES: Final = parse_file(
    Bodies, (KNOWLEDGE / "bodies.yaml").read_text(encoding="utf-8"), "bodies.yaml"
)
NAMES: Final = Names.compile(BODIES, Glossary())
TITLED: Final = tuple(one for one in BODIES.registers if one.post_nominals)


def test_the_file_holds_what_we_look_for() -> None:
    assert len(BODIES.bodies) >= 65
    assert len(TITLED) >= 10


@pytest.mark.parametrize("body", BODIES.bodies, ids=lambda body: body.id)
def test_a_body_is_found_by_its_name(body: Body) -> None:
    assert body.id in find_names(f"what does the {body.name} cost", NAMES).bodies


@pytest.mark.parametrize("body", BODIES.bodies, ids=lambda body: body.id)
def test_a_body_is_found_by_its_acronym(body: Body) -> None:
    assert find_names(f"{body.acronym} membership", NAMES).bodies == (body.id,)
    assert find_names(f"{body.acronym.lower()} membership", NAMES).bodies == (body.id,)


@pytest.mark.parametrize("register", TITLED, ids=lambda register: register.id)
def test_a_register_is_found_by_its_letters_and_its_name(register: Register) -> None:
    assert find_names(f"price of {register.post_nominals}", NAMES).registers == (register.id,)
    assert find_names(f"price of {register.title.lower()}", NAMES).registers == (register.id,)


@st.composite
def slips(draw: st.DrawFn, name: str) -> str:
    """A name with one slip in one of its long words, the first letter kept."""
    words = name.replace(",", "").split()
    long = [place for place, word in enumerate(words) if len(word) > 5 and word.isalpha()]
    place = draw(st.sampled_from(long))
    word = words[place]
    at = draw(st.integers(1, len(word) - 2))
    words[place] = draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + "q" + word[at + 1 :],
            ]
        )
    )
    return " ".join(words)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_body_is_found_with_one_slip_in_its_name(data: st.DataObject) -> None:
    body = data.draw(st.sampled_from(BODIES.bodies))
    plain = body.name.split(" (")[0]
    typed = data.draw(slips(plain))
    assert body.id in find_names(f"cost of {typed.lower()}", NAMES).bodies, typed


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_register_is_found_with_one_slip(data: st.DataObject) -> None:
    register = data.draw(st.sampled_from(TITLED))
    long = [one for one in (register.post_nominals or "", register.name) if len(one) > 6]
    typed = data.draw(slips(data.draw(st.sampled_from(long))))
    others = [one.title.lower() for one in TITLED if one is not register]
    assume(all(OSA.distance(typed.lower(), other) > 1 for other in others))  # as near to both
    found = find_names(f"cost of {typed.lower()}", NAMES)
    assert register.id in found.registers, typed


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("institute of mechanical engineers", "imeche"),
        ("Institution of Physics", "iop"),
        ("society of biology", "rsb"),
        ("british computer society", "bcs"),
        ("INCOSE", "ifse"),
        ("i mech e", "imeche"),
        ("the welding institute", "the-welding-institute"),
        ("IET's fees", "iet"),
        ("chartered institution of building services engineers", "cibse"),
        ("institution building services engineers", "cibse"),
        ("cisbe", "cibse"),
        ("imehce", "imeche"),
    ],
)
def test_people_shorten_and_bend_names(words: str, body: str) -> None:
    assert find_names(words, NAMES).bodies == (body,)


@pytest.mark.parametrize(
    "words",
    [
        "put some ice on it",
        "it's on ice for now",
        "in most cases it is fine",
        "a case of beer",
        "my income is low",
        "the scheme at work",
        "please insure my car",
        "that binds us",
        "is ni or england meant",
        "does this hold in NI",
        "a cipher",
        "ICE CREAM FOR ALL",
        "i am an engineer",
        "look at this diet",
        "yet another thing",
    ],
)
def test_everyday_words_are_no_bodies(words: str) -> None:
    assert find_names(words, NAMES).bodies == ()


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("ICE", "ice"),
        ("what about ICE then", "ice"),
        ("ice subs", "ice"),
        ("join ice", "ice"),
        ("ice or ciht", "ice"),
        ("CASES membership", "cases"),
        ("cases membership", "cases"),
        ("nuclear institute ni", "nuclear-institute"),
        ("NI membership", "nuclear-institute"),
    ],
)
def test_an_everyday_word_is_a_body_in_capitals_or_in_company(words: str, body: str) -> None:
    assert body in find_names(words, NAMES).bodies


@pytest.mark.parametrize(
    ("words", "is_trade"),
    [
        ("which body is for IT", True),
        ("it support", True),
        ("for it technicians", True),
        ("which body covers it", False),
        ("is it dear", False),
        ("WHICH BODY COVERS IT", False),
    ],
)
def test_it_is_a_trade_only_where_it_must_be(words: str, *, is_trade: bool) -> None:
    assert ("it" in find_names(words, NAMES).sectors) == is_trade


def test_a_field_is_found_in_singular_and_plural() -> None:
    assert find_names("trains", NAMES).sectors == ("rail",)
    assert find_names("a train", NAMES).sectors == ("rail",)
    assert find_names("university technicians", NAMES).sectors == ("education", "research")


def test_the_name_of_a_body_is_no_field() -> None:
    found = find_names("institute of water", NAMES)
    assert found.bodies == ("institute-of-water",)
    assert found.sectors == ()


def test_a_job_that_the_law_ties_to_a_register_means_it() -> None:
    found = find_names("fee for a pharmacy technician", NAMES)
    assert found.jobs == ("gphc-pharmacy-technician",)
    assert found.sectors == ("pharmacy",)


def test_the_glossary_adds_spellings() -> None:
    term = Term(
        id="imeche",
        title="IMechE",
        meaning="a body",
        spellings=("the mechanicals", "mex"),
        kind="body",
    )
    unsure = Term(
        id="rscitech",
        title="RSciTech",
        meaning="a title",
        spellings=("science letters",),
        kind="title",
        ambiguous=True,
        needs=("register",),
    )
    names = Names.compile(BODIES, Glossary(terms=(term, unsure)))
    assert find_names("join the mechanicals", names).bodies == ("imeche",)
    assert find_names("science letters", names).registers == ()
    assert find_names("register, science letters", names).registers == ("rscitech",)


@given(st.text(max_size=5000))
@settings(deadline=None)
def test_any_text_is_read(words: str) -> None:
    found = find_names(words, NAMES)
    places = [mention.start for mention in found.mentions]
    assert all(0 <= place < len(found.tokens) for place in places)
