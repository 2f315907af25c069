"""Texts that mean harm, through the door: answered, kept storable, and never markup (R35, R38)."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.light_markdown import Item, Paragraph, parse_light, to_plain
from bot.messages import Command, Edited, Text, plain
from bot.service.ports import Store
from bot.storage.memory import MemoryStore
from bot.storage.sqlite import SQLiteStore
from tests.builders import wording
from tests.service.houses import House

NASTY = [
    "a" * 5_000,
    "1" * 5_000,
    "word " * 5_000,
    "(" * 5_000,
    "\0",
    "fee\0?",
    "\ud800",
    "half a smile \ud83d",
    "\udcff\udc80",
    "".join(map(chr, range(32))),
    "\x7f\x80\x9f",
    "\u202eevil\u202c \u2066x\u2069",
    "\u200b\u200d\ufeff",
    "🙂" * 1_000,
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "e" + "\u0301" * 2_000,
    "\u2028\u2029\x85",
    "<script>alert(1)</script>",
    "**bold** [link](http://e.example) `code` # head",
    "<!channel> <@U1> @everyone &amp; https://e.example",
    "'; DROP TABLE person; --",
    "{audience} {0} %s ${x}",
    '=HYPERLINK("http://e.example")',
    "/join \ud800",
    "/consent \0' OR 1=1",
    "/audience " + "x" * 5_000,
    "٣",
    "²",
    "\uff11",
    "no. 1)",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_nasty_text_is_taken_in_and_answered_on_every_store(store: Store, text: str) -> None:
    house = House(store)
    house.say("ann", "How much does registration cost?")
    for utterance in (Text(text), Edited(text), Command("join", text), Command("consent", text)):
        before = len(house.channel.sent)
        assert house.hear("ann", utterance)
        house.deliver()
        said = house.channel.sent[before:]
        assert said
        assert all(one.reply.text.strip() for one in said)


def test_five_thousand_characters_are_read_as_far_as_the_limit_and_it_is_said(
    store: Store,
) -> None:
    said = House(store).say("ann", "zebra " * 1_000)
    assert said[0] == wording("long", limit="4,096")
    assert len(said) == 2


@settings(max_examples=150)
@given(st.text(max_size=300))
def test_any_text_at_all_is_taken_in(text: str) -> None:
    house = House(MemoryStore())
    said = house.say("ann", text)
    assert said
    assert "".join(said).encode()


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(SQLiteStore(tmp_path_factory.mktemp("nasty") / "nasty.db"))
    yield house
    house.store.close()


@settings(max_examples=60)
@given(text=st.text(st.characters(), max_size=200))
def test_any_text_at_all_is_kept_by_sqlite_too(on_disk: House, text: str) -> None:
    assert on_disk.say("ann", text)


hostile = st.text(st.sampled_from("*_`[]()<>#+-.!|~\\&:@/ \nahttps1🙂\u2028\t"), max_size=60)


@settings(max_examples=300)
@given(hostile)
def test_words_of_a_person_are_shown_as_they_are_and_never_as_markup(words: str) -> None:
    blocks = parse_light(f"**Before** {plain(words)} after")
    runs = [run for block in blocks for run in block.runs]
    assert not any(isinstance(block, Item) for block in blocks)
    assert all(isinstance(block, Paragraph) for block in blocks)
    assert [run.text for run in runs if run.bold] == ["Before"]
    assert not any(run.address for run in runs)
    shown = " ".join("".join(run.text for run in runs).split())
    assert shown == " ".join(f"Before {words} after".split())


@settings(max_examples=30)
@given(hostile)
def test_no_reply_of_the_bot_makes_markup_of_what_somebody_wrote(words: str) -> None:
    """Whatever was said, the replies are those that were there before, in the bot's own words."""
    house, calm = House(MemoryStore()), House(MemoryStore())
    house.say("ann", f"zebra {words}")
    calm.say("ann", "zebra")
    told, expected = house.command("ann", "mydata", "yes"), calm.command("ann", "mydata", "yes")
    assert _links("".join(told)) == _links("".join(expected))
    assert to_plain(told[0])


def _links(text: str) -> set[str]:
    return {
        run.address for block in parse_light(text) for run in block.runs if run.address is not None
    }


def test_a_hostile_name_is_a_name(store: Store) -> None:
    house = House(store)
    for who in ("'; DROP TABLE identity; --", "a\nb", "**x**", "🙂"):
        assert house.say(who, "How much does registration cost?")
        assert house.person(who)
    assert len(house.rows("identity")) == 4
