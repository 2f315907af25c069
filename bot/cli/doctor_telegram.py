"""What `pathways doctor` says of Telegram: each mistake on the way from BotFather to a running bot."""

import asyncio
from collections.abc import Iterator
from typing import Final, Literal

from bot.channels.telegram.health import Health, look
from bot.channels.telegram.options import Options
from bot.errors import SettingsError
from bot.service.clock import SystemClock
from bot.settings import Settings
from bot.wiring_channels import telegram_options

CLOCK_S: Final = 5.0  # seconds that clocks may differ; reminders and dates depend on ours
MANY: Final = 1_000  # updates that wait: the bot has been down, or is too slow

Found = tuple[Literal["ok", "take care", "wrong"], str, int]


def findings(settings: Settings) -> Iterator[Found]:
    """Everything about Telegram, by asking it."""
    options = telegram_options(settings)
    if options.webhook_url and settings.listening is None:
        yield (
            "wrong",
            "PATHWAYS_TELEGRAM_WEBHOOK_URL is set, but PATHWAYS_LISTEN is empty: nobody would answer.",
            3,
        )
    if options.token.startswith(("xox", "xapp-")):
        yield (
            "wrong",
            "PATHWAYS_TELEGRAM_TOKEN holds a token of Slack. Put that into PATHWAYS_SLACK_BOT_TOKEN, and "
            "here the one that @BotFather gave you.",
            3,
        )
        return
    try:
        health = asyncio.run(look(options, SystemClock().now))
    except SettingsError as error:
        yield "wrong", str(error), error.exit_status
        return
    yield "ok", f"Telegram knows the token: it is @{health.username}.", 0
    yield from _delivery(health, options)
    yield from _clock(health)
    yield from _groups(health)


def _delivery(health: Health, options: Options) -> Iterator[Found]:
    if options.webhook_url:
        if not health.webhook_url:
            yield "ok", "Telegram knows no webhook yet. `pathways run` tells it.", 0
        elif health.webhook_url != options.webhook_url:
            yield (
                "take care",
                f"Telegram's webhook is {health.webhook_url}, and not PATHWAYS_TELEGRAM_WEBHOOK_URL. "
                "`pathways run` sets it.",
                0,
            )
        if not options.webhook_url.startswith("https://"):
            yield "wrong", "PATHWAYS_TELEGRAM_WEBHOOK_URL should begin with https://.", 3
    elif health.webhook_url:
        yield (
            "take care",
            f"A webhook is set ({health.webhook_url}). `pathways run` takes it away and polls. If "
            "another program uses this bot, make a second bot.",
            0,
        )
    if health.hook_trouble:
        yield "take care", f"The webhook last failed with: {health.hook_trouble}", 0
    mark: Literal["ok", "take care"] = "take care" if health.waiting >= MANY else "ok"
    yield mark, f"{health.waiting} messages wait at Telegram. None will be thrown away.", 0


def _clock(health: Health) -> Iterator[Found]:
    ahead = health.clock_ahead_s
    if ahead is None:
        return
    if abs(ahead) > CLOCK_S:
        where = "ahead of" if ahead > 0 else "behind"
        yield (
            "take care",
            f"The clock is {abs(ahead):.0f} s {where} Telegram's. Turn time synchronisation on.",
            0,
        )
    else:
        yield "ok", "The clock agrees with Telegram's.", 0


def _groups(health: Health) -> Iterator[Found]:
    if health.reads_groups:
        yield (
            "take care",
            "Privacy mode is off, so the bot gets everything that is written in its groups. Turn it on: "
            "/setprivacy at @BotFather.",
            0,
        )
    else:
        yield "ok", "Privacy mode is on: in groups the bot gets only what calls it.", 0
    if not health.joins_groups:
        yield "take care", "The bot cannot be added to groups (/setjoingroups at @BotFather).", 0
