"""`pathways run`: start every configured channel, the deliveries, and the health page."""

import asyncio

import click

from bot.channels.outbound import FencedLoop
from bot.cli.logs import set_up_logs
from bot.cli.running import Use, serve
from bot.errors import SettingsError
from bot.settings import Settings, load_settings
from bot.wiring_channels import CHANNELS, allowed_hosts

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
    channels, hosts = channels_of(settings, only), allowed_hosts(settings)
    with asyncio.Runner(loop_factory=lambda: FencedLoop(hosts)) as runner:
        runner.run(serve(settings, channels, does_jobs=does_jobs))


def channels_of(settings: Settings, only: tuple[str, ...]) -> dict[str, Use]:
    """The channels to open, each with what for: one that takes in delivers too, and jobs ask all.

    Raises:
        SettingsError: There is nothing to start; the text says what is missing.
    """
    configured = [name for name, spec in CHANNELS.items() if spec.is_configured(settings)]
    used = {name: _use(name, only or PARTS) for name in configured}
    opening = {name: use for name, use in used.items() if use}
    if not opening and "jobs" not in only:
        raise SettingsError(_what_is_missing(only))
    return opening


def _use(name: str, parts: tuple[str, ...]) -> Use | None:
    if name in parts:
        return Use.TAKES_IN
    if "deliver" in parts:
        return Use.DELIVERS
    return Use.PROVES if "jobs" in parts else None


def _what_is_missing(only: tuple[str, ...]) -> str:
    asked = f" for `--only {' --only '.join(only)}`" if only else ""
    return (
        f"There is no channel to start{asked}: neither Telegram (PATHWAYS_TELEGRAM_TOKEN) nor Slack"
        " (PATHWAYS_SLACK_BOT_TOKEN) is configured. To talk to it in this terminal: `pathways chat`."
    )
