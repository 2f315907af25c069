"""Links into a private talk with the bot, as each channel writes them.

The engine writes `open:PAYLOAD` where such a link belongs. Words of people never become one: `plain`
puts a backslash before their colons.
"""

import re
from collections.abc import Callable
from typing import Final

_PLACE: Final = re.compile(r"(?<![\w\\])open:([A-Za-z0-9_-]{1,64})")


def with_links(text: str, way: Callable[[str], str]) -> str:
    """A text with each of its links written out.

    Args:
        text: Light Markdown.
        way: How a channel says the way, given what the link carries; at most 64 characters.
    """
    return _PLACE.sub(lambda found: way(found[1]), text)
