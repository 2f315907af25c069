"""Which job is done by what, and which file is made by what: plugged together by kind."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final

from bot.service import files, map_files
from bot.service.files import FileKind, FileMaker, MadeFile
from bot.service.job_runner import Handler
from bot.service.library import Library
from bot.service.map_files import MapFile
from bot.service.ports import Clock, Store


def _of_map(name: str) -> FileKind:
    """A file of the workplace map; what draws and writes it is loaded when it is called."""

    def make(source: MapFile) -> Sequence[MadeFile]:
        from bot.reports import map_files as drawn  # noqa: PLC0415 - part of an extra

        makers = {"picture": drawn.picture, "workbook": drawn.workbook, "list": drawn.listing}
        return makers[name](source)

    return FileKind(map_files.gather, make)


FILE_KINDS: Final[
    Mapping[str, FileKind]
] = {  # what makes one imports its library when it is called
    "map-picture": _of_map("picture"),
    "map-workbook": _of_map("workbook"),
    "map-list": _of_map("list"),
}


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
    return {files.KIND: maker.do}
