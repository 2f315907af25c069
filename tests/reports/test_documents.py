"""The branch report as a page and as a document, and the open data file, opened again and read."""

import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from io import BytesIO

import docx
import pytest
import time_machine
from docx.oxml.ns import qn
from openpyxl import load_workbook
from PIL import Image, ImageChops

from bot.reports.branch_report import BranchReport, ClausePosition, compose
from bot.reports.open_data import sqlite_bytes
from bot.reports.page import html_page
from bot.reports.poster import make_poster, poster_png
from bot.reports.word_document import docx_bytes
from bot.results.published import Withheld
from bot.results.shapes import Codebook
from bot.results.workplace import MapNode
from scripts.example_plan import LINK
from scripts.example_workplace import CLOSED, CODEBOOK, release
from scripts.make_examples import MADE_AT, ROOT, branch_report, examples, labels
from tests.coach.plans import voice
from tests.results.surveys import released

LABELS = labels()
EVIL = '<script>alert("x")</script>\u202e & ${x} {name}'
EMPTY = BranchReport(workplace="", branch="", made_on=CLOSED)
PIXELS_APART = (
    0.0001  # of a picture at most: another version of a font smooths its edges otherwise
)


class Seen(HTMLParser):
    """The tags, attributes and text of a page; every tag that is opened must be closed."""

    VOID = frozenset({"meta", "img"})

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(page.decode())
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_loads_nothing_runs_nothing_and_can_be_read_aloud() -> None:
    page = html_page(compose(branch_report(), LABELS))
    found = Seen(page)
    assert ("lang", "en") in found.attributes
    assert found.tags.count("h1") == 1
    assert found.tags.count("h2") == 6
    assert {"script", "link", "iframe"}.isdisjoint(found.tags)
    own = without_pictures(page)
    assert not re.search(rb"https?:|//[a-z]|url\(|@import", own)
    assert found.tags.count("img") == sum(name == "alt" for name, _ in found.attributes) == 1
    assert "This is an example. The workplace and all numbers are invented." in found.text
    assert "@media print" in page.decode()


def test_what_people_wrote_cannot_become_markup() -> None:
    report = replace(
        branch_report(),
        workplace=EVIL,
        branch=EVIL,
        map=MapNode(names=(EVIL,)),
        agreement=(ClausePosition(EVIL, EVIL),),
    )
    page = html_page(compose(report, LABELS))
    found = Seen(page)
    assert "script" not in found.tags
    assert found.text.count('<script>alert("x")</script> & ${x} {name}') >= 5
    assert "\u202e" not in found.text


def test_what_is_missing_is_left_out() -> None:
    assert compose(EMPTY, LABELS).sections == ()
    assert Seen(html_page(compose(EMPTY, LABELS))).tags.count("h2") == 0
    few = replace(EMPTY, release=released(CODEBOOK, []))
    assert "Fewer than 5 complete returns" in Seen(html_page(compose(few, LABELS))).text
    assert docx_bytes(compose(few, LABELS), MADE_AT)


def test_a_document_has_headings_a_language_and_a_text_for_its_picture() -> None:
    document = docx.Document(BytesIO(docx_bytes(compose(branch_report(), LABELS), MADE_AT)))
    styles = [p.style.name for p in document.paragraphs if p.style]
    assert styles.count("Heading 1") == 1
    assert styles.count("Heading 2") == 6
    assert document.core_properties.language == "en-GB"
    pictures = document.element.findall(f".//{qn('wp:docPr')}")
    assert [bool(one.get("descr")) for one in pictures] == [True]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    table = release().table("barriers")
    assert all(str(part.count) in cells for part in table.slices)


def test_page_and_document_hold_the_map_that_may_leave_the_team() -> None:
    page = Seen(html_page(compose(branch_report(), LABELS))).text
    document = docx.Document(BytesIO(docx_bytes(compose(branch_report(), LABELS), MADE_AT)))
    for text in (page, "\n".join(p.text for p in document.paragraphs)):
        assert "Chemistry laboratory, Calibration bench together: 26 technicians" in text
        assert "4 technicians" not in text.replace("24 technicians", "").replace("64 tech", "")


