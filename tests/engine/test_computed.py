"""Answers out of the tables, and answers outside any talk."""

from functools import cache

import pytest

from bot.engine.once import answer_once
from bot.faq.lookup import Kind, Lookup
from bot.faq.ranking import Part, Ranked, Ranking
from bot.knowledge.content import Content, parse_content
from bot.messages import EntryId, Outcome
from tests.builders import (
    NOON,
    Talk,
    answered,
    both,
    chatted,
    content_of,
    declined,
    guarded,
    labels_of,
    shipped,
    text_of,
    torn,
    wording,
)


@cache
def real() -> Content:
    return parse_content(shipped())


def looked_up(entry: str, lookup: Lookup) -> Ranking:
    ranked = (Ranked(EntryId(entry), 0.9),)
    part = Part(
        words="words",
        outcome=Outcome.ANSWER,
        ranked=ranked,
        offered=(EntryId(entry),),
        lookup=lookup,
    )
    return Ranking(parts=(part,), is_question=True)


def test_a_lookup_answers_out_of_the_tables_with_their_sources_and_votes() -> None:
    lookup = Lookup(kind=Kind.COST_OF_BODY, entry=EntryId("fees-engtech"), bodies=("iet",))
    turn = Talk(real()).say("iet fees", looked_up("fees-engtech", lookup))
    said = text_of(turn)
    assert "IET" in said
    assert "£" in said
    assert "Source" in said
    assert labels_of(turn)[-2:] == [wording("vote.yes"), wording("vote.no")]
    assert turn.session.last is not None
    assert turn.session.last.entry == "fees-engtech"


def test_an_entry_with_a_table_shows_it_below_its_words() -> None:
    shown = [entry for entry in real().faq.entries if entry.show]
    assert shown
    for entry in shown:
        said = text_of(Talk(real()).say("x", answered(entry.id)))
        assert len(said) > len(entry.answer.en), entry.id
        bare = Talk(content_of(shipped()["faq.yaml"]))
        assert len(text_of(bare.say("x", answered(entry.id)))) < len(said)


@pytest.mark.parametrize(
    ("ranking", "says"),
    [
        (answered("cost"), "It costs"),
        (torn("cost", "employer"), wording("disambiguate.ask")),
        (declined(), wording("decline.question")),
        (guarded("crisis"), "Please talk to somebody now."),
        (chatted(), "Hello again."),
    ],
)
def test_outside_any_talk_each_outcome_is_answered_once(ranking: Ranking, says: str) -> None:
    assert says in "\n".join(reply.text for reply in answer_once(ranking, content_of(), NOON))


def test_outside_any_talk_two_questions_get_two_answers() -> None:
    assert len(answer_once(both(answered("cost"), declined("moon")), content_of(), NOON)) == 2
