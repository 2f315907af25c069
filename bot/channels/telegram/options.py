"""How Telegram is reached: what the settings say, in this channel's own words."""

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from bot.channels.outbound import Hosts

NAME: Final = "telegram"
NOT_KNOWN: Final = (
    "PATHWAYS_TELEGRAM_TOKEN: Telegram does not know this token. Copy it again from @BotFather, or make "
    "a new one there with /token. If PATHWAYS_TELEGRAM_API_URL is set, look at that too."
)
WEBHOOK_REFUSED: Final = (
    "PATHWAYS_TELEGRAM_WEBHOOK_URL: Telegram refuses this address. It should be a public https address "
    "with a certificate, at port 443, 80, 88 or 8443; or leave it empty"
)
_TOKEN: Final = re.compile(r"\d{3,16}:[A-Za-z0-9_-]{10,}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to reach Telegram, and how it reaches us.

    Attributes:
        token: Of the bot, as BotFather gave it.
        api_url: The Bot API; ends in `/bot`.
        file_url: Its files; ends in `/file/bot`.
        webhook_url: The public address Telegram is to call; empty means polling.
        webhook_secret: What Telegram shows with each call; empty for one of our own.
        proxy: For all calls; empty for none but those of the environment.
        timeout_s: Seconds that a call may take.
        poll_s: Seconds that a poll waits for something to happen.
        retry_s: Seconds at most between two tries.
    """

    token: str = field(repr=False)
    api_url: str = "https://api.telegram.org/bot"
    file_url: str = "https://api.telegram.org/file/bot"
    webhook_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    timeout_s: float = 10.0
    poll_s: int = 25
    retry_s: float = 30.0

    @property
    def hosts(self) -> Hosts:
        """Where calls may go: the Bot API and its files."""
        return Hosts.of(self.api_url, self.file_url)

    @property
    def is_token(self) -> bool:
        """Whether the token looks like one: digits, a colon, letters."""
        return bool(_TOKEN.fullmatch(self.token))

    @property
    def bot_id(self) -> str:
        """The bot's own account, which its token begins with."""
        return self.token.partition(":")[0]

    @property
    def secret(self) -> str:
        """What Telegram shows with each call of the webhook.

        Made from the token where none is set: nobody can guess it, and it is the same on every
        replica and after every restart.
        """
        if self.webhook_secret:
            return self.webhook_secret
        return blake2b(b"webhook", key=self.token.encode()[:64], digest_size=32).hexdigest()
