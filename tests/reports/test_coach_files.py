"""The documents of a plan as files: what becomes of a text that no poster holds."""

from io import BytesIO

from docx import Document

from bot.coach.agreement import Agreement
from bot.coach.ready_texts import Filled
from bot.coach.rhythm import Rhythm
from bot.engine.plan_view import Shared
from bot.messages import BranchId
from bot.reports.coach_files import WORD, poster_file
from bot.service.plan_files import PlanPapers
from tests.coach.plans import NOW, TODAY, a_plan, voice


def papers(text: str) -> PlanPapers:
    empty = Agreement(branch=BranchId("branch-1"), workplace="North site")
    return PlanPapers(
        shared=Shared(plan=a_plan(), agreement=empty),
        voice=voice(),
        today=TODAY,
        made_at=NOW,
        rhythm=Rhythm(),
        filled=Filled(title="Poster for the notice board", text=text),
        link="https://example.org/survey",
    )


def test_a_text_that_no_poster_holds_comes_to_be_shortened() -> None:
    (file,) = poster_file(papers("Some words that go on and on. " * 400))
    assert file.media_type == WORD
    assert file.caption == voice().say("file.coach.poster-too-long")
    said = "\n".join(one.text for one in Document(BytesIO(file.content)).paragraphs)
    assert said.count("Some words that go on and on.") == 400


def test_a_text_that_fits_comes_as_a_poster() -> None:
    found = [file.media_type for file in poster_file(papers("**Hello**"))]
    assert found == ["application/pdf", "image/png"]
