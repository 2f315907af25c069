"""The five outcomes, as people see them; disambiguation and its second stage (A3)."""

from bot.engine.effects import LabelMiss, RememberMiss
from bot.engine.session import Session
from bot.messages import Choice, Outcome, ReplyKind
from tests.builders import (
    KEY,
    Talk,
    answered,
    both,
    chatted,
    content_of,
    declined,
    guarded,
    ids,
    labels_of,
    text_of,
    torn,
    wording,
)

COST, EMPLOYER = "How much does registration cost?", "Will my employer pay the fee?"
NONE = wording("disambiguate.none")
HELPFUL, NOT_HELPFUL = wording("vote.yes"), wording("vote.no")
TOPICS, HUMAN = wording("button.topics"), wording("button.human")


def misses_of(*effects: object) -> list[RememberMiss]:
    return [effect for effect in effects if isinstance(effect, RememberMiss)]


def test_an_answer_has_its_question_its_words_its_source_and_two_votes() -> None:
    turn = Talk().say("cost", answered("cost"))
    (reply,) = turn.replies
    assert reply.kind is ReplyKind.ANSWER
    assert reply.text.startswith(f"**{COST}**\n\nIt costs **less** than you think.\n\nSource:")
    assert labels_of(turn)[-2:] == [HELPFUL, NOT_HELPFUL]
    assert turn.effects == ()


def test_a_signpost_is_a_fixed_card_with_names_phones_and_pages() -> None:
    turn = Talk().say("i want to end it all", guarded("crisis"))
    (reply,) = turn.replies
    assert reply.kind is ReplyKind.CARD
    assert "[Samaritans](https://example.org/s), **116 123**: Day and night." in reply.text
    assert reply.options == ()
    assert turn.effects == ()
    assert "- Your rep: Near you." in text_of(Talk().say("sack", guarded("dismissal")))


def test_small_talk_is_a_short_reply_and_something_to_tap_before_the_first_question() -> None:
    talk = Talk()
    assert labels_of(talk.say("hello", chatted())) == [TOPICS]
    talk.say("cost", answered("cost"))
    turn = talk.say("hello", chatted())
    assert labels_of(turn) == []
    assert turn.effects == ()


def test_small_talk_takes_turns() -> None:
    talk = Talk()
    said = {text_of(talk.say("hello", chatted())) for _ in range(4)}
    assert said == {"Hello again.", "Good to see you."}


def test_small_talk_of_a_kind_without_replies_still_gets_one() -> None:
    assert text_of(Talk().say("ok", chatted("unheard-of"))) == wording("smalltalk.other")


def test_a_decline_says_so_offers_topics_a_person_and_votes_and_remembers() -> None:
    turn = Talk().say("who won the cup?", declined("who won the cup?"))
    assert text_of(turn) == wording("decline.question")
    assert labels_of(turn) == [TOPICS, HUMAN, HELPFUL, NOT_HELPFUL]
    (miss,) = misses_of(*turn.effects)
    assert (miss.words, miss.outcome) == ("who won the cup?", Outcome.DECLINE)


def test_words_that_ask_nothing_are_declined_in_other_words() -> None:
    assert text_of(Talk().say("banana", declined("banana", False))) == wording("decline.words")


def test_close_entries_are_offered_by_title_and_none_of_these() -> None:
    turn = Talk().say("fee", torn("cost", "employer"))
    assert text_of(turn) == wording("disambiguate.ask")
    assert turn.replies[0].kind is ReplyKind.QUESTION
    assert labels_of(turn) == [COST, EMPLOYER, NONE]
    (miss,) = misses_of(*turn.effects)
    assert miss.outcome is Outcome.DISAMBIGUATE
    assert [entry for entry, _ in miss.candidates] == list(ids("cost", "employer"))


def test_a_pick_answers_at_once_by_button_number_place_title_and_typing() -> None:
    for way in (
        "button",
        "2",
        "number 2",
        "the second one",
        EMPLOYER,
        "wil my employer pay the fee",
    ):
        talk = Talk()
        asked = talk.say("fee", torn("cost", "employer"))
        (miss,) = misses_of(*asked.effects)
        turn = talk.press(EMPLOYER) if way == "button" else talk.say(way)
        assert "Many do." in text_of(turn), way
        assert turn.effects == (LabelMiss(id=miss.id, chosen=ids("employer")[0]),), way


def test_none_of_these_is_a_decline_and_marks_the_question() -> None:
    talk = Talk()
    (miss,) = misses_of(*talk.say("fee", torn("cost", "employer")).effects)
    turn = talk.press(NONE)
    assert text_of(turn) == wording("disambiguate.none-chosen")
    assert turn.effects == (LabelMiss(id=miss.id, chosen=None),)
    assert labels_of(turn) == [TOPICS, HUMAN, HELPFUL, NOT_HELPFUL]


