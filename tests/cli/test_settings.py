"""Settings: a wrong one is named with what it should be; secrets are never shown; `run` and `doctor`."""

from pathlib import Path

import pytest

from bot.cli.run import channels_of
from bot.cli.running import Use
from bot.errors import SettingsError
from bot.settings import Settings, load_settings
from tests.cli.conftest import Run

WRONG = [
    ("DATABASE_URL", "mysql://x", "sqlite:/// and a path"),
    ("DATABASE_URL", "sqlite:///", "sqlite:/// and a path"),
    ("TIMEZONE", "Mars/Olympus", "a time zone such as Europe/London"),
    ("TIMEZONE", "../../etc/passwd", "a time zone such as Europe/London"),
    ("TIMEZONE", "", "a time zone such as Europe/London"),
    ("LISTEN", "8080", "an address and a port"),
    ("LISTEN", "127.0.0.1:99999", "an address and a port"),
    ("ADMINS", "ann", "accounts such as telegram:123"),
    ("TELEGRAM_API_URL", "https://api.telegram.org", "ends in /bot"),
    ("TELEGRAM_FILE_URL", "https://api.telegram.org/bot", "ends in /file/bot"),
    ("TELEGRAM_WEBHOOK_URL", "bot.example", "public https address"),
    ("TELEGRAM_WEBHOOK_SECRET", "short", "32 to 256"),
    ("TELEGRAM_PROXY", "proxy", "a proxy such as"),
    ("TELEGRAM_TIMEOUT_S", "0", "greater than 0"),
    ("LOG_LEVEL", "LOUD", "'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
]
CANARY = "123456789:AAF-secret_secret_secret_secret_secr"


@pytest.mark.parametrize(("name", "value", "should_be"), WRONG)
def test_a_wrong_setting_is_named_with_what_it_should_be(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, should_be: str
) -> None:
    monkeypatch.setenv(f"PATHWAYS_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert f"PATHWAYS_{name}: " in str(refused.value)
    assert should_be in str(refused.value)


def test_all_wrong_settings_are_named_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value, _ in (WRONG[0], WRONG[2], WRONG[-1]):
        monkeypatch.setenv(f"PATHWAYS_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert len(str(refused.value).splitlines()) == 3


def test_settings_come_from_a_file_too_and_the_environment_wins(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".env").write_text("PATHWAYS_TIMEZONE=Europe/Paris\nPATHWAYS_LOG_LEVEL=DEBUG\n")
    monkeypatch.setenv("PATHWAYS_LOG_LEVEL", "ERROR")
    settings = load_settings()
    assert (settings.timezone, settings.log_level) == ("Europe/Paris", "ERROR")


def test_a_file_that_is_no_text_is_said_so(home: Path) -> None:
    (home / ".env").write_bytes(b"PATHWAYS_TIMEZONE=\xff\xfe")
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings()


@pytest.mark.parametrize("name", ["knowledge", "cache"])
def test_an_empty_folder_setting_is_none_and_not_this_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(f"PATHWAYS_{name.upper()}", "")
    assert getattr(load_settings(), name) is None


def test_nothing_secret_is_shown(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TELEGRAM_TOKEN", "SLACK_BOT_TOKEN"):
        monkeypatch.setenv(f"PATHWAYS_{name}", CANARY)
    settings = load_settings()
    assert settings.telegram_token.get_secret_value() == CANARY
    assert (
        CANARY
        not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    )


def test_a_wrong_value_is_not_repeated(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_DATABASE_URL", f"mysql://{CANARY}")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert CANARY not in str(refused.value)


def test_settings_are_frozen(home: Path) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().timezone = "Europe/Paris"  # type: ignore[misc]  # that is the point
    assert Settings().timezone == "Europe/London"


def test_a_wrong_setting_ends_every_command_that_reads_it_with_3(run: Run) -> None:
    for arguments in (("run",), ("ask", "x"), ("stale",), ("retention",), ("doctor",)):
        ended = run(*arguments, settings={"TIMEZONE": "Mars"})
        assert ended.status == 3, arguments
        assert "PATHWAYS_TIMEZONE" in ended.out + ended.err


def test_run_without_a_channel_says_what_is_missing_and_ends_with_3(run: Run) -> None:
    ended = run("run")
    assert ended.status == 3
    assert ended.out == ""
    for name in ("PATHWAYS_TELEGRAM_TOKEN", "PATHWAYS_SLACK_BOT_TOKEN", "pathways chat"):
        assert name in ended.err


def test_run_only_says_for_what(run: Run) -> None:
    ended = run("run", "--only", "telegram", "--only", "deliver")
    assert ended.status == 3
    assert "--only telegram --only deliver" in ended.err


@pytest.mark.parametrize(
    ("only", "telegram", "slack"),
    [
        ((), Use.TAKES_IN, Use.TAKES_IN),
        (("slack",), None, Use.TAKES_IN),
        (("deliver",), Use.DELIVERS, Use.DELIVERS),
        (("jobs",), Use.PROVES, Use.PROVES),
        (("jobs", "telegram"), Use.TAKES_IN, Use.PROVES),
        (("jobs", "deliver", "telegram"), Use.TAKES_IN, Use.DELIVERS),
    ],
)
def test_a_part_opens_the_channels_that_it_needs(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    only: tuple[str, ...],
    telegram: Use | None,
    slack: Use | None,
) -> None:
    monkeypatch.setenv("PATHWAYS_TELEGRAM_TOKEN", CANARY)
    monkeypatch.setenv("PATHWAYS_SLACK_BOT_TOKEN", "xoxb-1")
    opened = channels_of(load_settings(), only)
    assert (opened.get("telegram"), opened.get("slack")) == (telegram, slack)


def test_run_with_a_token_that_is_none_says_so_and_not_the_token(run: Run) -> None:
    ended = run("run", settings={"TELEGRAM_TOKEN": "hello"})
    assert ended.status == 3
    assert "PATHWAYS_TELEGRAM_TOKEN" in ended.err
    assert "hello" not in ended.err + ended.out


@pytest.mark.parametrize(
    ("text", "where"),
    [("127.0.0.1:8080", ("127.0.0.1", 8080)), ("[::1]:0", ("::1", 0)), ("", None)],
)
def test_where_to_listen(
    home: Path, monkeypatch: pytest.MonkeyPatch, text: str, where: tuple[str, int] | None
) -> None:
    monkeypatch.setenv("PATHWAYS_LISTEN", text)
    assert load_settings().listening == where


def test_admins_are_accounts_of_channels(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_ADMINS", "telegram:123, slack:T0123:U456")
    assert load_settings().admin_accounts == (("telegram", "123"), ("slack", "T0123:U456"))


def test_doctor_looks_at_everything_and_is_well(run: Run, home: Path) -> None:
    ended = run("doctor", settings={"DATABASE_URL": "sqlite:///fresh.db"})
    assert ended.status == 0
    for part in ("Python 3.", "The clock says", "SQLite", "GB are free", "There is no database"):
        assert part in ended.out
    assert "PATHWAYS_TELEGRAM_TOKEN" in ended.out
    assert not (home / "fresh.db").exists(), "looking changes nothing"


def test_doctor_names_a_broken_folder_and_a_broken_database(run: Run, home: Path) -> None:
    (home / "broken.db").write_bytes(b"this is no database, but long enough to be looked at" * 40)
    ended = run("doctor", settings={"DATABASE_URL": "sqlite:///broken.db", "KNOWLEDGE": "nowhere"})
    assert ended.status == 4
    assert "wrong" in ended.out
    assert "There is no such folder" in ended.out


def test_doctor_warns_of_a_settings_file_that_others_can_read(run: Run, home: Path) -> None:
    (home / ".env").write_text("PATHWAYS_LOG_LEVEL=INFO\n")
    (home / ".env").chmod(0o644)
    assert "chmod 600 .env" in run("doctor").out
    (home / ".env").chmod(0o600)
    assert "chmod 600 .env" not in run("doctor").out


def test_doctor_asks_back_about_a_name_that_is_no_setting(run: Run, home: Path) -> None:
    ended = run("doctor", settings={"DATABASE_URL": "sqlite:///fresh.db", "TELEGRAM_TOKN": CANARY})
    assert (
        "PATHWAYS_TELEGRAM_TOKN is not a setting. Did you mean PATHWAYS_TELEGRAM_TOKEN?"
        in ended.out
    )
    assert CANARY not in ended.out + ended.err
