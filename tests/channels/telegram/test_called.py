"""What an update means: utterances, and in groups only what calls the bot (G4, G5, B11)."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.called import (
    Heard,
    Ignored,
    Meaning,
    Moved,
    Myself,
    Reached,
    meaning_of,
)
from bot.channels.telegram.updates import MEDIA, parse_update, update_id_of
from bot.messages import (
    TOKEN_LIMIT,
    Address,
    Choice,
    Command,
    Edited,
    Place,
    Text,
    Token,
    Unreadable,
    Utterance,
)
from tests.channels.telegram.api import BOT_ID, USERNAME, BotApi, mention, person

ME = Myself(id=BOT_ID, username=USERNAME, commands=("help", "mydata", "start"))
GROUP = -1001
FROM_BOT = {"from": {"id": BOT_ID, "is_bot": True}}


def meant(**update: Any) -> Meaning:
    read = parse_update({"update_id": 7, **update})
    assert read is not None
    return meaning_of(read, ME)


def heard(chat: int, **message: Any) -> Utterance | None:
    """What is heard of a message, or None where it is not for the bot."""
    meaning = meant(message=BotApi().message(5, chat, **message))
    if isinstance(meaning, Ignored):
        return None
    assert isinstance(meaning, Heard)
    return meaning.inbound.utterance


def test_words_are_text_from_whom_and_where_they_came() -> None:
    meaning = meant(message=BotApi().message(5, 5, text="is it dear"))
    assert isinstance(meaning, Heard)
    inbound = meaning.inbound
    assert inbound.utterance == Text("is it dear")
    assert inbound.key == f"telegram:{BOT_ID}:7"
    assert inbound.identity == inbound.address == Address("telegram", "5")
    assert inbound.place is Place.PRIVATE


def test_commands_and_deep_links() -> None:
    assert heard(5, text="/start") == Command("start")
    assert heard(5, text="/start do_mydata") == Command("start", "do_mydata")
    assert heard(5, text=f"/Audience@{USERNAME} rep") == Command("audience", "rep")
    assert heard(5, text="/1 is no command") == Text("/1 is no command")


def test_an_edited_message_is_a_correction() -> None:
    meaning = meant(edited_message=BotApi().message(5, 5, text="14, not 40"))
    assert isinstance(meaning, Heard)
    assert meaning.inbound.utterance == Edited("14, not 40")
    moved = BotApi().message(5, 5, location={"latitude": 1, "longitude": 1})
    assert isinstance(meant(edited_message=moved), Ignored), "a live place moves by itself"


def test_words_below_a_picture_are_heard_as_words() -> None:
    picture = {"photo": [{"x": 1}], "caption": "is it dear"}
    assert heard(5, **picture) == Text("is it dear")
    assert heard(5, **picture | {"caption": "/audience rep"}) == Command("audience", "rep")
    assert heard(5, **picture | {"caption": " "}) == Unreadable(MEDIA["photo"])
    edited = meant(edited_message=BotApi().message(5, 5, **picture))
    assert isinstance(edited, Heard)
    assert edited.inbound.utterance == Edited("is it dear")


def test_words_below_a_picture_call_the_bot_in_a_group_as_others_do() -> None:
    caption = f"@{USERNAME} is it dear"
    called = {"caption": caption, "caption_entities": mention(caption)}
    assert heard(GROUP, photo=[{"x": 1}], **called) == Text("is it dear")
    assert heard(GROUP, photo=[{"x": 1}], caption="is it dear") is None


@pytest.mark.parametrize("field", MEDIA)
def test_what_cannot_be_read_is_named(field: str) -> None:
    assert heard(5, **{field: {"x": 1}}) == Unreadable(MEDIA[field])
    assert heard(GROUP, **{field: {"x": 1}}) is None


def test_a_press_is_a_choice_with_its_token() -> None:
    api = BotApi()
    message = api.message(BOT_ID, 5, text="Which?")
    press = {"id": "9", "from": person(5), "message": message, "data": "t" * TOKEN_LIMIT}
    meaning = meant(callback_query=press)
    assert isinstance(meaning, Heard)
    assert meaning.inbound.utterance == Choice(Token("t" * TOKEN_LIMIT))
    assert meaning.press is not None


@pytest.mark.parametrize(
    "press",
    [
        {"id": "9", "from": person(5), "data": "t"},
        {"id": "9", "from": person(5), "data": "é" * 33, "message": BotApi().message(1, 5)},
        {"id": "9", "from": person(5), "data": "", "message": BotApi().message(1, 5)},
        {"id": "9", "from": person(5), "game_short_name": "x", "message": BotApi().message(1, 5)},
    ],
)
def test_a_press_that_is_none_of_ours_is_only_answered(press: dict[str, Any]) -> None:
    meaning = meant(callback_query=press)
    assert isinstance(meaning, Ignored)
    assert meaning.press is not None


def test_a_button_of_a_message_too_old_to_be_seen_works() -> None:
    gone = {"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 0}
    meaning = meant(callback_query={"id": "9", "from": person(5), "message": gone, "data": "t"})
    assert isinstance(meaning, Heard)


NOT_FOR_US = [
    {"text": "hello all"},
    {"text": "/poll@other_bot"},
    {"text": "/poll"},
    {"text": "@someone look"},
    {"text": "yes", "reply_to_message": {"from": person(6)}},
    {"text": "hi", "reply_to_message": {**FROM_BOT, "forum_topic_created": {"name": "Lab"}}},
    {"new_chat_members": [person(6)]},
    {"text": f"not a mention: x@{USERNAME}"},
]


@pytest.mark.parametrize("message", NOT_FOR_US, ids=str)
def test_in_a_group_talk_of_others_is_not_heard(message: dict[str, Any]) -> None:
    assert heard(GROUP, **message) is None


def test_in_a_group_a_command_a_mention_and_a_reply_are_heard() -> None:
    call = f"🙂 @{USERNAME}, is it dear?"
    assert heard(GROUP, text=call, entities=mention(call)) == Text(
        "🙂  , is it dear?".replace("  ,", " ,")
    )
    assert heard(GROUP, text="/help") == Command("help")
    assert heard(GROUP, text=f"/help@{USERNAME}") == Command("help")
    assert heard(GROUP, text="and how long?", reply_to_message=FROM_BOT) == Text("and how long?")
    linked = [{"type": "text_mention", "offset": 0, "length": 3, "user": person(BOT_ID)}]
    assert heard(GROUP, text="Bot what is EngTech", entities=linked) == Text("what is EngTech")


def test_a_group_is_a_shared_place_and_its_topics_have_addresses_of_their_own() -> None:
    message = BotApi().message(5, GROUP, text="/help", message_thread_id=45, is_topic_message=True)
    meaning = meant(message=message)
    assert isinstance(meaning, Heard)
    assert meaning.inbound.place is Place.GROUP
    assert meaning.inbound.address == Address("telegram", f"{GROUP}/45")
    assert meaning.inbound.identity == Address("telegram", "5")
    thread = BotApi().message(5, GROUP, text="/help", message_thread_id=45)
    meaning = meant(message=thread)
    assert isinstance(meaning, Heard)
    assert meaning.inbound.address == Address("telegram", str(GROUP))


@pytest.mark.parametrize(
    "changes",
    [{"from": {"id": 9, "is_bot": True}}, {"from": None}, {"is_automatic_forward": True}],
    ids=str,
)
def test_programs_and_channels_are_nobody(changes: dict[str, Any]) -> None:
    message = {**BotApi().message(5, GROUP, text="/help"), **changes}
    assert isinstance(meant(message=message), Ignored)


def test_a_group_that_became_a_supergroup_is_followed() -> None:
    meaning = meant(message=BotApi().message(5, -7, migrate_to_chat_id=GROUP))
    assert meaning == Moved(Address("telegram", "-7"), Address("telegram", str(GROUP)))


@pytest.mark.parametrize(
    ("status", "can_be"),
    [("kicked", False), ("left", False), ("member", True), ("administrator", True)],
)
def test_being_blocked_and_let_in_again_is_noticed(status: str, can_be: bool) -> None:
    change = {"chat": {"id": 5, "type": "private"}, "new_chat_member": {"status": status}}
    assert meant(my_chat_member=change) == Reached(Address("telegram", "5"), Place.PRIVATE, can_be)


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)
API = BotApi()
LIKE = [
    {"update_id": 1, "message": API.message(5, 5, text="hi", entities=mention(f"@{USERNAME}"))},
    {"update_id": 1, "edited_message": API.message(5, GROUP, text="hi")},
    {
        "update_id": 1,
        "callback_query": {
            "id": "1",
            "from": person(5),
            "message": API.message(1, 5),
            "data": "t",
        },
    },
    {
        "update_id": 1,
        "my_chat_member": {
            "chat": {"id": 5, "type": "private"},
            "new_chat_member": {"status": "left"},
        },
    },
]


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(found for key, one in inner for found in places_of(one, (*path, key)))]


def with_(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = with_(copied[path[0]], path[1:], new)
    return copied


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    update = draw(st.sampled_from(LIKE))
    for _ in range(draw(st.integers(1, 3))):
        update = with_(update, draw(st.sampled_from(places_of(update))), draw(anything))
    return update


def try_any(raw: Any) -> None:
    update_id_of(raw)
    update = parse_update(raw)
    if update is not None:
        meaning_of(update, ME)


@settings(max_examples=1_000)
@given(mutated())
def test_no_payload_raises(raw: Any) -> None:
    try_any(raw)


@pytest.mark.long
@settings(max_examples=100_000)
@given(st.one_of(mutated(), anything))
def test_no_payload_of_a_hundred_thousand_raises(raw: Any) -> None:
    try_any(raw)


def test_a_right_update_is_read_and_a_wrong_one_is_not() -> None:
    assert all(parse_update(one) is not None for one in LIKE)
    none: list[Any] = [None, [], {}, {"update_id": "1"}, {"update_id": 2**60}, {"update_id": True}]
    for wrong in none:
        assert parse_update(wrong) is None
        assert update_id_of(wrong) is None
