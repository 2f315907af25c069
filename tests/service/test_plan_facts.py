"""What the coach and the surveys know of each other: a release for a plan, and a plan for the report."""

from datetime import UTC, date, datetime
from io import BytesIO

import docx
import pytest

from bot.coach.facts import SurveyFacts
from bot.coach.survey_gaps import survey_gaps
from bot.language.replies import Missing
from bot.mapping.workplace import fold
from bot.reports.survey_files import report
from bot.results.keeping import release_text
from bot.results.published import Release, Slice, Table
from bot.results.releasing import make_release
from bot.results.shapes import Answer, Codebook, Kind, Question
from bot.service import people, plan_facts, survey_files
from bot.service.clock import micros
from bot.service.files import FileRequest
from bot.service.library import Edition
from bot.service.map_admin import imported
from bot.service.ports import Row
from tests.builders import wording
from tests.results.surveys import complete, one, options
from tests.service.coaching import LONDON, WORKPLACE, CoachHouse
from tests.service.test_plans import build

TODAY = date(2026, 11, 23)
CLOSED_ON = date(2026, 11, 20)
CODEBOOK = Codebook(title="Technician survey", version="1", questions=())


@pytest.fixture
def house(edition: Edition) -> CoachHouse:
    return CoachHouse(edition)


def released(returns: int | None = 33, **counts: int) -> Release:
    """What is published of a survey in which so many named each barrier."""
    slices = tuple(Slice((code,), count) for code, count in counts.items())
    table = Table(name="barriers", threshold=5, total=returns, slices=slices)
    tables = (table,) if counts else ()
    return Release(
        codebook=CODEBOOK, closed_on=CLOSED_ON, threshold=5, returns=returns, tables=tables
    )


def hold(
    house: CoachHouse, workplace: str, release: Release | None = None, **changes: str | int | None
) -> str:
    """A survey of a workplace in the store, open or with its results; returns its id."""
    opened = datetime(2026, 11, 1 + len(house.rows("survey")), tzinfo=UTC)
    survey = f"s-{opened.day}"
    row: Row = {
        "id": survey,
        "branch": people.DEFAULT_BRANCH,
        "flow": "technician-survey",
        "flow_hash": "f",
        "opened_at": micros(opened),
        "closed_at": micros(opened) if release else None,
        "code": survey,
        "workplace": workplace,
        "opens_on": "2026-11-23",
        "closes_on": "2026-12-23",
        **changes,
    }
    kept: Row = {"survey": survey, "branch": people.DEFAULT_BRANCH, "made_at": micros(opened)}
    house.do(lambda tx: tx.insert("survey", row))
    if release:
        house.do(lambda tx: tx.insert("release", {**kept, "body": release_text(release)}))
    return survey


def known(house: CoachHouse) -> dict[str, SurveyFacts]:
    return dict(
        house.do(lambda tx: plan_facts.surveys_of(tx, people.DEFAULT_BRANCH, TODAY)).items()
    )


@pytest.mark.parametrize(
    ("release", "barrier"),
    [
        (released(cost=20, time=10), "cost"),
        (released(time=12, not_qualified=15), "qualifications"),
        (released(cost=12, time=12), None),
        (released(none=20, cost=12), None),
        (released(skipped=20, cost=12), "cost"),
        (released(), None),
    ],
    ids=["one", "another word", "two", "nothing", "no answer", "withheld"],
)
def test_what_most_name_is_known_where_it_is_published(
    release: Release, barrier: str | None, house: CoachHouse
) -> None:
    hold(house, "Hilltop School", release)
    (facts,) = known(house).values()
    assert (facts.state, facts.returns, facts.barrier) == ("closed", 33, barrier)


def test_of_an_open_survey_nothing_is_known_but_that(house: CoachHouse) -> None:
    hold(house, "Hilltop School", released(cost=20))
    hold(house, "hilltop  SCHOOL")
    hold(house, "The depot", opens_on="2026-11-24")
    hold(house, "", code=None)
    assert known(house) == {"hilltop school": SurveyFacts(state="open")}


