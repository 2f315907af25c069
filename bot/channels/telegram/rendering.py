"""Light Markdown as Telegram shows it: HTML, cut to its limits; options as buttons with their numbers.

Nothing a person wrote can become markup, a mention or a link: the five signs of HTML are escaped, and
behind a sign that `plain` has escaped stands a word joiner, which nobody sees and which keeps Telegram
from finding names, addresses and commands in the words.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from html import escape, unescape
from itertools import pairwise
from typing import Final

from telegram.constants import MessageLimit

from bot.channels.light_markdown import (
    INDENT,
    Block,
    Item,
    Paragraph,
    Run,
    are_one_list,
    parse_light,
)
from bot.channels.splitting import split_blocks
from bot.channels.terminal_text import on_one_line, printable
from bot.messages import UNNUMBERED, Option, Reply, Token, plain

TEXT_LIMIT: Final = int(MessageLimit.MAX_TEXT_LENGTH)  # UTF-16 units after the HTML is read
ENTITY_LIMIT: Final = int(MessageLimit.MESSAGE_ENTITIES)  # more are not shown
LABEL_SHOWN: Final = 38  # characters of a label that a phone shows on a button of full width
ROW_SHOWN: Final = 30  # characters of all labels that stand side by side
BUTTONS_LIMIT: Final = 100  # buttons below one message
BULLET: Final = "\N{BULLET}"
NO_WORDS: Final = "\N{HORIZONTAL ELLIPSIS}"  # a message has to have some text
JOINER: Final = "\N{WORD JOINER}"
CHOSEN: Final = "\N{CHECK MARK}"

_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_FINDS: Final = {  # behind a sign: what Telegram would take for a name, a tag, a command, an address
    "@": re.compile(r"\\?\w"),
    "#": re.compile(r"\\?\w"),
    "$": re.compile(r"\\?[A-Za-z]"),
    "/": re.compile(r"\\?\w"),
    ":": re.compile(r"\\?/\\?/"),
    ".": re.compile(r"\\?[^\W\d_]"),
}
_VANISHES: Final = re.compile(  # what is not shown, and brings what is behind it to the sign
    r"\\?[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"
)
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button: what it says, and what it does.

    Attributes:
        token: What comes back; None where it opens `url`.
        lasts: Whether it still makes sense when the talk has moved on.
    """

    text: str
    token: Token | None = None
    url: str | None = None
    lasts: bool = False


Rows = tuple[tuple[Button, ...], ...]


class Form(StrEnum):
    """What a message is to Telegram."""

    TEXT = "text"
    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """One message as it is sent.

    Attributes:
        html: Its words; the caption where a file goes with it.
        form: Whether it carries the file of its reply, and how.
    """

    html: str
    rows: Rows = ()
    form: Form = Form.TEXT


def render(reply: Reply, limit: int = TEXT_LIMIT) -> tuple[Rendered, ...]:
    """A reply as messages, in order; the buttons are on the last.

    Args:
        reply: What to say.
        limit: UTF-16 units of one message.
    """
    blocks = tuple(_printable(block) for block in parse_light(_guarded(reply.text)))
    parts = list(split_blocks(blocks, limit, measure))
    if listed := _listed(reply):
        if measure((*parts[-1], *listed)) <= limit:
            parts[-1] = (*parts[-1], *listed)
        else:
            parts += split_blocks(listed, limit, measure)
    htmls = [to_html(part) for part in parts]
    shown = [html for html in htmls if _has_words(html)] or [NO_WORDS]
    rendered = [Rendered(html=html) for html in shown]
    rendered[-1] = replace(rendered[-1], rows=_rows(_buttons(reply)))
    return tuple(rendered)


