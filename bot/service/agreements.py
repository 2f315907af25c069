"""Taking an agreement back, with all that was kept only because of it."""

from bot.engine.map_view import FLOW
from bot.messages import Reply
from bot.service import areas, consents, maps, plan_keeping, questions, runs
from bot.service.doing import Doing


def take_back(doing: Doing, purpose: str) -> Reply:
    """Take an agreement back from now on, and delete what was kept by it; returns what to say."""
    questions.without_agreement(doing, purpose)
    runs.without_agreement(doing, purpose.strip().lower())
    plan_keeping.without_agreement(doing, purpose.strip().lower())
    if purpose.strip().lower() == FLOW:
        maps.without_agreement(doing)
    reply = consents.withdraw(doing, purpose)
    areas.without_agreement(doing, purpose.strip().lower())
    return reply
