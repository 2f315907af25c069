"""Settings: frozen, and the only reader of the environment.

Everything comes from the environment or from a file `.env`, with the prefix `PATHWAYS_`. A wrong one
is named, with what it should be. Nothing secret is ever shown by `repr`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.request import getproxies
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.errors import SettingsError

PREFIX = "PATHWAYS_"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("should be a time zone such as Europe/London") from None
    return name


def _database(url: str) -> str:
    if _POSTGRES.fullmatch(url) or (url.startswith("sqlite:///") and url != "sqlite:///"):
        return url
    raise ValueError(
        "should be sqlite:/// and a path, such as sqlite:///var/pathways.db, or the address of a "
        "PostgreSQL database, such as postgresql://pathways@db.example/pathways"
    )


_POSTGRES: Final = re.compile(r"postgres(?:ql)?://\S+")
_LISTEN: Final = re.compile(r"(?:\[([0-9a-fA-F:]+)\]|([^\[\]:\s]+)):(\d{1,5})")
_ACCOUNT: Final = re.compile(r"telegram:\d+|slack:\w+:\w+", re.ASCII)
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{32,256}", re.ASCII)
_HTTP: Final = re.compile(r"https?://[^\s/?#]+[^\s?#]*", re.IGNORECASE)
_PROXY: Final = re.compile(r"(?:https?|socks5h?)://\S+", re.IGNORECASE)
_PROXIED: Final = frozenset({"http", "https", "all"})
_TEAM: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_WORD: Final = re.compile(r"[\x21-\x7e]+", re.ASCII)
_PAGE: Final = re.compile(r"https://[^\s()<>\\]+", re.IGNORECASE)
HIGHEST_PORT: Final = 65_535


def _listen(address: str) -> str:
    if address and (not (found := _LISTEN.fullmatch(address)) or int(found[3]) > HIGHEST_PORT):
        raise ValueError("should be an address and a port, such as 127.0.0.1:8080, or empty")
    return address


def _accounts(text: str) -> str:
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    if not all(_ACCOUNT.fullmatch(one) for one in wanted):
        raise ValueError("should be accounts such as telegram:123,slack:T0123:U456")
    return ",".join(wanted)


def _ends_in(end: str) -> AfterValidator:
    def check(url: str) -> str:
        url = url.rstrip("/")
        if not _HTTP.fullmatch(url) or not url.endswith(end):
            raise ValueError(f"should be an http address that ends in {end}")
        return url

    return AfterValidator(check)


def _slack_token(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if value and not _WORD.fullmatch(value):
        raise ValueError("should be the token as Slack shows it: one word, no spaces")
    return secret


def _teams(text: str) -> str:
    wanted = [one.strip() for one in text.split(",") if one.strip()]
    if not all(_TEAM.fullmatch(one) for one in wanted):
        raise ValueError("should be ids of workspaces such as T0123ABC,T0456DEF, or empty")
    return ",".join(wanted)


def _page(url: str) -> str:
    if url and not _PAGE.fullmatch(url):
        raise ValueError("should be an https address, or empty")
    return url


def _webhook(url: str) -> str:
    if url and not _HTTP.fullmatch(url):
        raise ValueError("should be the public https address of the webhook, or empty for polling")
    return url


def _webhook_secret(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if value and not _SECRET.fullmatch(value):
        raise ValueError(
            "should be 32 to 256 letters, digits, _ or -, or empty for one of our own"
        )
    return secret


def _proxy(secret: SecretStr) -> SecretStr:
    value = secret.get_secret_value()
    if value and not _PROXY.fullmatch(value):
        raise ValueError("should be a proxy such as http://127.0.0.1:3128, or empty")
    return secret


def _unset(value: object) -> object:
    """An empty value means that nothing was set: not the folder we stand in."""
    return None if value == "" else value


OptionalPath = Annotated[Path | None, BeforeValidator(_unset)]


@dataclass(frozen=True, slots=True)
class VectorChoice:
    """Which sentence vectors questions are matched with.

    Attributes:
        name: The word table that ships with the program, or MiniLM, an extra.
        threads: Threads that MiniLM uses for one question, or one batch of phrasings.
    """

    name: Literal["table", "minilm"] = "table"
    threads: int = 1


class Settings(BaseSettings):
    """What can be set.

    Attributes:
        database_url: Where `run` and the admin commands keep everything.
        knowledge: A folder that replaces the content we ship; a file it lacks comes from ours.
        timezone: Of everything said in local time.
        cache: Where the index of the content is kept between starts; empty: in the user's cache.
        reload_s: Seconds between two looks at `knowledge` for changes; 0: only at the start.
        log_level: What is logged, at least.
        vectors: What tells that texts mean alike: `table`, or `minilm` where that extra is installed.
        vectors_threads: Threads that MiniLM uses for one question.
        listen: Where the webhooks and the health page are served; empty: nowhere; port 0: any free one.
        admins: Accounts with the role admin in the default branch, with commas between.
        backup_folder: Where the night's work leaves a backup; None: nowhere.
        backup_recipient: The public key that backups are encrypted to; `plain` leaves them readable.
        backup_days: Days that these backups are kept.
        job_tick_s: Seconds at most between two looks at what is due.
        stop_s: Seconds that running turns may take to end when the program is told to stop.
        person_per_minute: Utterances of one person that are heard in a minute; 0: any number.
        place_per_minute: Those of everybody in one shared place together; 0: any number.
        telegram_token: Of the Telegram bot.
        telegram_api_url: The Bot API.
        telegram_file_url: Where the Bot API keeps files.
        telegram_webhook_url: The public address of the webhook; empty means polling.
        telegram_webhook_secret: What Telegram shows with each call; empty: one made from the token.
        telegram_proxy: For all calls to Telegram.
        telegram_timeout_s: Seconds that one call to Telegram may take.
        telegram_poll_s: Seconds that a poll waits for something to happen.
        telegram_retry_s: Seconds at most between two tries to reach Telegram.
        slack_bot_token: Of the Slack app.
        slack_app_token: Of the Slack app; set, Slack is listened to by socket, else by HTTP.
        slack_signing_secret: Of requests by HTTP; two with a comma between while one is replaced.
        slack_api_url: The Web API.
        slack_teams: The workspaces to answer in; empty: the one of the token.
        slack_private_url: Where people can talk without their employer reading along.
        slack_proxy: For all calls to Slack.
        slack_timeout_s: Seconds that one call to Slack may take.
        slack_connections: Sockets that are open at the same time.
        slack_ping_s: Seconds between two looks whether a socket still lives.
        slack_retry_s: Seconds at most between two tries to reach Slack.
        slack_ack_s: Seconds until Slack is told whether something was taken in.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = (
        "sqlite:///var/pathways.db"
    )
    knowledge: OptionalPath = None
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/London"
    cache: OptionalPath = None
    reload_s: Annotated[float, Field(ge=0, le=3600)] = 5
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    vectors: Literal["table", "minilm"] = "table"
    vectors_threads: int = Field(default=1, ge=1, le=64)
    listen: Annotated[str, AfterValidator(_listen)] = "127.0.0.1:8080"
    admins: Annotated[str, AfterValidator(_accounts)] = ""
    stop_s: float = Field(default=5.0, ge=0, le=300)
    person_per_minute: int = Field(default=40, ge=0, le=10_000)
    place_per_minute: int = Field(default=60, ge=0, le=10_000)
    backup_folder: Path | None = None
    backup_recipient: str = ""
    backup_days: int = Field(default=14, ge=1, le=30)
    job_tick_s: float = Field(default=1.0, gt=0, le=60)
    telegram_token: SecretStr = Field(default=SecretStr(""))
    telegram_api_url: Annotated[str, _ends_in("/bot")] = "https://api.telegram.org/bot"
    telegram_file_url: Annotated[str, _ends_in("/file/bot")] = "https://api.telegram.org/file/bot"
    telegram_webhook_url: Annotated[str, AfterValidator(_webhook)] = ""
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] = SecretStr("")
    telegram_proxy: Annotated[SecretStr, AfterValidator(_proxy)] = SecretStr("")
    telegram_timeout_s: float = Field(default=10.0, gt=0, le=120)
    telegram_poll_s: int = Field(default=25, ge=0, le=50)
    telegram_retry_s: float = Field(default=30.0, gt=0, le=300)
    slack_bot_token: Annotated[SecretStr, AfterValidator(_slack_token)] = SecretStr("")
    slack_app_token: Annotated[SecretStr, AfterValidator(_slack_token)] = SecretStr("")
    slack_signing_secret: SecretStr = Field(default=SecretStr(""))
    slack_api_url: Annotated[str, _ends_in("/api")] = "https://slack.com/api/"
    slack_teams: Annotated[str, AfterValidator(_teams)] = ""
    slack_private_url: Annotated[str, AfterValidator(_page)] = ""
    slack_proxy: Annotated[SecretStr, AfterValidator(_proxy)] = SecretStr("")
    slack_timeout_s: float = Field(default=10.0, gt=0, le=120)
    slack_connections: int = Field(default=2, ge=1, le=10)
    slack_ping_s: float = Field(default=10.0, gt=0, le=120)
    slack_retry_s: float = Field(default=30.0, gt=0, le=300)
    slack_ack_s: float = Field(default=2.5, gt=0, le=2.9)

    @property
    def vector_choice(self) -> VectorChoice:
        """Which sentence vectors to match with."""
        return VectorChoice(self.vectors, self.vectors_threads)

    @property
    def listening(self) -> tuple[str, int] | None:
        """Host and port to listen on; None for nowhere."""
        found = _LISTEN.fullmatch(self.listen)
        return (found[1] or found[2], int(found[3])) if found else None

    @property
    def admin_accounts(self) -> tuple[tuple[str, str], ...]:
        """Channel and account of every admin; of Slack the team belongs to the account."""
        pairs = (one.partition(":") for one in self.admins.split(",") if one)
        return tuple((channel, account) for channel, _, account in pairs)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: One is wrong; the text names it and says what it should be.
    """
    try:
        return Settings()
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not UTF-8 text. Save it as UTF-8.") from None
    except ValidationError as error:
        lines = (
            f"{PREFIX}{str(mistake['loc'][0]).upper()}: {_plainly(str(mistake['msg']))}"
            for mistake in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError("\n".join(lines)) from None


def proxies_of_environment() -> tuple[str, ...]:
    """The proxies that a library takes from the environment where no setting names one."""
    found = getproxies()
    return tuple(url for name, url in found.items() if name in _PROXIED and _PROXY.fullmatch(url))


def misspelt_settings() -> Mapping[str, str]:
    """Names in the environment that look like settings and are none, with the nearest that is one."""
    known = [f"{PREFIX}{field.upper()}" for field in Settings.model_fields]
    lines = dotenv_values(".env")
    names = {name.upper() for name in (*os.environ, *lines) if name.upper().startswith(PREFIX)}
    return {
        name: process.extractOne(name, known, scorer=OSA.normalized_similarity)[0]
        for name in sorted(names.difference(known))
    }


def _plainly(message: str) -> str:
    return message.removeprefix("Value error, ").removesuffix(".") + "."
