"""Content that means harm is refused, at once and without being carried out (R37, T10)."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.knowledge.content import SHAPES, parse_content, parse_file
from bot.knowledge.faq import Faq
from bot.knowledge.yaml_text import SIZE_LIMIT
from bot.storage.files import FILE_LIMIT, read_folder
from tests.builders import FAQ, shipped

ALIASES = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join([f'*{chr(97 + n)}'] * 10)}]" for n in range(8)
)
MARK = "pathways_was_run"
BOMBS: Mapping[str, Callable[[], str]] = {
    "aliases that stand for 10^9 values": lambda: ALIASES,
    "an alias of itself": lambda: "a: &a [*a]",
    "a merge key": lambda: "a: &a {b: 1}\nc: {<<: *a}",
    "a tag that would run a program": lambda: f'!!python/object/apply:os.system ["touch {MARK}"]',
    "a tag that would build an object": lambda: "a: !!python/object:os.environ {}",
    "a tag of its own": lambda: "a: !mine 1",
    "100,000 brackets": lambda: "[" * 100_000,
    "100,000 dashes": lambda: "- " * 100_000 + "x",
    "100,000 braces": lambda: "{a: " * 100_000,
    "half a million values": lambda: "a: [" + "1," * 500_000 + "1]",
    "10 MB of text": lambda: "a: " + "x" * 10_000_000,
    "a second document": lambda: "a: 1\n---\nb: 2",
    "a doubled key": lambda: "a: 1\na: 2",
    "a NUL character": lambda: "a: \0",
    "a list as a key": lambda: "? [a, b]\n: c",
    "no YAML at all": lambda: "a: b: c: {[",
    "nothing": lambda: "",
    "a number": lambda: "7",
    "an integer of 5,000 digits as an id": lambda: "entries: [{id: " + "9" * 5000 + "}]",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_and_the_line_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ContentError) as refused:
        parse_file(Faq, BOMBS[name](), "faq.yaml")
    problems = refused.value.problems
    assert problems
    assert all(problem.file == "faq.yaml" and problem.line >= 1 for problem in problems)
    assert all(problem.what and problem.fix for problem in problems)
    assert len(str(refused.value)) < 20_000, "the refusal is no bomb itself"
    assert list(tmp_path.iterdir()) == [], "nothing was carried out"


@pytest.mark.parametrize("file", SHAPES)
def test_every_file_is_read_the_same_careful_way(file: str) -> None:
    for name in ("a tag that would run a program", "aliases that stand for 10^9 values"):
        with pytest.raises(ContentError, match="refused"):
            parse_content({"faq.yaml": FAQ, file: BOMBS[name]()})


def test_a_file_over_the_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert FILE_LIMIT <= SIZE_LIMIT
    (tmp_path / "faq.yaml").write_bytes(b"a" * (FILE_LIMIT + 1))
    with pytest.raises(ContentError, match="bytes"):
        read_folder(tmp_path)


def test_the_real_content_is_no_bomb() -> None:
    assert len(parse_content(shipped()).faq.entries) >= 97
