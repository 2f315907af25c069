"""Content folders are read with care, and the cache never gives back what was not put in."""

import os
import stat
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.storage import files
from bot.storage.files import CACHE_LIMIT, load_cached, read_folder, save_cached


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "knowledge"
    (made / "flows").mkdir(parents=True)
    (made / "faq.yaml").write_text("entries: [é, \U0001f469]\n", "utf-8")
    return made


def problem(folder: Path) -> str:
    with pytest.raises(ContentError) as caught:
        read_folder(folder)
    return str(caught.value)


class TestReadFolder:
    def test_yaml_files_and_flows_are_read_sorted(self, folder: Path) -> None:
        (folder / "flows" / "survey.yaml").write_text("b")
        (folder / "bodies.yaml").write_text("a")
        for other in ("notes.txt", "faq.yaml.bak", "faq.yml", "flows/notes.md"):
            (folder / other).write_bytes(b"\xff")
        (folder / "deep").mkdir()
        (folder / "deep" / "more.yaml").write_text("x")
        texts = read_folder(folder)
        assert list(texts) == ["bodies.yaml", "faq.yaml", "flows/survey.yaml"]
        assert texts["faq.yaml"] == "entries: [é, \U0001f469]\n"

    def test_an_empty_folder_holds_nothing(self, tmp_path: Path) -> None:
        assert read_folder(tmp_path) == {}

    def test_a_mark_of_byte_order_is_left_out(self, folder: Path) -> None:
        (folder / "faq.yaml").write_bytes(b"\xef\xbb\xbfentries: []\r\n")
        assert read_folder(folder) == {"faq.yaml": "entries: []\r\n"}

    @pytest.mark.parametrize("name", ["missing", "faq.yaml", "nul\0"])
    def test_a_missing_folder_says_what_to_do(self, folder: Path, name: str) -> None:
        text = problem(folder / name)
        assert text.endswith(":1: There is no such folder. Name one that holds faq.yaml.")

    def test_text_that_is_not_utf_8_is_shown_by_line(self, folder: Path) -> None:
        (folder / "faq.yaml").write_bytes(b"a: 1\nb: 2\nc: caf\xe9\n")
        text = "faq.yaml:3: The file is not UTF-8 text. Save it as UTF-8 in your editor."
        assert problem(folder) == text

    def test_a_large_file_is_refused_unread(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with (folder / "faq.yaml").open("wb") as file:
            file.truncate(50 * 2**30)
        assert "faq.yaml:1: The file has over 4,000,000 bytes." in problem(folder)

    def test_the_size_is_exact(self, folder: Path) -> None:
        (folder / "faq.yaml").write_bytes(b"x" * files.FILE_LIMIT)
        assert len(read_folder(folder)["faq.yaml"]) == files.FILE_LIMIT
        (folder / "faq.yaml").write_bytes(b"x" * (files.FILE_LIMIT + 1))
        assert "over 4,000,000 bytes" in problem(folder)

    def test_a_link_out_of_the_folder_is_refused(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "secret.yaml").write_text("canary")
        (folder / "faq.yaml").unlink()
        (folder / "faq.yaml").symlink_to(tmp_path / "secret.yaml")
        text = problem(folder)
        assert text == ("faq.yaml:1: The link leads out of the folder. Copy the file itself here.")

    def test_a_folder_of_flows_elsewhere_is_refused(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "survey.yaml").write_text("x")
        (folder / "flows").rmdir()
        (folder / "flows").symlink_to(tmp_path / "elsewhere")
        assert "flows/survey.yaml:1: The link leads out" in problem(folder)

    def test_a_link_within_the_folder_is_read(self, folder: Path) -> None:
        (folder / "flows" / "a.yaml").symlink_to(folder / "faq.yaml")
        assert read_folder(folder)["flows/a.yaml"].startswith("entries")

    def test_the_folder_itself_may_be_a_link(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(folder)
        assert list(read_folder(tmp_path / "link")) == ["faq.yaml"]

    def test_links_that_lead_nowhere_are_refused(self, folder: Path) -> None:
        (folder / "a.yaml").symlink_to(folder / "a.yaml")
        (folder / "b.yaml").symlink_to(folder / "missing")
        text = problem(folder)
        assert "a.yaml:1: The file cannot be read" in text
        assert "b.yaml:1: The file cannot be read" in text

    def test_what_is_no_file_is_refused_at_once(self, folder: Path) -> None:
        os.mkfifo(folder / "pipe.yaml")
        (folder / "folder.yaml").mkdir()
        text = problem(folder)
        assert "pipe.yaml:1: This is not a file." in text
        assert "folder.yaml:1: This is not a file." in text

    def test_every_problem_is_told_at_once(self, folder: Path) -> None:
        for name in ("a", "b", "c"):
            (folder / f"{name}.yaml").write_bytes(b"\xff")
        with pytest.raises(ContentError) as caught:
            read_folder(folder)
        assert [one.file for one in caught.value.problems] == ["a.yaml", "b.yaml", "c.yaml"]

    def test_what_may_not_be_read_is_said(self, bound_folder: Path) -> None:
        (bound_folder / "faq.yaml").touch(0o000)
        assert "faq.yaml:1: The file cannot be read (Permission denied)." in problem(bound_folder)
        bound_folder.chmod(0)
        assert ":1: The folder cannot be read (Permission denied)." in problem(bound_folder)

    def test_a_folder_that_takes_nothing_is_no_cache(self, bound_folder: Path) -> None:
        bound_folder.chmod(0o500)
        save_cached(bound_folder, "key", b"data")
        save_cached(bound_folder / "new", "key", b"data")
        assert load_cached(bound_folder, "key") is None

    def test_a_name_that_is_not_utf_8_can_be_printed(self, folder: Path) -> None:
        (folder / os.fsdecode(b"caf\xe9.yaml")).write_bytes(b"\xff")
        assert problem(folder).encode()


def loaded(folder: Path, key: str = "key") -> bytes:
    """What the cache gives back; it gives back something."""
    found = load_cached(folder, key)
    assert found is not None
    return bytes(found)


class TestCache:
    def test_what_was_saved_is_loaded(self, tmp_path: Path) -> None:
        save_cached(tmp_path / "new" / "cache", "key", b"\0data")
        assert loaded(tmp_path / "new" / "cache") == b"\0data"
        assert load_cached(tmp_path / "new" / "cache", "other") is None
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700

    @pytest.mark.parametrize("data", [b"", b"x" * 3_000_000])
    @pytest.mark.parametrize("key", ["", "../../etc/passwd", "a/b\0c", "é" * 500, "\ud800"])
    def test_any_key_and_any_bytes_will_do(self, tmp_path: Path, key: str, data: bytes) -> None:
        save_cached(tmp_path, key, data)
        assert loaded(tmp_path, key) == data
        assert len(list(tmp_path.iterdir())) == 1

    def test_saving_again_replaces(self, tmp_path: Path) -> None:
        for data in (b"old", b"new"):
            save_cached(tmp_path, "key", data)
        assert loaded(tmp_path) == b"new"
        assert len(list(tmp_path.iterdir())) == 1

    def test_any_damage_is_noticed(self, tmp_path: Path) -> None:
        save_cached(tmp_path, "key", b"0123456789" * 5)
        (file,) = tmp_path.iterdir()
        whole = file.read_bytes()
        for place in range(len(whole)):
            file.write_bytes(whole[:place])
            assert load_cached(tmp_path, "key") is None
            flipped = bytes([whole[place] ^ 1])
            file.write_bytes(whole[:place] + flipped + whole[place + 1 :])
            assert load_cached(tmp_path, "key") is None
        file.write_bytes(whole + b"x")
        assert load_cached(tmp_path, "key") is None

    def test_a_file_under_another_key_is_not_believed(self, tmp_path: Path) -> None:
        save_cached(tmp_path, "one", b"data")
        (one,) = tmp_path.iterdir()
        save_cached(tmp_path, "two", b"other")
        (two,) = set(tmp_path.iterdir()) - {one}
        two.write_bytes(one.read_bytes())
        assert load_cached(tmp_path, "two") is None

    def test_the_oldest_make_room(self, tmp_path: Path) -> None:
        for number in range(CACHE_LIMIT + 4):
            save_cached(tmp_path, str(number), b"data")
            for file in tmp_path.iterdir():
                os.utime(file, ns=(0, file.stat().st_mtime_ns - 10**9))
        assert len(list(tmp_path.iterdir())) == CACHE_LIMIT
        kept = [number for number in range(CACHE_LIMIT + 4) if load_cached(tmp_path, str(number))]
        assert kept == list(range(4, CACHE_LIMIT + 4))

    def test_files_of_others_stay(self, tmp_path: Path) -> None:
        for number in range(20):
            (tmp_path / f"other-{number}").touch()
        save_cached(tmp_path, "key", b"data")
        assert len(list(tmp_path.iterdir())) == 21

    @pytest.mark.parametrize("error", [PermissionError, OSError])
    def test_a_disk_that_takes_nothing_is_no_cache(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
    ) -> None:
        def refuse(*_: object) -> None:
            raise error(28, "No space left on device")

        monkeypatch.setattr(Path, "replace", refuse)
        save_cached(tmp_path, "key", b"data")
        assert list(tmp_path.iterdir()) == []
        assert load_cached(tmp_path, "key") is None

    def test_a_file_in_the_way_is_no_cache(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        save_cached(tmp_path / "file", "key", b"data")
        assert load_cached(tmp_path / "file", "key") is None
