"""Figures as they are said: every one with its year, sums that hide nothing, old prices called old."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.engine.figures import KEYS, compose, knows, show
from bot.faq.lookup import Kind, Lookup, look_up
from bot.faq.lookup_names import Names
from bot.knowledge.bodies import Bodies
from bot.knowledge.content import Content, parse_file
from bot.knowledge.faq import Faq
from bot.knowledge.glossary import Glossary
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.wording import Wording
from bot.messages import EntryId

KNOWLEDGE: Final = Path(__file__).parents[2] / "knowledge"
NOW: Final = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONGEST: Final = 1800  # characters of a text that is read in a chat

BODIES: Final = parse_file(
    Bodies, (KNOWLEDGE / "bodies.yaml").read_text(encoding="utf-8"), "bodies.yaml"
)
NAMES: Final = Names.compile(BODIES, Glossary())


def wording() -> Wording:
    texts: dict[str, object] = {}
    for name in ("wording.yaml", "wording-figures.yaml"):
        file = KNOWLEDGE / name
        if file.exists():
            texts |= parse_file(Wording, file.read_text(encoding="utf-8"), name).texts
    return Wording.model_validate({"texts": texts})


def content(bodies: Bodies | None = BODIES) -> Content:
    return Content(
        hash="x",
        faq=Faq(entries=()),
        sensitive=Sensitive(topics=()),
        wording=WORDING,
        bodies=bodies,
    )


WORDING: Final = wording()
CONTENT: Final = content()


def lookup(kind: Kind, *, bodies: str = "", registers: str = "", sectors: str = "") -> Lookup:
    return Lookup(
        kind=kind,
        entry=EntryId("any"),
        bodies=tuple(bodies.split()),
        registers=tuple(registers.split()),
        sectors=tuple(sectors.split()),
    )


def ask(words: str, now: datetime = NOW) -> str:
    found = look_up(words, NAMES)
    assert found is not None, words
    return compose(found, CONTENT, now).text


def every_lookup() -> list[Lookup]:
    asked = [
        lookup(kind, bodies=body.id)
        for body in BODIES.bodies
        for kind in (Kind.COST_OF_BODY, Kind.ABOUT_BODY, Kind.TAX_OF_BODY, Kind.APPRENTICE_PRICE)
    ]
    asked += [
        lookup(Kind.COST_OF_BODY, bodies=body.id, registers=licence.gives)
        for body in BODIES.bodies
        for licence in body.registers
    ]
    asked += [
        lookup(kind, registers=register.id)
        for register in BODIES.registers
        for kind in (Kind.COST_OF_REGISTER, Kind.ABOUT_REGISTER, Kind.WHO_AWARDS)
    ]
    asked += [lookup(Kind.BODIES_FOR_SECTOR, sectors=sector.id) for sector in BODIES.sectors]
    return asked


LOOKUPS: Final = every_lookup()
SHOWN: Final = (
    *KEYS,
    "fees:engtech,icttech",
    *(f"fees:{register.id}" for register in BODIES.registers),
)


def must_be_honest(text: str) -> None:
    """What holds of every text: a figure has its year, nothing is left open, it can be read."""
    assert text.strip()
    assert len(text) <= LONGEST
    assert not re.search(r"[{}]|None|  |\(\)|\[\]", text)
    for line in text.splitlines():
        if "£" in line:
            assert re.search(r"\b(?:19|20)\d\d\b|no date", line), line


def name_of(asked: Lookup) -> str:
    return "-".join((asked.kind, *asked.bodies, *asked.registers, *asked.sectors))


def test_there_is_something_to_ask() -> None:
    assert len(LOOKUPS) > 400
    assert len(SHOWN) >= 19


@pytest.mark.parametrize("asked", LOOKUPS, ids=name_of)
def test_every_answer_is_honest(asked: Lookup) -> None:
    figures = compose(asked, CONTENT, NOW)
    must_be_honest(figures.text)
    urls = [*re.findall(r"\((https?://[^)]+)\)", figures.text)]
    urls += [source.url for source in figures.sources if source.url]
    assert not [url for url in urls if urlsplit(url).hostname in BODIES.never_show_hosts]


@pytest.mark.parametrize("key", SHOWN)
def test_every_table_is_honest(key: str) -> None:
    assert knows(key, BODIES)
    must_be_honest(show(key, CONTENT, NOW))


@given(
    st.sampled_from(list(Kind)),
    st.lists(st.sampled_from([body.id for body in BODIES.bodies]), unique=True, max_size=3),
    st.lists(st.sampled_from([one.id for one in BODIES.registers]), unique=True, max_size=3),
    st.lists(st.sampled_from([one.id for one in BODIES.sectors]), unique=True, max_size=3),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2035, 1, 1)),  # noqa: DTZ001 - hypothesis takes naive bounds
)
@settings(deadline=None, max_examples=200)
def test_any_lookup_gets_a_text_or_nothing(
    kind: Kind, bodies: list[str], registers: list[str], sectors: list[str], now: datetime
) -> None:
    asked = lookup(
        kind, bodies=" ".join(bodies), registers=" ".join(registers), sectors=" ".join(sectors)
    )
    text = compose(asked, CONTENT, now.replace(tzinfo=UTC)).text
    for line in text.splitlines():
        assert "£" not in line or re.search(r"\b(?:19|20)\d\d\b|no date", line), line
    if bodies and registers and sectors:
        assert text


# Tables below FAQ entries


def test_the_overview_begins_with_the_rule_of_thumb_and_works_an_example() -> None:
    text = show("fees", CONTENT, NOW)
    assert text.startswith("**Rule of thumb:** about £10 a month")
    assert "£17.90 to enter (2019)" in text
    assert "£96.40 in the first year, and £76.40 each year after" in text
    assert "from 2019, 2023 and 2025, so expect to pay more now" in text


def test_fees_of_engineering_titles() -> None:
    text = show("fees:engtech,icttech", CONTENT, NOW)
    assert "EngTech through CIBSE, in 2019" in text
    assert "£211.90 in the first year" in text
    assert "£20.66 (EngTech entry fee), but the page carries no date" in text
    assert "**ICTTech**: £19.40 a year (2019), I do not have the entry fee" in text


def test_sums_of_different_years_say_so() -> None:
    text = show("fees:rscitech", CONTENT, NOW)
    assert "£104.40 (figures from 2023 and 2025 added together)" in text


def test_no_price_is_not_free() -> None:
    assert "does not mean it is free" in show("fees:rittech", CONTENT, NOW)


def test_tax_names_the_exceptions() -> None:
    text = show("tax", CONTENT, NOW)
    assert "58 of the 65 bodies" in text
    assert "IPEM, EI, IGEM, CASES and IAT" in text
    assert "ASPiH and RCT" in text


@pytest.mark.parametrize("key", ["", "fee", "fees:", "fees:nothing", "FEES", "fees:engtech,x"])
def test_an_unknown_key_shows_nothing(key: str) -> None:
    assert not knows(key, BODIES)
    assert show(key, CONTENT, NOW) == ""


def test_without_bodies_nothing_is_said() -> None:
    asked = lookup(Kind.COST_OF_BODY, bodies="iet")
    assert show("fees", content(None), NOW) == ""
    assert compose(asked, content(None), NOW).text == ""


# Money


def test_an_unknown_part_makes_it_at_least_and_is_named() -> None:
    text = ask("how much is the IET a year")
    assert "at least £158 (2015)" in text
    assert "That leaves out any fee to apply or join" in text
    assert "does not say whether this takes in the yearly register fee" in text


def test_one_stale_price_is_named_with_its_date_and_where_to_ask() -> None:
    text = ask("gphc fee")
    assert "The last price I have is £138, from September 2025, so expect to pay more now." in text
    assert "[pharmacyregulation.org](https://www.pharmacyregulation.org/)" in text


def test_a_fresh_price_is_not_called_old() -> None:
    text = ask("institute of acoustics price", datetime(2025, 6, 1, tzinfo=UTC))
    assert "expect to pay more" not in text
    assert "Please check with IOA before you apply" in text


def test_no_price_of_a_body_is_not_free_either() -> None:
    text = ask("iom3 fees")
    assert "I do not have the membership price of IOM3. That does not mean it is free." in text
    assert "First year" not in text


def test_the_portal_is_named_where_its_price_stands_in() -> None:
    text = ask("ibms fee")
    assert "who apply on the Science Council website" in text
    assert "Ask IBMS for today's price. I do not have its website." in text


def test_grades_that_cannot_be_matched_are_not_added() -> None:
    text = ask("ciht fees")
    assert "Associate Member £99 (2018)" in text
    assert "I cannot tell which of them goes with EngTech" in text
    assert "First year" not in text


def test_who_joins_in_mid_year_pays_less() -> None:
    assert "only for the months that are left" in ask("gdc fee")


def test_a_register_the_body_is_not_known_to_give_is_not_given() -> None:
    assert "I found no page that says that IET awards RSciTech" in ask("iet fees for rscitech")


# Licences and the law


@pytest.mark.parametrize(
    ("body", "register"),
    [
        (body.id, licence.gives)
        for body in BODIES.bodies
        for licence in body.registers
        if not licence.is_known
    ],
)
def test_nobody_is_called_licensed_without_a_page(body: str, register: str) -> None:
    title = BODIES.register_by_id[register].title
    text = compose(lookup(Kind.ABOUT_BODY, bodies=body), CONTENT, NOW).text
    assert f"may award {title}, but I found no page that says so" in text
    awarding = compose(lookup(Kind.WHO_AWARDS, registers=register), CONTENT, NOW).text
    acronym = BODIES.body_by_id[body].acronym
    assert not re.search(rf"\b{re.escape(acronym)}\b", awarding)


@pytest.mark.parametrize(
    "words",
    [
        "gdc",
        "gdc fee",
        "which body for pharmacy technicians",
        "dental technician fee",
        "gdc or dta",
    ],
)
def test_the_law_comes_first(words: str) -> None:
    assert ask(words).startswith("**By law you must be on the General")


def test_northern_ireland_is_not_told_that_it_need_not_register() -> None:
    text = ask("gphc")
    assert "England, Scotland and Wales" in text
    assert "ask the Society before you rely on this" in text


def test_a_doubtful_grade_is_called_doubtful() -> None:
    for words in ("ciat", "who awards tciat", "ciat or rics"):
        assert "not sure that this grade still exists" in ask(words)


def test_who_awards_says_whose_word_it_is() -> None:
    text = ask("who awards RSciTech")
    assert "By their own account, or by that of the Science Council: IOM3" in text
    assert "By an outside page, so check first: IChemE, BPS" in text
    assert "ORS" not in text


def test_a_body_that_works_through_another_is_no_licensed_one() -> None:
    assert "Through another body, so ask first: ITP, IfSE" in ask("who awards icttech")


# Fields, comparisons, tax, apprentices


def test_those_whose_own_words_were_used_lead() -> None:
    text = ask("which body for hgv mechanics")
    assert text.index("(SOE)") < text.index("(IMI)")


def test_a_keyword_without_a_field_has_a_plain_title() -> None:
    asked = lookup(Kind.BODIES_FOR_SECTOR, bodies="irse")
    assert compose(asked, CONTENT, NOW).text.startswith("**Bodies that may fit**")


def test_a_field_nobody_covers_says_so() -> None:
    assert "I know no body for that" in compose(lookup(Kind.BODIES_FOR_SECTOR), CONTENT, NOW).text


def test_a_long_field_is_cut_and_says_how_to_ask_for_more() -> None:
    text = ask("which bodies are there in healthcare")
    assert "There are more:" in text
    assert "Name one to hear more" in text


def test_bodies_stand_side_by_side() -> None:
    text = ask("IET or IMechE?")
    assert "IET and IMechE, side by side" in text
    assert text.count("For: ") == 2


def test_registers_stand_side_by_side() -> None:
    text = ask("EngTech or RSciTech")
    assert "Engineering Council" in text
    assert "Science Council" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("is the IET on the hmrc list", "Yes, as far as I know"),
        ("is igem on list 3", "Probably"),
        ("energy institute tax relief", "That is not clear"),
        ("is rct tax deductible", "That is not clear"),
    ],
)
def test_tax_relief_is_said_as_it_was_found(words: str, said: str) -> None:
    text = ask(words)
    assert said in text
    assert "May 2026" in text
    assert "https://www.gov.uk/" in text
    assert "not tax advice" in text


def test_a_name_to_type_is_given_only_where_it_may_be_the_body() -> None:
    assert "**Institution of Gas Engineers**" in ask("is igem on list 3")
    assert "Type this name" not in ask("energy institute tax relief")


def test_apprentice_prices_are_those_held() -> None:
    assert "**£20** (2015)" in ask("iet apprentice price")
    assert "Apprentices could join free (2019)" in ask("is ICE free for apprentices")
    assert "I do not have an apprentice price for RSB" in ask("rsb student price")
    assert "so ask whether it holds here (2018)" in ask("imeche free for apprentices")


def test_sources_are_named_by_their_owner() -> None:
    figures = compose(lookup(Kind.COST_OF_BODY, bodies="cibse"), CONTENT, NOW)
    assert [(one.title, one.as_of) for one in figures.sources] == [("CIBSE: fees", "2019")]
    tax = compose(lookup(Kind.TAX_OF_BODY, bodies="iet"), CONTENT, NOW).sources[0]
    assert tax.url is not None
    assert "gov.uk" in tax.url
    assert tax.evidence is not None


# Wording


def test_every_text_is_used_and_every_key_is_there() -> None:
    code = "".join(
        file.read_text(encoding="utf-8")
        for file in (KNOWLEDGE.parent / "bot" / "engine").glob("figures*.py")
    )
    said = set(re.findall(r"[\"'](figures\.[^\"']+)[\"']", code))
    fixed = {key for key in said if "{" not in key}
    families = {key.split("{")[0] for key in said if "{" in key}
    ours = {key for key in WORDING.texts if key.startswith("figures.")}
    assert len(fixed) > 80
    assert fixed <= ours
    assert not [
        key for key in ours - fixed if not any(key.startswith(family) for family in families)
    ]


def test_another_language_falls_back_to_english() -> None:
    assert show("fees", CONTENT, NOW, "cy") == show("fees", CONTENT, NOW)
