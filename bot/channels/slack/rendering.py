"""A reply as Slack messages: blocks within every budget, and their twin of plain text.

One renderer for everything that is sent. Each message has sections with the text, then the options:
up to ten as buttons, more as a menu. An option whose label is too long for its button is listed in
full above it. The twin, for notices, search and screen readers, says all of it with every option by
its number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.channels.light_markdown import Block, Item, Run, parse_light, plain_text
from bot.channels.slack import budgets
from bot.channels.slack.mrkdwn import escape, in_slack, mrkdwn
from bot.channels.splitting import split_blocks
from bot.channels.terminal_text import on_one_line
from bot.messages import Reply, ReplyKind
from bot.service.ports import Capabilities

TEXT_LIMIT: Final = 3000  # characters of one message's mrkdwn: what one section may hold
BUTTONS: Final = 10  # more options than these are a menu
PER_MESSAGE: Final = 50  # options; more go into a further message
SECTIONS: Final = 40  # of one message, so that the options find room
CAPABILITIES: Final = Capabilities(
    text_limit=TEXT_LIMIT, max_options=PER_MESSAGE, label_limit=budgets.BUTTON_LABEL, restyles=True
)
ASK: Final = "ask"  # begins the name of a block whose buttons go once one was pressed
MENU: Final = "menu"  # begins the name of a block whose buttons stay
OPTION: Final = "option."  # begins the name of a button, before its number
SELECT: Final = "select."
OPEN_CHAT: Final = "home-open"  # the name of a button that only follows a link

Built = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What one call sends.

    Attributes:
        blocks: Block Kit.
        text: The twin: all that the blocks say, escaped.
    """

    blocks: tuple[Built, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A button that leads to an address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class _Numbered:
    """An option as it is shown."""

    number: int
    label: str
    token: str

    @property
    def line(self) -> str:
        return f"{self.number}. {self.label}".strip()

    @property
    def fits(self) -> bool:
        return len(self.line) <= budgets.BUTTON_LABEL


def render(reply: Reply, placeholder: str, link: Link | None = None) -> tuple[Message, ...]:
    """A reply as messages, in order; none where there is nothing to show.

    Args:
        reply: What to say.
        placeholder: What a menu says before something was picked.
        link: What leads elsewhere, below everything.
    """
    options = tuple(_numbered(reply))
    listed = tuple(
        Item((Run(option.label),), f"{option.number}.") for option in options if not option.fits
    )
    text = (in_slack(block) for block in parse_light(reply.text))
    parts = split_blocks((*text, *listed), TEXT_LIMIT, _length)
    chunks = [options[at : at + PER_MESSAGE] for at in range(0, len(options), PER_MESSAGE)] or [()]
    name = ASK if reply.kind is ReplyKind.QUESTION else MENU
    shown = [(part, chunks[0] if part is parts[-1] else ()) for part in parts]
    shown += [((), chunk) for chunk in chunks[1:]]
    messages = (_message(part, chunk, name, placeholder) for part, chunk in shown)
    shown_messages = tuple(message for message in messages if message.blocks)
    return _linked(shown_messages, link) if link else shown_messages


def _linked(messages: tuple[Message, ...], link: Link) -> tuple[Message, ...]:
    *before, last = messages or (Message((), ""),)
    button: Built = {
        "type": "button",
        "action_id": OPEN_CHAT,
        "text": {"type": "plain_text", "text": link.label, "emoji": False},
        "url": link.address,
    }
    block: Built = {"type": "actions", "block_id": OPEN_CHAT, "elements": [button]}
    return (
        *before,
        Message((*last.blocks, block), f"{last.text}\n\n{escape(link.label)}".strip()),
    )


def _numbered(reply: Reply) -> Iterator[_Numbered]:
    for place, option in enumerate(reply.options):
        yield _Numbered(reply.first_number + place, on_one_line(option.label), option.token)


def _length(blocks: tuple[Block, ...]) -> int:
    return len(mrkdwn(blocks))


def _message(
    part: Sequence[Block], options: Sequence[_Numbered], name: str, placeholder: str
) -> Message:
    sections = (_section(text) for text in _texts(part))
    blocks = (*sections, *_options(options, name, placeholder))
    lines = "\n".join(option.line for option in options if option.fits)
    twin = "\n\n".join(text for text in (plain_text(part), lines) if text.strip())
    return Message(blocks, escape(twin))


def _texts(blocks: Sequence[Block]) -> list[str]:
    """The text of each section: a paragraph, or a list with the paragraph that leads to it."""
    groups: list[list[Block]] = []
    for block in blocks:
        if groups and (len(groups) == SECTIONS or _belong(groups[-1][-1], block)):
            groups[-1].append(block)
        else:
            groups.append([block])
    return [text for group in groups if (text := mrkdwn(group)).strip()]


def _belong(before: Block, block: Block) -> bool:
    """Whether a block goes on with the list before it, or is the list that a paragraph leads to."""
    if not isinstance(block, Item):
        return False
    return isinstance(before, Item) or before.runs[-1].text.rstrip().endswith(":")


def _section(text: str) -> Built:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _options(options: Sequence[_Numbered], name: str, placeholder: str) -> tuple[Built, ...]:
    if not options:
        return ()
    if len(options) <= BUTTONS:
        elements = [_button(option) for option in options]
    else:
        elements = [_select(options, placeholder)]
    block_id = f"{name}.{options[0].number}"
    return ({"type": "actions", "block_id": block_id, "elements": elements},)


def _button(option: _Numbered) -> Built:
    return {
        "type": "button",
        "action_id": f"{OPTION}{option.number}",
        "text": _plain(option),
        "value": option.token,
    }


def _select(options: Sequence[_Numbered], placeholder: str) -> Built:
    return {
        "type": "static_select",
        "action_id": f"{SELECT}{options[0].number}",
        "placeholder": {"type": "plain_text", "text": placeholder, "emoji": False},
        "options": [{"text": _plain(option), "value": option.token} for option in options],
    }


def _plain(option: _Numbered) -> Built:
    """A label as plain text, which is shown as it is: no markup, no emoji."""
    line = option.line
    if not option.fits:
        line = f"{line[: budgets.BUTTON_LABEL - 1].rstrip()}\u2026"
    return {"type": "plain_text", "text": line, "emoji": False}
