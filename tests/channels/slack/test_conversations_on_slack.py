"""Every conversation of the house, played through Slack's renderer: within its limits, nothing lost."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.channels.light_markdown import to_plain
from bot.channels.slack import budgets
from bot.channels.slack.incoming import Said, Us, parse_incoming
from bot.channels.slack.rendering import render
from bot.cli.transcript import parse_transcript
from bot.messages import UNNUMBERED, Choice, Reply
from bot.service.library import Edition
from tests.channels.hostile import letters
from tests.channels.slack.mrkdwn_reader import read
from tests.channels.slack.payloads import BOT, TEAM, direct_of, press
from tests.channels.slack.rules import faults_of
from tests.conversations.playing import Stage
from tests.conversations.test_conversations import FILES

US = Us(user=BOT, teams=frozenset({TEAM}))


def labels(reply: Reply) -> list[str]:
    """What stands on each button: no number where a number is an answer itself."""
    return [
        option.label if reply.first_number == UNNUMBERED else f"{number}. {option.label}"
        for number, option in enumerate(reply.options, reply.first_number)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_conversation_fits_slack(path: Path, edition: Edition) -> None:
    transcript = parse_transcript(path.read_text(encoding="utf-8"), path.name)
    replies = [reply for turn in Stage(edition, transcript).play() for reply in turn.replies]
    assert replies
    for reply in replies:
        messages = render(reply, "Choose one")
        assert messages
        for message in messages:
            assert budgets.overruns(message.blocks) == ()
            assert faults_of(message.blocks) == []
        twin = letters("".join(read(message.text).text for message in messages))
        said = letters(to_plain(reply.text)) + letters("".join(labels(reply)))
        assert twin.replace("pathways", "") == said.replace("pathways", "")


@pytest.mark.parametrize(
    "files",
    [FILES[::6], pytest.param(FILES, marks=pytest.mark.long)],
    ids=["every sixth", "all"],
)
def test_every_option_is_reached_by_its_button(edition: Edition, files: Sequence[Path]) -> None:
    found = 0
    for path in files:
        transcript = parse_transcript(path.read_text(encoding="utf-8"), path.name)
        for turn in Stage(edition, transcript).play():
            for reply in turn.replies:
                for message in render(reply, "Choose one"):
                    shown = {
                        "channel": direct_of("U0001"),
                        "ts": "1.1",
                        "text": message.text,
                        "blocks": list(message.blocks),
                    }
                    for option, whole in zip(reply.options, labels(reply), strict=True):
                        label = whole[: budgets.BUTTON_LABEL]
                        if len(label) == budgets.BUTTON_LABEL:
                            continue
                        incoming = parse_incoming(press("U0001", shown, label), US)
                        assert isinstance(incoming, Said)
                        assert incoming.inbound.utterance == Choice(option.token)
                        found += 1
    assert found > 100, "are there buttons at all?"