def test_a_pick_labels_only_in_the_very_next_turn() -> None:
    talk = Talk()
    talk.say("fee", torn("cost", "employer"))
    button = talk.option(EMPLOYER)
    for _ in ("status", "help"):
        talk.command("status")
        assert talk.session.open_miss is None
    turn = talk.say(button.label)
    assert "Many do." in text_of(turn)
    assert turn.effects == ()


def test_an_old_pick_never_labels_a_newer_question() -> None:
    talk = Talk()
    old = talk.say("fee", torn("cost", "employer"))
    talk.say("money", torn("refund", "checked"))
    for option in old.replies[0].options:
        session = talk.session
        turn = talk.hear(Choice(option.token))
        assert not [effect for effect in turn.effects if isinstance(effect, LabelMiss)]
        talk.session = session


def test_the_second_miss_shows_the_topics_and_the_third_a_person() -> None:
    talk = Talk()
    talk.say("x")
    second = talk.say("y")
    assert [reply.text for reply in second.replies] == [
        wording("decline.second"),
        wording("browse.sections"),
    ]
    assert labels_of(second) == [HELPFUL, NOT_HELPFUL, "What it costs", "How to begin"]
    third = talk.say("z")
    assert wording("decline.third") in text_of(third)
    assert wording("card.human") in text_of(third)
    reps = [wording("button.ask-rep-last"), wording("button.ask-rep-new")]
    assert labels_of(third) == [*reps, TOPICS, HELPFUL, NOT_HELPFUL]
    assert wording("decline.third") in text_of(talk.say("still not"))


def test_an_answer_between_two_misses_begins_to_count_anew() -> None:
    talk = Talk()
    talk.say("x")
    talk.say("cost", answered("cost"))
    assert text_of(talk.say("y")) == wording("decline.question")


def test_without_sections_the_second_miss_is_said_like_the_first() -> None:
    talk = Talk(content_of("entries: [{id: a, question: A?, answer: Aha.}]"))
    talk.say("x")
    assert text_of(talk.say("y")) == wording("decline.question")


def test_two_questions_in_one_message_get_two_headed_answers() -> None:
    turn = Talk().say("cost? refund?", both(answered("cost"), answered("refund")))
    assert [reply.text.split("\n")[0] for reply in turn.replies] == [
        f"**{COST}**",
        "**Can I get my money back?**",
    ]
    assert [reply.first_number for reply in turn.replies] == [1, 6]
    assert len({option.token for reply in turn.replies for option in reply.options}) == 7


def test_each_answer_of_a_double_question_has_its_own_votes() -> None:
    talk = Talk()
    turn = talk.say("cost? refund?", both(answered("cost"), answered("refund")))
    acts = [offer.act for offer in turn.session.offers if offer.label == HELPFUL]
    assert len({act.arguments[0] for act in acts}) == 2


def test_an_unanswered_part_goes_its_own_way() -> None:
    turn = Talk().say("cost? moon?", both(answered("cost"), declined("moon?")))
    assert [reply.text.split("\n")[0] for reply in turn.replies] == [
        f"**{COST}**",
        wording("decline.question"),
    ]
    assert [miss.words for miss in misses_of(*turn.effects)] == ["moon?"]


def test_two_unanswered_parts_are_two_remembered_questions() -> None:
    talk = Talk()
    turn = talk.say("fee? moon?", both(torn("cost", "employer"), torn("refund", "checked")))
    first, second = misses_of(*turn.effects)
    assert first.id != second.id
    picked = talk.press(EMPLOYER)
    assert picked.effects == (), "nobody can know which of the two was meant"


def test_a_button_of_somebody_else_or_of_long_ago_has_expired() -> None:
    talk, other = Talk(), Talk(session=Session(secret=KEY[::-1]))
    stranger = other.say("cost", answered("cost")).replies[0].options[0].token
    talk.say("cost", answered("cost"))
    old = talk.option(HELPFUL).token
    assert text_of(talk.hear(Choice(stranger))) == wording("button.expired")
    for _ in range(10):
        talk.say("cost", answered("cost"))
    assert text_of(talk.hear(Choice(old))) == wording("button.expired")


def test_a_button_whose_entry_is_gone_has_expired() -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    button = talk.option("Can I get my money back?")
    talk.content = content_of("entries: [{id: a, question: A?, answer: Aha.}]")
    assert text_of(talk.hear(Choice(button.token))) == wording("button.expired")
