"""`pathways doctor`: what would bite later, found before it does."""

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

import click

from bot.cli.backups import NO_KEY, PLAIN
from bot.cli.doctor_machine import folders, listening
from bot.cli.owner import run_admin
from bot.errors import BotError, Refused, SettingsError, StoreBusy
from bot.faq.vector_source import NoVectors
from bot.service.clock import SystemClock
from bot.settings import Settings, load_settings, misspelt_settings
from bot.storage.backup import check_recipient
from bot.storage.sqlite_version import sqlite_version_warning
from bot.wiring import database_path, is_shared, load_content, load_flows, open_store
from bot.wiring_channels import allowed_hosts, slack_options
from bot.wiring_vectors import load_vectors

BUILT: Final = date(2026, 11, 1)  # a clock before this is wrong

Mark = Literal["ok", "take care", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    mark: Mark
    what: str
    status: int = 0


@click.command(name="doctor")
def command() -> int:
    """Look at everything that must be right before the bot starts."""
    worst = 0
    try:
        settings = load_settings()
    except SettingsError as error:
        click.echo(f"wrong      {error}")
        return error.exit_status
    for check in CHECKS:
        for finding in check(settings):
            click.echo(f"{finding.mark:10} {finding.what}")
            worst = max(worst, finding.status)
    return worst


def _python(_settings: Settings) -> Iterator[Finding]:
    yield Finding("ok", f"Python {sys.version.split()[0]}")


def _names(_settings: Settings) -> Iterator[Finding]:
    for name, nearest in misspelt_settings().items():
        yield Finding("take care", f"{name} is not a setting. Did you mean {nearest}?")


def _clock(settings: Settings) -> Iterator[Finding]:
    now = SystemClock().now().astimezone(ZoneInfo(settings.timezone))
    if now.date() < BUILT:
        yield Finding("wrong", f"The clock says {now:%d %B %Y}. Set it right.", 1)
    else:
        yield Finding("ok", f"The clock says {now:%d %B %Y %H:%M} in {settings.timezone}.")


def _sqlite(settings: Settings) -> Iterator[Finding]:
    if is_shared(settings.database_url):
        return
    warning = sqlite_version_warning(sqlite3.sqlite_version)
    if warning:
        yield Finding("take care", warning)
    else:
        yield Finding("ok", f"SQLite {sqlite3.sqlite_version}")


def _folders(settings: Settings) -> Iterator[Finding]:
    for mark, what, status in folders(settings):
        yield Finding(mark, what, status)


def _listen(settings: Settings) -> Iterator[Finding]:
    for mark, what, status in listening(settings):
        yield Finding(mark, what, status)


def _database(settings: Settings) -> Iterator[Finding]:
    if is_shared(settings.database_url):
        yield from _postgres(settings)
        return
    path = database_path(settings.database_url)
    if not path.exists():
        yield Finding("ok", f"There is no database at {path} yet. It is made at the first start.")
        return
    try:
        open_store(settings.database_url, SystemClock()).close()
    except StoreBusy:
        yield Finding("ok", f"The database {path} is in use: Pathways is running.")
    except BotError as error:
        yield Finding("wrong", str(error), error.exit_status)
    else:
        yield Finding("ok", f"The database {path} opens, and its tables are up to date.")


def _audit(settings: Settings) -> Iterator[Finding]:
    """Whether the log of what was done with rights is as it was written."""
    if not _has_tables(settings.database_url):
        return
    try:
        line = run_admin("audit-check", {})
    except StoreBusy as error:
        yield Finding("take care", f"The audit log could not be looked at. {error}")
        return
    except BotError:  # it was said already why the database, or the content, is no good
        return
    if line:
        what = f"The audit log is not as it was written, from the line {line} on."
        yield Finding(
            "wrong", f"{what} Compare it with a backup, and find out who can write to it.", 4
        )
    else:
        yield Finding("ok", "The audit log is as it was written.")


def _has_tables(url: str) -> bool:
    """Whether there is something to look at that a look does not have to make first."""
    if not is_shared(url):
        return database_path(url).exists()
    with suppress(ImportError, BotError):
        from bot.storage.postgres_checking import is_up_to_date  # noqa: PLC0415 - optional

        return is_up_to_date(url)
    return False


def _postgres(settings: Settings) -> Iterator[Finding]:
    try:
        from bot.storage.postgres_checking import look  # noqa: PLC0415 - its package is optional
    except ImportError as error:
        what = f"The database is PostgreSQL, but {error.name} is not installed."
        yield Finding("wrong", f"{what} Run `pip install 'pathways-bot[postgres]'`.", 3)
        return
    for seen in look(settings.database_url, SystemClock().now):
        mark: Mark = "take care" if seen.is_well is None else "ok" if seen.is_well else "wrong"
        yield Finding(mark, seen.what, 4 if mark == "wrong" else 0)


def _backups(settings: Settings) -> Iterator[Finding]:
    folder, recipient = settings.backup_folder, settings.backup_recipient
    if folder is None:
        yield Finding("take care", "No backup is made at night (PATHWAYS_BACKUP_FOLDER).")
        return
    if not recipient:
        yield Finding("wrong", NO_KEY, 3)
        return
    if recipient == PLAIN:
        yield Finding("take care", "Backups are not encrypted (PATHWAYS_BACKUP_RECIPIENT).")
        return
    try:
        check_recipient(recipient)
    except Refused as error:
        yield Finding("wrong", f"PATHWAYS_BACKUP_RECIPIENT: {error}", 3)
        return
    yield Finding("ok", f"A backup is made each night in {folder}, encrypted.")


def _content(settings: Settings) -> Iterator[Finding]:
    try:
        content = load_content(settings.knowledge, cache=settings.cache)
        load_flows(settings.knowledge, cache=settings.cache)
    except BotError as error:
        where = "PATHWAYS_KNOWLEDGE: " if settings.knowledge else ""
        yield Finding("wrong", f"{where}{error}\nRun `pathways check`.", error.exit_status)
    else:
        yield Finding("ok", f"The content has {len(content.faq.entries)} entries.")


def _vectors(settings: Settings) -> Iterator[Finding]:
    try:
        source = load_vectors(settings.vector_choice)
    except SettingsError as error:
        yield Finding("wrong", str(error), error.exit_status)
        return
    if settings.vectors == "minilm":
        yield Finding("ok", "Questions are matched with MiniLM and the word table.")
    elif isinstance(source, NoVectors):
        what = "The word table is missing: questions are matched by their words and letters alone."
        yield Finding("take care", f"{what} Install Pathways anew.")
    else:
        yield Finding("ok", "Questions are matched with the word table.")


def _telegram(settings: Settings) -> Iterator[Finding]:
    if not settings.telegram_token.get_secret_value():
        yield Finding("take care", "Telegram is not configured (PATHWAYS_TELEGRAM_TOKEN).")
        return
    try:
        from bot.cli.doctor_telegram import findings  # noqa: PLC0415 - its library is optional
    except ImportError:
        yield Finding("wrong", "Telegram: run `pip install 'pathways-bot[telegram]'`.", 3)
        return
    for mark, what, status in findings(settings):
        yield Finding(mark, what, status)


def _network(settings: Settings) -> Iterator[Finding]:
    hosts = allowed_hosts(settings)
    if hosts.named or hosts.under:
        yield Finding("ok", f"`pathways run` connects to {hosts}, and to nothing else.")


def _secrets(_settings: Settings) -> Iterator[Finding]:
    env = Path(".env")
    if env.exists() and env.stat().st_mode & 0o077:
        yield Finding("take care", "Others can read the file .env. Run `chmod 600 .env`.")


def _slack(settings: Settings) -> Iterator[Finding]:
    if not settings.slack_bot_token.get_secret_value():
        yield Finding("take care", "Slack is not configured (PATHWAYS_SLACK_BOT_TOKEN).")
        return
    try:
        from bot.channels.slack.checking import look  # noqa: PLC0415 - its package is optional
    except ImportError as error:
        what = f"Slack is configured, but {error.name} is not installed."
        yield Finding("wrong", f"{what} Run `pip install 'pathways-bot[slack]'`.", 3)
        return
    for seen in look(slack_options(settings), SystemClock().now):
        mark: Mark = "take care" if seen.is_well is None else "ok" if seen.is_well else "wrong"
        yield Finding(mark, seen.what, 3 if mark == "wrong" else 0)


CHECKS: Final[tuple[Callable[[Settings], Iterator[Finding]], ...]] = (
    _python,
    _names,
    _clock,
    _sqlite,
    _folders,
    _listen,
    _database,
    _audit,
    _backups,
    _content,
    _vectors,
    _telegram,
    _slack,
    _network,
    _secrets,
)
