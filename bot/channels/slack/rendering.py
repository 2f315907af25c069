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
from bot.messages import UNNUMBERED, Reply, ReplyKind
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
FORM: Final = "form"  # the name of the button that opens the answers in a modal, and of its block
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
    """An option as it is shown; without its number where a number is an answer itself."""

    number: int
    mark: str
    label: str
    token: str

    @property
    def line(self) -> str:
        return f"{self.mark} {self.label}".strip()

    @property
    def fits(self) -> bool:
        return len(self.line) <= budgets.BUTTON_LABEL


def render(
    reply: Reply, placeholder: str, link: Link | None = None, form: str = ""
) -> tuple[Message, ...]:
    """A reply as messages, in order; none where there is nothing to show.

    Args:
        reply: What to say.
        placeholder: What a menu says before something was picked.
        link: What leads elsewhere, below everything.
        form: The label of the button that opens the answers in a modal, where there are any; empty
            for no such button.
    """
    options = tuple(_numbered(reply))
    listed = tuple(
        Item((Run(option.label),), option.mark or "-") for option in options if not option.fits
    )
    text = (in_slack(block) for block in parse_light(reply.text))
    parts = split_blocks((*text, *listed), TEXT_LIMIT, _length)
    chunks = [options[at : at + PER_MESSAGE] for at in range(0, len(options), PER_MESSAGE)] or [()]
    name = ASK if reply.kind is ReplyKind.QUESTION else MENU
    shown = [(part, chunks[0] if part is parts[-1] else ()) for part in parts]
    shown += [((), chunk) for chunk in chunks[1:]]
    messages = (_message(part, chunk, name, placeholder) for part, chunk in shown)
    shown_messages = tuple(message for message in messages if message.blocks)
    if form and reply.form:
        shown_messages = _with_button(shown_messages, _form_button(form, reply.form))
    return _with_button(shown_messages, _link_button(link)) if link else shown_messages


def _with_button(messages: tuple[Message, ...], button: Built) -> tuple[Message, ...]:
    """The messages with one more button below everything, which the twin names too."""
    *before, last = messages or (Message((), ""),)
    block: Built = {"type": "actions", "block_id": button["action_id"], "elements": [button]}
    text = f"{last.text}\n\n{escape(button['text']['text'])}".strip()
    return (*before, Message((*last.blocks, block), text))


def _link_button(link: Link) -> Built:
    return {
        "type": "button",
        "action_id": OPEN_CHAT,
        "text": {"type": "plain_text", "text": link.label, "emoji": False},
        "url": link.address,
    }


def _form_button(label: str, run: str) -> Built:
    return {
        "type": "button",
        "action_id": FORM,
        "text": {"type": "plain_text", "text": label, "emoji": False},
        "value": run,
    }


def _numbered(reply: Reply) -> Iterator[_Numbered]:
    for number, option in enumerate(reply.options, reply.first_number):
        mark = "" if reply.first_number == UNNUMBERED else f"{number}."
        yield _Numbered(number, mark, on_one_line(option.label), option.token)


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
