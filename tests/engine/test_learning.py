"""Votes, reasons, related questions, audience variants, `/why`, and what is remembered of a miss."""

from dataclasses import replace

import pytest

from bot.engine.acts import REASONS
from bot.engine.answers import RELATED_LIMIT
from bot.engine.effects import RememberMiss, Vote
from bot.engine.session import encode
from bot.messages import Audience, EntryId, Outcome, Role
from tests.builders import (
    Talk,
    answered,
    content_of,
    declined,
    guarded,
    labels_of,
    text_of,
    torn,
    view,
    wording,
)

HELPFUL, NOT_HELPFUL = wording("vote.yes"), wording("vote.no")


def votes_of(*effects: object) -> list[Vote]:
    return [effect for effect in effects if isinstance(effect, Vote)]


def test_one_tap_votes_and_says_thanks() -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    turn = talk.press(HELPFUL)
    (vote,) = votes_of(*turn.effects)
    assert (vote.entry, vote.helpful, vote.why) == ("cost", True, None)
    assert text_of(turn) == wording("vote.thanks")
    assert labels_of(turn) == []


def test_not_helpful_asks_one_optional_why() -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    turn = talk.press(NOT_HELPFUL)
    (vote,) = votes_of(*turn.effects)
    assert (vote.helpful, vote.why) == (False, None), "it counts even if nobody says why"
    assert labels_of(turn) == [wording(f"reason.{reason}") for reason in REASONS]
    said = talk.press(wording("reason.old"))
    (why,) = votes_of(*said.effects)
    assert (why.about, why.entry, why.helpful, why.why) == (vote.about, "cost", False, "old")
    assert labels_of(said) == []


def test_a_vote_can_be_changed_and_is_about_the_same_answer() -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    buttons = {label: talk.option(label).token for label in (HELPFUL, NOT_HELPFUL)}
    about = set()
    for label in (HELPFUL, NOT_HELPFUL, HELPFUL):
        offer = talk.session.offer(buttons[label])
        assert offer is not None
        about.add(offer.act.arguments[0])
        talk.say(label)
        assert talk.session.offer(buttons[label]) is not None, "the button still works"
    assert len(about) == 1


def test_a_decline_can_be_voted_on_too() -> None:
    talk = Talk()
    talk.say("moon")
    (vote,) = votes_of(*talk.press(NOT_HELPFUL).effects)
    assert (vote.entry, vote.helpful) == (None, False)


def test_two_answers_never_share_a_vote() -> None:
    talk = Talk()
    first = talk.say("cost", answered("cost")).session.last
    second = talk.say("cost", answered("cost")).session.last
    assert first is not None
    assert second is not None
    assert first.about != second.about


def test_related_questions_stand_below_an_answer_and_answer_when_pressed() -> None:
    talk = Talk()
    turn = talk.say("cost", answered("cost"))
    related = labels_of(turn)[:-2]
    assert len(related) <= RELATED_LIMIT
    assert related == [
        "What is registration?",
        "Will my employer pay the fee?",
        "Can I get my money back?",
    ]
    assert "Only in the first month." in text_of(talk.press(related[2]))


def test_a_related_entry_that_is_not_there_is_left_out() -> None:
    faq = "entries: [{id: a, question: A?, answer: Aha., related: [gone]}]"
    assert labels_of(Talk(content_of(faq)).say("a", answered("a"))) == [HELPFUL, NOT_HELPFUL]


def test_typing_something_else_simply_asks_it() -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    assert "A few months." in text_of(talk.say("how long", answered("how-long")))


@pytest.mark.parametrize("audience", [None, *Audience])
def test_an_answer_is_in_the_words_of_the_audience(audience: Audience | None) -> None:
    talk = Talk()
    talk.view = replace(talk.view, audience=audience)
    own = {Audience.REP: "Tell your members", Audience.EMPLOYER: "You may pay it."}
    common = "It costs **less** than you think."
    expected = own.get(audience, common) if audience else common
    assert expected in text_of(talk.say("cost", answered("cost")))


def test_an_answer_is_in_welsh_where_there_is_welsh() -> None:
    faq = """
entries:
  - {id: a, question: {en: A?, cy: Beth?}, answer: {en: Yes., cy: Ie.}}
  - {id: b, question: B?, answer: English only.}
"""
    talk = Talk(content_of(faq))
    talk.view = replace(talk.view, language="cy")
    assert "**Beth?**\n\nIe." in text_of(talk.say("a", answered("a")))
    assert "English only." in text_of(talk.say("b", answered("b")))


def test_why_says_the_entry_the_lead_the_words_and_the_runners_up() -> None:
    talk = Talk(view=view(Role.EDITOR))
    talk.say("cost", answered("cost", "employer"))
    said = text_of(talk.command("why"))
    for part in ("Entry: cost", "Lead over the next: 0.40", "fee", "Outcome: answer"):
        assert part in said
    assert "- cost: 0.90\n- employer: 0.80" in said


def test_why_of_a_decline_and_of_nothing() -> None:
    talk = Talk(view=view(Role.EDITOR))
    assert text_of(talk.command("why")) == wording("why.nothing")
    talk.say("moon", declined("moon", cost=0.2))
    said = text_of(talk.command("why"))
    assert "Outcome: decline" in said
    assert "Entry: none" in said
    assert "cost: 0.20" in said


def test_why_of_what_was_picked_from_a_menu() -> None:
    talk = Talk(view=view(Role.EDITOR))
    talk.say("topics")
    talk.say("How to begin")
    talk.say("How long does it take?", answered("how-long"))
    assert "Entry: how-long" in text_of(talk.command("why"))


def test_why_says_nothing_of_a_sensitive_question() -> None:
    talk = Talk(view=view(Role.EDITOR))
    talk.say("they want to sack me", guarded("dismissal"))
    assert text_of(talk.command("why")) == wording("why.nothing")


def test_a_miss_is_scrubbed_before_anybody_sees_it() -> None:
    words = "my manager Dave Smith (dave@firm.example, 07700 900123) says the COST is wrong?"
    turn = Talk().say(words, declined(words))
    (miss,) = [effect for effect in turn.effects if isinstance(effect, RememberMiss)]
    for private in ("Dave", "Smith", "firm.example", "07700", "900123"):
        assert private not in miss.words
    assert "COST" in miss.words
    assert miss.outcome is Outcome.DECLINE


def test_a_miss_leads_to_nobody() -> None:
    """Its id shares nothing with what the session or a vote keeps once the next turn is over."""
    talk = Talk()
    turn = talk.say("fee", torn("cost", "employer"))
    (miss,) = [effect for effect in turn.effects if isinstance(effect, RememberMiss)]
    assert talk.session.open_miss == miss.id
    talk.say("thanks", declined("thanks", False))
    kept = encode(talk.session)
    assert miss.id not in kept
    assert miss.id[:10] not in kept


def test_only_the_best_three_are_kept() -> None:
    many = {f"e{n}": n / 100 for n in range(9)}
    (miss,) = [
        effect
        for effect in Talk().say("x", declined("x", **many)).effects
        if isinstance(effect, RememberMiss)
    ]
    assert len(miss.candidates) == 3
    assert miss.candidates[0][0] == EntryId("e0")
