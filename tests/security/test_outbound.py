"""A process that runs connects where its settings say, and nowhere else: both fences bite (R40, T16)."""

import asyncio
import json
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from aiohttp import ClientError, web

from bot.channels.outbound import REMEMBERED, FencedLoop, Hosts, NotAllowedError
from bot.channels.slack.options import Options as SlackOptions
from bot.channels.slack.spots import Spot
from bot.channels.slack.web_api import open_session
from bot.channels.telegram.calling import hooks_of
from bot.channels.telegram.fetching import Files
from bot.channels.telegram.options import Options as TelegramOptions
from bot.channels.telegram.updates import Document
from bot.errors import OutcomeUnknown
from bot.messages import Attachment, Place, Reply
from bot.settings import Settings
from bot.wiring_channels import allowed_hosts
from tests.channels.slack.fake import BOT_TOKEN
from tests.channels.slack.fake import Fault as SlackFault
from tests.channels.slack.offices import office
from tests.channels.slack.payloads import TEAM
from tests.channels.telegram.api import TOKEN, BotApi, Fault
from tests.channels.telegram.transport import bot_on

NOWHERE = Hosts()
ADDRESS = Spot(team=TEAM, user="U0001").address()
LIVE = Settings.model_validate({"telegram_token": TOKEN, "slack_bot_token": "xoxb-1"})
ALLOWED = [
    "https://api.telegram.org/bot123:abc/getMe",
    "https://api.telegram.org/file/bot123:abc/documents/list.csv",
    "https://slack.com/api/chat.postMessage",
    "https://files.slack.com/upload/v1/ABC",
    "wss://wss-primary.slack.com/link/?ticket=1",
    "https://API.Telegram.org./x",
]
ELSEWHERE = [
    "https://evil.example/x",
    "https://api.telegram.org.evil.example/x",
    "https://evilslack.com/x",
    "https://slack.com.evil.example/x",
    "https://api.telegram.org@evil.example/x",
    "https://evil.example#@api.telegram.org/",
    "https://evil.example\\@api.telegram.org/",
    "https://u:p@api.telegram.org/x",
    "https://api.telegram.org:8443/x",
    "http://api.telegram.org/x",
    "http://files.slack.com/x",
    "ftp://files.slack.com/x",
    "file:///etc/passwd",
    "https://files.slack.com:99999/x",
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:5432/",
    "http://[::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://localhost/",
    "http://10.0.0.1/",
    "https://[::1",
    "//files.slack.com/x",
    "",
]


