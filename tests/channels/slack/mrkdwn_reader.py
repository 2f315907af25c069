"""mrkdwn as Slack reads it, written apart from the renderer: what becomes a mention, a link, a look."""

import re
from dataclasses import dataclass, field

_ENTITY = re.compile(r"<([^<>]*)>")
_STYLED = re.compile(
    r"(?:^|(?<=[\s\u200b\W_]))([*_~])(?=[^\s\u200b])([^\n]*?)(?<=[^\s\u200b])\1(?=$|[\s\u200b\W_])",
    re.MULTILINE,
)
_CODE = re.compile(r"`[^`\s\u200b][^`]*`")
_EMOJI = re.compile(r":[\w+'-]+:")


@dataclass
class Read:
    """What a person sees: the characters, and what of them does something."""

    text: str = ""
    links: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)
    other: list[str] = field(default_factory=list)


def read(mrkdwn: str) -> Read:
    """Read one text object."""
    seen = Read()

    def entity(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith(("@", "#", "!")):
            seen.mentions.append(target)
            return label or target
        seen.links.append(_decoded(target))
        return label or target

    shown = _ENTITY.sub(entity, mrkdwn)
    for found in _STYLED.finditer(shown):
        (seen.bold if found[1] == "*" else seen.other).append(_decoded(found[2]))
    seen.other += [*_CODE.findall(shown), *_EMOJI.findall(shown)]
    seen.other += [line for line in shown.split("\n") if line.startswith("&gt;")]
    seen.text = _decoded(shown)
    return seen


def _decoded(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
