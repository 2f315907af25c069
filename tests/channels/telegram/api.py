"""A small Bot API of our own: keeps Telegram's rules and limits, and is told what shall go wrong.

It has no sockets. `transport.py` puts python-telegram-bot on top of it in process, `server.py` over HTTP.
Every call is checked, name and fields, against aiogram's models of the Bot API.
"""

import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.channels.telegram.chats import (
    ABILITIES,
    ApiError,
    Call,
    ChatState,
    check_photo,
    field_value,
    forget,
    shown,
)
from tests.channels.telegram.checking import mistakes_in
from tests.channels.telegram.html import HtmlError, Parsed, parse_html, units

TOKEN: Final = "123456789:AAF-canary_token_of_thirty_five_chars1"  # noqa: S105 - of no bot there is
BOT_ID: Final = 123456789
USERNAME: Final = "pathways_bot"
TEXT_LIMIT: Final = 4096
CAPTION_LIMIT: Final = 1024
Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one call.

    Attributes:
        status: What is answered; 0: the connection breaks.
        body: Answered as it is; None for an error of the Bot API.
        done: Whether the call was carried out all the same.
        wait_s: Seconds before anything is answered.
    """

    status: int = 502
    body: bytes | None = None
    done: bool = False
    wait_s: float = 0.0
    description: str = "Bad Gateway"
    retry_after: int | None = None


class BotApi:
    """One bot and its chats.

    Args:
        limits: Whether too much in too short a time is answered with 429, as the real one does.
        clock: Seconds that only rise.
    """

    def __init__(
        self, *, limits: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = limits
        self.clock = clock
        self.calls: list[Call] = []
        self.wrong: list[str] = []  # calls that break the rules: a test wants none
        self.chats: dict[int, ChatState] = {}
        self.waiting: deque[dict[str, Any]] = deque()
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.broken: Callable[[str], Fault | None] | None = None  # decides of each call
        self.answered: list[str] = []
        self.whispered: dict[str, str] = {}  # what a press was answered with, where that was words
        self.files: dict[str, tuple[str, bytes]] = {}  # sent by people: id to path and content
        self.commands: dict[str, list[str]] = {}
        self.webhook: dict[str, Any] = {}
        self.hook_trouble: dict[str, Any] = {}
        self.abilities: dict[str, bool] = dict(ABILITIES)
        self.confirmed = 0
        self.on_update: Callable[[dict[str, Any]], None] = lambda _: None
        self._sends: deque[float] = deque()
        self._message_id = 100
        self._update_id = 7_000

    # What people do.

    def chat(self, number: int, kind: str = "") -> ChatState:
        kind = kind or ("private" if number > 0 else "supergroup")
        return self.chats.setdefault(number, ChatState(number, kind))

    def writes(self, who: int, text: str, *, chat: int | None = None, **more: Any) -> int:
        """Somebody writes; returns the number of the update."""
        return self.push(message=self.message(who, chat or who, text=text, **more))

    def sends(self, who: int, name: str, content: bytes, mime: str, **more: Any) -> int:
        """Somebody sends a file; returns the number of the update."""
        file_id = f"file{len(self.files) + 1}"
        self.files[file_id] = (f"documents/{file_id} {name}", content)
        document = {
            "file_id": file_id,
            "file_unique_id": "u",
            "file_name": name,
            "mime_type": mime,
            "file_size": len(content),
            **more,
        }
        return self.push(message=self.message(who, who, document=document))

    def presses(self, who: int, chat: int, message_id: int, data: str) -> int:
        """Somebody presses a button; returns the number of the update."""
        message = self.chat(chat).messages.get(message_id)
        shown = message or {"message_id": message_id, "chat": self._chat(chat), "date": 0}
        press = {
            "id": f"press{self._update_id + 1}",
            "from": person(who),
            "chat_instance": "1",
            "message": shown,
            "data": data,
        }
        return self.push(callback_query=press)

    def message(self, who: int, chat: int, **more: Any) -> dict[str, Any]:
        self._message_id += 1
        return {
            "message_id": self._message_id,
            "date": 1_790_000_000,
            "chat": self._chat(chat),
            "from": person(who),
            **more,
        }

    def push(self, **what: Any) -> int:
        self._update_id += 1
        update = {"update_id": self._update_id, **what}
        self.waiting.append(update)
        self.on_update(update)
        return self._update_id

    # What a test looks at.

    def said(self, chat: int) -> list[dict[str, Any]]:
        """What the bot said in a chat, as it stands there now."""
        found = self.chat(chat).messages.values()
        return [message for message in found if message["from"]["id"] == BOT_ID]

    def count(self, method: str) -> int:
        return sum(call.method == method for call in self.calls)

    # What the bot calls.

    def call(self, method: str, params: Mapping[str, Any]) -> Answer:
        """Carry a call out, without its faults."""
        fields = {name: field_value(name, value) for name, value in params.items()}
        self.wrong += mistakes_in(method, fields)
        self.calls.append(Call(method, fields))
        try:
            result = self._do(method, fields)
        except ApiError as error:
            body = {"ok": False, "error_code": error.status, "description": str(error)}
            if error.parameters:
                body["parameters"] = error.parameters
            return error.status, body
        return 200, {"ok": True, "result": result}

    def fault(self, method: str) -> Fault | None:
        if self.broken:
            return self.broken(method)
        waiting = self.faults[method]
        return waiting.popleft() if waiting else None

    def _do(self, method: str, fields: Mapping[str, Any]) -> Any:
        plainly = {
            "sendMessage": self._send,
            "getFile": self._get_file,
            "answerCallbackQuery": self._answer,
        }
        if method in plainly:
            return plainly[method](fields)
        match method:
            case "getMe":
                return {**person(BOT_ID), "is_bot": True, "username": USERNAME, **self.abilities}
            case "sendDocument" | "sendPhoto":
                return self._send_file(method, fields)
            case "editMessageText" | "editMessageReplyMarkup":
                return self._edit(method, fields)
            case "setMyCommands":
                scope = json.dumps(fields.get("scope", {}), sort_keys=True)
                self.commands[scope] = [one["command"] for one in fields["commands"]]
                return True
            case "setWebhook" | "deleteWebhook":
                self._set_webhook(method, fields)
                return True
            case "getWebhookInfo":
                return {
                    "url": self.webhook.get("url", ""),
                    "has_custom_certificate": False,
                    "pending_update_count": len(self.waiting),
                    **self.hook_trouble,
                }
            case "sendChatAction":
                return True
            case _:
                raise ApiError(404, "Not Found: method not found")

    def _answer(self, fields: Mapping[str, Any]) -> bool:
        press, words = str(fields["callback_query_id"]), str(fields.get("text", ""))
        if press in self.answered:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired")
        if len(words) > 200:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answered.append(press)
        if words:
            self.whispered[press] = words
        return True

    def updates(self, offset: int | None, limit: int = 100) -> list[dict[str, Any]]:
        """What getUpdates answers at once; everything before `offset` is confirmed and forgotten."""
        if offset is not None:
            self.confirmed = max(self.confirmed, offset - 1)
            while self.waiting and self.waiting[0]["update_id"] < offset:
                self.waiting.popleft()
        return list(self.waiting)[:limit]

    def _set_webhook(self, method: str, fields: Mapping[str, Any]) -> None:
        if str(fields.get("drop_pending_updates", "")).lower() == "true":
            self.wrong.append(f"{method}: pending updates thrown away")
        url = str(fields.get("url", "")) if method == "setWebhook" else ""
        if url and not url.startswith("https://") and "127.0.0.1" not in url:
            raise ApiError(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook")
        self.webhook = dict(fields) if url else {}

    def _send(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        chat = self._open(fields)
        parsed = self._text(fields)
        self._keyboard(fields)
        self._pace(chat)
        self._message_id += 1
        message = {
            "message_id": self._message_id,
            "date": 1_790_000_000,
            "chat": self._chat(chat.id),
            "from": {**person(BOT_ID), "is_bot": True},
            "text": parsed.text,
            "entities": [shown(entity) for entity in parsed.entities],
        }
        if fields.get("reply_markup"):
            message["reply_markup"] = fields["reply_markup"]
        if fields.get("message_thread_id"):
            message["message_thread_id"] = int(fields["message_thread_id"])
        chat.messages[self._message_id] = message
        return {key: value for key, value in message.items() if key != "entities"}

    def _send_file(self, method: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        chat = self._open(fields)
        kind = "document" if method == "sendDocument" else "photo"
        name, content = fields[kind][:2]
        parsed = parse_html(str(fields.get("caption", "")))
        if units(parsed.text) > CAPTION_LIMIT:
            self.wrong.append(f"{units(parsed.text)} units in one caption")
            raise ApiError(400, "Bad Request: message caption is too long")
        if not name or not content:
            raise ApiError(400, "Bad Request: file must be non-empty")
        if kind == "photo":
            check_photo(content)
        self._keyboard(fields)
        self._pace(chat)
        self._message_id += 1
        message = {
            "message_id": self._message_id,
            "date": 1_790_000_000,
            "chat": self._chat(chat.id),
            "from": {**person(BOT_ID), "is_bot": True},
            "caption": parsed.text,
            "kind": kind,
            "file": (name, content),
        }
        if fields.get("reply_markup"):
            message["reply_markup"] = fields["reply_markup"]
        if fields.get("message_thread_id"):
            message["message_thread_id"] = int(fields["message_thread_id"])
        chat.messages[self._message_id] = message
        return {key: value for key, value in message.items() if key not in {"file", "kind"}}

    def _get_file(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        file_id = str(fields["file_id"])
        path, content = self.files.get(file_id, ("", b""))
        if not path:
            raise ApiError(
                400, "Bad Request: wrong file_id or the file is temporarily unavailable"
            )
        about = {"file_id": file_id, "file_unique_id": "u", "file_size": len(content)}
        return {**about, "file_path": path}

    def _edit(self, method: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        chat = self._open(fields)
        message = chat.messages.get(int(fields["message_id"]))
        if message is None:
            raise ApiError(400, "Bad Request: message to edit not found")
        if method == "editMessageText" and "text" not in message:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        changed = dict(message)
        if method == "editMessageText":
            parsed = self._text(fields)
            changed |= {"text": parsed.text, "entities": [shown(e) for e in parsed.entities]}
        self._keyboard(fields)
        changed.pop("reply_markup", None)
        if fields.get("reply_markup"):
            changed["reply_markup"] = fields["reply_markup"]
        if changed == message:
            raise ApiError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup "
                "are exactly the same as a current content and reply markup of the message",
            )
        chat.messages[int(fields["message_id"])] = changed
        return {key: value for key, value in changed.items() if key != "entities"}

    def _open(self, fields: Mapping[str, Any]) -> ChatState:
        number = int(fields["chat_id"])
        if number not in self.chats:
            raise ApiError(400, "Bad Request: chat not found")
        chat = self.chats[number]
        if chat.moved_to is not None:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=chat.moved_to,
            )
        if chat.is_closed:
            raise ApiError(403, f"Forbidden: {chat.is_closed}")
        return chat

    def _text(self, fields: Mapping[str, Any]) -> Parsed:
        source = str(fields.get("text", ""))
        if fields.get("parse_mode") != "HTML":
            source = source.replace("&", "&amp;").replace("<", "&lt;")
        try:
            parsed = parse_html(source)
        except HtmlError as error:
            self.wrong.append(f"HTML: {error}")
            raise ApiError(400, f"Bad Request: can't parse entities: {error}") from None
        if not parsed.text.strip(" \t\n\u200b\u200d\u2060\ufeff"):
            raise ApiError(400, "Bad Request: message text is empty")
        if units(parsed.text) > TEXT_LIMIT:
            self.wrong.append(f"{units(parsed.text)} units in one message")
            raise ApiError(400, "Bad Request: message is too long")
        if len(parsed.entities) > 100:
            self.wrong.append(f"{len(parsed.entities)} entities in one message")
        return parsed

    def _keyboard(self, fields: Mapping[str, Any]) -> None:
        rows = (fields.get("reply_markup") or {}).get("inline_keyboard", [])
        buttons = [button for row in rows for button in row]
        if len(buttons) > 100 or any(not 0 < len(row) <= 8 for row in rows):
            raise ApiError(400, "Bad Request: reply markup is too long")
        for button in buttons:
            if not str(button.get("text", "")).strip():
                raise ApiError(400, "Bad Request: text buttons are allowed with text only")
            data = button.get("callback_data")
            if (data is None) == (button.get("url") is None):
                raise ApiError(400, "Bad Request: BUTTON_TYPE_INVALID")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                self.wrong.append(f"{len(data.encode())} bytes of callback data")
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")

    def _pace(self, chat: ChatState) -> None:
        """About 30 messages a second in all; 1 a second to a chat in the long run; 20 a minute to a group."""
        if not self.limits:
            return
        now = self.clock()
        forget(self._sends, now - 1)
        forget(chat.sends, now - 60)
        lately = sum(sent > now - 6 for sent in chat.sends)
        in_group = chat.id < 0 and len(chat.sends) >= 25
        if len(self._sends) >= 62 or lately >= 12 or in_group:
            raise ApiError(429, "Too Many Requests: retry after 3", retry_after=3)
        self._sends.append(now)
        chat.sends.append(now)

    def _chat(self, number: int) -> dict[str, Any]:
        chat = self.chat(number)
        name = {"first_name": "Ann"} if chat.type == "private" else {"title": "Lab"}
        return {"id": number, "type": chat.type, **name}


def person(number: int) -> dict[str, Any]:
    return {"id": number, "is_bot": False, "first_name": "Ann"}


def mention(text: str) -> list[dict[str, Any]]:
    """The entities of a text that calls the bot by its name."""
    call = f"@{USERNAME}"
    return [{"type": "mention", "offset": units(text[: text.index(call)]), "length": len(call)}]
