"""Earlier states of a folder: kept, listed, put back byte by byte (I7)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from bot.storage.editions import KEPT, keep_edition, kept_editions, put_back
from bot.storage.files import read_folder, replace_text

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TEXTS = {"faq.yaml": "entries: []  # é\r\n", "flows/a.yaml": "x\n"}


def test_states_are_listed_newest_first_and_the_oldest_go(tmp_path: Path) -> None:
    for number in range(KEPT + 3):
        texts = {"faq.yaml": str(number)}
        keep_edition(tmp_path, tmp_path / "k", texts, NOON + timedelta(minutes=number))
    found = kept_editions(tmp_path, tmp_path / "k")
    assert [kept.texts["faq.yaml"] for kept in found] == [
        str(number) for number in range(KEPT + 2, 2, -1)
    ]
    assert found[0].at == NOON + timedelta(minutes=KEPT + 2)


def test_the_same_state_again_is_kept_once_as_the_newest(tmp_path: Path) -> None:
    for minute, text in enumerate(("a", "b", "a")):
        at = NOON + timedelta(minutes=minute)
        keep_edition(tmp_path, tmp_path / "k", {"faq.yaml": text}, at)
    assert [kept.texts["faq.yaml"] for kept in kept_editions(tmp_path, tmp_path / "k")] == [
        "a",
        "b",
    ]


def test_folders_do_not_share_states(tmp_path: Path) -> None:
    keep_edition(tmp_path, tmp_path / "k", TEXTS, NOON)
    assert kept_editions(tmp_path, tmp_path / "other") == ()


def test_a_damaged_state_is_left_out(tmp_path: Path) -> None:
    keep_edition(tmp_path, tmp_path / "k", TEXTS, NOON)
    (file,) = tmp_path.rglob("*.json")
    file.write_text(file.read_text(encoding="utf-8").replace("x", "y"), encoding="utf-8")
    assert kept_editions(tmp_path, tmp_path / "k") == ()
    file.write_text("{", encoding="utf-8")
    assert kept_editions(tmp_path, tmp_path / "k") == ()


def test_only_the_owner_can_read_the_states(tmp_path: Path) -> None:
    keep_edition(tmp_path / "cache", tmp_path / "k", TEXTS, NOON)
    folders = [tmp_path / "cache", *(tmp_path / "cache").iterdir()]
    assert [folder.stat().st_mode & 0o077 for folder in folders] == [0, 0]


def test_a_full_disk_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    keep_edition(tmp_path / "cache", tmp_path / "k", TEXTS, NOON)
    assert kept_editions(tmp_path / "cache", tmp_path / "k") == ()


def test_a_state_is_put_back_and_what_came_since_is_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "k"
    put_back(folder, TEXTS, {})
    before = read_folder(folder)
    assert before == TEXTS
    (folder / "faq.yaml").write_text("broken: [", encoding="utf-8")
    (folder / "glossary.yaml").write_text("terms: [", encoding="utf-8")
    put_back(folder, TEXTS, read_folder(folder))
    assert read_folder(folder) == before
    assert (folder / "glossary.yaml.set-aside").read_text(encoding="utf-8") == "terms: ["


def test_a_replaced_file_keeps_its_permissions_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "faq.yaml"
    file.write_text("a", encoding="utf-8")
    file.chmod(0o640)
    replace_text(file, "b")
    assert (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777) == ("b", 0o640)
    assert list(tmp_path.iterdir()) == [file]


names = st.sampled_from(["faq.yaml", "glossary.yaml", "flows/a.yaml", "flows/b.yaml"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(
    lambda text: not text.startswith("\ufeff")
)
states = st.dictionaries(names, texts, min_size=1)


@given(states, states)
def test_whatever_a_folder_held_it_can_hold_again(
    one: dict[str, str], other: dict[str, str]
) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "k"
        put_back(folder, one, {})
        put_back(folder, other, read_folder(folder))
        keep_edition(Path(place), folder, one, NOON)
        (kept,) = kept_editions(Path(place), folder)
        put_back(folder, kept.texts, read_folder(folder))
        assert read_folder(folder) == one
