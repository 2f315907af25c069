"""What the files of a closed survey are made of, for a rep of its branch: nothing but what is published."""

from dataclasses import dataclass
from typing import Final

from bot.engine.commands import REPS
from bot.knowledge.wording import Wording
from bot.results.funnel import Funnel
from bot.results.keeping import parse_release
from bot.results.published import Release
from bot.service import people, surveys
from bot.service.files import FileRequest
from bot.service.ports import Tx
from bot.service.survey_funnel import funnel_of

KINDS: Final = ("survey-workbook", "survey-charts", "survey-report")


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFile:
    """What the files of a survey are made of: nothing but what is published."""

    release: Release
    funnel: Funnel | None
    wording: Wording
    language: str
    branch: str
    workplace: str


def gather(tx: Tx, request: FileRequest) -> SurveyFile | None:
    """The release of a closed survey, for a rep of its branch."""
    survey = tx.get("survey", {"id": request.arguments["survey"], "branch": request.branch})
    if survey is None or survey["closed_at"] is None:
        return None
    if not people.roles_of(tx, request.person) & REPS:
        return None
    release = parse_release(surveys.released(tx, str(survey["id"])))
    branch = tx.get("branch", {"id": request.branch}) or {}
    return SurveyFile(
        release=release,
        funnel=funnel_of(tx, str(survey["id"]), release),
        wording=request.content.wording,
        language=request.language,
        branch=str(branch.get("name") or request.branch),
        workplace=str(survey["workplace"] or branch.get("name") or request.branch),
    )
