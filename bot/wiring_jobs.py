"""Which job is done by what, and which file is made by what: plugged together by kind."""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Final

from bot.service import coach_mail, doors, files, plan_files, privacy
from bot.service.coach_mail import CoachMail
from bot.service.doors import Door
from bot.service.files import FileKind, FileMaker, MadeFile
from bot.service.job_runner import Handler
from bot.service.library import Library
from bot.service.plan_files import PlanPapers
from bot.service.ports import Clock, Store


def _qr(door: Door) -> Sequence[MadeFile]:
    from bot.reports.qr import qr_files  # noqa: PLC0415 - an extra

    return qr_files(door)


def _coach(name: str) -> Callable[[PlanPapers], Sequence[MadeFile]]:
    """A maker of the coach's; its libraries are imported when the first file is asked for."""

    def make(papers: PlanPapers) -> Sequence[MadeFile]:
        from bot.reports import coach_files  # noqa: PLC0415 - heavy, and an extra

        maker: Callable[[PlanPapers], Sequence[MadeFile]] = getattr(coach_files, name)
        return maker(papers)

    return make


FILE_KINDS: Final[Mapping[str, FileKind]] = {
    "mydata": FileKind(privacy.gather_copy, lambda made: (made,)),
    "qr": FileKind(doors.gather_qr, _qr),
    "plan-agreement": FileKind(plan_files.gather, _coach("agreement_file")),
    "plan-position": FileKind(plan_files.gather, _coach("position_file")),
    "plan-text": FileKind(plan_files.gather, _coach("text_file")),
    "plan-calendar": FileKind(plan_files.gather, _coach("calendar_file")),
    "plan-poster": FileKind(plan_files.gather, _coach("poster_file")),
}  # what makes one imports its library when it is called


def job_handlers(
    store: Store, library: Library, clock: Clock, zone: tzinfo
) -> Mapping[str, Handler]:
    """What does each kind of job.

    Args:
        store: What they work on.
        library: The words they say.
        clock: Chance for ids.
        zone: Whose wall clock counts.
    """
    maker = FileMaker(store, library, FILE_KINDS, clock, zone)
    return {files.KIND: maker.do, coach_mail.KIND: CoachMail(library).do}