def test_open_data_is_the_release_and_nothing_else() -> None:
    found = release()
    database = sqlite3.connect(":memory:")
    database.deserialize(sqlite_bytes(found, LABELS))
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert {name for name in tables if not name.startswith("sqlite_")} == {
        "survey",
        "question",
        "result",
        "crossing",
    }
    counts = [*database.execute("SELECT question, count FROM result ORDER BY rowid")]
    assert counts == [(table.name, part.count) for table in found.tables for part in table.slices]
    crossed = [count for (count,) in database.execute("SELECT count FROM crossing")]
    assert crossed == [n for cross in found.crossings for row in cross.counts for n in row]
    assert min([*(count for _, count in counts), *crossed]) >= 5
    database.close()


def test_open_data_of_hardly_any_returns_is_empty() -> None:
    few = released(Codebook(title="Few", version="1", questions=CODEBOOK.questions), [])
    database = sqlite3.connect(":memory:")
    database.deserialize(sqlite_bytes(few, LABELS))
    assert [*database.execute("SELECT returns FROM survey")] == [(None,)]
    assert [*database.execute("SELECT * FROM result")] == []
    database.close()


@pytest.fixture(scope="module")
def made_examples() -> dict[str, bytes]:
    return examples()


def test_the_examples_are_the_same_bytes_whenever_they_are_made(
    made_examples: dict[str, bytes],
) -> None:
    with time_machine.travel("2027-03-04T05:06:07+00:00"):
        later = examples()
    assert [name for name, content in made_examples.items() if later[name] != content] == []


def test_the_examples_are_small_and_what_the_code_makes(made_examples: dict[str, bytes]) -> None:
    folder = ROOT / "docs" / "examples"
    made = made_examples
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {*kept} == {*made}
    for name, content in [*kept.items(), *made.items()]:
        assert len(content) < 200_000, name
    for name, content in made.items():
        assert is_same(name, kept[name], content), f"{name}: run python -m scripts.make_examples"


def is_same(name: str, kept: bytes, made: bytes) -> bool:
    """Whether two files of a name say the same, whenever they were made."""
    match name.rpartition(".")[2]:
        case "docx":
            return words_of(kept) == words_of(made)
        case "png":
            return share_apart(kept, made) <= PIXELS_APART
        case "html":
            return without_pictures(kept) == without_pictures(made)
        case "xlsx":
            return cells_of(kept) == cells_of(made)
        case _:
            return kept == made


def words_of(content: bytes) -> list[str]:
    """Every word of a Word file, in tables too, in its order."""
    return [node.text or "" for node in docx.Document(BytesIO(content)).element.iter(qn("w:t"))]


def cells_of(content: bytes) -> list[tuple[object, ...]]:
    """Every row of a workbook."""
    book = load_workbook(BytesIO(content))
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]


def without_pictures(page: bytes) -> bytes:
    return re.sub(rb"base64,[A-Za-z0-9+/=]+", b"", page)


def share_apart(one: bytes, other: bytes) -> float:
    """How much of two pictures differs plainly, from 0 to 1."""
    seen, made = (Image.open(BytesIO(png)).convert("L") for png in (one, other))
    if seen.size != made.size:
        return 1.0
    apart = ImageChops.difference(seen, made).histogram()
    return sum(apart[64:]) / sum(apart)


@pytest.mark.parametrize("words", ["It takes five to ten minutes.", "It takes a few minute."])
def test_a_picture_that_says_something_else_is_seen_to_differ(words: str) -> None:
    shown = poster_png(make_poster(voice(), "It takes a few minutes.", LINK))
    assert share_apart(shown, shown) == 0
    assert share_apart(shown, poster_png(make_poster(voice(), words, LINK))) > PIXELS_APART


def test_the_example_shows_something_and_hides_something() -> None:
    found = release()
    assert all(table.withheld is Withheld.NO for table in found.tables)
    assert found.table("barriers").hidden == ("manager",)
    assert {cross.withheld for cross in found.crossings} == {Withheld.NO, Withheld.TOO_FEW}


@pytest.mark.parametrize("day", [datetime(2026, 1, 2, tzinfo=UTC)])
def test_the_same_document_at_the_same_time_is_the_same_file(day: datetime) -> None:
    one = docx_bytes(compose(branch_report(), LABELS), day)
    with time_machine.travel(day + timedelta(days=1)):
        other = docx_bytes(compose(branch_report(), LABELS), day)
    assert one == other, "whenever it is packed"
