"""How Slack is reached: what the settings say, in this channel's own words."""

from dataclasses import dataclass, field
from typing import Final

from bot.channels.outbound import Hosts

SLACKS: Final = Hosts(under=frozenset({("slack.com", 443)}))  # of files and sockets


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to reach Slack, and how it reaches us.

    Attributes:
        bot_token: Begins with `xoxb-`.
        app_token: Begins with `xapp-`; set, Slack is listened to by socket, else by HTTP.
        signing_secrets: Of requests by HTTP; two while one takes the other's place.
        listens: Whether there is an address where requests by HTTP arrive.
        api_url: The Web API; ends in `/api/`. All other addresses come from its answers.
        teams: The workspaces to answer in; empty for the one the token belongs to.
        private_way: Where people can talk without their employer; empty for nowhere.
        proxy: For all calls; empty for none, whatever the environment says.
        timeout_s: Seconds that one call may take.
        connections: How many sockets are open.
        ping_s: Seconds between two looks whether a socket still lives.
        retry_s: Seconds at most between two tries to reach Slack.
        ack_s: Seconds until Slack is told whether something was taken in.
    """

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secrets: tuple[str, ...] = field(default=(), repr=False)
    listens: bool = True
    api_url: str = "https://slack.com/api/"
    teams: frozenset[str] = frozenset()
    private_way: str = ""
    proxy: str = field(default="", repr=False)
    timeout_s: float = 10.0
    connections: int = 2
    ping_s: float = 10.0
    retry_s: float = 30.0
    ack_s: float = 2.5

    @property
    def hosts(self) -> Hosts:
        """Where calls may go: the Web API, and what Slack names below its own domain."""
        return Hosts.of(self.api_url) | SLACKS

    @property
    def by_socket(self) -> bool:
        """Whether Slack is listened to by socket."""
        return bool(self.app_token)
