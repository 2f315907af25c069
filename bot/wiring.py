"""The composition root: the only file that knows which adapter meets which port."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

from bot.errors import SettingsError
from bot.faq.beside import Beside
from bot.faq.lookup_names import Names
from bot.faq.reading import Reader
from bot.flows.loading import RULES, flow_values, parse_flows
from bot.flows.model import NO_FLOWS, Flows
from bot.knowledge.content import MORE_WORDING, Content, content_hash, parse_content
from bot.knowledge.packing import pack, unpack
from bot.messages import Address, Role
from bot.service import audit, people
from bot.service.clock import SystemClock
from bot.service.library import Edition, Library
from bot.service.ports import Clock, Store, Tx
from bot.settings import Settings, VectorChoice
from bot.storage.editions import keep_edition
from bot.storage.files import let_go, load_cached, read_folder, save_cached, stamp_of
from bot.wiring_vectors import WORD_TABLE, vectors_for_building, vectors_name

if TYPE_CHECKING:
    from bot.faq.sentences import Progress
    from bot.service.reloading import Reloader
    from bot.service.restoring import Forgotten
    from bot.storage.backup import Backup

SQLITE: Final = "sqlite:///"
OF_ONE_FAQ: Final = ("faq.yaml", "outside.yaml")  # of no use beside another FAQ
BARE: Final = ("wording.yaml", "sensitive.yaml", "retention.yaml")  # what every folder is lent
FLOWS_IN: Final = "flows/"  # where the flows of a folder of content lie
BRANCH_NAME: Final = "Main branch"  # of the branch that everybody belongs to before there are more


def load_edition(
    folder: Path | None,
    *,
    complete: bool = True,
    cache: Path | None = None,
    vectors: VectorChoice = WORD_TABLE,
    progress: "Progress | None" = None,
) -> Edition:
    """Read a folder of content and build, or fetch, its index.

    Args:
        folder: What replaces the content we ship; None for ours.
        complete: Whether files it lacks come from ours, as the bot needs; else only those of the
            folder count, with the crisis card as the only guard: for any FAQ, and for test sets.
        cache: Where indexes are kept; None for the user's cache folder.
        vectors: Which sentence vectors to match with.
        progress: Told how many of how many texts are read, where the vectors take their time.

    Raises:
        ContentError: With every mistake that was found.
        SettingsError: The vectors cannot be had; the text says what to do.
    """
    kept = cache or cache_folder()
    flows = load_flows(folder, kept) if complete else NO_FLOWS
    content = load_content(folder, complete=complete, cache=kept)
    return _edition(content, flows, kept, vectors, progress)


def edition_of(
    texts: Mapping[str, str], cache: Path | None = None, vectors: VectorChoice = WORD_TABLE
) -> Edition:
    """The edition that a folder with these files would make; what it lacks comes from ours.

    Raises:
        ContentError: With every mistake that was found.
    """
    used, lent = _with_ours(texts, complete=True)
    kept = cache or cache_folder()
    flows = _flows({**flow_texts(None), **_own_flows(texts)}, kept)
    return _edition(parse_content(used, lent), flows, kept, vectors)


def load_flows(folder: Path | None, cache: Path | None = None) -> Flows:
    """Read the flows of a folder of content, and ours for those it lacks; see `load_edition`.

    Raises:
        ContentError: With every mistake that was found.
    """
    return _flows(flow_texts(folder), cache or cache_folder())


def _flows(texts: Mapping[str, str], kept: Path) -> Flows:
    """The flows of some files; those that were found to be right once are not checked again."""
    key = f"flows-{RULES}-{content_hash(texts)}"
    if (known := load_cached(kept, key)) is not None:
        with suppress(ValueError, KeyError):  # another version of the program kept it
            return parse_flows(texts, json.loads(bytes(known)))
    flows = parse_flows(texts)
    save_cached(kept, key, json.dumps(flow_values(texts)).encode())
    return flows


def _edition(
    content: Content,
    flows: Flows,
    kept: Path,
    vectors: VectorChoice,
    progress: "Progress | None" = None,
) -> Edition:
    key = index_key(content, vectors)
    with vectors_for_building(vectors, content.faq, kept, progress) as source:
        cached = load_cached(kept, key)
        reader = Reader.build(
            content.faq,
            Beside(content.sensitive, content.smalltalk, content.outside),
            glossary=content.glossary,
            cached=cached,
            vectors=source,
        )
    let_go(cached)
    if not reader.is_from_cache:
        save_cached(kept, key, reader.to_bytes())
    names = Names.compile(content.bodies, content.glossary) if content.bodies else None
    return Edition(content, reader, names, flows)


def flow_texts(folder: Path | None) -> Mapping[str, str]:
    """The flows we ship, and a union's own from `flows/` in its folder: file name to text.

    A file of the folder replaces one of ours with the same name.

    Raises:
        ContentError: A file cannot be read.
    """
    shipped = read_folder(Path(str(files("bot.flows").joinpath("library"))))
    own = shipped_texts() if folder is None else read_folder(folder)
    return {**shipped, **_own_flows(own)}


def _own_flows(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The files of `flows/` among those of a folder."""
    return {
        name.removeprefix(FLOWS_IN): text
        for name, text in texts.items()
        if name.startswith(FLOWS_IN)
    }


