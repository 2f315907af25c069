"""What Slack takes, as its reference says; apart from our own budgets, so that both must agree."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

LIMITS = {"section": 3000, "button": 75, "value": 2000, "option": 75, "option_value": 150}


def faults_of(blocks: Sequence[Mapping[str, Any]], most: int = 50) -> list[str]:
    """Every rule that blocks break; also by the models of Slack's own SDK."""
    found = list(_by_hand(blocks, most))
    for block in blocks:
        parsed = Block.parse(dict(block))
        if parsed is None:
            found.append(f"unknown block {block.get('type')}")
            continue
        try:
            parsed.validate_json()
        except SlackObjectFormationError as error:
            found.append(str(error))
    return found


def _by_hand(blocks: Sequence[Mapping[str, Any]], most: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"{len(blocks)} blocks"
    names = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(names) != len(set(names)):
        yield "block_id twice"
    total = 0
    for block in blocks:
        for kind, text, limit in _texts(block):
            total += len(text)
            if not 1 <= len(text) <= limit:
                yield f"{kind}: {len(text)} characters"
        actions = [element.get("action_id") for element in block.get("elements", [])]
        if block["type"] == "actions" and (
            len(actions) != len(set(actions)) or not 1 <= len(actions) <= 25
        ):
            yield "actions"
    if total > 13_200:
        yield f"{total} characters in all"


def _texts(block: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    if block["type"] == "section":
        yield "section", block["text"]["text"], 3000
    for element in block.get("elements", []):
        if element["type"] == "button":
            yield "button", element["text"]["text"], 75
            yield "value", element.get("value", "x"), 2000
        elif element["type"] == "static_select":
            if not 1 <= len(element["options"]) <= 100:
                yield "options", "", 0
            for option in element["options"]:
                yield "option", option["text"]["text"], 75
                yield "option value", option["value"], 150
        elif element["type"] == "mrkdwn":
            yield "context", element["text"], 3000
