"""The composition root: what is kept between starts."""

from pathlib import Path

from bot.storage.files import load_cached, save_cached
from bot.wiring import index_key, load_content, load_edition

FAQ = "version: 1\nentries:\n  - {id: cost, question: What does it cost?, answer: Nothing.}\n"


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
