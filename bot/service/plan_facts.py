"""What the coach may know of a workplace beside its plan: its map, its survey, names for ready texts.

The one place where the map and the surveys join the coach. What is not known is not made up:
conditions on figures do not hold, and sentences with numbers are left out.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, get_args

from bot.coach.facts import AreaFacts, MapFacts, SurveyFacts
from bot.coach.plan import Plan
from bot.coach.survey_gaps import Gaps, is_of_registration, most_named, survey_gaps
from bot.knowledge.action_plan import Barrier
from bot.mapping.coverage import counting
from bot.mapping.summary import Summary, summarise
from bot.mapping.tree import outside
from bot.mapping.workplace import WorkMap, WorkplaceId, fold
from bot.messages import BranchId, PersonId
from bot.results.keeping import parse_release
from bot.results.limits import SHOWN_FROM
from bot.results.published import Release
from bot.service import maps, surveys
from bot.service.people import DEFAULT_BRANCH
from bot.service.ports import Row, Tx

REST = "rest"  # never shown: only the number of the whole is
NAMED: Final[Mapping[str, Barrier]] = {
    **{one: one for one in get_args(Barrier)},
    "not_qualified": "qualifications",
}  # what its choices are called in the plan's conditions


def maps_of(tx: Tx, branch: BranchId, person: PersonId, now: datetime) -> Mapping[str, MapFacts]:
    """The maps that somebody may see whole, by the folded name of the workplace.

    Args:
        tx: The transaction.
        branch: Whose workplaces.
        person: Who builds a plan; only those who map a workplace see its figures.
        now: What counts as old goes by it.
    """
    found: dict[str, MapFacts] = {}
    for row in tx.find("workplace", {"branch": branch}):
        workplace = WorkplaceId(str(row["id"]))
        if maps.may_see_all(tx, person, workplace):
            summary = summarise(maps.load(tx, workplace), now)
            found[str(row["folded"])] = _facts(summary)
    return found


def surveys_of(tx: Tx, branch: BranchId, today: date) -> Mapping[str, SurveyFacts]:
    """What may be known of a branch's surveys, by the folded name of the workplace: of each the newest.

    Below an empty name stands one that is for no workplace. Of one that is open nothing is known but
    that; one that nobody opened is not known before its results are there.
    """
    rows = tx.find("survey", {"branch": branch}, order=("opened_at",))
    return {
        fold(str(row["workplace"] or "")): _survey(tx, row)
        for row in rows
        if row["closed_at"] is not None
        or (row["code"] is not None and str(row["opens_on"] or "") <= today.isoformat())
    }


def gaps(tx: Tx, plan: Plan) -> Gaps:
    """What the gaps of ready texts are filled with; numbers only as `results/` lets them out."""
    known: dict[str, str | int | date] = {"workplace": plan.workplace}
    branch = tx.get("branch", {"id": plan.branch})
    if branch and plan.branch != DEFAULT_BRANCH:  # the first branch was named by nobody
        known["branch"] = str(branch["name"])
    row = tx.get("workplace", {"branch": plan.branch, "folded": fold(plan.workplace)})
    if row:
        known |= _numbers(maps.load(tx, WorkplaceId(str(row["id"]))))
    release = _newest_release(tx, plan)
    return {**known, **survey_gaps(release)} if release else known


def _newest_release(tx: Tx, plan: Plan) -> Release | None:
    """What is published of the last survey of registration at the plan's workplace; None for none."""
    rows = tx.find("survey", {"branch": plan.branch}, order=("-opened_at",))
    for row in rows:
        is_here = fold(str(row["workplace"] or "")) == fold(plan.workplace)
        if not is_here or row["closed_at"] is None:
            continue
        release = parse_release(surveys.released(tx, str(row["id"])))
        if is_of_registration(release):
            return release
    return None


def _survey(tx: Tx, row: Row) -> SurveyFacts:
    if row["closed_at"] is None:
        return SurveyFacts(state="open")
    release = parse_release(surveys.released(tx, str(row["id"])))
    return SurveyFacts(state="closed", returns=release.returns, barrier=_barrier(release))


def _barrier(release: Release) -> Barrier | None:
    """What is named most often, of what is shown; None where that is nothing, or not one thing."""
    return NAMED.get(most_named(release) or "")


def _facts(summary: Summary) -> MapFacts:
    areas = tuple(
        AreaFacts(
            id=area.id,
            name=area.name,
            technicians=area.technicians,
            asked=area.asked,
            is_old=area.is_old,
        )
        for area in summary.areas
    )
    return MapFacts(areas=areas, registered=summary.registered)


def _numbers(work_map: WorkMap) -> Mapping[str, int]:
    """The totals that may leave the team; one that is no more than a guess is left out."""
    node = outside(work_map, SHOWN_FROM, REST)
    if node.heads is None or node.heads.low != node.heads.high:
        return {}
    known = {"technicians": node.heads.low, "areas": len(counting(work_map))}
    return known if node.registered is None else {**known, "registered": node.registered}
