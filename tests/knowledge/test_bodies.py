"""`bodies.yaml`: all of it is there, every name leads somewhere, and a mistake is named by its line."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from bot.errors import ContentError
from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.bodies_check import body_problems
from bot.knowledge.content import parse_file
from bot.knowledge.money import Price
from bot.knowledge.registers import Register
from bot.knowledge.yaml_text import parse_yaml

FILE: Final = Path(__file__).parents[2] / "knowledge" / "bodies.yaml"
TEXT: Final = FILE.read_text(encoding="utf-8")
BODIES: Final = parse_file(Bodies, TEXT, "bodies.yaml")
PRICES: Final[tuple[Price, ...]] = (
    *(price for register in BODIES.registers for price in register.fees),
    *(price for table in BODIES.fee_tables for price in table.fees),
    *(price for body in BODIES.bodies for price in body.fees),
)


def problems_of(text: str) -> list[str]:
    document = parse_yaml(text, "bodies.yaml")
    bodies = Bodies.model_validate(document.value)
    return [str(problem) for problem in body_problems(bodies, document.line)]


def test_every_body_register_and_price_we_were_given_is_there() -> None:
    assert len(BODIES.bodies) >= 65
    assert len(BODIES.registers) >= 14
    assert len(BODIES.regulators) >= 6
    assert len(PRICES) >= 155


def test_the_file_has_no_mistakes() -> None:
    assert problems_of(TEXT) == []


def test_the_evidence_for_licences_is_as_it_was_found() -> None:
    found = Counter(one.licence_evidence for body in BODIES.bodies for one in body.registers)
    assert found == {"own-site": 38, "third-party": 12, "none-found": 12, "regulator": 8}


@pytest.mark.parametrize("register", BODIES.registers, ids=lambda register: register.id)
def test_a_register_says_what_it_is_for_and_what_people_pay(register: Register) -> None:
    assert register.in_plain_words.en
    assert register.pay_first_year
    assert register.pay_each_year
    assert register.owner or register.regulator


@pytest.mark.parametrize("body", BODIES.bodies, ids=lambda body: body.id)
def test_a_body_says_whom_it_suits_and_where_it_belongs(body: Body) -> None:
    assert body.suits.en
    assert body.sectors
    assert all(BODIES.in_sector(sector) for sector in body.sectors)


def test_every_price_has_a_page_and_says_when_or_that_nobody_knows() -> None:
    assert all(price.source for price in PRICES)
    assert sum(price.as_of is None for price in PRICES) >= 20
    assert all(price.formula for price in PRICES if price.basis == "derived")


def test_nothing_on_a_host_we_never_show_could_be_shown() -> None:
    never = {*BODIES.never_show_hosts}
    shown = [url for key, url in addresses(parse_yaml(TEXT, "b").value) if key != "evidence"]
    hidden = [url for key, url in addresses(parse_yaml(TEXT, "b").value) if key == "evidence"]
    assert len(never) >= 19
    assert len(shown) > 400
    assert not [url for url in shown if urlsplit(url).hostname in never]
    assert any(urlsplit(url).hostname in never for url in hidden)


def addresses(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from addresses(inner, name)
        case list():
            for inner in value:
                yield from addresses(inner, key)
        case str() if value.startswith("http"):
            yield key, value


def test_compulsory_registers_say_where_they_apply() -> None:
    demanded = [register for register in BODIES.registers if register.must_register]
    assert {register.id for register in demanded} == {
        "gphc-pharmacy-technician",
        "gdc-dental-technician",
    }
    pharmacy, dental = demanded
    assert "Northern Ireland" not in pharmacy.applies_in
    assert pharmacy.not_in is not None
    assert "Northern Ireland" in dental.applies_in


def test_bodies_of_a_field_come_in_file_order_or_by_hand() -> None:
    assert [body.id for body in BODIES.in_sector("rail")] == [
        *("iet", "imeche", "ice", "bindt", "irse", "pwi"),
    ]
    assert next(iter(BODIES.in_sector("labs"))).id == "ist"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("    owns: [engtech, icttech]", "    owns: [engtec]", "no register `engtec`"),
        ("      - gives: rittech", "      - gives: ritech", "no register `ritech`"),
        (
            "    sectors: [it, telecoms, education]",
            "    sectors: [it, telcoms]",
            "no sector `telcoms`",
        ),
        ("    owner: ahcs\n", "    owner: ahc\n", "no body `ahc`"),
        ("    regulator: science-council", "    regulator: science", "no regulator `science`"),
        ("    bodies: [ist, rsc", "    bodies: [isst, rsc", "no body `isst`"),
        ("  - id: imeche", "  - id: iet", "The id `iet` stands twice"),
        (
            "website: https://www.imeche.org/",
            "website: https://docslib.org/imeche",
            "`docslib.org` is never shown",
        ),
        ("        registers: [engtech]", "        registers: [engtek]", "no register `engtek`"),
        ("        covers: [application]\n", "", "does not say what it takes in"),
        (
            "        formula: 144 + 50 + 17.90, no interview; 321.90 with one\n",
            "",
            "We worked this price out",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(right: str, wrong: str, said: str) -> None:
    assert right in TEXT, "the example is no longer in the file"
    found = problems_of(TEXT.replace(right, wrong, 1))
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("bodies.yaml:") for problem in found)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("        as_of: 2019\n", ""),
        ("        as_of: 2019", "        as_of: last year"),
        ("        as_of: 2019", "        as_of: 2019-13"),
        ("        amount: 144.00", "        amount: -144"),
        ("        amount: 144.00", "        amount: 144.005"),
        ("      - part: membership", "      - part: memberships"),
        ("https://www.theiet.org/", "www.theiet.org"),
        ("    kind: statutory", "    kind: compulsory"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(right: str, wrong: str) -> None:
    assert right in TEXT
    with pytest.raises(ContentError) as caught:
        parse_file(Bodies, TEXT.replace(right, wrong, 1), "bodies.yaml")
    assert all(problem.line > 1 for problem in caught.value.problems)


def test_a_missing_group_of_facts_is_named() -> None:
    row = next(line for line in TEXT.splitlines() if line.startswith("  contacts:"))
    assert any("`contacts` is missing" in one for one in problems_of(TEXT.replace(row + "\n", "")))


def test_one_page_may_be_written_without_a_list() -> None:
    price = Price.model_validate(
        {"part": "membership", "amount": 12, "as_of": 2024, "source": "https://a.org/"}
    )
    assert price.source == ("https://a.org/",)
    assert price.page == "https://a.org/"
    assert price.year == "2024"
