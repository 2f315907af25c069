""" "and how long?" is tried within the last answer's topic, for two turns and not three (A8)."""

from dataclasses import replace

import pytest

from bot.engine.followup import ENOUGH, LEAD, TURNS, WORDS, spelt_out
from bot.engine.session import Last, Session
from bot.faq.ranking import Ranking
from bot.messages import EntryId, Outcome
from tests.builders import Talk, answered, chatted, content_of, declined, text_of, torn, wording

LEADING = wording("follow-up.lead", topic="Fees")
NEAR = {"refund": 0.5, "checked": 0.3}


def after_cost() -> Talk:
    talk = Talk()
    talk.say("cost", answered("cost"))
    return talk


def near(words: str, **confidences: float) -> Ranking:
    return declined(words, **(confidences or NEAR))


@pytest.mark.parametrize(
    "words",
    ["and how long?", "but my refund", "what about money back", "So the money", "refund?"],
)
def test_words_that_lean_on_the_last_answer_are_tried_in_its_topic_and_it_is_said(
    words: str,
) -> None:
    turn = after_cost().say(words, near(words))
    assert text_of(turn).startswith(LEADING)
    assert "Only in the first month." in text_of(turn)
    assert turn.effects == ()


def test_only_for_two_turns() -> None:
    assert TURNS == 2
    for turns_between, is_tried in ((0, True), (1, True), (2, False), (5, False)):
        talk = after_cost()
        for _ in range(turns_between):
            talk.command("status")
        turn = talk.say("and back?", near("and back?"))
        assert text_of(turn).startswith(LEADING) is is_tried, turns_between


def test_a_follow_up_of_a_follow_up_counts_from_the_newer_answer() -> None:
    talk = after_cost()
    talk.command("status")
    talk.say("and back?", near("and back?"))
    talk.command("status")
    turn = talk.say("and who checks?", near("and who checks?", checked=0.6))
    assert "We do." in text_of(turn)


def test_a_question_that_stands_on_its_own_is_not_bent() -> None:
    long = "and " + " ".join(["word"] * WORDS)
    assert text_of(after_cost().say(long, near(long))) == wording("decline.question")
    plain = "the weather today"
    assert text_of(after_cost().say(plain, near(plain))) == wording("decline.question")


def test_what_is_far_from_the_topic_is_declined() -> None:
    words = "and the moon?"
    turn = after_cost().say(words, near(words, refund=ENOUGH - 0.01))
    assert text_of(turn) == wording("decline.question")
    turn = after_cost().say(words, near(words, how_long=0.9))
    assert text_of(turn) == wording("decline.question"), "of another topic"


def test_two_that_are_as_near_are_not_picked_between() -> None:
    words = "and that?"
    turn = after_cost().say(words, near(words, refund=0.5, checked=0.5 - LEAD / 2))
    assert text_of(turn) == wording("decline.question")


def test_related_entries_of_another_topic_count_as_near() -> None:
    words = "and my boss?"
    assert "Many do." in text_of(after_cost().say(words, near(words, employer=0.6)))


def test_without_an_answer_before_there_is_nothing_to_lean_on() -> None:
    words = "and how long?"
    assert text_of(Talk().say(words, near(words))) == wording("decline.question")
    talk = after_cost()
    talk.say("moon")
    assert not text_of(talk.say(words, near(words))).startswith(LEADING)


def test_close_entries_and_small_talk_may_lean_too() -> None:
    lean = near("and back?").first
    for ranking in (torn("refund", "checked"), chatted()):
        part = replace(
            ranking.first, words=lean.words, confidence_by_entry=lean.confidence_by_entry
        )
        said = text_of(after_cost().say("and back?", Ranking(parts=(part,))))
        assert said.startswith(LEADING)


def test_an_entry_that_is_gone_is_no_topic() -> None:
    talk = after_cost()
    talk.content = content_of("entries: [{id: refund, question: R?, answer: Aha.}]")
    words = "and how long?"
    assert text_of(talk.say(words, near(words))) == wording("decline.question")


def test_without_topics_the_last_question_names_the_subject() -> None:
    faq = "entries: [{id: a, question: A?, answer: Aha.}, {id: b, question: B?, answer: Oho.}]"
    talk = Talk(content_of(faq))
    talk.say("a", answered("a"))
    turn = talk.say("and b?", near("and b?", b=0.6))
    assert text_of(turn).startswith(wording("follow-up.lead", topic="A?"))


def after(entry: str, named: str = "", at_turn: int = 4) -> Session:
    last = Last(
        about="1", at_turn=at_turn, outcome=Outcome.ANSWER, entry=EntryId(entry), named=named
    )
    return Session(secret="s", turn=4, last=last)  # noqa: S106 - signs nothing here


@pytest.mark.parametrize(
    ("words", "named", "whole"),
    [
        ("how much is that?", (), "how much is that EngTech"),
        ("Who awards it", (), "Who awards it EngTech"),
        ("how much is that in France?", ("IET",), ""),
        ("what about the IET", ("IET",), "how much does IET cost"),
        ("and IET or BCS?", ("IET", "BCS"), ""),
        ("the IET", ("IET",), ""),
        ("how long does the review take", (), ""),
        ("is it true that " + "word " * WORDS, (), ""),
    ],
)
def test_words_that_lean_on_a_name_or_on_a_price_are_spelt_out(
    words: str, named: tuple[str, ...], whole: str
) -> None:
    content = content_of()
    fees = content.entry_by_id[EntryId("cost")].model_copy(update={"show": "fees"})
    faq = content.faq.model_copy(update={"entries": (fees, *content.faq.entries[1:])})
    assert spelt_out(after("cost", "EngTech"), replace(content, faq=faq), words, named) == whole


def test_nothing_is_spelt_out_after_a_while_or_after_no_answer() -> None:
    content, words = content_of(), "how much is that"
    assert spelt_out(after("cost", "EngTech"), content, words, ())
    assert not spelt_out(after("cost", "EngTech", at_turn=4 - TURNS), content, words, ())
    assert not spelt_out(after("cost"), content, words, ())
    assert not spelt_out(after("gone"), content, "and BCS", ("BCS",))
    assert not spelt_out(replace(after("cost"), last=None), content, words, ())