def load_content(
    folder: Path | None, *, complete: bool = True, cache: Path | None = None
) -> Content:
    """Read and parse a folder of content, or fetch what was parsed before; see `load_edition`."""
    texts, lent = _texts(folder, complete=complete)
    guarded = complete or (folder is not None and (folder / "sensitive.yaml").exists())
    key = content_hash({**texts, **{f"lent {file}": text for file, text in lent.items()}})
    kept = cache or cache_folder()
    packed = load_cached(kept, f"content-{key}")
    content = unpack(packed) if packed else None
    if content is None:
        content = parse_content(texts, lent)
        save_cached(kept, f"content-{key}", pack(content))
    return content if guarded else content.with_crisis_only()


def _texts(folder: Path | None, *, complete: bool) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The files that count, those of the folder and ours for what it lacks; and the wording lent to it.

    A sentence that a folder's own wording lacks is said in our words: another version of the
    program may need one that its editors never saw.
    """
    shipped = shipped_texts()
    if folder is None:
        return shipped, {}
    return _with_ours(read_folder(folder), complete=complete)


def _with_ours(
    own: Mapping[str, str], *, complete: bool
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    shipped = shipped_texts()
    ours = [file for file in shipped if file not in OF_ONE_FAQ] if complete else BARE
    texts = {**{file: shipped[file] for file in ours}, **own}
    return texts, {file: shipped[file] for file in shipped if file in own and _is_wording(file)}


def _is_wording(file: str) -> bool:
    return file == "wording.yaml" or file in MORE_WORDING


def watch(
    folder: Path,
    library: Library,
    cache: Path | None,
    every_s: float,
    vectors: VectorChoice = WORD_TABLE,
) -> "Reloader":
    """Follow changes of a folder of content from now on, until the reloader is closed.

    Args:
        folder: What the library was loaded from.
        library: Gets each good state of it.
        cache: Where indexes and editions are kept; None for the user's cache folder.
        every_s: Seconds between two looks; 0 for never.
        vectors: Which sentence vectors to match with.
    """
    kept = cache or cache_folder()
    clock = SystemClock()

    from bot.service.reloading import Reloader

    def load() -> Edition:
        edition = load_edition(folder, cache=kept, vectors=vectors)
        keep_edition(kept, folder, read_folder(folder), clock.now())
        return edition

    keep_edition(kept, folder, read_folder(folder), clock.now())
    reloader = Reloader(library, load, lambda: stamp_of(folder))
    reloader.start(every_s)
    return reloader


def shipped_texts() -> Mapping[str, str]:
    """The content that came with the program: file name to text."""
    return read_folder(Path(str(files("pathways_knowledge"))))


def cache_folder() -> Path:
    """Where indexes are kept between starts; the folder need not exist."""
    return Path(platformdirs.user_cache_dir("pathways"))


def index_key(content: Content, vectors: VectorChoice = WORD_TABLE) -> str:
    """An index belongs to exactly this content and these vectors."""
    return f"{content.hash}-{vectors_name(vectors)}"


def open_store(url: str, clock: Clock) -> Store:
    """Open a database, bring its tables up to date, and see to it that there is a branch.

    Raises:
        StoreError: It cannot be opened; the text says what to do.
    """
    store = open_bare_store(url)
    now, fresh = clock.now(), clock.fresh()

    def set_up(tx: Tx) -> None:
        audit.set_install_key(tx, fresh)
        people.add_branch(tx, people.DEFAULT_BRANCH, BRANCH_NAME, now)

    store.submit(set_up).result()
    return store


def open_bare_store(url: str) -> Store:
    """Open a database and bring its tables up to date; it may hold nothing at all.

    Raises:
        StoreError: It cannot be opened; the text says what to do.
    """
    if not is_shared(url):
        from bot.storage.sqlite import SQLiteStore

        return SQLiteStore(database_path(url))
    with _postgres():
        from bot.storage.postgres import PostgresStore
    return PostgresStore(url)


def forgotten_in(url: str) -> "Forgotten | None":
    """Who was forgotten in a database that is replaced, whatever state it is in; None: nobody knows.

    Raises:
        StoreBusy: Pathways is running on it.
    """
    if not is_shared(url):
        from bot.storage.forgotten import at_rest

        return at_rest(database_path(url))
    from bot.storage.postgres_forgotten import in_database

    return in_database(url)


def back_up_shared(
    url: str, target: Path, recipient: str | None, tell: Callable[[int, int], None]
) -> "Backup":
    """Write a backup of a PostgreSQL database; see `bot.storage.postgres_snapshot.write_backup`."""
    with _postgres():
        from bot.storage.postgres_snapshot import write_backup
    return write_backup(url, database_path(url), target, recipient, tell)


@contextmanager
def _postgres() -> Iterator[None]:
    """Says what to install where the packages for PostgreSQL are not there."""
    try:
        yield
    except ImportError as error:
        raise SettingsError(
            f"The database is PostgreSQL, but {error.name} is not installed. "
            "Run `pip install 'pathways-bot[postgres]'`."
        ) from error


def shown_address(url: str) -> str:
    """A database address as people may see it: without the password."""
    if not is_shared(url):
        return str(database_path(url))
    from bot.storage.postgres_errors import shown

    return shown(url)


def is_shared(url: str) -> bool:
    """Whether the database at an address takes several processes at once: PostgreSQL."""
    return not url.startswith(SQLITE)


def database_path(url: str) -> Path:
    """The file of a database address; of PostgreSQL, what would be it: its folder takes other files."""
    return Path("var/pathways.db" if is_shared(url) else url.removeprefix(SQLITE))


def grant_admins(store: Store, settings: Settings, clock: Clock) -> None:
    """Give the accounts of the setting `ADMINS` the role admin in the default branch."""
    now = clock.now()
    chances = [(account, clock.fresh()) for account in settings.admin_accounts]

    def work(tx: Tx) -> None:
        for (channel, account), fresh in chances:
            identity = Address(channel, account)
            known = people.recognise(tx, identity, fresh)
            if known.is_new:
                people.enrol(tx, known, identity, now)
            if people.grant(tx, known, Role.ADMIN, "settings", now):
                audit.record(
                    tx, fresh, known.branch, "settings", "role.granted", Role.ADMIN.value, now
                )

    store.submit(work).result()
