"""The slash command: which words behind it are a command of ours, and where it is answered."""

import pytest

from bot.channels.slack.incoming import Said, Us, parse_incoming
from bot.messages import Command, Place, Text
from tests.channels.slack.payloads import BOT, TEAM, direct_of, slash

ANN = "U0001"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("map rename Lab 2 to Lab 3", Command("map", "rename Lab 2 to Lab 3")),
        ("halt all", Command("halt", "all")),
        ("Misses later", Command("misses", "later")),
        ("destination add Reps", Command("destination", "add Reps")),
        ("audience rep", Command("audience", "rep")),
        ("my data", Text("my data")),
        ("stop all", Text("stop all")),
        ("help me to register", Text("help me to register")),
    ],
)
def test_words_behind_a_command_go_with_it_where_it_takes_any(
    words: str, meant: Command | Text
) -> None:
    us = Us(user=BOT, teams=frozenset({TEAM}))
    said = parse_incoming(slash(ANN, words), us)
    assert isinstance(said, Said)
    assert said.inbound.utterance == meant


def test_a_slash_command_about_a_channel_stays_there_and_is_answered_to_its_giver() -> None:
    us = Us(user=BOT, teams=frozenset({TEAM}))
    said = parse_incoming(slash(ANN, "destination add Reps"), us)
    assert isinstance(said, Said)
    assert (said.inbound.place, said.moves) == (Place.GROUP, False)
    assert (said.spot.channel, said.spot.alone) == ("C0001", True)
    direct = parse_incoming(slash(ANN, "destination", direct_of(ANN)), us)
    assert isinstance(direct, Said)
    assert direct.inbound.place is Place.PRIVATE
