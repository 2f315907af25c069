"""The composition root: what is kept between starts."""

from pathlib import Path

from bot.settings import VectorChoice
from bot.storage.files import load_cached, save_cached
from bot.wiring import index_key, load_content, load_edition

FAQ = "version: 1\nentries:\n  - {id: cost, question: What does it cost?, answer: Nothing.}\n"
NEW_ENTRY = "  - {id: time, question: How long does it take?, answer: A while.}\n"
MINILM = VectorChoice("minilm")


def faq_alone(folder: Path) -> Path:
    """A folder of content with nothing to guard against: its few texts are all there is to read."""
    made = folder / "faq"
    made.mkdir()
    (made / "faq.yaml").write_text(FAQ, encoding="utf-8")
    (made / "sensitive.yaml").write_text("version: 1\ntopics: []\n", encoding="utf-8")
    return made


def test_a_kept_index_is_used_and_one_that_cannot_be_read_is_replaced(tmp_path: Path) -> None:
    folder, cache = tmp_path / "faq", tmp_path / "cache"
    folder.mkdir()
    (folder / "faq.yaml").write_text(FAQ, encoding="utf-8")
    key = index_key(load_content(folder, complete=False, cache=cache))

    def is_from_cache() -> bool:
        return load_edition(folder, complete=False, cache=cache).reader.is_from_cache

    assert not is_from_cache()
    whole = load_cached(cache, key)
    assert is_from_cache()
    save_cached(cache, key, b"an index of another format")
    assert not is_from_cache()
    assert load_cached(cache, key) == whole
    assert is_from_cache()


def test_a_sentence_that_a_folders_wording_lacks_is_said_in_ours(tmp_path: Path) -> None:
    (tmp_path / "faq.yaml").write_text(FAQ, encoding="utf-8")
    own = "version: 1\ntexts: {empty: Say something.}\n"
    (tmp_path / "wording.yaml").write_text(own, encoding="utf-8")
    ours = load_content(None, cache=tmp_path / "cache").wording
    for _ in range(2):  # parsed, then from the cache
        wording = load_content(tmp_path, cache=tmp_path / "cache").wording
        assert wording.say("empty") == "Say something."
        assert wording.say("button.expired") == ours.say("button.expired")


def test_an_index_belongs_to_the_vectors_it_was_built_with(tmp_path: Path) -> None:
    folder, cache = faq_alone(tmp_path), tmp_path / "cache"
    content = load_content(folder, complete=False, cache=cache)
    assert index_key(content) != index_key(content, MINILM)
    load_edition(folder, complete=False, cache=cache)
    for expected in (False, True):
        found = load_edition(folder, complete=False, cache=cache, vectors=MINILM)
        assert found.reader.is_from_cache is expected
        assert found.read("what is the cost").first.offered == ("cost",)


def test_minilm_reads_only_the_phrasings_that_are_new(tmp_path: Path) -> None:
    folder, cache = faq_alone(tmp_path), tmp_path / "cache"

    def texts_read(faq: str) -> int:
        (folder / "faq.yaml").write_text(faq, encoding="utf-8")
        told = [(0, 0)]
        load_edition(
            folder,
            complete=False,
            cache=cache,
            vectors=MINILM,
            progress=lambda done, of: told.append((done, of)),
        )
        assert told[-1][0] == told[-1][1]
        return told[-1][1]

    assert texts_read(FAQ) == 1
    assert texts_read(FAQ + NEW_ENTRY) == 1
    assert texts_read(FAQ) == 0
    assert texts_read(FAQ.replace("Nothing", "Very little")) == 0
