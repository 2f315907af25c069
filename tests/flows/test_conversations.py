"""Every YAML file in `conversations/` is a talk with a run in it that has to go as it is written."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from bot.cli.transcript import parse_transcript
from bot.service.library import Edition
from tests.conversations.playing import Stage, chat_diff
from tests.flows.sample import sample_flows

FOLDER: Final = Path(__file__).parent / "conversations"
FILES: Final = sorted(FOLDER.glob("*.yaml"))
AT_LEAST: Final = 20  # files there have to be


def test_the_conversations_were_found() -> None:
    assert len(FILES) >= AT_LEAST, "are they where I look?"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written(path: Path, edition: Edition) -> None:
    transcript = parse_transcript(path.read_text(encoding="utf-8"), path.name)
    played = list(Stage(replace(edition, flows=sample_flows()), transcript).play())
    if played[-1].faults:
        pytest.fail(f"{path.name}: {chat_diff(transcript.about, played)}", pytrace=False)
