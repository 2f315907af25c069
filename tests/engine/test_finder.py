"""Where the body finder ends: what it names, what it costs, what it does not know."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import product

import pytest

from bot.engine.figures import knows, show
from bot.flows.loading import parse_flows
from bot.flows.model import Choice, Flow, Question
from bot.flows.texts import columns_of, fill_key
from bot.wiring import flow_texts, load_content

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CONTENT = load_content(None)
FLOWS = parse_flows(flow_texts(None)).current
NOTES = [(flow, note) for flow in FLOWS for note in flow.questions if note.show]


def code_of(by_name: Mapping[str, Choice | None], name: str, column: str) -> str:
    """What a gap of a key becomes for the choices that were picked."""
    choice = by_name[name]
    if choice is None:
        return ""
    return choice.columns.get(column, "") if column else choice.name


def keys_of(flow: Flow, note: Question) -> set[str]:
    """Every key that the answers of a flow can make of a note's `show`."""
    assert note.show
    names = sorted(columns_of(note.show))
    questions = [flow.question(name) for name in names]
    lists = [[None, *question.choices] if question else [None] for question in questions]
    made: set[str] = set()
    for picked in product(*lists):
        by_name = dict(zip(names, picked, strict=True))
        made.add(fill_key(note.show, partial(code_of, by_name)))
    return made


def test_the_notes_were_found() -> None:
    assert len(NOTES) >= 4


@pytest.mark.parametrize(("flow", "note"), NOTES, ids=lambda one: getattr(one, "id", None))
def test_whatever_is_answered_there_is_a_table(flow: Flow, note: Question) -> None:
    assert CONTENT.bodies is not None
    for key in keys_of(flow, note):
        assert knows(key, CONTENT.bodies), key
        assert show(key, CONTENT, NOW), key


def test_every_amount_stands_with_a_year() -> None:
    for flow, note in NOTES:
        for key in keys_of(flow, note):
            for line in show(key, CONTENT, NOW).splitlines():
                if "£" in line:
                    assert re.search(r"\((?:19|20)\d\d|20\d\d", line), line


def test_a_body_without_a_price_is_named_among_what_is_not_known() -> None:
    text = show("finder:rail/engtech", CONTENT, NOW)
    assert "What it costs at: " in text
    assert "Whether they will accept you" in text
    assert text.index("Bodies that may fit") < text.index("What I do not know")


def test_who_awards_the_register_comes_before_who_leads_to_it() -> None:
    text = show("finder:it/rittech,icttech", CONTENT, NOW)
    assert text.index("BCS") < text.index("Where this comes from")
    assert re.search(r"\*\*(.+?)\*\*\n\n- Runs RITTech", text)


@pytest.mark.parametrize("key", ["finder:moon/engtech", "finder:rail/moon"])
def test_a_key_with_an_unknown_id_has_no_table(key: str) -> None:
    assert CONTENT.bodies is not None
    assert not knows(key, CONTENT.bodies)
    assert show(key, CONTENT, NOW) == ""
