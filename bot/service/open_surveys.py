"""Surveys that reps open: read for a turn, opened, extended and closed from the chat."""

from datetime import date
from typing import Final, assert_never

from bot.engine.commands import REPS
from bot.engine.effects_surveys import (
    CloseSurvey,
    CountSteps,
    ExtendSurvey,
    OpenSurvey,
    SurveyEffect,
)
from bot.engine.joining import flows_ahead
from bot.engine.session import Session
from bot.engine.survey import (
    SHOWN,
    Books,
    Survey,
    code_of,
    end_of,
    is_books_needed,
    surveys_named,
)
from bot.engine.view import View
from bot.flows.model import FlowHash, FlowId
from bot.mapping.workplace import fold
from bot.messages import Place, Utterance
from bot.records import replace
from bot.results.keeping import parse_release
from bot.service import audit, jobs, survey_funnel, survey_jobs, survey_rounds, surveys
from bot.service.clock import micros, moment
from bot.service.doing import Doing
from bot.service.kept_flows import keep_flow
from bot.service.people import Known
from bot.service.ports import OneOf, Row, Tx

MOST_READ: Final = 40  # earlier surveys, and workplaces, that are looked through


def read(tx: Tx, known: Known, view: View, session: Session, utterance: Utterance) -> View:
    """The view with the surveys that this turn may need.

    Returns are counted, and whether somebody took part is looked up, only where a turn may ask for it.

    Args:
        tx: The turn's own.
        known: Whose turn it is.
        view: So far, with the flows that can be begun.
        session: Where their talk stands.
        utterance: What they say.
    """
    opened = tx.find("survey", {"branch": view.branch, "closed_at": None})
    if taken := surveys.taken(tx, known, view.flows, opened):
        view = replace(view, taken=taken)
    rows = {str(row["id"]): row for row in opened if row["code"] is not None}
    named = surveys_named(session)
    if unread := named - set(rows):
        found = tx.find("survey", {"id": OneOf(tuple(sorted(unread)))})
        rows |= {str(row["id"]): row for row in found if row["code"] is not None}
    if code := code_of(utterance):
        row = tx.get("survey", {"code": code})
        rows |= {str(row["id"]): row} if row else {}
    is_rep = bool(view.roles & REPS) and view.place is Place.PRIVATE
    counts = is_rep and is_books_needed(session, utterance)
    ahead = flows_ahead(session, utterance, view.flows)
    named |= {one for one, row in rows.items() if row["flow"] in ahead or row["code"] == code}
    seen = [
        _survey(tx, known, row, counts=counts, may_join=one in named) for one, row in rows.items()
    ]
    if seen:
        seen.sort(key=lambda one: (one.opens_on, one.id))
        view = replace(view, surveys=tuple(seen))
    return replace(view, books=_books(tx, known, session)) if counts else view


def _survey(
    tx: Tx, known: Known, row: Row, *, counts: bool = False, may_join: bool = False
) -> Survey:
    """A row as a turn sees it; one that no rep opened lasts from its first return to its close."""
    survey, is_closed = str(row["id"]), row["closed_at"] is not None
    may_join = may_join and not is_closed
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
        is_taken=may_join and surveys.has_taken_part(tx, known.person, survey),
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
        earlier=tuple(
            (str(row["id"]), before)
            for row in closed
            if row["id"] in wanted and (before := survey_rounds.before(tx, row)) is not None
        ),
        opening=survey_rounds.opening(tx, known.branch, session),
    )


def _workplaces(tx: Tx, known: Known, rows: list[Row]) -> tuple[str, ...]:
    """What workplaces are called: in surveys, then those that have a map; each once."""
    mapped = tx.find("workplace", {"branch": known.branch}, order=("folded",), limit=MOST_READ)
    said = [str(row["workplace"]) for row in rows if row["workplace"]]
    said += [str(row["name"]) for row in mapped]
    by_name = {fold(one): one for one in reversed(said)}
    return tuple(dict.fromkeys(by_name[fold(one)] for one in said))


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
            for (question, what), more in sorted(effect.counts.items()):  # so none wait in a ring
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
    """It closes when its last day is over, by the clock on the wall, and who had begun may be through."""
    due_at = end_of(closes_on, doing.view.zone)
    survey_jobs.close_at(doing.tx, survey, doing.known.branch, due_at, doing.now)


def _record(doing: Doing, what: str, survey: str) -> None:
    who = audit.pseudonym(doing.tx, doing.known.person)
    audit.record(doing.tx, doing.view.fresh, doing.known.branch, who, what, survey, doing.now)
