"""The home tab: what can be done without ever typing a command, and where one's settings stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.light_markdown import parse_light
from bot.channels.slack.budgets import SECTION_TEXT
from bot.channels.slack.incoming import HOME
from bot.channels.slack.mrkdwn import in_slack, mrkdwn
from bot.channels.slack.rendering import OPEN_CHAT, Built
from bot.channels.splitting import split_blocks
from bot.engine.planning import standing_of
from bot.engine.speech import Scene
from bot.engine.waiting import standing
from bot.knowledge.wording import Wording
from bot.messages import Audience

Buttons = tuple[tuple[str, str], ...]  # the key of each label, and the command it stands for
SETTINGS: Final[Buttons] = (
    ("slack.home.audience", "audience"),
    ("button.link", "link"),
    ("button.human", "human"),
)
RESUME: Final = ("slack.home.resume", "resume")
STOP: Final = ("slack.home.stop", "stop")
STOPPED: Final = ("button.undo-stop", "optin")
PRIVACY: Final[Buttons] = (
    ("slack.home.notice", "privacy"),
    ("button.mydata", "mydata"),
    ("slack.home.consent", "consent"),
    ("button.forget", "forget"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What stands in the tab of one person; as it is for somebody who has never written.

    Attributes:
        audience: Whose wording they chose; None before they chose.
        has_stopped: Whether they said no to broadcasts.
        runs: What is under way and put aside, a line for each, as light Markdown; empty for nothing.
        plan: Where their action plan stands, as light Markdown; empty for no plan.
    """

    language: str = "en"
    audience: Audience | None = None
    has_stopped: bool = False
    runs: str = ""
    plan: str = ""


def home_of(scene: Scene) -> Home:
    """What stands in the tab of the person of a scene."""
    view, (runs, _) = scene.view, standing(scene)
    return Home(
        language=view.language,
        audience=view.audience,
        has_stopped=bool(view.opt_outs),
        runs=runs if scene.session.runs else "",
        plan=standing_of(scene),
    )


def home_view(wording: Wording, home: Home, chat: str) -> dict[str, Any]:
    """The tab for one person.

    Args:
        wording: What it says.
        home: What the store knows of them.
        chat: The address of the bot's Messages tab; empty where it is not known.
    """

    def say(key: str, **gaps: str) -> str:
        return wording.say(key, home.language, **gaps)

    def buttons(*named: tuple[str, str]) -> list[Built]:
        return [_button(say(key), command) for key, command in named]

    first = [_button(say("button.topics"), "topics", primary=True)]
    if chat:
        first.insert(0, _link(say("slack.home.ask"), chat))
    under_way = f"{say('slack.home.runs')}\n\n{home.runs}" if home.runs else ""
    blocks: list[Built] = [
        *_sections(say("slack.home")),
        _actions("first", first),
        *((_divider(), *_sections(home.plan)) if home.plan else ()),
        *(
            (_divider(), *_sections(under_way), _actions("runs", buttons(RESUME)))
            if under_way
            else ()
        ),
        _divider(),
        *_sections(say("slack.home.settings")),
        *_sections(_status(wording, home)),
        _actions("settings", buttons(*SETTINGS, STOPPED if home.has_stopped else STOP)),
        _divider(),
        *_sections(say("slack.home.privacy")),
        *_sections(say("slack.home.privacy-text")),
        _actions("privacy", buttons(*PRIVACY)),
    ]
    return {"type": "home", "blocks": blocks}


def _divider() -> Built:
    return {"type": "divider"}


def _status(wording: Wording, home: Home) -> str:
    audience = f"audience.{home.audience.value}" if home.audience else "status.no-audience"
    stopped = "status.stopped" if home.has_stopped else "status.open"
    return wording.say(
        "slack.home.status",
        home.language,
        audience=wording.say(audience, home.language),
        broadcasts=wording.say(stopped, home.language),
    )


def _sections(text: str) -> tuple[Built, ...]:
    blocks = tuple(in_slack(block) for block in parse_light(text))
    parts = split_blocks(blocks, SECTION_TEXT, lambda part: len(mrkdwn(part)))
    return tuple(
        {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn(part), "verbatim": True}}
        for part in parts
    )


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
