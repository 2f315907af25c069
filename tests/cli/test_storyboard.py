"""The storyboard of a flow: every screen of it, on a page that loads and runs nothing."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from bot.cli.storyboard import screens
from bot.cli.storyboard_page import page
from bot.flows.loading import load_flow, parse_flows
from bot.flows.model import Flow
from bot.wiring import flow_texts, load_content

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONTENT = load_content(None)
FLOWS = parse_flows(flow_texts(None)).current
HOSTILE = """
id: hostile
version: "1"
title: "<script>alert(1)</script>"
questions:
  - {type: text, name: word, label: "<b onclick=x>Which</b> [word](javascript:x)?"}
"""


class Tags(HTMLParser):
    """Gathers what a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, its id, and where it leads."""
        self.tags.append(tag)
        values = dict(attrs)
        self.ids += [values["id"] or ""] if "id" in values else []
        self.links += [values["href"] or ""] if "href" in values else []
        assert not [name for name in values if name.startswith("on")]


def tags_of(flow: Flow) -> Tags:
    found = Tags()
    found.feed(page(flow, screens(flow, CONTENT, NOW), CONTENT.wording))
    return found


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_every_question_of_every_flow_has_its_screen(flow: Flow) -> None:
    found = tags_of(flow)
    asked = {question.name for question in flow.questions if question.is_asked}
    assert asked <= set(found.ids)
    assert {"intro", "astray", "review", "end"} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    inside = {link[1:] for link in found.links if link.startswith("#")}
    assert inside <= set(found.ids)


def test_nothing_of_a_flow_becomes_markup() -> None:
    flow = load_flow(HOSTILE, "hostile.yaml").flow
    assert flow is not None
    found = tags_of(flow)
    assert "script" not in found.tags
    assert all(re.match(r"#|https?://", link) for link in found.links)
