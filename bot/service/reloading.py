"""Hot reload: content that was changed is built beside the turns and swapped in as a whole, or not at all.

A change counts once it has stood still for one look, so that a file which is just being saved is not
read. A bad state is told in the log, each mistake with its file and line; what was good stays in use.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Final

import structlog

from bot.errors import ContentError, Problem, Tried
from bot.service.library import Edition, Library

MOST_PROBLEMS: Final = 20  # told of one bad state; `pathways check` has them all

log = structlog.get_logger(__name__)


class Reloader:
    """Looks at a folder from time to time.

    Args:
        library: Gets what is good.
        load: Reads the folder and builds it; raises ContentError where it is bad.
        stamp: Something that is equal as long as no file has changed; cheap.
    """

    def __init__(
        self, library: Library, load: Callable[[], Edition], stamp: Callable[[], Hashable]
    ) -> None:
        self._library = library
        self._load = load
        self._stamp = stamp
        self._tried = self._seen = stamp()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, every_s: float) -> None:
        """Look again and again on a thread of its own, until `close`."""
        self._thread = threading.Thread(
            target=self._run, args=(every_s,), name="content-reload", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Look no more. A state that is being built is given up with the process."""
        self._ended.set()

    def look(self) -> bool:
        """Look once.

        Returns:
            Whether another edition is in use now.
        """
        stamp = self._stamp()
        is_still, self._seen = stamp == self._seen, stamp
        if stamp == self._tried or not is_still:
            return False
        self._tried = stamp
        return self._replace()

    def _replace(self) -> bool:
        edition, problems = self._loaded()
        for problem in problems[:MOST_PROBLEMS]:
            log.error("content.refused", problem=str(problem))
        if edition is None or edition.content.hash == self._library.edition.content.hash:
            return False
        self._library.replace(edition)
        log.info("content.replaced", entries=len(edition.content.faq.entries))
        return True

    def _loaded(self) -> tuple[Edition | None, tuple[Problem, ...]]:
        try:
            return self._load(), ()
        except ContentError as error:
            return None, error.problems

    def _run(self, every_s: float) -> None:
        while not self._ended.wait(every_s):
            with Tried() as tried:
                self.look()
            if tried.error is not None:  # the next look may go well
                log.warning("content.not-looked-at", error=type(tried.error).__name__)
