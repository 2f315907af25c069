from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given

from bot.cli.transcript import ABOUT, HIDDEN, TranscriptWriter, parse_transcript
from bot.errors import ContentError, Refused
from bot.messages import (
    Choice,
    Command,
    Edited,
    Option,
    Reply,
    Role,
    Text,
    Token,
    Unreadable,
    Utterance,
)
from tests.channels.hostile import texts
from tests.cli.rooms import Room

KNOWN = frozenset({"how", "much", "engtech", "my"})


def write(
    path: Path,
    *turns: tuple[Utterance, Sequence[Reply]],
    header: Mapping[str, str | Sequence[str] | None] | None = None,
) -> str:
    writer = TranscriptWriter(path, header or {}, KNOWN)
    for utterance, replies in turns:
        writer.add(utterance, replies, "Yes" if isinstance(utterance, Choice) else None)
    writer.close()
    return path.read_text(encoding="utf-8")


def asking(*labels: str) -> Reply:
    return Reply(text="**Well?**\n\nMore.", options=tuple(Option(Token(x), x) for x in labels))


def test_a_conversation_is_written_as_it_can_be_played(tmp_path: Path) -> None:
    text = write(
        tmp_path / "new.yaml",
        (Text("how much?"), [asking("Yes", "No, thanks"), Reply(text="- One: two")]),
        (Choice(Token("t")), [Reply(text="Done.")]),
        header={"role": ["editor"], "place": None, "now": "2026-11-21T12:00:00+00:00"},
    )
    assert text == (
        f"about: {ABOUT}\n"
        "role: [editor]\n"
        "now: '2026-11-21T12:00:00+00:00'\n"
        "turns:\n"
        "  - user: how much?\n"
        "    bot: ['Well?', '- One: two']\n"
        "    options: ['Yes', 'No, thanks']\n"
        "  - press: 'Yes'\n"
        "    bot: [Done.]\n"
    )
    transcript = parse_transcript(text, "new.yaml")
    assert transcript.role == (Role.EDITOR,)
    assert [turn.options for turn in transcript.turns] == [("Yes", "No, thanks"), ()]


@pytest.mark.parametrize(
    ("utterance", "line"),
    [
        (Text("my manager Jane, 07700 900123"), "user: my manager [name], [number]"),
        (Text(""), "user: ''"),
        (Text("2"), "user: '2'"),
        (Text("a\nb: c"), "user: 'a b: c'"),
        (Command("audience", "rep"), "user: /audience rep"),
        (Command("help"), "user: /help"),
        (Command("join", "abcdefghij"), f"user: /join {HIDDEN}"),
        (Command("start", "abcdefghij"), f"user: /start {HIDDEN}"),
        (Command("start"), "user: /start"),
        (Edited("my email is a@b.example"), "edited: my email is [email]"),
        (Unreadable("photo"), "unreadable: photo"),
    ],
)
def test_what_a_person_did_is_scrubbed(utterance: Utterance, line: str, tmp_path: Path) -> None:
    assert f"  - {line}\n" in write(tmp_path / "new.yaml", (utterance, [Reply(text="Ok.")]))


def test_what_is_said_about_a_person_is_scrubbed_too(tmp_path: Path) -> None:
    said = [Reply(text="You are a@b.example.", personal=True), Reply(text="Ask c@d.example.")]
    text = write(tmp_path / "new.yaml", (Text("how much"), said))
    assert "bot: ['You are [email].', Ask c@d.example.]" in text


def test_every_line_is_on_disk_before_the_talk_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    writer = TranscriptWriter(path, {}, KNOWN)
    writer.add(Text("how much"), [Reply(text="Much.")])
    assert parse_transcript(path.read_text(encoding="utf-8"), "new.yaml").turns[0].bot == (
        "Much.",
    )
    writer.close()


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    write(tmp_path / "new.yaml", (Text("how much"), [Reply(text="Much.")]))
    assert (tmp_path / "new.yaml").stat().st_mode & 0o777 == 0o600


def test_a_conversation_without_a_turn_leaves_no_file(tmp_path: Path) -> None:
    TranscriptWriter(tmp_path / "new.yaml", {}, KNOWN).close()
    assert not (tmp_path / "new.yaml").exists()


def test_a_file_that_exists_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "old.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="already"):
        TranscriptWriter(path, {}, KNOWN)
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        TranscriptWriter(tmp_path / "missing" / "new.yaml", {}, KNOWN)


@given(texts, texts, texts)
def test_whatever_is_said_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, typed: str, said: str, label: str
) -> None:
    path = tmp_path_factory.mktemp("t") / "new.yaml"
    reply = Reply(text=said, options=(Option(Token("t"), f"a {label}"),))
    turn = parse_transcript(write(path, (Text(typed), [reply])), "new.yaml").turns[0]
    assert turn.user is not None
    assert len(turn.options) == 1
    assert len(turn.bot) <= 1


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("about: a\n", 1, "`turns` is missing"),
        ("about: a\nturns: []\n", 1, "`turns` is empty"),
        ("about: a\nturns:\n  - user: b\n    bots: c\n", 4, "`bots` is not a key"),
        ("about: a\nturns:\n  - bot: b\n", 3, "begins a turn"),
        ("about: a\nturns:\n  - user: b\n    press: c\n", 3, "begins a turn"),
        ("about: a\nrole: king\nturns:\n  - user: b\n", 2, "`role`"),
    ],
)
def test_a_mistake_in_a_transcript_is_told_with_its_line(text: str, line: int, what: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_transcript(text, "new.yaml")
    problem = caught.value.problems[0]
    assert (problem.file, problem.line) == ("new.yaml", line)
    assert what in problem.what


def test_one_text_is_a_list_of_one_and_not_is_read() -> None:
    text = "about: a\nrole: rep\nturns:\n  - user: b\n    bot: c\n    not: d\n"
    transcript = parse_transcript(text, "new.yaml")
    assert transcript.role == (Role.REP,)
    assert transcript.turns[0].bot == ("c",)
    assert transcript.turns[0].without == ("d",)


def test_a_talk_writes_its_transcript(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    writer = TranscriptWriter(path, {}, KNOWN)
    room = Room(transcript=writer)
    room.open(welcome=True)
    room.type("How much does registration cost?", "/press 2", "/press 9")
    writer.close()
    turns = parse_transcript(path.read_text(encoding="utf-8"), "new.yaml").turns
    assert [turn.user or turn.press for turn in turns] == [
        "/start",
        "How much does registration cost?",
        "Will my employer pay the fee?",
        "?",
    ]
    assert turns[1].bot == ("How much does registration cost?",)
    assert "Not helpful" in turns[1].options
