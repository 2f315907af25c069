"""A Slack of our own on this machine: the Web API, sockets, and events that come again.

It refuses what the live one refuses, also what is too much at once, and goes wrong where a test asks it to.
"""

import asyncio
import hmac
import json
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from bot.channels.slack.scopes import SCOPES
from tests.channels.slack.limits import Limits
from tests.channels.slack.payloads import (
    APP,
    BOT,
    TEAM,
    Payload,
    direct_of,
    enveloped,
    fresh_ts,
)
from tests.channels.slack.rules import faults_of

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-fake", "xapp-1-fake", "0123456789abcdef0123456789abcdef"
ACK_S = 3.0  # seconds until an envelope counts as lost and comes again


@dataclass(frozen=True, kw_only=True)
class Fault:
    """How one call goes wrong.

    Attributes:
        status: The answer's; 0 resets the connection instead.
        after: Whether the call is carried out before it goes wrong.
    """

    status: int = 500
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    after: bool = False


THROTTLED = Fault(
    status=429, headers={"Retry-After": "1"}, body='{"ok": false, "error": "ratelimited"}'
)
RESET_AFTER = Fault(status=0, after=True)

Method = Callable[[Payload], Payload]


class FakeSlack:
    """One workspace, one app in it.

    Args:
        clock: Seconds that only rise, by which it counts how much is sent to it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.refused: list[str] = []  # methods that were called too often
        self.limits = Limits(clock)
        self.messages: list[Payload] = []
        self.views: dict[str, Payload] = {}
        self.calls: list[tuple[str, Payload]] = []
        self.hooks: list[Payload] = []
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.sockets: list[web.WebSocketResponse] = []
        self.acks: dict[str, Payload] = {}
        self.gone: set[str] = set()  # channels that cannot be written to
        self.members: dict[str, list[str]] = {}  # of the channels that the bot can look at
        self.scopes = sorted(SCOPES)
        self.modals: list[Payload] = []
        self.uploaded: dict[str, bytes] = {}  # brought, by the id of the file
        self.shared: list[Payload] = []
        self.files: dict[str, bytes] = {}  # what people sent, by its name
        self.news = asyncio.Condition()
        self._tickets: set[str] = set()
        self._numbers = 0
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self, port: int = 0) -> None:
        """Serve on this machine."""
        app = web.Application(client_max_size=10_000_000)
        app.router.add_post("/api/{method}", self._answer)
        app.router.add_get("/api/{method}", self._answer)
        app.router.add_post("/hook", self._hook)
        app.router.add_post("/upload/{file}", self._bring)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_get("/socket", self._socket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        for socket in self.sockets:
            await socket.close()
        if self._runner:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    async def until(self, wanted: Callable[[], object], timeout_s: float = 10.0) -> None:
        """Wait until something holds; whatever arrives here lets us look again."""
        async with asyncio.timeout(timeout_s), self.news:
            await self.news.wait_for(lambda: bool(wanted()))

    async def _tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    def said_to(self, channel: str) -> list[Payload]:
        """What the bot said in a channel, in order."""
        return [one for one in self.messages if one["channel"] == channel]

    # --- the Web API

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        arguments = await _arguments(request)
        self.calls.append((name, arguments))
        fault = self._fault(name, arguments)
        if fault and not fault.after:
            return await _fail(request, fault)
        answer = self._carry_out(name, request.headers.get("Authorization", ""), arguments)
        await self._tell()
        if fault:
            return await _fail(request, fault)
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(self.scopes)})

    def _fault(self, name: str, arguments: Payload) -> Fault | None:
        if self.faults[name]:
            return self.faults[name].pop(0)
        wait_s = self.limits.wait_s(name, arguments)
        if not wait_s:
            return None
        self.refused.append(name)
        return replace(THROTTLED, headers={"Retry-After": str(wait_s)})

    def _carry_out(self, name: str, authorization: str, arguments: Payload) -> Payload:
        token = APP_TOKEN if name == "apps.connections.open" else BOT_TOKEN
        if authorization != f"Bearer {token}":
            return _no("invalid_auth" if authorization else "not_authed")
        methods: dict[str, Method] = {
            "auth.test": self._auth_test,
            "apps.connections.open": self._open_socket,
            "conversations.open": self._open_direct,
            "conversations.members": self._members,
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._post_ephemeral,
            "chat.update": self._update,
            "views.publish": self._publish,
            "views.open": self._open_modal,
            "files.getUploadURLExternal": self._offer,
            "files.completeUploadExternal": self._share,
        }
        return methods[name](arguments) if name in methods else _no("unknown_method")

    def _auth_test(self, _arguments: Payload) -> Payload:
        return {
            "ok": True,
            "url": "https://branch.slack.example/",
            "team": "Branch",
            "user": "pathways",
            "team_id": TEAM,
            "user_id": BOT,
            "bot_id": "B0001",
            "app_id": APP,
        }

    def _open_socket(self, _arguments: Payload) -> Payload:
        self._numbers += 1
        ticket = f"ticket-{self._numbers}"
        self._tickets.add(ticket)
        return {"ok": True, "url": f"{self.url.replace('http', 'ws')}/socket?ticket={ticket}"}

    def _open_direct(self, arguments: Payload) -> Payload:
        users = arguments.get("users")
        if not isinstance(users, str) or not users.startswith("U"):
            return _no("user_not_found")
        return {"ok": True, "channel": {"id": direct_of(users)}}

    def _members(self, arguments: Payload) -> Payload:
        members = self.members.get(str(arguments.get("channel")))
        return _no("channel_not_found") if members is None else {"ok": True, "members": members}

    def _post(self, arguments: Payload) -> Payload:
        user = str(arguments.get("channel"))
        if user.startswith("U"):
            arguments = {**arguments, "channel": direct_of(user)}
        if fault := self._fault_of(arguments):
            return _no(fault)
        ts = fresh_ts()
        self.messages.append({**_decoded(arguments), "ts": ts})
        return {"ok": True, "channel": arguments["channel"], "ts": ts}

    def _post_ephemeral(self, arguments: Payload) -> Payload:
        if fault := self._fault_of(arguments) or ("user" not in arguments and "no_user"):
            return _no(fault)
        ts = fresh_ts()
        self.messages.append({**_decoded(arguments), "ts": ts, "only_for": arguments["user"]})
        return {"ok": True, "message_ts": ts}

    def _update(self, arguments: Payload) -> Payload:
        if fault := self._fault_of(arguments):
            return _no(fault)
        for message in self.messages:
            if message["ts"] == arguments.get("ts") and not message.get("only_for"):
                message.update(_decoded(arguments))
                return {"ok": True, "ts": message["ts"]}
        return _no("message_not_found")

    def _publish(self, arguments: Payload) -> Payload:
        view = _maybe_json(arguments.get("view"))
        if not arguments.get("user_id") or not isinstance(view, dict) or view["type"] != "home":
            return _no("invalid_arguments")
        if faults := faults_of(view["blocks"], 100):
            return {**_no("invalid_arguments"), "response_metadata": {"messages": faults}}
        self.views[str(arguments["user_id"])] = view
        return {"ok": True}

    def _open_modal(self, arguments: Payload) -> Payload:
        view = _maybe_json(arguments.get("view"))
        if (
            not arguments.get("trigger_id")
            or not isinstance(view, dict)
            or view["type"] != "modal"
        ):
            return _no("invalid_arguments")
        faults = faults_of(view["blocks"], 100)
        titles = [view[name]["text"] for name in ("title", "submit", "close")]
        if (
            faults
            or any(len(title) > 24 for title in titles)
            or len(view["private_metadata"]) > 3000
        ):
            return {**_no("invalid_arguments"), "response_metadata": {"messages": faults}}
        self._numbers += 1
        self.modals.append({**view, "id": f"V{self._numbers}", "hash": "1.abc"})
        return {"ok": True, "view": self.modals[-1]}

    def _offer(self, arguments: Payload) -> Payload:
        if not arguments.get("filename") or int(arguments.get("length", 0)) < 1:
            return _no("invalid_arguments")
        self._numbers += 1
        file = f"F{self._numbers}"
        return {"ok": True, "file_id": file, "upload_url": f"{self.url}/upload/{file}"}

    def _share(self, arguments: Payload) -> Payload:
        files = _maybe_json(arguments.get("files"))
        channel = arguments.get("channel_id")
        if not files or any(one["id"] not in self.uploaded for one in files):
            return _no("file_not_found")
        if not isinstance(channel, str) or channel in self.gone:
            return _no("channel_not_found")
        self.shared.append({**arguments, "files": files})
        return {"ok": True, "files": files}

    async def _bring(self, request: web.Request) -> web.StreamResponse:
        if self.faults["upload"]:
            return await _fail(request, self.faults["upload"].pop(0))
        self.uploaded[request.match_info["file"]] = await request.read()
        return web.Response(text="OK")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if self.faults["files"]:
            return await _fail(request, self.faults["files"].pop(0))
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        return web.Response(body=self.files[request.match_info["name"]], content_type="text/csv")

    def _fault_of(self, arguments: Payload) -> str:
        channel = arguments.get("channel")
        if not isinstance(channel, str) or channel[:1] not in {"C", "D", "G"}:
            return "channel_not_found"
        if channel in self.gone:
            return "is_archived"
        text, blocks = arguments.get("text", ""), _maybe_json(arguments.get("blocks")) or []
        if not text:
            return "no_text"
        if len(text) > 40_000:
            return "msg_too_long"
        return "invalid_blocks" if blocks and faults_of(blocks) else ""

    async def _hook(self, request: web.Request) -> web.Response:
        self.hooks.append(await request.json())
        await self._tell()
        return web.Response(text="ok")

    # --- sockets

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(ticket)
        if self.faults["socket"]:
            return await _fail(request, self.faults["socket"].pop(0))
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets)})
        await self._tell()
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                ack = json.loads(message.data)
                self.acks[ack["envelope_id"]] = ack
                await self._tell()
        self.sockets.remove(socket)
        await self._tell()
        return socket

    async def push(self, payload: Payload, attempt: int = 0) -> str:
        """Send a payload by one of the sockets, once; returns the id of its envelope."""
        self._numbers += 1
        envelope = enveloped(payload, f"env-{self._numbers}", attempt)
        await self.until(lambda: self.sockets)
        await self.sockets[self._numbers % len(self.sockets)].send_json(envelope)
        return str(envelope["envelope_id"])

    async def deliver(self, payload: Payload, tries: int = 4) -> Payload | None:
        """Send it until it is acknowledged; returns the acknowledgement, None where none came."""
        for attempt in range(tries):
            with suppress(TimeoutError, ConnectionError):
                return await self.acknowledged(await self.push(payload, attempt))
        return None

    async def acknowledged(self, envelope: str, timeout_s: float = ACK_S) -> Payload:
        """Wait for the acknowledgement of an envelope."""
        await self.until(lambda: envelope in self.acks, timeout_s)
        return self.acks[envelope]


def signed(
    payload: Payload, now: float, secret: str = SECRET, retry: int = 0
) -> tuple[bytes, dict[str, str]]:
    """A request by HTTP as Slack sends it: its body and its headers."""
    kind = "application/json"
    if "command" in payload:
        raw, kind = urlencode(payload).encode(), "application/x-www-form-urlencoded"
    elif payload.get("type") in {"block_actions", "message_action", "view_submission"}:
        raw = urlencode({"payload": json.dumps(payload)}).encode()
        kind = "application/x-www-form-urlencoded"
    else:
        raw = json.dumps(payload).encode()
    return raw, {**headers_of(raw, str(int(now)), secret), "Content-Type": kind, **_retry(retry)}


def headers_of(raw: bytes, time: str, secret: str = SECRET) -> dict[str, str]:
    mac = hmac.new(secret.encode(), b"v0:" + time.encode() + b":" + raw, sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": time, "X-Slack-Signature": f"v0={mac}"}


def _retry(number: int) -> dict[str, str]:
    if not number:
        return {}
    return {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}


def _no(error: str) -> Payload:
    return {"ok": False, "error": error}


async def _arguments(request: web.Request) -> Payload:
    if request.content_type == "application/json":
        return dict(await request.json())
    form = await request.post()
    return {**{key: str(value) for key, value in form.items()}, **request.query}


def _maybe_json(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _decoded(arguments: Payload) -> Payload:
    return {**arguments, "blocks": _maybe_json(arguments.get("blocks")) or []}


async def _fail(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.status == 0:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    kind = "application/json" if fault.body.startswith("{") else "text/html"
    return web.Response(
        status=fault.status, text=fault.body, headers=fault.headers, content_type=kind
    )
