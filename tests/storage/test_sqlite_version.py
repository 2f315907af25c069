"""R14: whoever runs the bot hears of a SQLite that needs care."""

import sqlite3

import pytest

from bot.storage.sqlite_version import sqlite_version_warning


@pytest.mark.parametrize(
    "version", ["3.7.0", "3.34.1", "3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.0", "3.51.2"]
)
def test_affected_versions_are_warned_of(version: str) -> None:
    warning = sqlite_version_warning(version)
    assert warning
    assert version in warning
    assert "let no other program open its file for writing" in warning
    assert "3.51.3" in warning


@pytest.mark.parametrize(
    "version", ["3.44.6", "3.44.9", "3.50.7", "3.51.3", "3.51.3.1", "3.52.0", "3.100.0", "4.0.0"]
)
def test_mended_versions_are_not(version: str) -> None:
    assert sqlite_version_warning(version) is None


@pytest.mark.parametrize("version", ["3.6.23", "2.8.17"])
def test_old_versions_are_named(version: str) -> None:
    assert "too old" in (sqlite_version_warning(version) or "")


@pytest.mark.parametrize("version", ["", "new", "3", "3.51.x", "3." + "9" * 5000, "٣.٤"])
def test_anything_else_is_said_to_be_strange(version: str) -> None:
    assert "use version 3.51.3 or newer" in (sqlite_version_warning(version) or "")


def test_the_version_of_this_machine_can_be_asked_for() -> None:
    warning = sqlite_version_warning(sqlite3.sqlite_version)
    assert warning is None or sqlite3.sqlite_version in warning
