"""What Slack takes: every budget of a message by its name, and a look at whether one keeps to them.

The figures are those of the Slack API reference and of the models of slack_sdk; the last one is not
documented: messages with more than about 13,200 characters in their blocks are refused
(slackapi/bolt-js#2509).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Block = Mapping[str, Any]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
SECTION_TEXT: Final = 3000
BUTTON_LABEL: Final = 75
BUTTON_VALUE: Final = 2000
OPTION_LABEL: Final = 75
OPTION_VALUE: Final = 150
PLACEHOLDER: Final = 150
ACTIONS: Final = 25  # elements of one actions block
OPTIONS: Final = 100  # of one select menu
CONTEXT: Final = 10  # elements of one context block
HEADER: Final = 150
NAME: Final = 255  # of a block or an action
ALL_TEXT: Final = 12_000  # characters of a whole message

_LEAST: Final = 1


def overruns(blocks: Sequence[Block], most: int = MESSAGE_BLOCKS) -> tuple[str, ...]:
    """Every budget that these blocks break, by its name; nothing where Slack takes them."""
    found = list(_counted("blocks", len(blocks), most))
    names = [str(block["block_id"]) for block in blocks if "block_id" in block]
    found += [] if len(set(names)) == len(names) else ["two blocks of one name"]
    for block in blocks:
        found += _block(block)
    found += _counted("all text", characters(blocks), ALL_TEXT, least=0)
    return tuple(found)


def characters(value: object) -> int:
    """Characters of everything that can be read in some blocks."""
    match value:
        case {"text": str(text)}:
            return len(text)
        case Mapping():
            return sum(characters(inner) for inner in value.values())
        case list() | tuple():
            return sum(characters(inner) for inner in value)
        case _:
            return 0


def _counted(name: str, count: int, most: int, least: int = _LEAST) -> Iterator[str]:
    if not least <= count <= most:
        yield f"{name}: {count}, where {least} to {most} are taken"


def _block(block: Block) -> Iterator[str]:
    yield from _counted("block_id", len(str(block.get("block_id", "x"))), NAME)
    match block["type"]:
        case "section":
            yield from _counted("section", len(block["text"]["text"]), SECTION_TEXT)
        case "header":
            yield from _counted("header", len(block["text"]["text"]), HEADER)
        case "context":
            yield from _counted("context", len(block["elements"]), CONTEXT)
            for element in block["elements"]:
                yield from _counted("context text", len(element["text"]), SECTION_TEXT)
        case "actions":
            yield from _actions(block["elements"])
        case "divider":
            return
        case other:
            yield f"{other}: a kind of block that we never send"


def _actions(elements: Sequence[Block]) -> Iterator[str]:
    yield from _counted("actions", len(elements), ACTIONS)
    names = [element["action_id"] for element in elements]
    if len(set(names)) != len(names):
        yield "two actions of one name"
    for element in elements:
        yield from _counted("action_id", len(element["action_id"]), NAME)
        if element["type"] == "button":
            yield from _counted("button", len(element["text"]["text"]), BUTTON_LABEL)
            yield from _counted("button value", len(element.get("value", "x")), BUTTON_VALUE)
        else:
            yield from _select(element)


def _select(element: Block) -> Iterator[str]:
    yield from _counted("options", len(element["options"]), OPTIONS)
    yield from _counted("placeholder", len(element["placeholder"]["text"]), PLACEHOLDER)
    for option in element["options"]:
        yield from _counted("option", len(option["text"]["text"]), OPTION_LABEL)
        yield from _counted("option value", len(option["value"]), OPTION_VALUE)
