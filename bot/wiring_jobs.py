"""Which job is done by what, and which file is made by what: plugged together by kind."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final

from bot.service import broadcasts, destinations, digests, doors, files, privacy
from bot.service.broadcast_sending import Sending
from bot.service.destinations import Prover, Proving
from bot.service.digests import Digests
from bot.service.doors import Door
from bot.service.files import FileKind, FileMaker, MadeFile
from bot.service.job_runner import Handler
from bot.service.library import Library
from bot.service.ports import Clock, Store


def _qr(door: Door) -> Sequence[MadeFile]:
    from bot.reports.qr import qr_files  # noqa: PLC0415 - an extra

    return qr_files(door)


FILE_KINDS: Final[Mapping[str, FileKind]] = {
    "mydata": FileKind(privacy.gather_copy, lambda made: (made,)),
    "qr": FileKind(doors.gather_qr, _qr),
}  # what makes one imports its library when it is called


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
    return {
        files.KIND: maker.do,
        broadcasts.KIND: Sending(library, zone).do,
        digests.KIND: Digests(library, zone).do,
        destinations.KIND: Proving(library, provers or {}).do,
    }
