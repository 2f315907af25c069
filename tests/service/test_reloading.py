"""Hot reload: good content is swapped in as a whole, bad content never (I7). With a real folder."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import structlog
from numpy.typing import NDArray

from bot.faq.beside import Beside
from bot.faq.reading import Reader
from bot.faq.vector_source import Floats
from bot.service.library import Edition, Library
from bot.service.reloading import Reloader
from bot.storage.files import stamp_of
from bot.wiring import load_content, load_edition, watch
from tests.builders import SENSITIVE
from tests.faq.sources import Letters, letter_vectors

FAQ = "entries:\n  - {id: a, question: Who mends taps?, answer: Estates.}\n"
OTHER = FAQ.replace("Estates", "The caretaker")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    (made / "faq.yaml").write_text(FAQ, encoding="utf-8")
    (made / "sensitive.yaml").write_text(SENSITIVE, encoding="utf-8")
    return made


@pytest.fixture
def load(folder: Path, tmp_path: Path) -> Callable[[], Edition]:
    return lambda: load_edition(folder, cache=tmp_path / "cache")


def answer_of(library: Library) -> str:
    return library.edition.content.faq.entries[0].answer.en


def test_a_change_that_has_stood_still_is_taken_up_as_a_whole(
    folder: Path, load: Callable[[], Edition]
) -> None:
    library = Library(load())
    reloader = Reloader(library, load, lambda: stamp_of(folder))
    taken = library.edition
    assert reloader.look() is False
    (folder / "faq.yaml").write_text(OTHER, encoding="utf-8")
    assert reloader.look() is False, "it may still be in the saving"
    assert reloader.look() is True
    assert answer_of(library) == "The caretaker."
    assert taken.content.faq.entries[0].answer.en == "Estates.", "a turn keeps what it took"
    assert library.edition.read("who mends taps").first.offered == ("a",)
    assert reloader.look() is False


def test_a_bad_file_is_told_with_its_line_and_replaces_nothing(
    folder: Path, load: Callable[[], Edition]
) -> None:
    library = Library(load())
    reloader = Reloader(library, load, lambda: stamp_of(folder))
    (folder / "faq.yaml").write_text(f"{FAQ}entries: [", encoding="utf-8")
    with structlog.testing.capture_logs() as logs:
        assert [reloader.look() for _ in range(4)] == [False] * 4
    (line,) = logs
    assert (line["event"], line["log_level"]) == ("content.refused", "error")
    assert str(line["problem"]).startswith("faq.yaml:3: ")
    assert answer_of(library) == "Estates."
    (folder / "faq.yaml").write_text(OTHER, encoding="utf-8")
    assert [reloader.look() for _ in range(3)] == [False, True, False]


def test_a_file_that_was_only_touched_changes_nothing(
    folder: Path, load: Callable[[], Edition]
) -> None:
    library = Library(load())
    before = library.edition
    reloader = Reloader(library, load, lambda: stamp_of(folder))
    (folder / "faq.yaml").write_text(f"{FAQ} ", encoding="utf-8")
    (folder / "faq.yaml").write_text(FAQ, encoding="utf-8")
    for _ in range(3):
        assert reloader.look() is False
    assert library.edition is before


def test_a_new_and_a_missing_file_are_changes(folder: Path) -> None:
    before = stamp_of(folder)
    (folder / "glossary.yaml").write_text("terms: []\n", encoding="utf-8")
    with_glossary = stamp_of(folder)
    (folder / "glossary.yaml").unlink()
    assert before != with_glossary
    assert stamp_of(folder) == before
    assert stamp_of(folder / "nowhere") == ()


def test_the_thread_goes_on_after_any_trouble_and_ends_when_told(
    load: Callable[[], Edition],
) -> None:
    looked = threading.Semaphore(0)
    troubles = iter([None, ValueError("x"), OSError("y")])

    def stamp() -> int:
        looked.release()
        if trouble := next(troubles, None):
            raise trouble
        return 1

    reloader = Reloader(Library(load()), load, stamp)
    with structlog.testing.capture_logs() as logs:
        reloader.start(0.001)
        for _ in range(5):
            assert looked.acquire(timeout=30)
        reloader.close()
    assert [line["error"] for line in logs] == ["ValueError", "OSError"]


def test_a_watched_folder_is_followed_and_its_states_are_kept(
    folder: Path, tmp_path: Path, load: Callable[[], Edition]
) -> None:
    library = Library(load())
    swapped = threading.Event()
    replace = library.replace

    def replaced(edition: Edition) -> None:
        replace(edition)
        swapped.set()

    library.replace = replaced  # type: ignore[method-assign]  # to wait for it
    reloader = watch(folder, library, tmp_path / "cache", every_s=0.01)
    try:
        (folder / "faq.yaml").write_text(OTHER, encoding="utf-8")
        assert swapped.wait(60)
    finally:
        reloader.close()
    assert answer_of(library) == "The caretaker."


def test_turns_go_on_while_a_model_reads_what_is_new(
    folder: Path, tmp_path: Path, load: Callable[[], Edition]
) -> None:
    reading, may_go_on = threading.Event(), threading.Event()
    model = Letters()

    def slow(numbers: NDArray[np.int64]) -> Floats:
        if threading.current_thread() is not threading.main_thread():
            reading.set()
            assert may_go_on.wait(60)
        return model(numbers)

    source = letter_vectors(slow)

    def build() -> Edition:
        content = load_content(folder, cache=tmp_path / "cache")
        reader = Reader.build(
            content.faq,
            Beside(content.sensitive, content.smalltalk, content.outside),
            content.glossary,
            vectors=source,
        )
        return replace(load(), content=content, reader=reader)

    library = Library(build())
    reloader = Reloader(library, build, lambda: stamp_of(folder))
    (folder / "faq.yaml").write_text(OTHER, encoding="utf-8")
    assert reloader.look() is False
    builder = threading.Thread(target=reloader.look)
    builder.start()
    assert reading.wait(60)
    assert library.edition.read("who mends taps").first.offered == ("a",)
    assert answer_of(library) == "Estates."
    may_go_on.set()
    builder.join(60)
    assert answer_of(library) == "The caretaker."
