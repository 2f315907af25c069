"""The part of `pathways check --deep` that asks: which entries collide, and the golden questions."""

from pathlib import Path
from typing import Final

import click

from bot.cli.evaluate import Measured, measure, read_questions
from bot.service.library import Edition

GOLDEN: Final = "golden.jsonl"
MOST_WRONG: Final = 5.0  # percent of the golden questions, and of those that nothing may answer
FEWEST_TO_JUDGE: Final = 20  # questions of a topic; of fewer one alone would be too much


def ask_it(edition: Edition, golden: Path | None) -> int:
    """List what collides and ask the golden questions.

    Args:
        edition: Content that was linted.
        golden: The questions; None where there are none.

    Returns:
        1 where too many golden questions are answered wrong, of all or of a topic, else 0.
    """
    _list_collisions(edition)
    if golden is None:
        return 0
    found = measure(edition, read_questions(golden))
    failed = [*_too_wrong(found)]
    for line in (*_by_topic(found), *failed):
        click.echo(line)
    return 1 if failed else 0


def _list_collisions(edition: Edition) -> None:
    listed = edition.reader.collisions()
    for collision in listed:
        one, other = collision.entries
        first, second = collision.phrasings
        click.echo(
            f"{collision.likeness:.2f}  {one} | {other}  {first!r} | {second!r}  "
            f"pairs: {collision.count}"
        )
    click.echo(f"{len(listed)} pairs of entries collide")


def _by_topic(found: Measured) -> list[str]:
    """A line for each topic: how many percent were right, offered, wrong, declined."""
    lines = []
    for topic, tally in sorted(found.tallies["topic"].items()):
        count = sum(tally.in_scope.values())
        if count:
            right, offered, wrong, declined = (
                found.percent(verdict, in_scope=True, topic=topic)
                for verdict in ("right", "offered", "wrong", "declined")
            )
            lines.append(
                f"{topic:24} {count:4} questions: right {right:3.0f} %, offered {offered:3.0f} %, "
                f"wrong {wrong:3.0f} %, declined {declined:3.0f} %"
            )
    return lines


def _too_wrong(found: Measured) -> list[str]:
    """A sentence for each share of wrong answers that is too large."""
    failed = []
    for topic, tally in sorted(found.tallies["topic"].items()):
        wrong = found.percent("wrong", in_scope=True, topic=topic)
        if sum(tally.in_scope.values()) >= FEWEST_TO_JUDGE and wrong > 2 * MOST_WRONG:
            failed.append(f"Too many wrong answers about {topic}: {wrong:.1f} %.")
    for in_scope, what in ((True, "golden questions"), (False, "questions that have no answer")):
        wrong = found.percent("wrong", in_scope=in_scope)
        if wrong > MOST_WRONG:
            failed.append(f"Too many wrong answers to {what}: {wrong:.1f} %.")
    return failed
