"""A storyboard as one web page: each screen as Telegram and as Slack would show it. Nothing runs in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, Final

from bot.channels.slack.rendering import render as render_slack
from bot.channels.telegram.rendering import render as render_telegram
from bot.cli.storyboard import Screen
from bot.flows.model import Flow, Part, Question
from bot.knowledge.wording import Wording
from bot.messages import Reply

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
STYLE: Final = """
body { font: 1rem/1.45 system-ui, Arial, sans-serif; color: #1a1a1a; margin: 0 auto; max-width: 72rem;
  padding: 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2.2rem; } h3 { font-size: 1rem;
  margin: .2rem 0; color: #444; }
nav ol { columns: 2 20rem; } nav .if { color: #555; font-size: .88rem; } code { background: #eee;
  padding: 0 .2rem; }
.both { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 1.2rem;
  align-items: start; }
.telegram { background: #dfe9f2; border-radius: .8rem; padding: .8rem; }
.slack { border: 1px solid #bbb; border-radius: .5rem; padding: .8rem; }
.bubble { background: #fff; border-radius: .7rem; padding: .6rem .8rem; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.slack .text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
ul.keys { list-style: none; margin: .4rem 0 .8rem; padding: 0; }
.telegram ul.keys { display: grid; gap: .25rem; } .slack ul.keys { display: flex; flex-wrap: wrap;
  gap: .35rem; }
ul.keys li { border: 1px solid #5a7a96; border-radius: .5rem; padding: .2rem .6rem; background: #f4f8fb; }
.slack ul.keys li { border-color: #767676; background: #fff; }
@media print { .both { break-inside: avoid; } }
"""
_BOLD = re.compile(r"\*([^*\n]+)\*")
_LINK = re.compile(r"&lt;(https?://[^|&]+)\|(.+?)&gt;")


def page(flow: Flow, screens: Sequence[Screen], wording: Wording) -> str:
    """The page.

    Args:
        flow: For its map.
        screens: In order.
        wording: What stands around them.
    """
    title = wording.say("storyboard.title", title=flow.title.en)
    shown = {screen.id for screen in screens}
    body = "".join(_section(screen, wording) for screen in screens)
    heading = escape(wording.say("storyboard.map"))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n<p>{escape(wording.say('storyboard.about', version=flow.version))}</p>\n"
        f'<nav aria-label="{heading}">\n<h2>{heading}</h2>\n<ol>\n'
        f"{''.join(_map(flow.parts, shown, wording))}</ol>\n</nav>\n{body}</main>\n</body>\n</html>\n"
    )


def _map(parts: tuple[Part, ...], shown: set[str], wording: Wording) -> Iterator[str]:
    """The parts of a flow as a list, each with its condition and a way to its screen."""
    for part in parts:
        label = escape(part.label.en.strip() if part.label else part.name)
        if isinstance(part, Question) and not part.is_asked:
            label = f"<em>{escape(part.kind.value)}</em> {escape(part.name)}"
        named = f'<a href="#{escape(part.name)}">{label}</a>' if part.name in shown else label
        condition = ""
        if part.relevant is not None:
            said = escape(wording.say("storyboard.if", condition=part.relevant.source))
            condition = f' <span class="if">{said}</span>'
        inside = "" if isinstance(part, Question) else "".join(_map(part.parts, shown, wording))
        yield f"<li>{named}{condition}{f'<ol>{inside}</ol>' if inside else ''}</li>\n"


def _section(screen: Screen, wording: Wording) -> str:
    telegram = "".join(_telegram(reply) for reply in screen.replies)
    slack = "".join(_slack(reply, wording) for reply in screen.replies)
    name = escape(screen.id)
    return (
        f'<section id="{name}" aria-labelledby="h-{name}">\n<h2 id="h-{name}">{escape(screen.heading)}</h2>\n'
        f'<div class="both">\n<div class="telegram"><h3>Telegram</h3>{telegram}</div>\n'
        f'<div class="slack"><h3>Slack</h3>{slack}</div>\n</div>\n</section>\n'
    )


def _telegram(reply: Reply) -> str:
    """The HTML that goes to Telegram holds bold, links and text only, so it can stand here as it is."""
    made: list[str] = []
    for message in render_telegram(reply):
        keys = [button.text for row in message.rows for button in row]
        made.append(f'<div class="bubble">{message.html}</div>{_keys(keys)}')
    return "".join(made)


def _slack(reply: Reply, wording: Wording) -> str:
    messages = render_slack(reply, wording.say("slack.choose"))
    return "".join(_block(block) for message in messages for block in message.blocks)


def _block(block: Mapping[str, Any]) -> str:
    """A section as text; buttons and the choices of a menu as a list."""
    if block["type"] == "section":
        return f'<p class="text">{_mrkdwn(str(block["text"]["text"]))}</p>'
    options = [
        one["text"]["text"]
        for element in block.get("elements", ())
        for one in element.get("options", (element,))
    ]
    return _keys(options)


def _mrkdwn(text: str) -> str:
    """Slack's markup, which is escaped already, as HTML."""
    once = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    linked = _LINK.sub(r'<a href="\1">\2</a>', escape(once))
    return _BOLD.sub(r"<b>\1</b>", linked)


def _keys(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    return f'<ul class="keys">{"".join(f"<li>{escape(label)}</li>" for label in labels)}</ul>'
