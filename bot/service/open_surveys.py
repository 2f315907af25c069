"""Surveys that reps open: read for a turn, opened, extended and closed from the chat."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final, assert_never

from bot.engine.commands import REPS
from bot.engine.effects_surveys import (
    CloseSurvey,
    CountSteps,
    ExtendSurvey,
    OpenSurvey,
    SurveyEffect,
)
from bot.engine.session import Session
from bot.engine.survey import (
    SHOWN,
    Books,
    Survey,
    code_of,
    is_books_needed,
    surveys_named,
)
from bot.engine.view import View
from bot.flows.model import FlowHash, FlowId
from bot.messages import Place, Utterance
from bot.results.keeping import parse_release
from bot.service import audit, jobs, survey_funnel, survey_jobs, surveys
from bot.service.clock import micros, moment
from bot.service.doing import Doing
from bot.service.kept_flows import keep_flow
from bot.service.people import Known
from bot.service.ports import OneOf, Row, Tx, Where

MOST_READ: Final = 40  # workplaces of earlier surveys and maps that are looked through
NAMES: Final = ("workplace", "area")  # questions of the map that name a place


def read(tx: Tx, known: Known, view: View, session: Session, utterance: Utterance) -> View:
    """The view with the surveys that this turn may need."""
    rows = {
        str(row["id"]): row
        for row in tx.find("survey", {"branch": view.branch, "closed_at": None})
        if row["code"] is not None
    }
    named = surveys_named(session) - set(rows)
    if named:
        found = tx.find("survey", {"id": OneOf(tuple(sorted(named)))})
        rows |= {str(row["id"]): row for row in found if row["code"] is not None}
    if code := code_of(utterance):
        row = tx.get("survey", {"code": code})
        rows |= {str(row["id"]): row} if row else {}
    is_rep = bool(view.roles & REPS) and view.place is Place.PRIVATE
    seen = [_survey(tx, known, row, counts=is_rep) for row in rows.values()]
    if seen:
        seen.sort(key=lambda one: (one.opens_on, one.id))
        view = replace(view, surveys=tuple(seen))
    if is_rep and is_books_needed(session, utterance):
        view = replace(view, books=_books(tx, known, session))
    return view


def _survey(tx: Tx, known: Known, row: Row, *, counts: bool) -> Survey:
    """A row as a turn sees it; one that no rep opened lasts from its first return to its close."""
    survey, is_closed = str(row["id"]), row["closed_at"] is not None
    is_ours = row["branch"] == known.branch
    return Survey(
        id=survey,
        code=str(row["code"] or ""),
        flow=FlowId(str(row["flow"])),
        flow_hash=FlowHash(str(row["flow_hash"])),
        workplace=str(row["workplace"] or ""),
        opens_on=_day(row["opens_on"], row["opened_at"]),
        closes_on=_day(row["closes_on"], row["closed_at"]),
        is_ours=is_ours,
        is_closed=is_closed,
        is_taken=not is_closed and surveys.has_taken_part(tx, known.person, survey),
        returns=surveys.returns_of(tx, row) if counts and is_ours else 0,
    )


def _day(written: object, at: object) -> date:
    return date.fromisoformat(str(written)) if written else moment(int(str(at or 0))).date()


def _books(tx: Tx, known: Known, session: Session) -> Books:
    """What reps of the branch see beside the open surveys."""
    rows = tx.find("survey", {"branch": known.branch}, order=("-closed_at",), limit=MOST_READ)
    closed = [row for row in rows if row["closed_at"] is not None][:SHOWN]
    wanted = surveys_named(session)
    releases = tuple(
        (str(row["id"]), parse_release(surveys.released(tx, str(row["id"]))))
        for row in closed
        if row["id"] in wanted
    )
    return Books(
        closed=tuple(_survey(tx, known, row, counts=True) for row in closed),
        workplaces=_workplaces(tx, known, rows),
        releases=releases,
    )


def _workplaces(tx: Tx, known: Known, rows: list[Row]) -> tuple[str, ...]:
    """What places were called before: in surveys, then on the branch's maps; each once."""
    where: Where = {"branch": known.branch, "name": OneOf(NAMES)}
    mapped = tx.find("run_answer", where, order=("-at",), limit=MOST_READ)
    said = [str(row["workplace"]) for row in rows if row["workplace"]]
    said += [str(row["value"]).strip('"') for row in mapped if row["value"]]
    by_name = {one.casefold(): one for one in reversed(said)}
    return tuple(dict.fromkeys(by_name[one.casefold()] for one in said))


def apply(doing: Doing, effect: SurveyEffect) -> None:
    """Do what a turn decided about a survey."""
    match effect:
        case OpenSurvey():
            _open(doing, effect)
        case ExtendSurvey():
            _extend(doing, effect)
        case CloseSurvey(survey=survey):
            surveys.close(doing.tx, survey, doing.now)
            jobs.cancel(doing.tx, survey_jobs.KIND, survey)
            _record(doing, "survey.closed", survey)
        case CountSteps():
            for (question, what), more in effect.counts.items():
                survey_funnel.add(doing.tx, effect.survey, question, what, more)
        case _:
            assert_never(effect)


def _open(doing: Doing, opened: OpenSurvey) -> None:
    keep_flow(doing.tx, opened.flow)
    row: Row = {
        "id": opened.id,
        "branch": doing.known.branch,
        "flow": opened.flow.id,
        "flow_hash": opened.flow.hash,
        "opened_at": micros(doing.now),
        "closed_at": None,
        "code": opened.code,
        "workplace": opened.workplace,
        "opens_on": opened.opens_on.isoformat(),
        "closes_on": opened.closes_on.isoformat(),
        "person": doing.known.person,
    }
    doing.tx.insert("survey", row)
    _close_after(doing, opened.id, opened.closes_on)
    _record(doing, "survey.opened", opened.id)


def _extend(doing: Doing, extended: ExtendSurvey) -> None:
    where = {"id": extended.survey, "branch": doing.known.branch, "closed_at": None}
    doing.tx.update("survey", where, {"closes_on": extended.closes_on.isoformat()})
    _close_after(doing, extended.survey, extended.closes_on)
    _record(doing, "survey.extended", extended.survey)


def _close_after(doing: Doing, survey: str, closes_on: date) -> None:
    """It closes when its last day is over, by the clock on the wall."""
    due_at = datetime.combine(closes_on + timedelta(days=1), time(), doing.view.zone)
    survey_jobs.close_at(doing.tx, survey, doing.known.branch, due_at, doing.now)


def _record(doing: Doing, what: str, survey: str) -> None:
    who = audit.pseudonym(doing.tx, doing.known.person)
    audit.record(doing.tx, doing.view.fresh, doing.known.branch, who, what, survey, doing.now)
