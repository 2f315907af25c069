"""python-telegram-bot on top of the small Bot API, in one process and without sockets."""

import json
from typing import Any

import httpx
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.calling import ApiBot
from bot.channels.telegram.pacing import Pace
from tests.channels.telegram.api import TOKEN, BotApi, Fault


class InProcess(BaseRequest):
    """A transport that calls the Bot API beside it."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        return

    async def shutdown(self) -> None:
        return

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        name = url.rpartition("/")[2]
        params = request_data.json_parameters if request_data else {}
        files = request_data.multipart_data if request_data else None
        fault = self._api.fault(name)
        if fault and not fault.done:
            return _broken(fault)
        status, body = self._api.call(name, {**params, **(files or {})})
        return _broken(fault) if fault else (status, json.dumps(body).encode())


def _broken(fault: Fault) -> tuple[int, bytes]:
    if fault.status == 0:
        cause: Exception = httpx.ReadError("cut") if fault.done else httpx.ConnectError("refused")
        raise NetworkError("httpx") from cause
    if fault.wait_s:
        raise TimedOut from httpx.ReadTimeout("slow")
    return fault.status, fault.body if fault.body is not None else error_body(fault)


def error_body(fault: Fault) -> bytes:
    """What the Bot API answers."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": fault.status,
        "description": fault.description,
    }
    if fault.retry_after is not None:
        body["parameters"] = {"retry_after": fault.retry_after}
    return json.dumps(body).encode()


def bot_on(api: BotApi) -> ApiBot:
    """A bot that calls this Bot API."""
    return ApiBot(TOKEN, request=InProcess(api), get_updates_request=InProcess(api))


class Unhurried(Pace):
    """No pace: for tests about what is sent, not when."""

    async def wait(self, chat: int) -> None:
        return
