"""Who may post in a place: asked of servers that answer as the platforms do."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.slack import proving as slack_proving
from bot.channels.slack.web_api import web_client
from bot.channels.telegram import proving as telegram_proving
from bot.channels.telegram.calling import make_bot
from bot.channels.telegram.options import Options
from bot.messages import Address

BOT, BOSS, MATE = 1, 7, 8
USER = {"is_bot": False, "first_name": "x"}
RIGHTS = dict.fromkeys(
    (
        "can_be_edited",
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
    ),
    True,
)
SLACK_PAGES: Mapping[str, Mapping[str, Any]] = {
    "": {"members": ["U1"], "response_metadata": {"next_cursor": "more"}},
    "more": {"members": ["UBOT", "U2"]},
}


@asynccontextmanager
async def telegram(kind: str, *, posts: bool = True) -> AsyncIterator[Options]:
    """A chat of a kind in which BOSS is an administrator and MATE is not."""

    async def answer(request: web.Request) -> web.Response:
        fields = {**await request.post(), **request.query}
        match request.path.rsplit("/", 1)[-1]:
            case "getMe":
                result: dict[str, Any] = {
                    "id": BOT,
                    "is_bot": True,
                    "first_name": "b",
                    "username": "b",
                }
            case "getChat" if fields["chat_id"] in {"-100", "@the_branch"}:
                result = {
                    "id": -100, "type": kind, "title": "Lab", "accent_color_id": 0,
                    "max_reaction_count": 1,
                    "accepted_gift_types": dict.fromkeys(
                        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription",
                         "gifts_from_channels"), False,
                    ),
                }  # fmt: skip
            case "getChatMember":
                who = int(str(fields["user_id"]))
                runs = who in {BOT, BOSS}
                result = {
                    "user": {"id": who, **USER},
                    "status": "administrator" if runs else "member",
                }
                result |= {**RIGHTS, "can_post_messages": posts} if runs else {}
            case _:
                wrong = {
                    "ok": False,
                    "error_code": 400,
                    "description": "Bad Request: chat not found",
                }
                return web.json_response(wrong, status=400)
        return web.json_response({"ok": True, "result": result})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        url = str(server.make_url("/bot"))
        yield Options(token="1:t", api_url=url, file_url=url)  # noqa: S106 - nobody's token


def ask_telegram(
    place: str, who: int, kind: str = "supergroup", *, posts: bool = True
) -> str | None:
    async def ask() -> Address | None:
        async with telegram(kind, posts=posts) as options:
            bot = make_bot(options)
            await bot.initialize()
            try:
                account = Address("telegram", str(who))
                return await telegram_proving.may_post(bot, Address("telegram", place), account)
            finally:
                await bot.shutdown()

    found = asyncio.run(ask())
    return found.id if found else None


@pytest.mark.parametrize(
    ("place", "who", "kind", "posts", "proven"),
    [
        ("-100", BOSS, "supergroup", True, "-100"),
        ("-100/45", BOSS, "supergroup", False, "-100/45"),
        ("-100", MATE, "supergroup", True, None),
        ("@the_branch", BOSS, "channel", True, "-100"),
        ("@the_branch", BOSS, "channel", False, None),
        ("@elsewhere", BOSS, "channel", True, None),
        ("no number", BOSS, "supergroup", True, None),
    ],
)
def test_on_telegram_whoever_runs_a_place_may_add_it(
    place: str, who: int, kind: str, posts: bool, proven: str | None
) -> None:
    assert ask_telegram(place, who, kind, posts=posts) == proven


@asynccontextmanager
async def slack() -> AsyncIterator[str]:
    """A workspace with one channel, whose members come in pages."""

    async def members(request: web.Request) -> web.Response:
        fields = {**await request.post(), **request.query}
        if fields.get("channel") != "C1":
            return web.json_response({"ok": False, "error": "channel_not_found"})
        return web.json_response({"ok": True, **SLACK_PAGES[str(fields.get("cursor", ""))]})

    app = web.Application()
    app.router.add_route("*", "/api/conversations.members", members)
    async with TestServer(app) as server:
        yield str(server.make_url("/api/"))


@pytest.mark.parametrize(
    ("place", "account", "proven"),
    [
        ("T1:U1/C1/1700.1", "T1:U1", "T1:/C1/"),
        ("T1:U2/C1/1700.1", "T1:U2", "T1:/C1/"),
        ("T1:U3/C1/1700.1", "T1:U3", None),
        ("T1:U1/C1/1700.1", "T2:U1", None),
        ("T1:U1/C9/1700.1", "T1:U1", None),
        ("T1:U1", "T1:U1", None),
        ("nonsense", "T1:U1", None),
    ],
)
def test_on_slack_a_member_of_a_channel_may_add_it(
    place: str, account: str, proven: str | None
) -> None:
    async def ask() -> Address | None:
        async with slack() as url:
            client = web_client("xoxb-1", url, "", 5.0, None)
            home, who = Address("slack", place), Address("slack", account)
            return await slack_proving.may_post(client, "UBOT", home, who)

    found = asyncio.run(ask())
    assert (found.id if found else None) == proven
