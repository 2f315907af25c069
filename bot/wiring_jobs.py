"""Which job is done by what, and which file is made by what: plugged together by kind."""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Final

from bot.service import (
    broadcasts,
    coach_mail,
    destinations,
    digests,
    doors,
    files,
    map_files,
    plan_files,
    privacy,
    survey_jobs,
)
from bot.service import survey_files as gathered_surveys
from bot.service.broadcast_sending import Sending
from bot.service.coach_mail import CoachMail
from bot.service.destinations import Prover, Proving
from bot.service.digests import Digests
from bot.service.doors import Door
from bot.service.files import FileKind, FileMaker, MadeFile
from bot.service.job_runner import Handler
from bot.service.library import Library
from bot.service.map_files import MapFile
from bot.service.plan_files import PlanPapers
from bot.service.ports import Clock, Store
from bot.service.survey_files import SurveyFile
from bot.service.survey_jobs import SurveyCloser


def _qr(door: Door) -> Sequence[MadeFile]:
    from bot.reports.qr import qr_files  # noqa: PLC0415 - an extra

    return qr_files(door)


def _coach(name: str) -> FileKind:
    """A file of the coach's; its libraries are imported when the first one is asked for."""

    def make(papers: PlanPapers) -> Sequence[MadeFile]:
        from bot.reports import coach_files  # noqa: PLC0415 - heavy, and an extra

        maker: Callable[[PlanPapers], Sequence[MadeFile]] = getattr(coach_files, name)
        return maker(papers)

    return FileKind(plan_files.gather, make)


def _of_map(name: str) -> FileKind:
    """A file of the workplace map; what draws and writes it is loaded when it is called."""

    def make(source: MapFile) -> Sequence[MadeFile]:
        from bot.reports import map_files as drawn  # noqa: PLC0415 - part of an extra

        makers = {"picture": drawn.picture, "workbook": drawn.workbook, "list": drawn.listing}
        return makers[name](source)

    return FileKind(map_files.gather, make)


def _of_survey(kind: str) -> FileKind:
    """A file of a survey's results; what draws and writes it is loaded when it is called."""

    def make(source: SurveyFile) -> Sequence[MadeFile]:
        from bot.reports import survey_files as made  # noqa: PLC0415 - part of an extra

        makers = {
            "survey-workbook": made.workbook,
            "survey-charts": made.charts,
            "survey-report": made.report,
        }
        return makers[kind](source)

    return FileKind(gathered_surveys.gather, make)


FILE_KINDS: Final[Mapping[str, FileKind]] = {
    "mydata": FileKind(privacy.gather_copy, lambda made: (made,)),
    "qr": FileKind(doors.gather_qr, _qr),
    "plan-agreement": _coach("agreement_file"),
    "plan-position": _coach("position_file"),
    "plan-text": _coach("text_file"),
    "plan-calendar": _coach("calendar_file"),
    "plan-poster": _coach("poster_file"),
    "map-picture": _of_map("picture"),
    "map-workbook": _of_map("workbook"),
    "map-list": _of_map("list"),
    **{kind: _of_survey(kind) for kind in gathered_surveys.KINDS},
}


def job_handlers(
    store: Store,
    library: Library,
    clock: Clock,
    zone: tzinfo,
    provers: Mapping[str, Prover] | None = None,
) -> Mapping[str, Handler]:
    """What does each kind of job.

    Args:
        store: What they work on.
        library: The words they say.
        clock: Chance for ids.
        zone: Whose wall clock counts.
        provers: Channels that can say who may post where; None for none.
    """
    maker = FileMaker(store, library, FILE_KINDS, clock, zone)
    sending, digest = Sending(library, zone), Digests(library, zone)
    proving = Proving(library, {} if provers is None else provers)
    return {
        files.KIND: Handler(maker.do, maker.lost),
        coach_mail.KIND: Handler(CoachMail(library).do),
        broadcasts.KIND: Handler(sending.do, sending.lost),
        digests.KIND: Handler(digest.do, digest.lost),
        destinations.KIND: Handler(proving.do, proving.lost),
        survey_jobs.KIND: Handler(SurveyCloser(library, clock).do),
    }
