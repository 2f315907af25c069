"""The plan and the agreement of the invented workplace, and the documents that are made of them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from bot.coach.agreement import (
    Agreement,
    Saying,
    Standing,
    begin_agreement,
    position,
    set_standing,
)
from bot.coach.building import Founding, build_plan
from bot.coach.changes import Act, Block, Change, Changed, Done, MoveTo, change
from bot.coach.diary import Diary
from bot.coach.facts import AreaFacts, Facts, MapFacts, SurveyFacts
from bot.coach.plan import Plan, PlanId
from bot.coach.ready_texts import fill
from bot.coach.rhythm import Rhythm
from bot.coach.voice import Voice
from bot.language.bank_holidays import holidays_of
from bot.messages import BranchId, PersonId
from bot.reports.agreement import Parties, draft_agreement, position_page
from bot.reports.calendar import plan_calendar
from bot.reports.poster import make_poster, poster_png

WORKPLACE: Final = "Example Power Station"
BRANCH: Final = "the example branch"
REP: Final = PersonId("rep-1")
BEGAN: Final = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY: Final = date(2026, 11, 20)
CLOSES: Final = date(2026, 12, 18)
LINK: Final = "https://example.org/survey"
DIARY: Final = Diary(
    holidays={**holidays_of(2026), **holidays_of(2027)},
    branch=(date(2026, 12, 14),),
    management=(date(2027, 1, 20),),
)
FACTS: Final = Facts(
    answers={
        "recognition": "recognised",
        "helpers": "alone",
        "agreement": "committee",
        "apprentices": "none",
        "pays-others": "pays",
    },
    map=MapFacts(
        areas=(
            AreaFacts(id="turbines", name="Turbine hall", technicians=24),
            AreaFacts(id="nights", name="Night shift maintenance"),
        )
    ),
    survey=SurveyFacts(state="not-started"),
)
CHANGES: Final[tuple[Change, ...]] = (
    Done(),
    MoveTo(date(2026, 11, 30)),
    Block("no-time"),
)  # what was done with the items in their first order


def plan(voice: Voice) -> Plan:
    """The plan: one item done, one moved, one stuck."""
    founding = Founding(
        id=PlanId("example"),
        branch=BranchId("example"),
        workplace=WORKPLACE,
        by=REP,
        at=BEGAN,
        today=BEGAN.date(),
    )
    made = build_plan(voice.content, FACTS, DIARY, founding)
    act = Act(by=REP, at=BEGAN.replace(day=9), today=date(2026, 11, 9), diary=DIARY)
    for item, wanted in zip(made.items, CHANGES, strict=False):
        done = change(made, item.id, wanted, act)
        if not isinstance(done, Changed):
            raise TypeError(f"the example cannot be changed so: {done}")
        made = done.plan
    return made


def agreement(voice: Voice) -> Agreement:
    """The agreement: one clause agreed, one in talks, one refused, the others not raised."""
    empty = Agreement(branch=BranchId("example"), workplace=WORKPLACE)
    found = begin_agreement(voice.content, FACTS, empty, REP, BEGAN)
    first = Saying(
        by=REP, at=BEGAN.replace(day=16), today=date(2026, 11, 16), on=date(2026, 11, 16)
    )
    said = (
        ("joint-support", Standing.AGREED, "They wrote to all technicians with us."),
        ("fees", Standing.IN_TALKS, "They will look at half of the first year."),
        ("under-represented", Standing.REFUSED, "They want to see numbers first."),
    )
    for clause, standing, note in said:
        after = set_standing(found, clause, standing, replace(first, note=note))
        if not isinstance(after, Agreement):
            raise TypeError(f"the example cannot be written down so: {after}")
        found = after
    return found


def plan_examples(voice: Voice, made_at: datetime) -> dict[str, bytes]:
    """File name to bytes, of the documents of the plan."""
    stands = agreement(voice)
    known = {"workplace": WORKPLACE, "branch": BRANCH, "rep": "your rep"}
    known["close_date"] = voice.full_day(CLOSES)
    text = fill(voice.content, "survey-poster", known).text
    parties = Parties(employer="Example Energy", branch=BRANCH)
    return {
        "plan.ics": plan_calendar(plan(voice), voice, Rhythm(), made_at),
        "draft-agreement.docx": draft_agreement(voice, stands, parties, DAY),
        "position.docx": position_page(voice, position(stands, DAY)),
        "poster.png": poster_png(make_poster(voice, text, LINK)),
    }
