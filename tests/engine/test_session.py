"""What a session remembers, how it is written down, and that its buttons are its own."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.held import Held
from bot.engine.session import (
    FORMAT,
    MAX_OFFERS,
    Act,
    Errand,
    Last,
    Offer,
    Session,
    decode,
    encode,
)
from bot.flows.runner import start
from bot.messages import TOKEN_LIMIT, Choice, EntryId, Outcome, Place, Token
from tests.builders import KEY, NOON, Talk, answered, guarded, options_of, text_of, view, wording
from tests.flows.sample import sample

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
acts = st.builds(Act, texts, st.lists(texts, max_size=3).map(tuple))
offers = st.builds(Offer, texts.map(Token), texts, acts)
lasts = st.builds(
    Last,
    about=texts,
    at_turn=st.integers(0, 10**6),
    outcome=st.sampled_from(Outcome),
    entry=st.none() | texts.map(EntryId),
    candidates=st.lists(st.tuples(texts.map(EntryId), st.floats(0, 1)), max_size=3).map(tuple),
    why=st.dictionaries(texts, texts, max_size=3),
)
sessions = st.builds(
    Session,
    secret=texts,
    turn=st.integers(0, 10**9),
    offers=st.lists(offers, max_size=5).map(tuple),
    menu=st.lists(texts.map(Token), max_size=5).map(tuple),
    last=st.none() | lasts,
    misses=st.integers(0, 9),
    again=st.none() | acts,
    asked_audience=st.booleans(),
    open_miss=st.none() | texts,
    place=st.none() | st.sampled_from(Place),
    errand=st.none() | st.builds(Errand, texts, texts),
)


@given(sessions)
def test_a_session_reads_back_equal(session: Session) -> None:
    assert decode(encode(session)) == session


def test_a_session_of_another_format_is_forgotten() -> None:
    written = json.loads(encode(Session(secret=KEY)))
    assert decode(json.dumps({**written, "format": FORMAT + 1})) is None
    assert decode(json.dumps({})) is None


def test_every_field_of_a_session_is_written_down() -> None:
    """A field that is forgotten in `encode` would be lost at the next turn."""
    full = Session(
        secret=KEY,
        turn=7,
        offers=(Offer(Token("t"), "Label", Act("show", ("cost",))),),
        menu=(Token("t"),),
        last=Last(about="a", at_turn=6, outcome=Outcome.ANSWER, entry=EntryId("cost")),
        misses=1,
        again=Act("show", ("cost",)),
        asked_audience=True,
        open_miss="m",
        place=Place.GROUP,
        errand=Errand("write", "q"),
        runs=(Held(id="r", run=start(sample(), NOON).run, touched_at=7, typed="sector"),),
        unnumbered=(Token("u"),),
        was_warned=True,
    )
    fields = set(Session.__dataclass_fields__)
    empty = Session(secret="")
    assert {name for name in fields if getattr(full, name) != getattr(empty, name)} == fields
    assert decode(encode(full)) == full


@given(st.text(min_size=1, max_size=100), st.integers(0, 10**12), st.integers(1, 10**6))
def test_a_token_has_at_most_64_bytes_whatever_the_talk(
    secret: str, turn: int, number: int
) -> None:
    token = Session(secret=secret.encode("utf-8", "ignore").decode(), turn=turn).token(number)
    assert len(token.encode()) <= TOKEN_LIMIT


def test_tokens_differ_by_person_by_turn_and_by_number() -> None:
    made = {
        Session(secret=secret, turn=turn).token(number)
        for secret in ("one", "two")
        for turn in range(20)
        for number in range(1, 20)
    }
    assert len(made) == 2 * 20 * 19


@given(st.text(max_size=64))
def test_a_made_up_token_opens_nothing(forged: str) -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    offered = {offer.token for offer in talk.session.offers}
    assert (talk.session.offer(Token(forged)) is not None) == (forged in offered)


@given(st.integers(0, 200), st.sampled_from("0123456789abcdef."))
def test_a_token_with_one_character_changed_opens_nothing(place: int, character: str) -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    for offer in talk.session.offers:
        at = place % len(offer.token)
        forged = Token(offer.token[:at] + character + offer.token[at + 1 :])
        found = talk.session.offer(forged)
        assert found is None or found.token == forged != offer.token or forged == offer.token


def test_the_last_48_buttons_work_and_older_ones_do_not() -> None:
    session = Session(secret=KEY)
    made = [Offer(Token(str(n)), str(n), Act("kept")) for n in range(60)]
    for offer in made:
        session = session.with_offers((offer,))
    assert [session.offer(offer.token) is not None for offer in made] == (
        [False] * (60 - MAX_OFFERS) + [True] * MAX_OFFERS
    )
    assert session.menu == (Token("59"),)


def test_what_buttons_do_is_found_by_the_names_of_their_acts() -> None:
    made = [Offer(Token(name), name, Act(name, (name,))) for name in ("show", "vote", "show-all")]
    session = Session(secret=KEY).with_offers(tuple(made))
    again = decode(encode(session))
    assert again is not None
    for one in (session, again):
        assert one.acts(lambda name: name.startswith("show")) == [made[0].act, made[2].act]
        assert one.acts("none".__eq__) == []
        assert (tuple(one.offers), one.offers[1], len(one.offers)) == (tuple(made), made[1], 3)
        assert list(one.offers[1:]) == made[1:]
        assert hash(one.offers) == hash(tuple(made))


def test_a_turn_without_options_leaves_the_table_as_it_was() -> None:
    session = Session(secret=KEY).with_offers((Offer(Token("t"), "L", Act("kept")),))
    assert session.with_offers(()) == session


def test_a_sensitive_turn_changes_nothing_but_the_count() -> None:
    talk = Talk()
    talk.say("cost", answered("cost"))
    before = talk.session
    talk.say("they want to sack me", guarded("dismissal"))
    assert talk.session == replace(before, turn=before.turn + 1)


def test_a_session_holds_none_of_the_words() -> None:
    talk = Talk()
    for words in ("zebra crossing at the quarry", "Zebra!", "why zebra?"):
        talk.say(words, answered("cost", words=words))
        assert "zebra" not in encode(talk.session).lower()
        talk.say(words)
        assert "zebra" not in encode(talk.session).lower()


def test_what_was_asked_in_private_is_not_brought_up_in_a_group() -> None:
    talk = Talk()
    talk.say("words", answered("cost"))
    talk.view = view(place=Place.GROUP)
    assert text_of(talk.command("repeat")) == wording("repeat.nothing")
    assert talk.session.menu == ()
    assert talk.session.last is None


def test_a_private_button_still_works_after_a_word_in_a_group() -> None:
    talk = Talk()
    shown = talk.say("words", answered("cost"))
    helpful = options_of(shown)[-2]
    talk.view = view(place=Place.GROUP)
    talk.command("help")
    talk.view = view()
    assert text_of(talk.hear(Choice(helpful.token))) == wording("vote.thanks")


def test_a_session_without_the_names_of_its_acts_is_read_as_older_programs_wrote_it() -> None:
    made = tuple(
        Offer(Token(name), f'{name} "now"', Act(name, (name,))) for name in ("show", "vote")
    )
    session = Session(secret=KEY).with_offers(made)
    written = json.loads(encode(session))
    assert written.pop("acts") == ["show", "vote"]
    again = decode(json.dumps(written))
    assert again == session
    assert again.acts("vote".__eq__) == [made[1].act]
    assert again.offer(made[1].token) == made[1]
    assert again.with_offers((Offer(Token("t"), "L", Act("kept")),)).acts("show".__eq__)


@pytest.mark.parametrize("token", ["", '"', "\\", "sho", "show\x00", '","', "\U0001f600"])
def test_no_other_words_are_taken_for_a_token(token: str) -> None:
    session = Session(secret=KEY).with_offers((Offer(Token("show"), "L", Act("kept")),))
    again = decode(encode(session))
    assert again is not None
    assert again.offer(Token(token)) is None
