"""What the coach may know of a workplace beside its plan: its map, its survey, names for ready texts.

The one place where the map and the surveys join the coach. Until they do nothing is known, and nothing
is made up: conditions on figures do not hold, and sentences with numbers are left out.
"""

from collections.abc import Mapping
from datetime import datetime

from bot.coach.facts import AreaFacts, MapFacts, SurveyFacts
from bot.coach.plan import Plan
from bot.messages import BranchId, PersonId
from bot.service import maps
from bot.service.people import DEFAULT_BRANCH
from bot.service.ports import Tx


def known_of(
    tx: Tx, branch: BranchId, person: PersonId, now: datetime
) -> tuple[MapFacts, SurveyFacts]:
    """What a new plan of a branch is built from.

    Args:
        tx: The transaction.
        branch: Whose workplace.
        person: Who makes the plan; the map in their hand counts, if they map that workplace.
        now: For which numbers are old.

    Returns:
        The map as those who made it see it, and of the survey no more than may be published.
    """
    return _map_of(tx, branch, person, now), SurveyFacts()


def _map_of(tx: Tx, branch: BranchId, person: PersonId, now: datetime) -> MapFacts:
    workplace = maps.in_hand(tx, branch, person)
    if workplace is None or not maps.may_see_all(tx, person, workplace):
        return MapFacts()
    found = maps.summary(tx, branch, workplace, now)
    areas = tuple(
        AreaFacts(
            id=area.id,
            name=area.name,
            technicians=area.technicians,
            asked=area.asked,
            is_old=area.is_old,
        )
        for area in found.areas
    )
    return MapFacts(areas=areas, registered=found.registered)


def gaps(tx: Tx, plan: Plan) -> Mapping[str, str | int]:
    """What the gaps of ready texts are filled with; numbers only as `results/` lets them out."""
    known: dict[str, str | int] = {"workplace": plan.workplace}
    branch = tx.get("branch", {"id": plan.branch})
    if branch and plan.branch != DEFAULT_BRANCH:  # the first branch was named by nobody
        known["branch"] = str(branch["name"])
    return known
