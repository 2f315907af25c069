"""The channels that `run` can start: what each needs, and how its settings reach it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Final

from bot.channels.outbound import Hosts
from bot.errors import SettingsError
from bot.service.library import Library
from bot.service.ports import Clock
from bot.settings import Settings, proxies_of_environment
from bot.wiring import is_shared

if TYPE_CHECKING:
    from bot.channels.live import LiveChannel
    from bot.channels.slack.options import Options as SlackOptions
    from bot.channels.telegram.options import Options
    from bot.service.intake import Intake


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """What a channel of a running process is plugged into."""

    settings: Settings
    intake: "Intake"
    library: Library
    clock: Clock


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A channel that `run` can start.

    Attributes:
        is_configured: Whether the settings ask for it.
        open: Makes it; connects to nothing yet. Its vendor package is imported here.
        hosts: Where it connects to.
        is_sole: Whether only one of several processes may take in, as the settings are.
    """

    is_configured: Callable[[Settings], bool]
    open: Callable[[Fitting], "LiveChannel"]
    hosts: Callable[[Settings], Hosts]
    is_sole: Callable[[Settings], bool] = lambda _: False


def _telegram(fitting: Fitting) -> "LiveChannel":
    try:
        from bot.channels.telegram.opening import open_telegram
    except ImportError as error:
        raise _not_installed("telegram", error) from error
    return open_telegram(
        telegram_options(fitting.settings), fitting.intake, fitting.library, fitting.clock
    )


def telegram_options(settings: Settings) -> "Options":
    """What the settings say of Telegram."""
    from bot.channels.telegram.options import Options

    return Options(
        token=settings.telegram_token.get_secret_value(),
        api_url=settings.telegram_api_url,
        file_url=settings.telegram_file_url,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=settings.telegram_webhook_secret.get_secret_value(),
        proxy=settings.telegram_proxy.get_secret_value(),
        timeout_s=settings.telegram_timeout_s,
        poll_s=settings.telegram_poll_s,
        retry_s=settings.telegram_retry_s,
    )


def _slack(fitting: Fitting) -> "LiveChannel":
    try:
        from bot.channels.slack.opening import open_slack
    except ImportError as error:
        raise _not_installed("slack", error) from error
    return open_slack(
        slack_options(fitting.settings), fitting.intake, fitting.library, fitting.clock.now
    )


def slack_options(settings: Settings) -> "SlackOptions":
    """What the settings say of Slack."""
    from bot.channels.slack.options import Options as SlackOptions

    secrets = settings.slack_signing_secret.get_secret_value().split(",")
    return SlackOptions(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secrets=tuple(secret.strip() for secret in secrets if secret.strip()),
        listens=settings.listening is not None,
        api_url=f"{settings.slack_api_url.rstrip('/')}/",
        teams=frozenset(team for team in settings.slack_teams.split(",") if team),
        private_way=settings.slack_private_url,
        proxy=settings.slack_proxy.get_secret_value(),
        timeout_s=settings.slack_timeout_s,
        connections=settings.slack_connections,
        ping_s=settings.slack_ping_s,
        retry_s=settings.slack_retry_s,
        ack_s=settings.slack_ack_s,
    )


def _not_installed(name: str, error: ImportError) -> SettingsError:
    return SettingsError(
        f"{name.capitalize()} is configured, but {error.name} is not installed. "
        f"Run `pip install 'pathways-bot[{name}]'`."
    )


CHANNELS: Final[Mapping[str, ChannelSpec]] = {
    "telegram": ChannelSpec(
        lambda s: bool(s.telegram_token.get_secret_value()),
        _telegram,
        lambda s: (
            telegram_options(s).hosts
            | Hosts.of(s.telegram_proxy.get_secret_value(), *proxies_of_environment())
        ),
        is_sole=lambda s: (
            not s.telegram_webhook_url
        ),  # whoever polls takes updates from all others
    ),
    "slack": ChannelSpec(
        lambda s: bool(s.slack_bot_token.get_secret_value()),
        _slack,
        lambda s: slack_options(s).hosts | Hosts.of(s.slack_proxy.get_secret_value()),
    ),
}


def allowed_hosts(settings: Settings) -> Hosts:
    """Where a process that runs connects to, for all channels that the settings ask for.

    The database is not among them: libpq connects to it by itself, where its address says.
    """
    asked = (spec.hosts(settings) for spec in CHANNELS.values() if spec.is_configured(settings))
    return reduce(or_, asked, Hosts())


async def take_in(
    channel: "LiveChannel", settings: Settings, taking: asyncio.Event, stop: asyncio.Event
) -> None:
    """Have a channel take in; where only one process may, wait until no other one does."""
    if not (is_shared(settings.database_url) and CHANNELS[channel.name].is_sole(settings)):
        await channel.take_in(taking, stop)
        return
    from bot.storage.postgres_sole import Sole

    sole = Sole(settings.database_url, f"{channel.name}-updates")
    await sole.hold(lambda ending: channel.take_in(taking, ending), taking, stop)
