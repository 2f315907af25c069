"""`pathways survey` and `pathways export`: from a talk in the terminal to files that open."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from bot.coach.agreement import Agreement, Saying, Standing, begin_agreement, set_standing
from bot.engine.effects_plans import FoundPlan
from bot.flows.loading import parse_flows
from bot.service import plans
from bot.service.clock import SystemClock
from bot.service.map_admin import imported
from bot.service.people import DEFAULT_BRANCH
from bot.service.ports import Store, Tx
from bot.wiring import flow_texts, open_store
from tests.builders import wording
from tests.cli.conftest import Run
from tests.coach.plans import ANN, MAPPED, NOW, TODAY, a_plan, content
from tests.service.houses import House

DATABASE = {"DATABASE_URL": "sqlite:///run.db"}


def fill_in(store: Store, people: int) -> None:
    """Members fill in the survey we ship."""
    house = House(store, flows=parse_flows(flow_texts(None)))
    for at in range(people):
        who = f"member {at}"
        house.say(who, "start the survey")
        house.press(who, wording("button.agree"))
        for _ in range(20):
            offers = {offer.label for offer in house.session(who).offers[-9:]}
            if wording("button.submit") in offers:
                break
            house.say(who, "1")
            if wording("button.done") in {one.label for one in house.session(who).offers[-12:]}:
                house.say(who, "done")
        house.press(who, wording("button.submit"))


def plan_the_workplace(tx: Tx) -> None:
    """The survey is for a workplace that has a plan, one clause of which is raised."""
    tx.update("survey", {}, {"workplace": "north SITE"})
    plan = replace(a_plan(), branch=DEFAULT_BRANCH)
    empty = Agreement(branch=DEFAULT_BRANCH, workplace=plan.workplace)
    agreement = begin_agreement(content(), MAPPED, empty, ANN, NOW)
    saying = Saying(by=ANN, at=NOW, today=TODAY, on=TODAY, note="They offered half")
    raised = set_standing(agreement, "fees", Standing.RAISED, saying)
    assert isinstance(raised, Agreement)
    plans.found(tx, FoundPlan(plan=plan, agreement=raised, meetings={}), NOW)


def map_the_workplace(tx: Tx) -> None:
    """Two areas can be shown as one only: the second is small."""
    listed = "area,technicians,how_known\nLab 2,14,counted\nNights,3,counted\n"
    arguments = {"branch": DEFAULT_BRANCH, "workplace": "North  Site", "text": listed}
    imported(tx, arguments, "seed", NOW, is_dry=False)


def test_a_closed_survey_becomes_files_that_open(run: Run, home: Path) -> None:
    store = open_store("sqlite:///run.db", SystemClock())
    fill_in(store, 11)
    store.submit(plan_the_workplace).result()
    store.submit(map_the_workplace).result()
    store.close()
    listed = run("survey", "list", settings=DATABASE)
    assert "Technician survey" in listed.out
    assert "10 returns or more" in listed.out
    survey = listed.out.split()[0]
    refused = run("export", survey, "out", settings=DATABASE)
    assert refused.status == 2
    assert "They are made when it closes." in refused.err
    closed = run("survey", "close", survey, "--yes", settings=DATABASE)
    assert f"pathways export {survey} FOLDER" in closed.out
    assert "11 returns" in run("survey", "list", settings=DATABASE).out

    ended = run("export", survey, "out", settings=DATABASE)
    assert ended.status == 0, ended.err
    out = home / "out"
    assert {file.suffix for file in out.iterdir()} == {
        ".html", ".docx", ".xlsx", ".csv", ".sqlite", ".png",
    }  # fmt: skip
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Technician survey" in page
    assert "North site" in page
    assert "Next: Team up with other reps" in page
    assert "A share of the fees: raised" in page
    assert "They offered half" not in page, "what was said stays with the team"
    document = "\n".join(one.text for one in Document(str(out / "report.docx")).paragraphs)
    for text in (page, document):
        assert "Lab 2, Nights together: 17 technicians" in text
        assert "3 technicians" not in text, "no small number leaves the team"
    assert load_workbook(out / "results.xlsx").sheetnames
    with closing(sqlite3.connect(out / "results.sqlite")) as data:
        assert data.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    again = run("export", survey, "out", settings=DATABASE)
    assert again.status == 2
    assert "is not empty" in again.err


def test_closing_asks_first(run: Run, home: Path) -> None:
    ended = run("survey", "close", "s1", settings=DATABASE)
    assert ended.status != 0
    assert "Close it?" in ended.out
