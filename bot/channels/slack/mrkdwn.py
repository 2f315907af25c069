"""Light Markdown as mrkdwn, Slack's own markup.

What a person wrote can become nothing: `&`, `<` and `>` are escaped, so that no mention, link or ping
of a channel arises; behind the characters that would begin bold, italics, code or an emoji stands a
space without width, so that they are shown as they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from bot.channels.light_markdown import Block, Item, Paragraph, Run, says_address
from bot.channels.terminal_text import printable
from bot.engine.commands import COMMAND_BY_NAME

COMMAND: Final = "/pathways"  # the one slash command of the app, as the manifest has it
GAP: Final = "\u200b"  # has no width, and counts as a space: nothing begins or ends beside it
BULLETS: Final = ("\u2022", "\u25e6", "\u25aa")
INDENT: Final = "    "
STARS: Final = ("*",)

_STYLE: Final = re.compile(r"(?<![^\W_])[*_~]|[*_~](?![^\W_])|`")  # beside a space or a sign
_EMOJI: Final = re.compile(r":(?=[\w+'-]+:)")
_QUOTE: Final = re.compile(r"^(?=&gt;)", re.MULTILINE)
_OURS: Final = re.compile(r"/([a-z]+)(?= |$)")


def escape(text: str) -> str:
    """A text that Slack shows with these very characters, in a field that reads `&lt;` and its like."""
    shown = printable(text)
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quiet(text: str) -> str:
    """A text that means nothing but its own characters in mrkdwn."""
    shown = _STYLE.sub(rf"{GAP}\g<0>{GAP}", printable(text))
    return _QUOTE.sub(GAP, escape(_EMOJI.sub(f":{GAP}", shown)))


def mrkdwn(blocks: Iterable[Block]) -> str:
    """Blocks as one text, a blank line between those that are no items of one list."""
    said = ""
    before: Block | None = None
    for block in blocks:
        close = isinstance(before, Item) and isinstance(block, Item)
        said += ("" if before is None else "\n" if close else "\n\n") + _block(block)
        before = block
    return said


def in_slack(block: Block) -> Block:
    """A block that names our commands as people type them in Slack, which takes `/topics` for its own."""
    return replace(block, runs=tuple(_in_slack(run) for run in block.runs))


def _in_slack(run: Run) -> Run:
    found = _OURS.match(run.text) if run.bold and not run.address else None
    if not found or found[1] not in COMMAND_BY_NAME:
        return run
    return replace(run, text=f"{COMMAND} {run.text[1:]}")


def _block(block: Block) -> str:
    words = _joined([_run(run) for run in block.runs])
    if isinstance(block, Paragraph):
        return words
    margin = INDENT * block.depth
    bullet = BULLETS[min(block.depth, len(BULLETS) - 1)]
    marker = bullet if block.marker == "-" else block.marker
    lead = f"{marker} " if marker else INDENT
    return f"{margin}{lead}" + words.replace("\n", f"\n{margin}{INDENT}")


def _joined(shown: Sequence[str]) -> str:
    """Runs side by side: a star in the middle of a word begins and ends nothing, so a gap goes before."""
    said = ""
    for text in shown:
        is_close = said[-1:].isalnum() and text[:1] in STARS
        is_close = is_close or (said[-1:] in STARS and text[:1].isalnum())
        said += f"{GAP}{text}" if said and text and is_close else text
    return said


def _run(run: Run) -> str:
    if run.address is not None:
        shown = _link(run)
        return _bold(shown) if run.bold else shown
    if not run.bold:
        return quiet(run.text)
    return "\n".join(_bold(quiet(line)) for line in run.text.split("\n"))


def _bold(shown: str) -> str:
    words = shown.strip(" ")
    if not words.replace(GAP, ""):
        return shown
    lead, tail = shown[: len(shown) - len(shown.lstrip(" "))], shown[len(shown.rstrip(" ")) :]
    return f"{lead}*{words}*{tail}"


def _link(run: Run) -> str:
    address = quote(printable(run.address or ""), safe="!#$%&'()*+,/:;=?@[]~-._")
    address = address.replace("&", "&amp;")
    if says_address(run):
        return f"<{address}>"
    words = quiet(" ".join(run.text.split()))
    return f"<{address}|{words}>" if words.replace(GAP, "").strip() else f"<{address}>"
