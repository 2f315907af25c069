"""The README names every setting and every command, and no more than there are."""

import re
from pathlib import Path

import pytest

from bot.cli.main import COMMANDS
from bot.engine.commands import COMMAND_BY_NAME
from bot.settings import PREFIX, Settings
from tests.builders import ROOT, wording

README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCS = sorted((ROOT / "docs").rglob("*.md"))
MADE_UP = re.compile(r"/work/|/home/|/root/|pypi\.org/simple|index-url", re.IGNORECASE)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in README


def test_the_readme_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", README))
    assert len(named) >= 7
    assert {name.lower() for name in named} == set(Settings.model_fields)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`pathways {name}" in README


def test_the_readme_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`pathways ([a-z-]+)", README))
    assert named == set(COMMANDS)


@pytest.mark.parametrize("target", ["chat", "test", "test-long", "bench"])
def test_every_make_target_of_the_readme_is_there(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", README)
    near = [link for link in links if not link.startswith("http")]
    assert len(near) >= 5
    assert [link for link in near if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS], ids=lambda path: path.name)
def test_no_page_names_a_place_on_one_machine(path: Path) -> None:
    assert not MADE_UP.search(path.read_text(encoding="utf-8"))


def test_help_in_the_chat_names_verbs_that_are_there() -> None:
    bold = set(re.findall(r"\*\*/?([a-z]+)\*\*", wording("help")))
    assert len(bold) >= 8
    assert bold <= set(COMMAND_BY_NAME)