class Machine:
    """A server of this machine, and what it was asked.

    Attributes:
        leads_to: Where every answer leads on to; empty for nowhere.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.leads_to = ""
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.SockSite(self._runner, self._socket).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if self.leads_to:
            return web.Response(status=307, headers={"Location": self.leads_to})
        return web.Response(text="secret")


Work = Callable[[Machine, Machine], Coroutine[Any, Any, None]]


def fenced(work: Work, more: Hosts = NOWHERE) -> None:
    """Do something on a loop that connects to the first of two machines only, and to what is added."""
    ours, other = Machine(), Machine()

    async def live() -> None:
        async with ours, other:
            await work(ours, other)

    hosts = Hosts.of(ours.url) | more
    with asyncio.Runner(loop_factory=lambda: FencedLoop(hosts)) as runner:
        runner.run(live())


@pytest.mark.parametrize("url", ALLOWED)
def test_what_the_settings_name_may_be_called(url: str) -> None:
    allowed_hosts(LIVE).require(url)


@pytest.mark.parametrize("url", ELSEWHERE)
def test_no_other_address_may_be_called(url: str) -> None:
    with pytest.raises(NotAllowedError):
        allowed_hosts(LIVE).require(url)


def test_proxies_and_servers_of_ones_own_are_named_and_channels_that_are_not_used_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.union.example:3128")
    assert str(allowed_hosts(Settings())) == ""
    telegram = {"telegram_token": TOKEN, "telegram_api_url": "http://[::1]:8081/bot"}
    named = "[::1]:8081, api.telegram.org:443, proxy.union.example:3128"
    assert str(allowed_hosts(Settings.model_validate(telegram))) == named
    slack = {"slack_bot_token": "xoxb-1", "slack_proxy": "http://u:p@inside.example:99"}
    named = "inside.example:99, slack.com:443, *.slack.com:443"
    assert str(allowed_hosts(Settings.model_validate(slack))) == named, "and no password is shown"


def test_the_loop_connects_to_its_hosts_whichever_library_asks() -> None:
    async def work(ours: Machine, other: Machine) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(ours.url)).text == "secret"
            with pytest.raises(httpx.ConnectError):
                await client.get(other.url)
        async with open_session(SlackOptions(bot_token=BOT_TOKEN, api_url=ours.url)) as session:
            assert (await session.get(ours.url)).status == 200
        with pytest.raises(PermissionError):
            await asyncio.open_connection("127.0.0.1", other.port)
        assert ours.asked
        assert other.asked == []

    fenced(work)


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "::1", "8.8.8.8", "evil.example"])
def test_the_loop_refuses_before_anything_leaves_or_is_looked_up(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> Any:
        raise AssertionError("it was looked up")

    async def work(_ours: Machine, _other: Machine) -> None:
        monkeypatch.setattr(socket, "getaddrinfo", never)
        with pytest.raises(PermissionError):
            await asyncio.open_connection(host, 443)

    fenced(work)


@pytest.mark.parametrize("answer", ["10.0.0.5", "127.0.0.1", "169.254.169.254"])
def test_a_host_that_only_its_domain_allows_has_a_public_address(
    answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever answers for a name leads us into the house."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, 443))]
    loop = FencedLoop(Hosts(under=frozenset({("slack.com", 443)})))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    look = loop.getaddrinfo("files.slack.com", 443)
    try:
        with pytest.raises(NotAllowedError):
            loop.run_until_complete(look)
        found[0] = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))
        taken = loop.run_until_complete(loop.getaddrinfo("files.slack.com", 443))
        assert taken[0][4] == ("8.8.8.8", 443)
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def test_only_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(_ours: Machine, _other: Machine) -> None:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"10.{n >> 8}.{n & 255}.1", 1))
            for n in range(REMEMBERED + 9)
        ]
        loop = asyncio.get_running_loop()
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        await loop.getaddrinfo("many.example", 1)
        with socket.socket() as tried:
            tried.setblocking(False)
            with pytest.raises(NotAllowedError):
                await loop.sock_connect(tried, ("10.0.0.1", 1))

    fenced(work, Hosts.of("http://many.example:1"))


def test_a_redirect_leads_nowhere_else_by_either_library() -> None:
    """On a loop without a fence: each library's own has to hold, as behind a proxy."""

    async def work() -> None:
        async with Machine() as ours, Machine() as other:
            ours.leads_to = other.url
            telegram, slack = (
                Hosts.of(ours.url),
                SlackOptions(bot_token=BOT_TOKEN, api_url=ours.url),
            )
            async with httpx.AsyncClient(
                follow_redirects=True, trust_env=False, event_hooks=hooks_of(telegram)
            ) as client:
                with pytest.raises(httpx.RequestError, match="elsewhere"):
                    await client.get(ours.url)
            async with open_session(slack) as session:
                with pytest.raises((ClientError, NotAllowedError)):
                    await session.post(ours.url, data=b"a file")
                with pytest.raises((ClientError, NotAllowedError)):
                    await session.ws_connect(other.url.replace("http", "ws"))
            assert len(ours.asked) == 2
            assert other.asked == []

    asyncio.run(work())


def test_a_proxy_is_asked_for_nothing_else() -> None:
    async def work(ours: Machine, _other: Machine) -> None:
        slack = SlackOptions(bot_token=BOT_TOKEN, api_url="http://slack.example/api/")
        async with open_session(slack) as session:
            assert (await session.get("http://slack.example/api/x", proxy=ours.url)).status == 200
            for url in ("http://evil.example/x", "http://169.254.169.254/latest"):
                with pytest.raises((ClientError, NotAllowedError)):
                    await session.get(url, proxy=ours.url)
        assert ours.asked == ["/api/x"]

    fenced(work)


def test_a_file_of_telegrams_is_fetched_from_its_own_address_whatever_it_says() -> None:
    async def work(ours: Machine, other: Machine) -> None:
        options = TelegramOptions(
            token=TOKEN, api_url=f"{ours.url}bot", file_url=f"{ours.url}file/bot"
        )
        there = other.url.removeprefix("http:")
        sent = Document(file_id="f", file_name="l.csv", file_size=9, mime_type="text/csv")
        api = BotApi()
        files = Files(bot_on(api), options)
        for path in (other.url, there, f"@{there}", "../../../x", f"x?{other.url}", "a", "b"):
            found = json.dumps({"ok": True, "result": {"file_id": "f", "file_path": path}})
            api.faults["getFile"].append(Fault(status=200, body=found.encode()))
            await files.fetch(sent)
            ours.leads_to = other.url if path == "a" else ""  # then the last one is led away
        assert len(ours.asked) > 2, "the others were read where they always are"
        await files.close()
        assert other.asked == []

    fenced(work)


async def test_a_file_for_slack_goes_to_slack_whatever_it_says(tmp_path: Path) -> None:
    report = Attachment(file="f", name="plan.png", media_type="image/png", text_twin="")
    async with Machine() as other, office(tmp_path) as here:
        answer = f'{{"ok": true, "file_id": "F1", "upload_url": "{other.url}"}}'
        here.fake.faults["files.getUploadURLExternal"] = [SlackFault(status=200, body=answer)]
        reply = Reply(text="Your plan.", attachment=report)
        with pytest.raises(OutcomeUnknown):
            await here.slack.send(ADDRESS, Place.PRIVATE, reply, "k#0", b"personal")
        assert other.asked == []
