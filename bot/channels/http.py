"""The one HTTP server: the webhooks of the channels, `/health`, `/ready` and `/metrics`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from bot.errors import SettingsError, Tried

BODY_LIMIT: Final = 256 * 1024  # bytes of a request
READ_S: Final = 10.0  # seconds a request may take to arrive
METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"  # as Prometheus reads it
RETRY_AFTER_S: Final = 2  # seconds until a platform is to come again

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address that is served, by POST."""

    path: str
    handler: Handler


class Listener:
    """Serves until `close`.

    Args:
        host: The address to listen on.
        port: The port; 0 for any that is free.
        routes: What the channels serve.
        is_ready: What must be true before messages are taken, by name; asked at every `/ready`.
        metrics: Makes the page of `/metrics`; None for no such page.
    """

    def __init__(
        self,
        host: str,
        port: int,
        routes: Sequence[Route],
        is_ready: Callable[[], Awaitable[Mapping[str, bool]]],
        metrics: Callable[[], Awaitable[bytes]] | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._is_ready = is_ready
        app = web.Application(client_max_size=BODY_LIMIT, middlewares=[_guarded])
        app.add_routes([web.get("/health", _health), web.get("/ready", self._ready)])
        if metrics:
            app.add_routes([web.get("/metrics", _page_of(metrics))])
        app.add_routes([web.post(route.path, route.handler) for route in routes])
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=READ_S
        )

    async def start(self) -> int:
        """Begin to listen; returns the port.

        Raises:
            SettingsError: Somebody else listens there, or the address is not ours.
        """
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        try:
            await site.start()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SettingsError(
                f"PATHWAYS_LISTEN: {self._host}:{self._port} cannot be listened on ({reason}). "
                "Set another address or port."
            ) from error
        port = int(self._runner.addresses[0][1])
        log.info("http.listening", host=self._host, port=port)
        return port

    async def close(self) -> None:
        """Take no more requests; those that run come to their end."""
        await self._runner.cleanup()

    async def _ready(self, _request: web.Request) -> web.Response:
        checks = await self._is_ready()
        return web.json_response(dict(checks), status=200 if all(checks.values()) else 503)


def _page_of(metrics: Callable[[], Awaitable[bytes]]) -> Handler:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(body=await metrics(), headers={"Content-Type": METRICS_TYPE})

    return answer


def come_again() -> web.Response:
    """The answer where something could not be kept: the platform is to try once more."""
    return web.Response(status=503, headers={"Retry-After": str(RETRY_AFTER_S)})


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@web.middleware
async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A slip of ours in a handler is never an acknowledgement, and its text stays inside."""
    with Tried(web.HTTPException) as tried:
        return await handler(request)
    log.error("http.failed", path=request.path, exc_info=tried.error)
    return come_again()
