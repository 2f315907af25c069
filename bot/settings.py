"""Settings: frozen, and the only reader of the environment.

Everything comes from the environment or from a file `.env`, with the prefix `PATHWAYS_`. A wrong one
is named, with what it should be. Nothing secret is ever shown by `repr`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
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
    if not url.startswith("sqlite:///") or url == "sqlite:///":
        raise ValueError("should be sqlite:/// and a path, such as sqlite:///var/pathways.db")
    return url


def _unset(value: object) -> object:
    """An empty value means that nothing was set: not the folder we stand in."""
    return None if value == "" else value


OptionalPath = Annotated[Path | None, BeforeValidator(_unset)]


class Settings(BaseSettings):
    """What can be set.

    Attributes:
        database_url: Where `run` and the admin commands keep everything.
        knowledge: A folder that replaces the content we ship; a file it lacks comes from ours.
        timezone: Of everything said in local time.
        cache: Where the index of the content is kept between starts; empty: in the user's cache.
        reload_s: Seconds between two looks at `knowledge` for changes; 0: only at the start.
        log_level: What is logged, at least.
        telegram_token: Of the Telegram bot.
        slack_bot_token: Of the Slack app.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database)] = "sqlite:///var/pathways.db"
    knowledge: OptionalPath = None
    timezone: Annotated[str, AfterValidator(_zone)] = "Europe/London"
    cache: OptionalPath = None
    reload_s: Annotated[float, Field(ge=0, le=3600)] = 5
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    telegram_token: SecretStr = Field(default=SecretStr(""))
    slack_bot_token: SecretStr = Field(default=SecretStr(""))


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
