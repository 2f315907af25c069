"""The composition root: the only file that knows which adapter meets which port."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

import platformdirs

from bot.faq.lookup_names import Names
from bot.faq.reading import Reader
from bot.knowledge.content import Content, parse_content
from bot.service import audit, people
from bot.service.library import Edition
from bot.service.ports import Clock, Store, Tx
from bot.settings import Settings
from bot.storage.files import load_cached, read_folder, save_cached

SQLITE: Final = "sqlite:///"
BRANCH_NAME: Final = "Main branch"  # of the branch that everybody belongs to before there are more


def load_edition(
    folder: Path | None, *, complete: bool = True, cache: Path | None = None
) -> Edition:
    """Read a folder of content and build, or fetch, its index.

    Args:
        folder: What replaces the content we ship; None for ours.
        complete: Whether files it lacks come from ours, as the bot needs; else only those of the
            folder count, with the crisis card as the only guard: for any FAQ, and for test sets.
        cache: Where indexes are kept; None for the user's cache folder.

    Raises:
        ContentError: With every mistake that was found.
    """
    content = load_content(folder, complete=complete)
    kept = cache or cache_folder()
    cached = load_cached(kept, content.hash)
    reader = Reader.build(
        content.faq,
        sensitive=content.sensitive,
        smalltalk=content.smalltalk,
        glossary=content.glossary,
        cached=cached,
    )
    if cached is None:
        save_cached(kept, content.hash, reader.to_bytes())
    names = Names.compile(content.bodies, content.glossary) if content.bodies else None
    return Edition(content, reader, names)


def load_content(folder: Path | None, *, complete: bool = True) -> Content:
    """Read and parse a folder of content; see `load_edition`."""
    shipped = shipped_texts()
    if folder is None:
        return parse_content(shipped, {})
    own = {file: text for file, text in shipped.items() if file != "faq.yaml"}
    if complete:
        return parse_content(read_folder(folder), own)
    bare = {file: own[file] for file in ("wording.yaml", "sensitive.yaml", "retention.yaml")}
    texts = read_folder(folder)
    content = parse_content(texts, bare)
    return content if "sensitive.yaml" in texts else content.with_crisis_only()


def shipped_texts() -> Mapping[str, str]:
    """The content that came with the program: file name to text."""
    return read_folder(Path(str(files("pathways_knowledge"))))


def cache_folder() -> Path:
    """Where indexes are kept between starts; the folder need not exist."""
    return Path(platformdirs.user_cache_dir("pathways"))


def is_cached(folder: Path | None, cache: Path | None = None) -> bool:
    """Whether the index of this content has been built before, so that loading it is quick."""
    content = load_content(folder)
    return load_cached(cache or cache_folder(), content.hash) is not None


def open_store(url: str, clock: Clock) -> Store:
    """Open a database, bring its tables up to date, and see to it that there is a branch.

    Raises:
        StoreError: It cannot be opened; the text says what to do.
    """
    from bot.storage.sqlite import SQLiteStore

    store = SQLiteStore(database_path(url))
    now, fresh = clock.now(), clock.fresh()

    def set_up(tx: Tx) -> None:
        audit.set_install_key(tx, fresh)
        people.add_branch(tx, people.DEFAULT_BRANCH, BRANCH_NAME, now)

    store.submit(set_up).result()
    return store


def database_path(url: str) -> Path:
    """The file of a database address."""
    return Path(url.removeprefix(SQLITE))


def edition_of(settings: Settings) -> Edition:
    """The content that the settings name."""
    return load_edition(settings.knowledge, cache=settings.cache)
