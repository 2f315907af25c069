"""Surveys that reps open, in the store: days, links, slips, the close, what goes when, and the files."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.engine.effects_surveys import CloseSurvey, CountSteps
from bot.flows.model import Flows
from bot.messages import BranchId, Command, Role
from bot.results.keeping import parse_release
from bot.service import effects, people, survey_funnel, surveys
from bot.service.clock import micros
from bot.service.job_runner import JobRunner
from bot.service.ports import Store
from bot.service.purging import purge
from bot.storage.memory import MemoryStore
from bot.wiring import flow_texts
from bot.wiring_jobs import job_handlers
from tests.builders import content_of, shipped, wording
from tests.service.houses import House
from tests.service.test_runs import flows

ASKED = """
id: asked
version: "1"
title: Asked survey
purpose: survey
retention: filled-in
anonymous: true
survey: true
choices:
  yes_no: [{name: "yes", label: "Yes"}, {name: "no", label: "No"}]
questions:
  - {type: select_one yes_no, name: works, label: Do you work?}
  - {type: select_one yes_no, name: likes, label: Do you like it?, relevant: "${works} = 'yes'"}
  - {type: select_one yes_no, name: stays, label: Do you stay?}
"""
NAMED = (
    ASKED.replace("anonymous: true\n", "")
    .replace("id: asked", "id: named")
    .replace("Asked survey", "Named survey")
)
AGREE, BEGIN, HAND_IN = (wording(f"button.{key}") for key in ("agree", "begin", "submit"))
CONTENT = content_of(
    **{name: shipped()[f"{name}.yaml"] for name in ("wording-figures", "wording-reports")}
)


@dataclass(frozen=True, slots=True)
class Got:
    """A file as it arrived."""

    content: bytes
    text_twin: str


def all_flows(*texts: str) -> Flows:
    return flows(*texts, flow_texts(None)["open-survey.yaml"])


@pytest.fixture
def house(store: Store) -> House:
    return opened(store)


def opened(store: Store, *texts: str, title: str = "Asked survey") -> House:
    """A house where rita has opened a survey of the depot, from today for two weeks."""
    house = House(store, CONTENT, flows=all_flows(*(texts or (ASKED,))))
    house.say("rita", "hello")
    house.grant("rita", Role.REP)
    house.command("rita", "surveys")
    house.press("rita", wording("button.survey-new"))
    if len(texts) > 1:
        house.press("rita", title)
    house.press("rita", BEGIN)
    for words in ("The depot", "today", "in two weeks"):
        house.say("rita", words)
    house.press("rita", wording("button.submit.open-survey"))
    return house


def link_of(house: House) -> str:
    (row,) = [row for row in house.rows("survey") if row["code"]]
    return f"sv_{row['code']}"


def survey_of(house: House) -> str:
    (row,) = [row for row in house.rows("survey") if row["code"]]
    return str(row["id"])


def follow(house: House, who: str) -> list[str]:
    return house.command(who, "start", link_of(house))


def answer(house: House, who: str, *words: str) -> list[str]:
    follow(house, who)
    house.press(who, AGREE)
    for one in words:
        house.say(who, one)
    return house.press(who, HAND_IN)


def slip(house: House, *words: str) -> None:
    house.command("rita", "surveys")
    house.press("rita", "The depot: Asked survey")
    house.press("rita", wording("button.survey-slips"))
    house.press("rita", wording("button.slip-begin"))
    for one in words:
        house.say("rita", one)
    house.say("rita", "submit")


def do_jobs(house: House) -> int:
    handlers = job_handlers(house.store, house.library, house.clock, UTC)
    runner = JobRunner(house.store, handlers, house.clock, lambda: None)
    done = asyncio.run(runner.work_due())
    house.deliver()
    return done


def test_what_is_opened_is_kept_with_its_days_and_no_word_in_the_audit(house: House) -> None:
    (row,) = house.rows("survey")
    assert (row["workplace"], row["opens_on"], row["closes_on"]) == (
        "The depot",
        "2026-11-21",
        "2026-12-05",
    )
    assert row["person"] == house.person("rita")
    assert len(link_of(house)) <= 64
    assert str(row["code"]) not in str(row["id"])
    (line,) = [one for one in house.rows("audit") if one["what"] == "survey.opened"]
    assert line["detail"] == row["id"]


def test_a_return_goes_to_the_survey_of_the_link_and_counts_once(house: House) -> None:
    answer(house, "ann", "no", "yes")
    (kept,) = house.rows("survey_pool")
    assert (kept["survey"], kept["entered"]) == (survey_of(house), None)
    assert follow(house, "ann") == [wording("flow.taken", title="Asked survey")]
    assert len(house.rows("ticket")) == 1


def test_a_link_into_another_branch_files_the_return_there(house: House) -> None:
    north = BranchId("north")
    house.do(lambda tx: people.add_branch(tx, north, "North", house.clock.now()))
    house.do(lambda tx: tx.update("survey", {}, {"branch": north}))
    answer(house, "ann", "no", "yes")
    assert {row["branch"] for row in house.rows("survey_pool")} == {north}
    assert {row["branch"] for row in house.rows("ticket")} == {north}
    house.say("ann", "hello")
    house.grant("ann", Role.REP)
    assert "depot" not in "".join(house.command("ann", "surveys")), "it is not of her branch"


def test_everybody_answers_the_flow_as_it_was_when_the_survey_opened(store: Store) -> None:
    house = opened(store)
    changed = all_flows(ASKED.replace("Do you work?", "Are you at work?"))
    later = House(store, CONTENT, clock=house.clock, flows=changed)
    follow(later, "ann")
    assert "Do you work?" in later.press("ann", AGREE)[-1]


def test_it_closes_when_its_last_day_is_over_and_tells_the_rep(house: House) -> None:
    answer(house, "ann", "no", "yes")
    house.clock.time = datetime(2026, 12, 6, 1, 59, tzinfo=UTC)
    assert do_jobs(house) == 0
    house.clock.time = datetime(2026, 12, 6, 2, tzinfo=UTC)
    before = len(house.channel.sent)
    assert do_jobs(house) == 1
    assert house.rows("survey")[0]["closed_at"] == micros(house.clock.time)
    (told,) = house.channel.sent[before:]
    assert (told.address.id, told.reply.text) == (
        "rita",
        wording("survey.job-closed", survey="The depot"),
    )
    assert house.rows("ticket") == []


def test_another_last_day_puts_the_close_off(house: House) -> None:
    house.command("rita", "surveys")
    house.press("rita", "The depot: Asked survey")
    house.press("rita", wording("button.survey-extend"))
    house.say("rita", "12 december")
    house.press("rita", wording("button.survey-until", day="Saturday 12 December 2026"))
    house.clock.time = datetime(2026, 12, 7, tzinfo=UTC)
    assert do_jobs(house) == 0
    answer(house, "ann", "no", "yes")
    house.clock.time = datetime(2026, 12, 13, 2, tzinfo=UTC)
    assert do_jobs(house) == 1


def test_a_survey_that_was_closed_by_hand_is_not_closed_again(house: House) -> None:
    house.command("rita", "surveys")
    house.press("rita", "The depot: Asked survey")
    house.press("rita", wording("button.survey-close"))
    house.press("rita", wording("button.survey-close-yes"))
    house.clock.time += timedelta(days=30)
    assert do_jobs(house) == 0
    assert len(house.rows("release")) == 1


def test_a_slip_has_no_person_and_leaves_a_count_in_the_audit(house: House) -> None:
    slip(house, "no", "yes")
    slip(house, "no", "no")
    assert {row["entered"] for row in house.rows("survey_pool")} == {surveys.PAPER}
    assert house.rows("ticket") == [] == house.rows("run")
    lines = [row for row in house.rows("audit") if row["what"] == "survey.slip"]
    assert [row["detail"] for row in lines] == [survey_of(house)] * 2
    person = house.person("rita")
    assert not any(person in str(row) for row in (*house.rows("survey_pool"), *lines))


@pytest.mark.parametrize(("slips", "told"), [(5, 5), (4, None), (0, None)])
def test_how_many_slips_there_were_is_told_where_that_tells_of_nobody(
    slips: int, told: int | None
) -> None:
    house = opened(MemoryStore())
    for _ in range(slips):
        slip(house, "no", "yes")
    for number in range(5):
        answer(house, f"p{number}", "no", "yes")
    survey, now = survey_of(house), house.clock.now()
    house.do(lambda tx: surveys.close(tx, survey, now))
    release = parse_release(house.do(lambda tx: surveys.released(tx, survey)))
    assert (release.returns, release.on_paper) == (slips + 5, told)


def test_a_named_survey_counts_what_was_changed_last() -> None:
    house = opened(MemoryStore(), NAMED)
    for number in range(6):
        answer(house, f"p{number}", "no", "yes")
    house.command("p0", "answers")
    house.press("p0", wording("button.reopen", title="Named survey, The depot"))
    house.press("p0", wording("button.change", question="Do you stay?"))
    house.say("p0", "no")
    house.press("p0", HAND_IN)
    survey, now = survey_of(house), house.clock.now()
    shown = house.do(lambda tx: surveys.close(tx, survey, now))
    assert shown.returns == 6
    rows = [row for row in house.rows("run_answer") if row["name"] == "stays"]
    assert sorted((row["revision"], row["value"]) for row in rows)[-2:] == [
        (1, '"yes"'),
        (2, '"no"'),
    ]


def test_steps_are_counted_once_each_and_belong_to_nobody(house: House) -> None:
    follow(house, "ann")
    house.press("ann", AGREE)
    for words in ("yes", "back", "no", "back", "yes", "no"):
        house.say("ann", words)
    follow(house, "ben")
    house.press("ben", AGREE)
    house.clock.pass_(seconds=12)
    house.say("ben", "no")
    rows = {(row["question"], row["what"]): row["count"] for row in house.rows("survey_count")}
    assert rows["", "started"] == 2
    assert (rows["works", "reached"], rows["works", "left"]) == (2, 2)
    assert rows["works", "s15"] == 1
    assert rows["likes", "reached"] == 1
    assert ("", "completed") not in rows
    assert not any("person" in row for row in house.rows("survey_count"))


def test_steps_and_answers_are_taken_in_beside_those_of_others() -> None:
    """On a store of many processes: only what touches more than its own row needs it to itself."""
    assert effects.is_own(CountSteps(survey="s", counts={}))
    assert not effects.is_own(CloseSurvey("s"))


def test_a_funnel_is_told_of_a_closed_survey_in_steps() -> None:
    house = opened(MemoryStore())
    for number in range(6):
        answer(house, f"p{number}", "no", "yes")
    follow(house, "late")
    house.press("late", AGREE)
    survey, now = survey_of(house), house.clock.now()
    house.do(lambda tx: surveys.close(tx, survey, now))
    release = parse_release(house.do(lambda tx: surveys.released(tx, survey)))
    found = house.do(lambda tx: survey_funnel.funnel_of(tx, survey, release))
    assert found is not None
    assert (found.step, found.started, found.completed) == (5, 5, 5)
    assert [(stage.reached, stage.quit) for stage in found.stages] == [(5, 0), (0, 0), (5, 0)]


def test_returns_and_counts_go_a_month_after_the_close_and_the_results_stay(house: House) -> None:
    for number in range(6):
        answer(house, f"p{number}", "no", "yes")
    survey, now = survey_of(house), house.clock.now()
    house.do(lambda tx: surveys.close(tx, survey, now))
    assert house.content.retention is not None
    purge(house.store, house.content.retention, now + timedelta(days=29, hours=23))
    assert len(house.rows("survey_return")) == 6
    gone = purge(house.store, house.content.retention, now + timedelta(days=30), size=4)
    assert gone["survey_return"] == 6
    assert house.rows("survey_return") == [] == house.rows("survey_count")
    (one,) = house.do(lambda tx: surveys.listed(tx, people.DEFAULT_BRANCH))
    assert one.returns == 6
    assert parse_release(house.do(lambda tx: surveys.released(tx, survey))).returns == 6


def test_an_open_survey_keeps_its_returns_however_old(house: House) -> None:
    answer(house, "ann", "no", "yes")
    assert house.content.retention is not None
    purge(house.store, house.content.retention, house.clock.now() + timedelta(days=90))
    assert len(house.rows("survey_pool")) == 1


def closed_with_results() -> House:
    house = opened(MemoryStore())
    for number in range(22):
        answer(house, f"p{number}", "no", "yes" if number < 12 else "no")
    house.clock.time = datetime(2026, 12, 6, 9, tzinfo=UTC)
    do_jobs(house)
    return house


def test_results_come_as_text_and_as_files_that_open() -> None:
    house = closed_with_results()
    (text,) = house.press("rita", wording("button.survey-results"))
    assert wording("results.line-share", answer="Yes", count=12, share=55) in text
    workbook = made(house, "button.survey-workbook")
    book = load_workbook(BytesIO(workbook["results.xlsx"].content))
    assert "How far people got" in book.sheetnames
    charts = made(house, "button.survey-charts")
    assert charts["stays.png"].content.startswith(b"\x89PNG")
    assert "Yes: 12 (55%)" in charts["stays.png"].text_twin.replace("\\", "")
    report = made(house, "button.survey-report")
    assert b"The depot" in report["report.html"].content
    assert report["report.docx"].content.startswith(b"PK")


def made(house: House, button: str) -> dict[str, Got]:
    """The files that a button leads to, by name."""
    house.press("rita", wording(button))
    before = len(house.channel.sent)
    assert do_jobs(house) == 1
    return {
        one.reply.attachment.name: Got(one.file or b"", one.reply.attachment.text_twin)
        for one in house.channel.sent[before:]
        if one.reply.attachment
    }


def test_who_lost_the_role_meanwhile_gets_no_file() -> None:
    house = closed_with_results()
    house.press("rita", wording("button.survey-results"))
    house.press("rita", wording("button.survey-workbook"))
    house.do(lambda tx: tx.delete("role", {}))
    before = len(house.channel.sent)
    do_jobs(house)
    (told,) = house.channel.sent[before:]
    assert (told.file, told.reply.text) == (None, wording("file.gone"))


def test_a_member_cannot_press_what_a_rep_was_shown(house: House) -> None:
    house.command("rita", "surveys")
    house.press("rita", "The depot: Asked survey")
    option = house.option("rita", wording("button.survey-close"))
    house.do(lambda tx: tx.delete("role", {}))
    assert house.press("rita", option.label) == [wording("refused.role")]
    assert house.hear("ann", Command("surveys"))
    assert house.rows("release") == []


def test_a_rep_who_is_forgotten_leaves_the_survey_to_the_branch(house: House) -> None:
    house.command("rita", "forget", "yes")
    (row,) = house.rows("survey")
    assert row["person"] is None
    answer(house, "ann", "no", "yes")
    house.clock.time = datetime(2026, 12, 6, 2, tzinfo=UTC)
    assert do_jobs(house) == 1
    assert len(house.rows("release")) == 1
