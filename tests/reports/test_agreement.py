"""The documents are opened again and read."""

from datetime import date
from io import BytesIO

import docx
import pytest
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.agreement import (
    Agreement,
    Saying,
    Standing,
    begin_agreement,
    position,
    set_standing,
    set_wanted,
)
from bot.coach.facts import Facts
from bot.coach.ready_texts import fill
from bot.messages import BranchId
from bot.reports.agreement import Parties, draft_agreement, position_page, text_document
from tests.coach.plans import ANN, NOW, TODAY, content, voice

SAYING = Saying(by=ANN, at=NOW, today=TODAY, on=date(2026, 11, 3), note="They offered half.")


def begun() -> Agreement:
    empty = Agreement(branch=BranchId("b"), workplace="North site")
    return begin_agreement(content(), Facts(), empty, ANN, NOW)


def standing(agreement: Agreement, clause: str, how: Standing) -> Agreement:
    found = set_standing(agreement, clause, how, SAYING)
    assert isinstance(found, Agreement)
    return found


def opened(file: bytes) -> Document:
    return docx.Document(BytesIO(file))


def words_of(document: Document) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def drafted(agreement: Agreement, employer: str = "ACME") -> Document:
    parties = Parties(employer=employer, branch="Branch 12")
    return opened(draft_agreement(voice(), agreement, parties, TODAY))


def test_the_draft_has_every_clause_in_order_and_says_that_it_is_a_draft() -> None:
    document = drafted(begun())
    heads = [
        one.text for one in document.paragraphs if one.style and one.style.name == "Heading 2"
    ]
    titles = [one.title.en for one in content().clauses]
    assert heads == [f"{n}. {title}" for n, title in enumerate(titles, start=1)]
    said = words_of(document)
    assert "Draft of Monday 23 November 2026. Nothing in it is agreed" in said
    assert "Between ACME and Branch 12, for North site" in said
    assert "unionlearn: action plan for union reps (c. 2014-16)" in said
    assert "For ACME" in said


def test_what_is_not_wanted_or_was_refused_is_not_in_the_draft() -> None:
    agreement = standing(begun(), "fees", Standing.REFUSED)
    without = set_wanted(agreement, "apprentices", SAYING, wanted=False)
    assert isinstance(without, Agreement)
    said = words_of(drafted(without))
    assert "A share of the fees" not in said
    assert "An approved apprenticeship scheme" not in said
    assert "5. Help to register" in said


def test_a_party_that_nobody_named_is_a_line_to_fill_in() -> None:
    assert "Between ______ (name of the employer) and Branch 12" in words_of(drafted(begun(), ""))


def test_the_position_is_a_table_with_what_to_ask_next() -> None:
    agreement = standing(begun(), "fees", Standing.IN_TALKS)
    agreement = standing(agreement, "joint-support", Standing.AGREED)
    document = opened(position_page(voice(), position(agreement, TODAY)))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert rows[0] == ["Clause", "Standing", "Since", "What was said", "What to ask next"]
    assert rows[1][:4] == [
        "A share of the fees",
        "in talks",
        "Tuesday 3 November",
        "They offered half.",
    ]
    assert rows[1][4].startswith("Which part of the fees")
    assert rows[-1][:2] == ["Joint support for technicians who apply", "agreed"]
    assert rows[-1][4] == "", "what is agreed needs no more asking"
    assert len(rows) == 8


@pytest.mark.parametrize("text_id", [text.id for text in content().texts])
def test_every_ready_text_makes_a_document(text_id: str) -> None:
    filled = fill(content(), text_id, {"employer": "ACME", "technicians": 44, "areas": 3})
    document = opened(text_document(filled, TODAY))
    said = words_of(document)
    assert document.core_properties.title == filled.title
    assert "**" not in said
    assert "\\" not in said
    assert ("44 technicians" in said) == ("44 technicians" in filled.text)


def test_lists_are_lists_and_bold_is_bold() -> None:
    document = opened(text_document(fill(content(), "benefits-list", {}), TODAY))
    items = [one for one in document.paragraphs if one.style and one.style.name == "List Bullet"]
    assert len(items) == 4
    assert items[0].runs[0].bold
    assert items[0].runs[0].text == "Outside proof."


def test_a_document_carries_no_day_but_the_one_on_it() -> None:
    document = drafted(begun())
    assert document.core_properties.created is not None
    assert document.core_properties.created.date() == TODAY
    assert document.core_properties.author == ""


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=40))
def test_whatever_an_employer_is_called_the_document_opens(name: str) -> None:
    assert "Draft agreement on technician registration" in words_of(drafted(begun(), name))


def test_markup_in_a_name_stays_as_it_was_typed() -> None:
    assert "Between **A** <b> & Sons and" in words_of(drafted(begun(), "**A** <b> & Sons"))