def measure(blocks: tuple[Block, ...]) -> int:
    """What Telegram counts of the blocks: UTF-16 units after the HTML is read.

    Above a hundred entities it drops some, so each counts for its share of the limit.
    """
    pieces = [piece for block in blocks for piece in _pieces(block)]
    units = sum(_units(piece.text) for piece in pieces) + sum(
        len(_gap(before, block)) for before, block in pairwise(blocks)
    )
    entities = sum(piece.bold + (piece.address is not None) for piece in pieces)
    return max(units, -(-entities * TEXT_LIMIT // ENTITY_LIMIT))


def to_html(blocks: Iterable[Block]) -> str:
    """Blocks as the HTML that Telegram reads."""
    shown = list(blocks)
    written = ["".join(_html(piece) for piece in _pieces(block)) for block in shown[:1]]
    for before, block in pairwise(shown):
        written += [_gap(before, block), *(_html(piece) for piece in _pieces(block))]
    return "".join(written)


def words_of(message: Rendered) -> str:
    """What people read of a message, without its markup; its buttons are lines at the end."""
    said = unescape(_TAG.sub("", message.html)).replace(JOINER, "")
    labels = "\n".join(button.text for row in message.rows for button in row)
    return f"{said}\n\n{labels}" if labels else said


def without_choice(rows: Rows, chosen: Token | None) -> Rows:
    """The buttons of a message when the talk moves on: what was chosen stays, with a tick.

    Args:
        rows: As they are.
        chosen: What was pressed; None where nothing was.
    """
    kept = ([_kept(button, chosen) for button in row] for row in rows)
    return tuple(tuple(row) for row in ([one for one in row if one] for row in kept) if row)


def _kept(button: Button, chosen: Token | None) -> Button | None:
    if button.token is not None and button.token == chosen:
        return replace(button, text=f"{CHOSEN} {button.text.removeprefix(CHOSEN).strip()}")
    return button if button.lasts or button.url else None


def ticked(rows: Rows, chosen: Token) -> Rows:
    """The buttons with a tick on the one that was pressed; all of them stay."""

    def tick(button: Button) -> Button:
        bare = button.text.removeprefix(CHOSEN).strip()
        mark = f"{CHOSEN} {bare}" if button.token == chosen else bare
        return replace(button, text=mark) if button.lasts else button

    return tuple(tuple(tick(button) for button in row) for row in rows)


def _guarded(text: str) -> str:
    """Light Markdown with a word joiner behind every escaped sign that Telegram would act on.

    Only what `plain` has escaped: our own words may name a command.
    """

    def guard(found: re.Match[str]) -> str:
        sign = _FINDS.get(found[1])
        if sign is None:
            return found[0]
        acts = (one.match(found.string, found.end()) for one in (sign, _VANISHES))
        return found[0] + JOINER if any(acts) else found[0]

    return _ESCAPED.sub(guard, text)


def _printable(block: Block) -> Block:
    runs = (replace(run, text=printable(run.text)) for run in block.runs)
    return replace(block, runs=tuple(run for run in runs if run.text))


def _listed(reply: Reply) -> tuple[Block, ...]:
    """The options whose labels are longer than a button shows, as a list with their numbers."""
    return tuple(
        _printable(Item(parse_light(_guarded(plain(option.label)))[0].runs, marker=mark or "-"))
        for mark, option in _marked(reply)
        if len(on_one_line(option.label)) > LABEL_SHOWN
    )


def _marked(reply: Reply) -> Iterator[tuple[str, Option]]:
    """The options with their numbers; with nothing where a number is an answer itself."""
    for number, option in enumerate(reply.options, reply.first_number):
        yield "" if reply.first_number == UNNUMBERED else f"{number}.", option


def _buttons(reply: Reply) -> list[Button]:
    return [
        Button(text=_label(mark, option), token=option.token, lasts=option.lasts)
        for mark, option in _marked(reply)
    ][:BUTTONS_LIMIT]


def _label(mark: str, option: Option) -> str:
    label = on_one_line(option.label)
    if len(label) > LABEL_SHOWN:
        label = label[: LABEL_SHOWN - 1].rstrip() + NO_WORDS
    return f"{mark} {label}".strip()


def _rows(buttons: Sequence[Button]) -> Rows:
    """Short labels side by side, others one below the other; those that last stand apart."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = rows[-1] if rows else []
        widest = max((len(one.text) for one in (*row, button)), default=0)
        fits = widest * (len(row) + 1) <= ROW_SHOWN and all(b.lasts == button.lasts for b in row)
        if row and fits:
            row.append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)


def _pieces(block: Block) -> list[Run]:
    """The runs of a block with its marker and its margins, as they are shown."""
    if isinstance(block, Paragraph):
        return list(block.runs)
    marker = BULLET if block.marker == "-" else block.marker
    lead = f"{marker} " if marker else " " * INDENT
    margin = " " * (INDENT * block.depth)
    hang = f"\n{margin}{' ' * len(lead)}"
    runs = [replace(run, text=run.text.replace("\n", hang)) for run in block.runs]
    return [Run(margin + lead), *runs]


def _gap(before: Block, block: Block) -> str:
    return "\n" if are_one_list(before, block) else "\n\n"


def _html(run: Run) -> str:
    said = escape(run.text, quote=False)
    if run.address is not None:
        said = f'<a href="{escape(run.address)}">{said}</a>'
    return f"<b>{said}</b>" if run.bold and said else said


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _has_words(html: str) -> bool:
    """Whether Telegram finds something to show: signs that nobody sees are nothing."""
    return any(
        not char.isspace() and unicodedata.category(char) not in {"Cf", "Cc", "Mn"}
        for char in _TAG.sub("", html)
    )
