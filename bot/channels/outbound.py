"""Where a process that runs may connect to: the hosts of its settings, and nothing else (R40).

Two fences, one behind the other. Each library asks `Hosts` before a request, also before it follows a
redirect: that holds through a proxy too. And the event loop itself, through which all of them connect,
finds no other host and reaches no other address, whichever library asks and wherever it got it from.
"""

import asyncio
import errno
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from typing import Any, Final, Literal, Self
from urllib.parse import urlsplit

import structlog

PORTS: Final = {"http": 80, "ws": 80, "https": 443, "wss": 443, "socks5": 1080, "socks5h": 1080}
SECURE: Final = frozenset({"https", "wss"})
REMEMBERED: Final = 4096  # addresses that lookups gave; the oldest go
Found = (
    tuple[Literal[socket.AddressFamily.AF_INET], socket.SocketKind, int, str, tuple[str, int]]
    | tuple[
        Literal[socket.AddressFamily.AF_INET6],
        socket.SocketKind,
        int,
        str,
        tuple[str, int, int, int] | tuple[int, bytes],
    ]
)  # as asyncio has it

log = structlog.get_logger(__name__)


class NotAllowedError(PermissionError):
    """A connection that was not made, since it led elsewhere. An `OSError`, as libraries expect."""

    def __init__(self, host: str, port: int | None) -> None:
        super().__init__(errno.EACCES, "not a host that this process may connect to")
        log.warning("network.refused", host=host, port=port)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Hosts that may be connected to, each at one port.

    Attributes:
        named: Host and port.
        under: Domain and port: any host below that domain, by TLS, at a public address.
    """

    named: frozenset[tuple[str, int]] = frozenset()
    under: frozenset[tuple[str, int]] = frozenset()

    @classmethod
    def of(cls, *urls: str) -> Self:
        """The hosts of some addresses; what is none is left out."""
        named = set()
        for url in urls:
            with suppress(ValueError):  # of a proxy that is none, say; it cannot be reached then
                named.add(_place(url)[1:])
        return cls(named=frozenset(named))

    def __or__(self, other: "Hosts") -> "Hosts":
        """Those of both."""
        return Hosts(self.named | other.named, self.under | other.under)

    def has(self, host: str, port: int) -> bool:
        """Whether a host may be connected to at a port."""
        name = _plain(host)
        return (name, port) in self.named or self.is_under(name, port)

    def is_under(self, host: str, port: int) -> bool:
        """Whether it is allowed by its domain alone, so that its address should be a public one."""
        name = _plain(host)
        is_below = any(name.endswith(f".{domain}") and port == at for domain, at in self.under)
        return is_below and (name, port) not in self.named

    def allows(self, url: str) -> bool:
        """Whether an address may be called; one that names a user may not."""
        try:
            scheme, host, port = _place(url)
            has_user = "@" in urlsplit(url).netloc
        except ValueError:
            return False
        if has_user or scheme not in PORTS:
            return False
        return (host, port) in self.named or (scheme in SECURE and self.is_under(host, port))

    def require(self, url: str) -> None:
        """Refuse an address that leads elsewhere.

        Raises:
            NotAllowedError: It does.
        """
        if not self.allows(url):
            parts = url.partition("://")[2]
            raise NotAllowedError(parts.partition("/")[0].rpartition("@")[2], None)

    def __str__(self) -> str:
        """For people: `api.telegram.org:443, *.slack.com:443`."""
        named = [_shown(host, port) for host, port in sorted(self.named)]
        return ", ".join([*named, *(_shown(f"*.{name}", at) for name, at in sorted(self.under))])


class FencedLoop(asyncio.SelectorEventLoop):
    """An event loop that connects to the hosts it was given, and to nothing else.

    Sockets of this machine (AF_UNIX) and listening are no concern of it.

    Args:
        hosts: Those it was given.
    """

    def __init__(self, hosts: Hosts) -> None:
        super().__init__()
        self._hosts = hosts
        self._reachable: dict[tuple[str, int], None] = {}

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,
        proto: int = 0,
        flags: int = 0,
    ) -> list[Found]:
        """Look up a host that may be connected to; where we listen ourselves, any.

        Raises:
            NotAllowedError: It may not be, or has no public address where it should.
        """
        found = partial(
            super().getaddrinfo, host, port, family=family, type=type, proto=proto, flags=flags
        )
        if flags & socket.AI_PASSIVE:
            return await found()
        name, at = _text(host), port if isinstance(port, int) else 0
        if not self._hosts.has(name, at):
            raise NotAllowedError(name, at)
        is_under = self._hosts.is_under(name, at)
        allowed = [one for one in await found() if not is_under or ip_address(one[4][0]).is_global]
        if not allowed:
            raise NotAllowedError(name, at)
        self._remember(allowed)
        return allowed

    async def sock_connect(self, sock: socket.socket, address: Any) -> None:
        """Connect to an address that a lookup of ours gave, or that the hosts name.

        Raises:
            NotAllowedError: It is another.
        """
        if sock.family in {socket.AF_INET, socket.AF_INET6}:
            host, port = _text(address[0]), int(address[1])
            if (_plain(host), port) not in self._reachable and not self._hosts.has(host, port):
                raise NotAllowedError(host, port)
        await super().sock_connect(sock, address)

    def _remember(self, found: Iterable[Found]) -> None:
        for _, _, _, _, address in found:
            key = (_plain(str(address[0])), int(address[1]))
            self._reachable.pop(key, None)
            self._reachable[key] = None
        while len(self._reachable) > REMEMBERED:
            del self._reachable[next(iter(self._reachable))]


def _place(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address.

    Raises:
        ValueError: It names none.
    """
    parts = urlsplit(url)
    port = parts.port or PORTS.get(parts.scheme)
    if not parts.hostname or port is None:
        raise ValueError("no host, or no port")
    return parts.scheme, _plain(parts.hostname), port


def _plain(host: str) -> str:
    """A host in the one form in which it is compared."""
    name = host.lower().rstrip(".").partition("%")[0]
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def _text(host: object) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
