"""The home tab: what can be done without ever typing a command, and where one's settings stand."""

from collections.abc import Sequence
from typing import Any, Final

from bot.channels.light_markdown import parse_light
from bot.channels.slack.incoming import HOME
from bot.channels.slack.mrkdwn import in_slack, mrkdwn
from bot.channels.slack.rendering import OPEN_CHAT, Built
from bot.engine.view import View
from bot.knowledge.wording import Wording

Buttons = tuple[tuple[str, str], ...]  # the key of each label, and the command it stands for
SETTINGS: Final[Buttons] = (("slack.home.audience", "audience"), ("button.human", "human"))
STOP: Final = ("slack.home.stop", "stop")
STOPPED: Final = ("button.undo-stop", "optin")
PRIVACY: Final[Buttons] = (
    ("slack.home.notice", "privacy"),
    ("button.mydata", "mydata"),
    ("button.forget", "forget"),
)


def home_view(wording: Wording, view: View | None, chat: str) -> dict[str, Any]:
    """The tab for one person.

    Args:
        wording: What it says.
        view: What the store knows of them; None where they have never written.
        chat: The address of the bot's Messages tab; empty where it is not known.
    """
    language = view.language if view else "en"

    def say(key: str, **gaps: str) -> str:
        return wording.say(key, language, **gaps)

    first = [_button(say("button.topics"), "topics", primary=True)]
    if chat:
        first.insert(0, _link(say("slack.home.ask"), chat))
    stop = STOPPED if view and view.opt_outs else STOP
    settings = [_button(say(key), command) for key, command in (*SETTINGS, stop)]
    privacy = [_button(say(key), command) for key, command in PRIVACY]
    blocks: list[Built] = [
        *_sections(say("slack.home")),
        _actions("first", first),
        {"type": "divider"},
        *_sections(say("slack.home.settings")),
        *_sections(_status(wording, view)),
        _actions("settings", settings),
        {"type": "divider"},
        *_sections(say("slack.home.privacy")),
        *_sections(say("slack.home.privacy-text")),
        _actions("privacy", privacy),
    ]
    return {"type": "home", "blocks": blocks}


def _status(wording: Wording, view: View | None) -> str:
    language = view.language if view else "en"
    audience = (
        f"audience.{view.audience.value}" if view and view.audience else "status.no-audience"
    )
    stopped = "status.stopped" if view and view.opt_outs else "status.open"
    return wording.say(
        "slack.home.status",
        language,
        audience=wording.say(audience, language),
        broadcasts=wording.say(stopped, language),
    )


def _sections(text: str) -> tuple[Built, ...]:
    shown = mrkdwn(in_slack(block) for block in parse_light(text))
    return ({"type": "section", "text": {"type": "mrkdwn", "text": shown, "verbatim": True}},)


def _actions(name: str, elements: Sequence[Built]) -> Built:
    return {"type": "actions", "block_id": f"home.{name}", "elements": list(elements)}


def _plain(label: str) -> Built:
    return {"type": "plain_text", "text": label, "emoji": False}


def _button(label: str, command: str, *, primary: bool = False) -> Built:
    name = f"{HOME}{command}"
    button: dict[str, Any] = {"type": "button", "action_id": name, "text": _plain(label)}
    return {**button, "style": "primary"} if primary else button


def _link(label: str, address: str) -> Built:
    return {
        "type": "button",
        "action_id": OPEN_CHAT,
        "text": _plain(label),
        "url": address,
    }
