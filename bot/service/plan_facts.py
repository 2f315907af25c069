"""What the coach may know of a workplace beside its plan: its map, its survey, names for ready texts.

The one place where the map and the surveys join the coach. Until they do nothing is known, and nothing
is made up: conditions on figures do not hold, and sentences with numbers are left out.
"""

from collections.abc import Mapping

from bot.coach.facts import MapFacts, SurveyFacts
from bot.coach.plan import Plan
from bot.messages import BranchId
from bot.service.people import DEFAULT_BRANCH
from bot.service.ports import Tx


def known_of(tx: Tx, branch: BranchId) -> tuple[MapFacts, SurveyFacts]:
    """What a new plan of a branch is built from.

    Args:
        tx: The transaction.
        branch: Whose workplace.

    Returns:
        The map as those who made it see it, and of the survey no more than may be published.
    """
    del tx, branch  # nothing is known yet
    return MapFacts(), SurveyFacts()


def gaps(tx: Tx, plan: Plan) -> Mapping[str, str | int]:
    """What the gaps of ready texts are filled with; numbers only as `results/` lets them out."""
    known: dict[str, str | int] = {"workplace": plan.workplace}
    branch = tx.get("branch", {"id": plan.branch})
    if branch and plan.branch != DEFAULT_BRANCH:  # the first branch was named by nobody
        known["branch"] = str(branch["name"])
    return known