def test_a_plan_is_built_from_the_survey_of_its_workplace(house: CoachHouse) -> None:
    hold(house, "Hilltop School", released(cost=20, time=10))
    hold(house, "The depot")
    assert "You have already held a survey." in build(house, "cat", "hilltop school")
    assert "Tell people what the survey found" in house.say("cat", "the whole plan")[-1]
    (made,) = house.rows("plan", workplace="hilltop school")
    rules = {item.why.rule for item in house.plan(str(made["id"])).items}
    assert {"cost-first", "survey-closed"} <= rules
    assert "Your survey is already open." in build(house, "ben", "The Depot")
    other = build(house, "ann", "Elsewhere")
    assert "survey is already open" not in other
    assert "already held" not in other


def page(house: CoachHouse, who: str, survey: str) -> str:
    """The page of a survey's report, as somebody gets it."""
    return report_of(house, who, survey)[0].decode()


def report_of(house: CoachHouse, who: str, survey: str) -> tuple[bytes, bytes]:
    """The report of a survey as a page and as a document, as somebody gets it."""
    request = FileRequest(
        arguments={"survey": survey},
        person=house.person(who),
        branch=people.DEFAULT_BRANCH,
        language="en",
        content=house.content,
        now=house.clock.now(),
        zone=LONDON,
    )
    gathered = house.do(lambda tx: survey_files.gather(tx, request))
    assert gathered is not None
    html, word = report(gathered)
    return html.content, word.content


def test_the_report_says_where_the_plan_stands_to_who_shares_it(house: CoachHouse) -> None:
    survey = hold(house, "riverside hospital", released())
    shown = page(house, "ben", survey)
    assert "Next: Team up" in shown
    assert "A share of the fees: not raised" in shown
    assert "23 November 2026" in shown, "it stands so today, not when the survey closed"
    hidden = page(house, "cat", survey)
    assert "Team up" not in hidden
    assert "20 November 2026" in hidden
    elsewhere = hold(house, "Hilltop School", released())
    assert WORKPLACE not in (other := page(house, "ben", elsewhere))
    assert "Team up" not in other


ASKED = Codebook(
    title="Technician survey",
    version="1",
    questions=(
        one("heard", "well", "heard", "never"),
        one("interest", "soon", "maybe", "not_now"),
        Question(
            name="barriers",
            label="What puts you off?",
            kind=Kind.MANY,
            options=options("cost", "time", "other", "none", alone="none"),
        ),
    ),
)


def told(who: int) -> Answer:
    """What the survey's people say is in their way: of 30, 16 name the cost and 8 the time."""
    if who < 16:
        return ("cost", "time") if who < 8 else ("cost",)
    return ("other",) if who < 24 else ("none",)


def answers(**few: int) -> Release:
    """What is published of 30 returns: 20 had heard of it, 12 would like to; `few` had it well known."""
    well = few.get("well", 8)
    given = [
        complete(
            {
                "heard": "well" if n < well else "heard" if n < 20 else "never",
                "interest": "soon" if n < 12 else "maybe" if n < 22 else "not_now",
                "barriers": told(n),
            }
        )
        for n in range(30)
    ]
    return make_release(ASKED, given, closed_on=CLOSED_ON)


def text_of(house: CoachHouse, title: str) -> str:
    """A ready text as Ann gets it in the chat."""
    house.say("ann", "ready texts")
    return house.press("ann", title)[-1]


NOTE = "Message about what the survey found"


def test_ready_texts_tell_of_the_released_survey_and_its_day(house: CoachHouse) -> None:
    hold(house, "riverside  hospital", answers())
    said = text_of(house, NOTE)
    assert 'Our survey "Technician survey" closed on Friday 20 November 2026.' in said
    assert "30 people answered." in said
    assert "Of all who were asked, 67% had heard of registration before." in said
    assert "Of all who were asked if they would like to register, 40% said yes, and soon." in said
    assert 'the one given most often is "Cost".' in said
    assert wording("coach.texts.hidden") not in said
    motion = text_of(house, "Branch motion")
    assert '30 people answered our survey "Technician survey", which closed on Friday 20' in motion


