"""A survey of a mapped workplace asks for the area; its results stand beside the map and the last round."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.language.replies import Missing
from bot.mapping.recording import Note, record
from bot.mapping.workplace import Workplace, WorkplaceId
from bot.messages import Role
from bot.results.keeping import parse_release
from bot.results.published import MappedArea, Release
from bot.results.shapes import AREA
from bot.service import maps, people, surveys
from bot.storage.memory import MemoryStore
from tests.builders import wording
from tests.mapping.maps import codes, note, stamp
from tests.service.houses import House
from tests.service.test_open_surveys import (
    AGREE,
    BEGIN,
    CONTENT,
    HAND_IN,
    all_flows,
    do_jobs,
    made,
)

ASKED = """
id: asked
version: "1"
title: Asked survey
purpose: survey
retention: filled-in
anonymous: true
survey: true
by_area:
  label: Where do you work?
  why: To see which areas answered.
  elsewhere: Somewhere else
  cross: [heard]
  awareness: heard
choices:
  yes_no: [{name: "yes", label: "Yes"}, {name: "no", label: "No"}]
questions:
  - {type: select_one yes_no, name: heard, label: Had you heard of it?}
  - {type: select_one yes_no, name: stays, label: Do you stay?}
"""
NEW = wording("button.survey-new")
DEPOT = "the DEPOT: Asked survey"
LABS = (note("Lab 1", 60, awareness=codes("good")), note("Lab 2", 40, awareness=codes("none")))


def mapped(house: House, *notes: Note) -> None:
    known, now = house.do(lambda tx: maps.load(tx, WorkplaceId("w1"))), house.clock.now()
    place = replace(known, workplace=Workplace(WorkplaceId("w1"), "the  DEPOT"))
    seed = f"s{len(known.figures)}"
    recorded = record(place, notes, replace(stamp(seed=seed), at=now, source=seed))
    house.do(lambda tx: maps.write(tx, people.DEFAULT_BRANCH, recorded, seed, None, now))


def house_of(*notes: Note) -> House:
    house = House(MemoryStore(), CONTENT, flows=all_flows(ASKED))
    house.say("rita", "hello")
    house.grant("rita", Role.REP)
    mapped(house, *notes)
    return house


def opens(house: House, opens_on: str = "today", place: str = "The depot") -> list[str]:
    house.command("rita", "surveys")
    house.press("rita", NEW)
    house.press("rita", BEGIN)
    for words in (place, opens_on, "in three weeks" if opens_on == "today" else "in 100 days"):
        house.say("rita", words)
    return house.press("rita", wording("button.submit.open-survey"))


def answers(house: House, who: str, *words: str) -> None:
    (code,) = [row["code"] for row in house.rows("survey") if row["closed_at"] is None]
    house.command(who, "start", f"sv_{code}")
    house.press(who, AGREE)
    for one in words:
        house.say(who, one)
    house.press(who, HAND_IN)


def closed(house: House) -> Release:
    (survey,) = [str(row["id"]) for row in house.rows("survey") if row["closed_at"] is None]
    now = house.clock.now()
    house.do(lambda tx: surveys.close(tx, survey, now))
    return parse_release(house.do(lambda tx: surveys.released(tx, survey)))


def fill(house: House, tag: str, *groups: tuple[str, str, int]) -> None:
    for area, heard, count in groups:
        for number in range(count):
            answers(house, f"{tag}{area}{heard}{number}", area, heard, "yes")


FULL = (("Lab 1", "yes", 12), ("Lab 1", "no", 10), ("Lab 2", "yes", 10), ("Lab 2", "no", 15))


def test_a_mapped_workplace_is_asked_by_its_areas_and_the_rep_is_told() -> None:
    house = house_of(*LABS)
    told = "".join(opens(house))
    assert "- Lab 1\n- Lab 2\n- Somewhere else" in told
    (code,) = [row["code"] for row in house.rows("survey")]
    house.command("ann", "start", f"sv_{code}")
    asked = "".join(house.press("ann", AGREE))
    assert "Where do you work?" in asked
    labels = [one.label for one in house.channel.sent[-1].reply.options]
    assert labels[:3] == ["Lab 1", "Lab 2", "Somewhere else"]
    assert "To see which areas answered." in "".join(house.say("ann", "why"))
    assert "Had you heard" in "".join(house.say("ann", "rather not say"))
    assert "Where do you work?" in "".join(house.say("ann", "change where I work"))
    assert "to **Lab 2**" in "".join(house.say("ann", "lab2"))


@pytest.mark.parametrize(
    "notes", [(), (note("Lab 1", 12), note("Lab 2", 9)), (note("Lab 1", 80),)]
)
def test_a_workplace_with_few_areas_or_small_ones_is_not_asked_for_them(
    notes: tuple[Note, ...],
) -> None:
    house = house_of(*notes)
    assert "Somewhere else" not in "".join(opens(house))
    (code,) = [row["code"] for row in house.rows("survey")]
    house.command("ann", "start", f"sv_{code}")
    assert "Had you heard" in "".join(house.press("ann", AGREE))


def test_the_map_of_the_day_stands_beside_each_area_and_small_ones_with_others() -> None:
    house = house_of(*LABS, note("Stores", 20))
    opens(house)
    fill(house, "p", *FULL, ("Stores", "yes", 3))
    mapped(house, note("Lab 1", 80))
    release = closed(house)
    assert release.codebook.asked()[0].name == AREA
    assert release.areas[0] == MappedArea(code="area_1", technicians=80, awareness="good")
    groups = [set(part.codes) - set(Missing) for part in release.table(AREA).slices]
    assert {"area_1"} in groups
    assert {"area_3"} not in groups
    assert all(part.count >= 10 for part in release.table(AREA).slices)


def test_results_by_area_stand_in_chat_workbook_charts_and_report() -> None:
    house = house_of(*LABS)
    opens(house)
    fill(house, "p", *FULL)
    closed(house)
    house.command("rita", "results")
    (text,) = house.press("rita", DEPOT)
    assert wording("results.area-line-share", area="Lab 1", count=22, mapped=60, share=40) in text
    rest = wording("results.or-none", answers="Lab 2 or Somewhere else")
    assert wording("results.area-line-most", area=rest, count=25, mapped=40, share=60) in text
    row = wording(
        "results.area-row", area="Lab 1", count=22, answers="Yes: 12; No, or no answer: 10"
    )
    said = wording("results.on-the-map", said=wording("results.awareness.good"))
    assert f"{row} {said}" in text
    book = load_workbook(BytesIO(made(house, "button.survey-workbook")["results.xlsx"].content))
    cells = [cell.value for cell in book["By area"][2]]
    assert cells == ["Lab 1", 22, 60, 40, wording("results.awareness.good")]
    report = made(house, "button.survey-report")["report.html"].content.decode()
    assert "Lab 1: 22 returns, about 40 for every 100 on the map" in report
    assert "Lab 1. Yes: 12" in report
    assert "Lab 1\\: 22" in made(house, "button.survey-charts")["area.png"].text_twin


def test_no_return_leads_from_an_area_to_a_person() -> None:
    house = house_of(*LABS)
    opens(house)
    fill(house, "p", ("Lab 2", "no", 7))
    kept = [*house.rows("survey_pool"), *house.rows("survey_return")]
    assert len(kept) == 7
    known = {house.person(f"pLab 2no{n}") for n in range(7)}
    assert not any(one in str(row) for one in known for row in kept)
    assert not any(
        "area_" in str(row) for row in (*house.rows("audit"), *house.rows("survey_count"))
    )


def test_a_further_round_waits_and_says_from_when_on_it_can_open() -> None:
    house = house_of(*LABS)
    opens(house)
    assert wording("survey.still-open") in "".join(opens(house, place="the Depot"))
    fill(house, "p", ("Lab 1", "yes", 6))
    closed(house)
    house.clock.time += timedelta(days=30)
    told = "".join(opens(house))
    assert "It can open from Friday 19 February 2027" in told
    assert len(house.rows("survey")) == 1
    assert "It is open" not in told
    opens(house, opens_on="1 March")
    assert len(house.rows("survey")) == 2


def test_one_that_told_nothing_keeps_nobody_waiting() -> None:
    house = house_of()
    opens(house)
    assert closed(house).returns is None
    opens(house)
    assert len(house.rows("survey")) == 2
    opens(house, place="The yard")
    assert len(house.rows("survey")) == 3


def test_what_has_changed_is_told_of_the_two_releases_in_chat_workbook_and_report() -> None:
    house = house_of(*LABS)
    opens(house)
    fill(house, "p", *FULL)
    closed(house)
    house.clock.time += timedelta(days=100)
    opens(house)
    fill(house, "q", ("Lab 1", "yes", 25), ("Lab 2", "yes", 15), ("Lab 2", "no", 20))
    closed(house)
    do_jobs(house)  # what was to close them by itself has nothing to do
    assert house.rows("survey_return")
    house.do(
        lambda tx: [
            tx.delete("survey_return", {"id": row["id"]}) for row in tx.find("survey_return", {})
        ]
    )
    house.command("rita", "results")
    house.press("rita", f"{DEPOT}, until Monday 22 March 2027")
    told = "".join(house.press("rita", wording("button.survey-since")))
    assert "Returns: 47 then, 60 now" in told
    assert "Yes: 47% then, 67% now (22 of 47, then 40 of 60)" in told
    house.command("rita", "results")
    house.press("rita", f"{DEPOT}, until Monday 22 March 2027")
    book = load_workbook(BytesIO(made(house, "button.survey-workbook")["results.xlsx"].content))
    rows = [[cell.value for cell in row] for row in book["Since last time"]]
    assert ["Had you heard of it?", "Yes", 22, 47, 40, 67, 20] in rows
    report = made(house, "button.survey-report")["report.html"].content.decode()
    assert "Since 21 November 2026" in report
    assert "Returns: 47 then, 60 now" in report
    assert "Yes: 47% then, 67% now" in report
