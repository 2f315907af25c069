"""Every document of a plan, asked for in the chat, arrives as a file that other programs can open."""

import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from icalendar import Calendar
from PIL import Image

from bot.messages import Role
from bot.service.library import Edition
from tests.builders import wording
from tests.service.coaching import WORKPLACE, CoachHouse
from tests.service.houses import Sent

WORDS = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
DATE = "2026-11-23"


@pytest.fixture
def house(edition: Edition) -> CoachHouse:
    return CoachHouse(edition)


def files(house: CoachHouse) -> list[Sent]:
    sent = house.work()
    assert all(one.address.id == "ann" and one.file for one in sent)
    return sent


def words_of(sent: Sent) -> str:
    """The text of a Word file, read as the standard has it and not by the library that wrote it."""
    assert sent.file is not None
    with zipfile.ZipFile(BytesIO(sent.file)) as whole:
        assert whole.testzip() is None
        tree = ET.fromstring(whole.read("word/document.xml"))  # noqa: S314 - our own file
    return " ".join(node.text or "" for node in tree.iter(WORDS))


def name_of(sent: Sent) -> str:
    assert sent.reply.attachment is not None
    return sent.reply.attachment.name


def test_the_draft_agreement_has_what_is_wanted_and_not_refused(house: CoachHouse) -> None:
    house.say("ann", "agreement")
    house.press("ann", "A share of the fees")
    house.press("ann", wording("button.clause-refused"))
    house.say("ann", "agreement")
    house.press("ann", wording("button.clause-draft"))
    (sent,) = files(house)
    said = words_of(sent)
    assert name_of(sent) == f"riverside-hospital-draft-agreement-{DATE}.docx"
    assert "Joint support for technicians who apply" in said
    assert "A share of the fees" not in said
    assert WORKPLACE in said


def test_the_page_for_the_negotiator_says_how_each_clause_stands(house: CoachHouse) -> None:
    house.say("ann", "agreement")
    house.press("ann", "A share of the fees")
    house.press("ann", wording("button.clause-in-talks"))
    house.press("ann", wording("button.clause-note"))
    house.say("ann", "They pay half <of> it & more")
    house.say("ann", "agreement")
    house.press("ann", wording("button.clause-position"))
    (sent,) = files(house)
    assert "in talks" in words_of(sent)
    assert "They pay half <of> it & more" in words_of(sent)


@pytest.mark.parametrize(
    "title", ["Branch motion", "Letter to the employer", "What the employer gains, on one page"]
)
def test_a_ready_text_makes_no_number_up(title: str, house: CoachHouse) -> None:
    house.say("ann", "ready texts")
    house.press("ann", title)
    house.press("ann", wording("button.plan-as-word"))
    (sent,) = files(house)
    said = words_of(sent)
    assert "{" not in said
    assert "technicians in " not in said, "this workplace has no map"


def test_the_calendar_is_brought_up_to_date_by_a_second_file(house: CoachHouse) -> None:
    house.say("ann", "calendar")
    (first,) = files(house)
    house.clock.pass_(minutes=5)
    house.say("ann", "next")
    house.say("ann", "move to 18 december")
    house.say("ann", "calendar")
    (second,) = files(house)
    one, two = (_events(sent) for sent in (first, second))
    assert one.keys() == two.keys()
    changed = [uid for uid in one if one[uid]["dtstart"].dt != two[uid]["dtstart"].dt]
    assert len(changed) == 1
    assert int(two[changed[0]]["sequence"]) > int(one[changed[0]]["sequence"])
    assert first.reply.attachment is not None
    assert first.reply.attachment.media_type == "text/calendar"


def _events(sent: Sent) -> dict[str, Any]:
    assert sent.file is not None
    return {str(one["uid"]): one for one in Calendar.from_ical(sent.file).walk("VEVENT")}


def test_the_poster_comes_to_print_and_to_send(house: CoachHouse) -> None:
    house.say("ann", "ready texts")
    house.press("ann", "Poster for the notice board")
    house.press("ann", wording("button.plan-as-poster"))
    house.say("ann", "https://example.org/survey")
    printed, picture = files(house)
    assert printed.file is not None
    assert picture.file is not None
    assert printed.file.startswith(b"%PDF")
    assert Image.open(BytesIO(picture.file)).width > 1000
    assert picture.reply.attachment is not None
    assert "https://example.org/survey" in picture.reply.attachment.text_twin


def test_a_file_is_not_made_for_who_may_not_have_it_any_more(house: CoachHouse) -> None:
    house.say("ann", "agreement")
    house.press("ann", wording("button.clause-draft"))
    house.do(lambda tx: tx.delete("role", {"name": Role.REP.value}))
    assert [sent.reply.text for sent in house.work()] == [wording("file.gone")]
    assert house.rows("file") == []
