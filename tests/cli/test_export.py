"""`pathways survey` and `pathways export`: from a talk in the terminal to files that open."""

import sqlite3
from contextlib import closing
from pathlib import Path

from docx import Document
from openpyxl import load_workbook

from bot.flows.loading import parse_flows
from bot.service.clock import SystemClock
from bot.service.ports import Store
from bot.wiring import flow_texts, open_store
from tests.builders import wording
from tests.cli.conftest import Run
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


def test_a_closed_survey_becomes_files_that_open(run: Run, home: Path) -> None:
    store = open_store("sqlite:///run.db", SystemClock())
    fill_in(store, 11)
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
    assert "Technician survey" in (out / "report.html").read_text(encoding="utf-8")
    assert Document(str(out / "report.docx")).paragraphs
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
