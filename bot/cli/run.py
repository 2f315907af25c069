"""`pathways run`: start every configured channel."""

import click

from bot.cli.logs import set_up_logs
from bot.errors import SettingsError
from bot.settings import load_settings

PARTS = ("telegram", "slack", "deliver", "jobs")


@click.command(name="run")
@click.option(
    "--only", multiple=True, type=click.Choice(PARTS), help="Start only this part. Repeats."
)
def command(*, only: tuple[str, ...]) -> None:
    """Start what is configured, and say what is not."""
    settings = load_settings()
    set_up_logs(settings.log_level)
    asked = f" for `--only {' --only '.join(only)}`" if only else ""
    set_but_absent = [
        name
        for name, token in (
            ("PATHWAYS_TELEGRAM_TOKEN", settings.telegram_token),
            ("PATHWAYS_SLACK_BOT_TOKEN", settings.slack_bot_token),
        )
        if token.get_secret_value()
    ]
    if set_but_absent:
        raise SettingsError(
            f"{' and '.join(set_but_absent)} is set, but this version of Pathways has no adapter for it yet."
            " It talks in the terminal: `pathways chat`."
        )
    raise SettingsError(
        f"There is no channel to start{asked}: neither Telegram (PATHWAYS_TELEGRAM_TOKEN) nor Slack"
        " (PATHWAYS_SLACK_BOT_TOKEN) is configured. To talk to it in this terminal: `pathways chat`."
    )
