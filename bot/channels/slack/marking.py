"""A message after one of its buttons was pressed: what was picked can be seen.

Where a question was asked, the buttons go and a line says what was chosen. Where they only lead on,
as below an answer, they stay and the one that was pressed wears a tick.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.channels.slack.budgets import BUTTON_LABEL
from bot.channels.slack.incoming import Press
from bot.channels.slack.mrkdwn import quiet
from bot.channels.slack.rendering import ASK, Built

TICK: Final = "\u2713 "


def marked(press: Press, chosen: str) -> tuple[Built, ...]:
    """The blocks of the message, with what was picked to be seen; none where they are not known.

    Args:
        press: What was pressed, and the message as it is.
        chosen: What stands in place of the buttons of a question, with a gap `{choice}`.
    """
    return tuple(_blocks(press, chosen))


def _blocks(press: Press, chosen: str) -> Iterator[Built]:
    for block in press.blocks:
        if block.get("type") != "actions" or block.get("block_id") != press.block:
            yield block
        elif press.block.startswith(f"{ASK}."):
            line = chosen.replace("{choice}", f"*{quiet(_without_tick(press.picked))}*")
            text = {"type": "mrkdwn", "text": f"{TICK}{line}", "verbatim": True}
            yield {"type": "context", "block_id": press.block, "elements": [text]}
        else:
            yield {**block, "elements": [_element(one, press) for one in block["elements"]]}


def _element(element: Mapping[str, Any], press: Press) -> Mapping[str, Any]:
    if element.get("type") != "button" or element.get("action_id") != press.action:
        return element
    label = f"{TICK}{_without_tick(str(element['text']['text']))}"
    if len(label) > BUTTON_LABEL:
        label = f"{label[: BUTTON_LABEL - 1]}\u2026"
    return {**element, "text": {**element["text"], "text": label}}


def _without_tick(label: str) -> str:
    return label.removeprefix(TICK)
