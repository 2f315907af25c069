"""The small Bot API over HTTP on this machine: getUpdates with its one poller, and the webhook."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.test_utils import TestServer

from bot.channels.telegram.webhook import HEADER
from tests.channels.telegram.api import TOKEN, BotApi, Fault
from tests.channels.telegram.transport import error_body

CONFLICT: Final = "Conflict: terminated by other getUpdates request; make sure that only one runs"
ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first"
)
AGAIN_S: Final = 0.05  # seconds until the webhook is tried again; the real one begins with two


class ApiServer:
    """Serves one Bot API.

    Attributes:
        api: What stands behind it.
        refused: Statuses other than 200 that our webhook answered.
    """

    def __init__(self, api: BotApi | None = None) -> None:
        self.api = api or BotApi()
        self.refused: list[int] = []
        self.hook_port = 0
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", f"/bot{TOKEN}/{{method}}", self._answer)
        app.router.add_route("*", "/bot{token}/{method}", _unauthorized)
        app.router.add_get(f"/file/bot{TOKEN}/{{path:.*}}", self._file)
        self._server = TestServer(app)
        self._news = asyncio.Event()
        self._poll = 0
        self._pushing: list[asyncio.Task[None]] = []
        self.api.on_update = lambda _: self._news.set()

    async def __aenter__(self) -> "ApiServer":
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._pushing:
            task.cancel()
        self._poll += 1
        self._news.set()
        await self._server.close()

    @property
    def file_url(self) -> str:
        """What `PATHWAYS_TELEGRAM_FILE_URL` is set to."""
        return str(self._server.make_url("/file/bot"))

    @property
    def url(self) -> str:
        """What `PATHWAYS_TELEGRAM_API_URL` is set to."""
        return str(self._server.make_url("/bot"))

    async def push(self, update: Mapping[str, Any], url: str, secret: str) -> int:
        """Hand one update to a webhook, once; returns the status."""
        headers = {HEADER: secret}
        async with (
            ClientSession(timeout=ClientTimeout(total=30)) as client,
            client.post(self.hook(url), json=update, headers=headers) as response,
        ):
            return response.status

    def hook(self, url: str) -> str:
        """Where a public address of the webhook really is: on this machine."""
        return f"http://127.0.0.1:{self.hook_port}{urlsplit(url).path}"

    def push_all(self) -> None:
        """Hand everything to the webhook that was set: in order for each chat, until it is taken."""
        self._pushing.append(asyncio.create_task(self._push_all()))

    async def _push_all(self) -> None:
        while True:
            while self.api.waiting and self.api.webhook:
                update = self.api.waiting.popleft()
                while await self._pushed(update) != 200:  # noqa: ASYNC110 - as Telegram does
                    await asyncio.sleep(AGAIN_S)
            self._news.clear()
            await self._news.wait()

    async def _pushed(self, update: Mapping[str, Any]) -> int:
        hook = self.api.webhook
        try:
            status = await self.push(update, hook["url"], hook["secret_token"])
        except OSError:
            status = 0
        if status != 200:
            self.refused.append(status)
        return status

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        fault = self.api.fault(method)
        if fault and fault.wait_s:
            await asyncio.sleep(fault.wait_s)
        if fault and not fault.done:
            return _broken(request, fault)
        params = await _params(request)
        if method == "getUpdates":
            answer = await self._updates(params)
        else:
            status, body = self.api.call(method, params)
            answer = web.json_response(body, status=status)
        return _broken(request, fault) if fault else answer

    async def _file(self, request: web.Request) -> web.StreamResponse:
        fault = self.api.fault("file")
        if fault and fault.wait_s:
            await asyncio.sleep(fault.wait_s)
        if fault:
            return _broken(request, fault)
        by_path = dict(self.api.files.values())
        content = by_path.get(request.match_info["path"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _updates(self, params: Mapping[str, Any]) -> web.Response:
        self._poll += 1
        mine = self._poll
        self._news.set()  # whoever polled before is told to end
        if self.api.webhook:
            return _error(409, ACTIVE)
        offset = int(params["offset"]) if "offset" in params else None
        limit, wait_s = int(params.get("limit", 100)), float(params.get("timeout", 0))
        until = asyncio.get_running_loop().time() + wait_s
        while not (found := self.api.updates(offset, limit)):
            self._news.clear()
            left_s = until - asyncio.get_running_loop().time()
            if left_s <= 0:
                break
            try:
                async with asyncio.timeout(left_s):
                    await self._news.wait()
            except TimeoutError:
                continue
            if self._poll != mine:
                return _error(409, CONFLICT)
        return web.json_response({"ok": True, "result": found})


async def _unauthorized(_request: web.Request) -> web.Response:
    return _error(401, "Unauthorized")


def _error(status: int, description: str) -> web.Response:
    body = {"ok": False, "error_code": status, "description": description}
    return web.json_response(body, status=status)


async def _params(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        read: dict[str, Any] = json.loads(await request.text())
        return read
    form = await request.post()
    return {
        name: value if isinstance(value, str) else (value.filename, value.file.read())
        for name, value in form.items()
        if isinstance(value, str | web.FileField)
    }


def _broken(request: web.Request, fault: Fault) -> web.Response:
    if fault.status == 0 and request.transport is not None:
        request.transport.abort()
    body = fault.body if fault.body is not None else error_body(fault)
    return web.Response(status=fault.status or 500, body=body, content_type="application/json")
