"""Every YAML file in this folder is a conversation that has to go as it is written there.

A new one: `pathways chat --transcript tests/conversations/new.yaml`, then correct its `bot:` lines.
"""

from pathlib import Path
from typing import Final

import pytest

from bot.cli.transcript import Spoken, Transcript, parse_transcript
from bot.messages import Option, Reply, Token
from bot.service.library import Edition
from tests.conversations.playing import Stage, chat_diff, faults_of

FOLDER: Final = Path(__file__).parent
FILES: Final = sorted(FOLDER.glob("*.yaml"))
AT_LEAST: Final = 40  # files there have to be


def test_the_conversations_were_found() -> None:
    assert len(FILES) >= AT_LEAST, "are they where I look?"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written(path: Path, edition: Edition) -> None:
    transcript = parse_transcript(path.read_text(encoding="utf-8"), path.name)
    played = list(Stage(edition, transcript).play())
    if played[-1].faults:
        pytest.fail(f"{path.name}: {chat_diff(transcript.about, played)}", pytrace=False)


def transcript_of(*turns: Spoken, **header: str) -> Transcript:
    return Transcript.model_validate({"about": "A try.", "turns": turns, **header})


def faults(edition: Edition, *turns: Spoken, **header: str) -> list[str]:
    played = list(Stage(edition, transcript_of(*turns, **header)).play())
    return list(played[-1].faults)


@pytest.mark.parametrize(
    ("turn", "fault"),
    [
        (Spoken(user="/help", bot=("never said",)), "not said: never said"),
        (Spoken(user="/help", options=("Never offered",)), "not offered: Never offered"),
        (Spoken(user="/help", without=("topics",)), "said, and should not be: topics"),
        (Spoken(press="Never shown"), "no button was ever labelled 'Never shown'"),
    ],
)
def test_a_conversation_that_goes_otherwise_fails(
    turn: Spoken, fault: str, edition: Edition
) -> None:
    assert faults(edition, turn) == [fault]


def test_texts_have_to_be_said_in_their_order() -> None:
    replies = [Reply(text="One **two**\nthree.")]
    assert list(faults_of(Spoken(user="a", bot=("One two", "three")), replies)) == []
    assert list(faults_of(Spoken(user="a", bot=("three", "One")), replies)) == [
        "not said here: One"
    ]


def test_a_message_that_comes_twice_must_have_no_effect(edition: Edition) -> None:
    assert faults(edition, Spoken(user="/help"), Spoken(again=True)) == []
    said = [Reply(text="Again?", options=(Option(Token("t"), "Yes"),))]
    assert list(faults_of(Spoken(again=True), said)) == ["the same message again had an effect"]


def test_a_failure_shows_the_chat(edition: Edition) -> None:
    transcript = transcript_of(Spoken(user="/status"), Spoken(user="/language", bot=("Hm",)))
    diff = chat_diff("A try.", list(Stage(edition, transcript).play()))
    assert diff.splitlines()[0] == "A try."
    assert "  you  /language" in diff
    assert "       [1 English]" in diff
    assert diff.splitlines()[-1] == "->     not said: Hm"


def test_an_option_that_cannot_be_typed_is_found(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.turn.match_choice", lambda text, labels: None)
    found = faults(edition, Spoken(user="/language"))
    assert "typing 1 is not option 1, 'English'" in found
    assert "typing 'English' is not option 1" in found