@pytest.mark.parametrize(
    ("workplace", "release", "changes"),
    [
        ("Hilltop School", "answers", {}),
        ("", "answers", {}),
        (WORKPLACE, None, {}),
        (WORKPLACE, "few", {}),
        (WORKPLACE, "another", {}),
        (WORKPLACE, "answers", {"branch": "b-other"}),
    ],
    ids=["elsewhere", "nowhere", "open", "too few", "of something else", "another branch"],
)
def test_ready_texts_tell_of_no_other_survey(
    workplace: str, release: str | None, changes: dict[str, str], house: CoachHouse
) -> None:
    made = {
        "answers": answers(),
        "few": make_release(ASKED, [complete({"heard": "well"})] * 4, closed_on=CLOSED_ON),
        "another": released(33, cost=20),
    }
    hold(house, workplace, made[release] if release else None, **changes)
    said = text_of(house, NOTE)
    assert "Only a few people answered" in said
    assert "%" not in said
    assert "most often" not in said
    assert "2026" not in said


def test_while_a_new_survey_is_open_the_last_one_is_told(house: CoachHouse) -> None:
    hold(house, WORKPLACE, answers())
    hold(house, WORKPLACE)
    assert "30 people answered." in text_of(house, NOTE)


def test_a_share_that_is_protected_takes_its_paragraph_with_it(house: CoachHouse) -> None:
    hold(house, WORKPLACE, answers(well=3))
    said = text_of(house, NOTE)
    assert "heard of registration before" not in said, "three who know it well are not told"
    assert "40% said yes" in said
    assert wording("coach.texts.hidden") in said


def test_a_share_is_of_all_who_were_asked() -> None:
    silent = [complete({"heard": Missing.SKIPPED})] * 3
    given = [complete({"heard": "well" if n % 2 else "heard"}) for n in range(20)]
    release = make_release(ASKED, [*given, *silent], closed_on=CLOSED_ON)
    assert "heard_share" not in survey_gaps(release), "the silent are counted with some who did"
    never = [complete({"heard": "never"})] * 7
    release = make_release(ASKED, [*given, *never, *silent], closed_on=CLOSED_ON)
    assert survey_gaps(release)["heard_share"] == "67%"


def mapped(house: CoachHouse, workplace: str, text: str) -> None:
    """A workplace with a map, made from a list."""
    arguments = {"branch": people.DEFAULT_BRANCH, "workplace": workplace, "text": text}
    now = house.clock.now()
    house.do(lambda tx: imported(tx, arguments, fold(workplace)[:8], now, is_dry=False))


def test_the_report_holds_the_map_as_it_may_leave_the_team(house: CoachHouse) -> None:
    mapped(house, WORKPLACE, "area,technicians\nLab 2,14\nNights,3\n")
    mapped(house, "Hilltop School", "area,technicians\nScience block,3\n")
    survey = hold(house, "riverside  HOSPITAL", released())
    for who in ("ann", "cat"):
        page_file, word_file = report_of(house, who, survey)
        assert wording("report.heading-map") in page_file.decode()
        document = docx.Document(BytesIO(word_file))
        assert len(document.inline_shapes) == 1
        said = "\n".join(one.text for one in document.paragraphs)
        for text in (page_file.decode(), said):
            assert "Lab 2, Nights together: 17 technicians" in text
            assert "3 technicians" not in text
            assert "14 technicians" not in text, "or the other could be worked out"
            assert "Science block" not in text
            assert "23 November 2026" in text, "the map is of today"


def test_a_report_without_a_map_that_may_be_shown_has_none(house: CoachHouse) -> None:
    mapped(house, WORKPLACE, "area,technicians\nLab 2,14\n")
    mapped(house, "Hilltop School", "area,technicians\nScience block,3\n")
    for survey in (hold(house, "Hilltop School", released()), hold(house, "", released())):
        page_file, word_file = report_of(house, "cat", survey)
        assert wording("report.heading-map") not in page_file.decode()
        assert b"Science block" not in page_file
        assert not docx.Document(BytesIO(word_file)).inline_shapes
