"""`pathways run`: start every configured channel, the deliveries, and the health page."""

import asyncio

import click

from bot.cli.logs import set_up_logs
from bot.cli.running import serve
from bot.errors import SettingsError
from bot.settings import Settings, load_settings
from bot.wiring_channels import CHANNELS

PARTS = (*CHANNELS, "deliver", "jobs")


@click.command(name="run")
@click.option(
    "--only", multiple=True, type=click.Choice(PARTS), help="Start only this part. Repeats."
)
def command(*, only: tuple[str, ...]) -> None:
    """Start what is configured, and say what is not."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    does_jobs = not only or "jobs" in only
    asyncio.run(serve(settings, channels_of(settings, only), does_jobs=does_jobs))


def channels_of(settings: Settings, only: tuple[str, ...]) -> dict[str, bool]:
    """The channels to start, each with whether it takes in; all of them deliver.

    Raises:
        SettingsError: There is nothing to start; the text says what is missing.
    """
    configured = [name for name, spec in CHANNELS.items() if spec.is_configured(settings)]
    wanted = set(only) or {*CHANNELS, "deliver"}
    takes_in = {name: name in wanted for name in configured}
    starting = {name: takes for name, takes in takes_in.items() if takes or "deliver" in wanted}
    if not starting and "jobs" not in only:
        raise SettingsError(_what_is_missing(only))
    return starting


def _what_is_missing(only: tuple[str, ...]) -> str:
    asked = f" for `--only {' --only '.join(only)}`" if only else ""
    return (
        f"There is no channel to start{asked}: neither Telegram (PATHWAYS_TELEGRAM_TOKEN) nor Slack"
        " (PATHWAYS_SLACK_BOT_TOKEN) is configured. To talk to it in this terminal: `pathways chat`."
    )
