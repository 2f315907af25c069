"""What the files of a closed survey are made of, for a rep of its branch: nothing but what is published.

The report also has the map of the workplace as it may leave the team, whoever asks for it, and its plan
where they share that.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.coach.voice import Voice, voice_in
from bot.engine.commands import REPS
from bot.engine.plan_view import Shared
from bot.knowledge.wording import Wording
from bot.results.funnel import Funnel
from bot.results.keeping import parse_release
from bot.results.published import Release
from bot.results.workplace import MapNode
from bot.service import people, plans, survey_rounds, surveys
from bot.service.files import FileRequest
from bot.service.map_files import outside_at
from bot.service.ports import Tx
from bot.service.survey_funnel import funnel_of

KINDS: Final = ("survey-workbook", "survey-charts", "survey-report")


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFile:
    """What the files of a survey are made of: nothing but what is published.

    Attributes:
        today: The day it is for who asks.
        before: What was published of the round before it; None for the first.
        map: The map of the workplace as it may leave the team, as it is today; None where there is none.
        shared: The plan of the workplace, where they share it.
        voice: Says what stands in it.
    """

    release: Release
    funnel: Funnel | None
    wording: Wording
    language: str
    branch: str
    workplace: str
    today: date
    before: Release | None = None
    map: MapNode | None = None
    shared: Shared | None = None
    voice: Voice | None = None


def gather(tx: Tx, request: FileRequest) -> SurveyFile | None:
    """The release of a closed survey, for a rep of its branch."""
    survey = tx.get("survey", {"id": request.arguments["survey"], "branch": request.branch})
    if survey is None or survey["closed_at"] is None:
        return None
    if not people.roles_of(tx, request.person) & REPS:
        return None
    release = parse_release(surveys.released(tx, str(survey["id"])))
    branch = tx.get("branch", {"id": request.branch}) or {}
    workplace, today = str(survey["workplace"] or ""), request.now.astimezone(request.zone).date()
    content = request.content
    return SurveyFile(
        release=release,
        funnel=funnel_of(tx, str(survey["id"]), release),
        wording=content.wording,
        language=request.language,
        branch=str(branch.get("name") or request.branch),
        workplace=workplace or str(branch.get("name") or request.branch),
        today=today,
        before=survey_rounds.before(tx, survey),
        map=outside_at(
            tx, request.branch, workplace, content.wording.say("map.rest", request.language)
        ),
        shared=plans.shared_at(tx, request.branch, request.person, workplace, today),
        voice=voice_in(content, request.language),
    )
