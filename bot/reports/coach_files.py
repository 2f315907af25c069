"""The documents of a plan as files: Word, calendar, poster. Each says in words what it is."""

import re
from typing import Final

from bot.coach.agreement import position
from bot.reports.agreement import Parties, draft_agreement, position_page, text_document
from bot.reports.calendar import plan_calendar
from bot.reports.poster import TooMuchText, make_poster, poster_pdf, poster_png
from bot.service.files import MadeFile
from bot.service.plan_files import PlanPapers

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CALENDAR: Final = "text/calendar"
NAME_LENGTH: Final = 40  # letters of a workplace in the name of a file


def agreement_file(papers: PlanPapers) -> tuple[MadeFile, ...]:
    """The draft of the clauses that are wanted."""
    known = papers.shared.known
    parties = Parties(employer=str(known.get("employer", "")), branch=str(known.get("branch", "")))
    agreement = papers.shared.agreement
    content = draft_agreement(papers.voice, agreement, parties, papers.today)
    return (_word(papers, "draft-agreement", content, "file.coach.agreement"),)


def position_file(papers: PlanPapers) -> tuple[MadeFile, ...]:
    """One page for the negotiator."""
    page = position(papers.shared.agreement, papers.today)
    content = position_page(papers.voice, page)
    return (_word(papers, "position", content, "file.coach.position"),)


def text_file(papers: PlanPapers) -> tuple[MadeFile, ...]:
    """A ready text to print or to change."""
    if papers.filled is None:
        return ()
    content = text_document(papers.filled, papers.today)
    return (_word(papers, _slug(papers.filled.title), content, "file.coach.text"),)


def calendar_file(papers: PlanPapers) -> tuple[MadeFile, ...]:
    """The plan for a calendar."""
    content = plan_calendar(papers.shared.plan, papers.voice, papers.rhythm, papers.made_at)
    caption = papers.voice.say("file.coach.calendar")
    name = _name(papers, "plan", "ics")
    return (MadeFile(name=name, media_type=CALENDAR, content=content, caption=caption),)


def poster_file(papers: PlanPapers) -> tuple[MadeFile, ...]:
    """The poster, to print and to send; a text that is too long for it comes as one to be shortened."""
    if papers.filled is None:
        return ()
    poster = make_poster(papers.voice, papers.filled.text, papers.link)
    try:
        page = poster_pdf(poster)
    except TooMuchText:
        content = text_document(papers.filled, papers.today)
        slug = _slug(papers.filled.title)
        return (_word(papers, slug, content, "file.coach.poster-too-long"),)
    printed = MadeFile(
        name=_name(papers, "poster", "pdf"),
        media_type="application/pdf",
        content=page,
        caption=papers.voice.say("file.coach.poster"),
    )
    picture = MadeFile(
        name=_name(papers, "poster", "png"),
        media_type="image/png",
        content=poster_png(poster),
        caption=papers.voice.say("file.coach.poster-picture"),
        text_twin=f"{papers.filled.text}\n\n{poster.alt}",
    )
    return printed, picture


def _word(papers: PlanPapers, what: str, content: bytes, caption: str) -> MadeFile:
    name = _name(papers, what, "docx")
    said = papers.voice.say(caption)
    return MadeFile(name=name, media_type=WORD, content=content, caption=said)


def _name(papers: PlanPapers, what: str, ending: str) -> str:
    """For example `riverside-hospital-draft-agreement-2026-11-22.docx`."""
    workplace = _slug(papers.shared.plan.workplace)[:NAME_LENGTH].strip("-")
    parts = (workplace, what, papers.today.isoformat())
    return f"{'-'.join(part for part in parts if part)}.{ending}"


def _slug(words: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", words.lower()))
