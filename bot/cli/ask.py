"""`pathways ask`: one outcome per question, each line answered as it comes."""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from bot.channels.light_markdown import to_plain
from bot.cli.progress import show_progress
from bot.engine.once import answer_once
from bot.faq.ranking import Part, Ranking
from bot.messages import TEXT_LIMIT, Outcome
from bot.service.clock import SystemClock
from bot.service.library import Edition
from bot.settings import load_settings
from bot.wiring import load_edition

_LINE_END: Final = re.compile("[\x85\u2028\u2029]")  # ends a line for some readers of JSON lines


@click.command(name="ask")
@click.argument("question", nargs=-1)
@click.option(
    "--stdin", "from_stdin", is_flag=True, help="Read one question per line from standard input."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per question.")
@click.option("--why", is_flag=True, help="Say what decided.")
@click.option(
    "--knowledge",
    type=click.Path(path_type=Path),
    help="A folder with its own faq.yaml; only the files in it count.",
)
def command(
    question: tuple[str, ...],
    *,
    from_stdin: bool,
    as_json: bool,
    why: bool,
    knowledge: Path | None,
) -> None:
    """Answer questions. Several words are one question."""
    if not question and not from_stdin:
        raise click.UsageError("Type a question, or use --stdin to read them from standard input.")
    edition = open_edition(knowledge)
    lines = _lines() if from_stdin else iter([" ".join(question)])
    now = SystemClock().now()
    for line in lines:
        print_outcome(edition, line, now, as_json=as_json, why=why)


def open_edition(knowledge: Path | None) -> Edition:
    """The content of a folder on its own, or what the settings name."""
    settings = load_settings()
    return load_edition(
        knowledge or settings.knowledge,
        complete=knowledge is None,
        cache=settings.cache,
        vectors=settings.vector_choice,
        progress=show_progress,
    )


def _lines() -> Iterator[str]:
    """Lines of standard input as they come; bytes that are no UTF-8 become replacement marks."""
    source: Iterable[bytes] = iter(sys.stdin.buffer.readline, b"")
    for line in source:
        yield line.decode("utf-8", errors="replace").rstrip("\r\n")


def print_outcome(edition: Edition, line: str, now: datetime, *, as_json: bool, why: bool) -> None:
    """Rank, answer and print one question, flushed."""
    ranking = edition.read(line[:TEXT_LIMIT])
    if as_json:
        found = outcome_of(edition, line, ranking, now)
        if why:
            found["why"] = _why(ranking.first)
        text = _LINE_END.sub(_escape, json.dumps(found, ensure_ascii=False))
    else:
        text = _readable(edition, ranking, now, why=why)
    click.echo(text.encode("utf-8", errors="replace"))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def outcome_of(edition: Edition, line: str, ranking: Ranking, now: datetime) -> dict[str, Any]:
    """The object of one line: what was asked, the outcome, the candidates, and the text."""
    found = {"question": line, **_part(ranking.first), "text": _text(edition, ranking, now)}
    if len(ranking.parts) > 1:
        found["parts"] = [{"question": part.words, **_part(part)} for part in ranking.parts]
    return found


def _part(part: Part) -> dict[str, Any]:
    answered = part.outcome is Outcome.ANSWER
    return {
        "outcome": part.outcome.value,
        "entry": part.offered[0] if answered else None,
        "confidence": round(part.ranked[0].confidence, 4) if part.ranked else 0.0,
        "candidates": [
            {"entry": ranked.entry, "confidence": round(ranked.confidence, 4)}
            for ranked in part.ranked
        ],
    }


def _text(edition: Edition, ranking: Ranking, now: datetime) -> str:
    replies = answer_once(ranking, edition.content, now)
    return "\n\n".join(to_plain(reply.text) for reply in replies)


def _readable(edition: Edition, ranking: Ranking, now: datetime, *, why: bool) -> str:
    blocks: list[str] = []
    for reply in answer_once(ranking, edition.content, now):
        blocks.append(to_plain(reply.text))
        if ranking.first.outcome is Outcome.DISAMBIGUATE:
            numbers = range(reply.first_number, reply.first_number + len(reply.options))
            pairs = zip(numbers, reply.options, strict=True)
            blocks.append("\n".join(f"  {number}. {option.label}" for number, option in pairs))
    if why:
        blocks.append("\n".join(f"{name}: {value}" for name, value in _why(ranking.first).items()))
    return "\n\n".join(blocks) + "\n"


def _why(part: Part) -> dict[str, str]:
    why = part.explanation
    ranked = ", ".join(f"{one.entry} {one.confidence:.2f}" for one in part.ranked[:3])
    return {
        "outcome": part.outcome.value,
        "best": ranked,
        "margin": f"{why.margin:.2f}",
        "words repaired": ", ".join(why.repaired) or "none",
        "features": ", ".join(why.features) or "none",
        "nearest phrasing": why.nearest or "none",
    }
