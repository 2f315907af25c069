"""Browsing without typing: three taps to every entry, eight buttons a page (A4)."""

from collections.abc import Iterator

import pytest

from bot.engine.browsing import PAGE
from bot.engine.turn import Turn
from bot.knowledge.content import Content, parse_content
from bot.messages import Choice, EntryId, Option
from tests.builders import Talk, content_of, labels_of, options_of, shipped, text_of, wording

TAPS = 3


@pytest.fixture(scope="module")
def real() -> Content:
    return parse_content(shipped())


def pages_of(talk: Talk, turn: Turn) -> Iterator[Option]:
    """Every option of a page and of those behind its "more", which turn round at the end."""
    seen: set[str] = set()
    while True:
        assert len(turn.replies) == 1
        options = options_of(turn)
        assert 0 < len(options) <= PAGE
        yield from (option for option in options if not option.label.startswith("More ("))
        labels = frozenset(option.label for option in options)
        assert not labels & seen, "a page came twice before the last one"
        seen |= labels
        more = next((option for option in options if option.label.startswith("More (")), None)
        if more is None or more.label in {
            wording("browse.more", page=p, pages=p) for p in range(99)
        }:
            return
        turn = talk.press(more.label)


def entries_below(talk: Talk, turn: Turn, taps: int) -> set[EntryId]:
    """The entries that so many taps reach from a page."""
    found: set[EntryId] = set()
    for option in list(pages_of(talk, turn)):
        session = talk.session
        offer = session.offer(option.token)
        assert offer is not None
        if offer.act.name == "show":
            found.add(EntryId(offer.act.arguments[0]))
        elif taps > 1:
            talk.turn = None
            found |= entries_below(talk, talk.hear(Choice(option.token)), taps - 1)
        talk.session = session
    return found


def test_three_taps_reach_every_entry_of_the_real_content(real: Content) -> None:
    assert len(real.faq.entries) >= 97
    talk = Talk(real)
    found = entries_below(talk, talk.command("topics"), TAPS)
    assert found == set(real.entry_by_id)


def test_the_same_tree_works_by_typed_numbers(real: Content) -> None:
    for section in range(len(real.faq.sections)):
        talk = Talk(real)
        talk.command("topics")
        turn = talk.say(str(section + 1))
        assert text_of(turn) in {wording("browse.topics"), wording("browse.entries")}
        assert options_of(turn)


@pytest.mark.parametrize("count", [1, 7, 8, 9, 14, 15, 30])
def test_every_page_has_at_most_eight_buttons_and_the_last_leads_to_the_first(count: int) -> None:
    entries = "\n".join(
        f"  - {{id: e{n}, question: Question {n}?, answer: A.}}" for n in range(count)
    )
    talk = Talk(content_of(f"entries:\n{entries}"))
    first = talk.command("topics")
    labels = [option.label for option in pages_of(talk, first)]
    assert labels == [f"Question {n}?" for n in range(count)]
    if count > PAGE:
        assert talk.turn is not None
        assert labels_of(talk.press(labels_of(talk.turn)[-1])) == labels_of(first)


def test_more_than_eight_sections_have_pages_too() -> None:
    sections = "\n".join(f"  - {{id: s{n}, title: Section {n}}}" for n in range(11))
    topics = "\n".join(f"  - {{id: t{n}, title: Topic {n}, section: s{n}}}" for n in range(11))
    entries = "\n".join(
        f"  - {{id: e{n}, topic: t{n}, question: Question {n}?, answer: A.}}" for n in range(11)
    )
    content = content_of(f"sections:\n{sections}\ntopics:\n{topics}\nentries:\n{entries}")
    talk = Talk(content)
    assert entries_below(talk, talk.command("topics"), TAPS) == set(content.entry_by_id)


def test_one_section_shows_its_topics_and_one_topic_its_entries() -> None:
    faq = """
sections: [{id: s, title: Only one}]
topics: [{id: t, title: First, section: s}, {id: u, title: Second, section: s}]
entries:
  - {id: a, topic: t, question: A?, answer: Aha.}
  - {id: b, topic: u, question: B?, answer: Oho.}
"""
    assert labels_of(Talk(content_of(faq)).command("topics")) == ["First", "Second"]
    single = faq.replace(", {id: u, title: Second, section: s}", "")
    assert labels_of(Talk(content_of(single)).command("topics")) == ["A?"]


def test_back_shows_the_topics_and_topics_is_a_phrase() -> None:
    for text in ("back", "topics", "Menu", "browse topics."):
        assert text_of(Talk().say(text)) == wording("browse.sections")


def test_the_welcome_offers_starters_topics_and_asks_once_whose_words_to_use() -> None:
    talk = Talk()
    turn = talk.command("start")
    assert [reply.text for reply in turn.replies] == [wording("welcome"), wording("audience.ask")]
    assert labels_of(turn)[:3] == [
        "How much does registration cost?",
        "What is registration?",
        wording("button.topics"),
    ]
    assert [reply.first_number for reply in turn.replies] == [1, 4]
    assert [reply.text for reply in talk.command("start").replies] == [wording("welcome")]
