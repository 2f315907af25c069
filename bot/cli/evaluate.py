"""`pathways eval`: how well the FAQ answers a file of questions, by topic and by style."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.cli.ask import open_edition
from bot.errors import ContentError, Problem
from bot.faq.ranking import Part
from bot.knowledge.yaml_text import parse_yaml
from bot.messages import Outcome
from bot.service.library import Edition

VERDICTS: Final = ("right", "wrong", "offered", "misoffered", "declined")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what may answer it; `accept` empty: nothing may."""

    q: str
    accept: tuple[str, ...]
    outcome: str | None = None
    topic: str | None = None
    style: str | None = None


@dataclass(slots=True)
class Tally:
    """Verdicts counted; in scope and out of scope apart."""

    in_scope: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))
    out_of_scope: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERDICTS, 0))

    def add(self, question: Question, verdict: str) -> None:
        """Count one verdict."""
        (self.in_scope if question.accept else self.out_of_scope)[verdict] += 1


@dataclass(slots=True)
class Measured:
    """What became of a file of questions.

    Attributes:
        tallies: By kind (`all`, `topic`, `style`) and name.
        wrong: A line for every question that went wrong.
    """

    tallies: dict[str, dict[str, Tally]]
    wrong: list[str]

    def percent(self, verdict: str, *, in_scope: bool, topic: str | None = None) -> float:
        """How many percent of the questions came to a verdict; 0 where there are none.

        Args:
            verdict: One of the five.
            in_scope: Of those that have an answer, or of those that have none.
            topic: Of this topic only.
        """
        tally = self.tallies["topic"][topic] if topic else self.tallies["all"]["all"]
        counts = tally.in_scope if in_scope else tally.out_of_scope
        return 100 * counts[verdict] / (sum(counts.values()) or 1)


def measure(edition: Edition, questions: Iterable[Question]) -> Measured:
    """Ask questions and count what became of them."""
    kinds = ("all", "topic", "style")
    found = Measured({kind: defaultdict(Tally) for kind in kinds}, [])
    for question in questions:
        part = edition.read(question.q).first
        verdict = verdict_of(question, part)
        topic = question.topic or _topic(edition, question)
        for kind, name in zip(kinds, ("all", topic, question.style or "-"), strict=True):
            found.tallies[kind][name].add(question, verdict)
        if verdict in {"wrong", "misoffered"} or (question.accept and verdict == "declined"):
            accept = list(question.accept)
            line = f"{verdict:10} {question.q!r} -> {_taken(part)}; accept {accept}"
            found.wrong.append(line)
    return found


@click.command(name="eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--knowledge", type=click.Path(path_type=Path), help="A folder with its own faq.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--wrong", "show_wrong", is_flag=True, help="List every question that went wrong.")
@click.option("--fail-under", type=float, help="Fail if fewer percent are answered right.")
@click.option("--fail-over", type=float, help="Fail if more percent are answered wrong.")
def command(
    file: Path,
    *,
    knowledge: Path | None,
    as_json: bool,
    show_wrong: bool,
    fail_under: float | None,
    fail_over: float | None,
) -> int:
    """Measure FILE: lines of {"q": "...", "accept": ["id"]}, or a YAML list under `questions`."""
    questions = tuple(read_questions(file))
    edition = open_edition(knowledge)
    shown = Console(stderr=True)
    asked = track(questions, "Asking", console=shown, transient=True, disable=as_json)
    found = measure(edition, asked)
    if as_json:
        click.echo(json.dumps(_figures(found.tallies), ensure_ascii=False))
    else:
        _print(found.tallies)
    if show_wrong:
        click.echo("\n".join(found.wrong))
    return _status(found, fail_under, fail_over)


def read_questions(file: Path) -> Iterator[Question]:
    """Read questions from JSON lines, or from YAML.

    Raises:
        ContentError: A line is no question; the text says which.
    """
    for number, row in _rows(file):
        question = _question(row)
        if question is None:
            raise _no_question(file, number)
        yield question


def _rows(file: Path) -> Iterator[tuple[int, object]]:
    """What stands in the file, each with its line, or its place in a YAML list."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise _problem(file, 1, "The file is not UTF-8 text.", "Save it as UTF-8.") from None
    if file.suffix not in {".yaml", ".yml"}:
        lines = enumerate(text.split("\n"), 1)
        yield from ((n, _json(line, file, n)) for n, line in lines if line.strip())
        return
    document = parse_yaml(text, str(file))
    match document.value:
        case {"questions": list(rows)}:
            for place, row in enumerate(rows):
                yield document.line(("questions", place)), row
        case _:
            fix = "Write `questions:` and the questions below it."
            raise _problem(file, 1, "There is no list `questions` here.", fix)


def _question(row: object) -> Question | None:
    """The question that a row is, or None."""
    if not isinstance(row, dict) or not isinstance(row.get("q"), str):
        return None
    accept = row.get("accept") or []
    others = {name: row.get(name) for name in ("outcome", "topic", "style")}
    if not isinstance(accept, list) or not all(
        value is None or isinstance(value, str) for value in (*accept, *others.values())
    ):
        return None
    return Question(q=row["q"], accept=tuple(accept), **others)


def _json(line: str, file: Path, number: int) -> object:
    try:
        return json.loads(line)
    except ValueError:
        raise _no_question(file, number) from None


def _no_question(file: Path, number: int) -> ContentError:
    fix = 'Write {"q": "the question", "accept": ["an-entry"]}.'
    return _problem(file, number, "This is no question.", fix)


def _problem(file: Path, line: int, what: str, fix: str) -> ContentError:
    return ContentError((Problem(file=str(file), line=line, what=what, fix=fix),))


def verdict_of(question: Question, part: Part) -> str:
    """One of right, wrong, offered, misoffered, declined.

    Where nothing may answer, declining is right, a list is misoffered, and so is an outcome other
    than the one the question names.
    """
    accepted = frozenset(question.accept)
    match part.outcome:
        case Outcome.ANSWER:
            return "right" if part.offered[0] in accepted else "wrong"
        case Outcome.DISAMBIGUATE:
            return "offered" if accepted & frozenset(part.offered) else "misoffered"
        case _ if accepted:
            return "declined"
        case outcome:
            expected = question.outcome
            same = expected in {None, outcome.value} or (
                outcome is Outcome.DECLINE and expected != "signpost"
            )
            return "right" if same else "declined"


def _topic(edition: Edition, question: Question) -> str:
    first = question.accept[0] if question.accept else ""
    entry = {str(e): entry for e, entry in edition.content.entry_by_id.items()}.get(first)
    return entry.topic if entry else "-"


def _taken(part: Part) -> str:
    return f"{part.outcome.value} {', '.join(part.offered) or part.topic}"


def _figures(tallies: Mapping[str, Mapping[str, Tally]]) -> dict[str, object]:
    return {
        kind: {
            name: {"in_scope": tally.in_scope, "out_of_scope": tally.out_of_scope}
            for name, tally in sorted(named.items())
        }
        for kind, named in tallies.items()
    }


def _print(tallies: Mapping[str, Mapping[str, Tally]]) -> None:
    console = Console()
    for scope, title in (("in_scope", "With an answer"), ("out_of_scope", "Nothing may answer")):
        table = Table(title=f"{title}, in percent", title_justify="left", box=box.SIMPLE)
        table.add_column("")
        for heading in ("questions", *VERDICTS):
            table.add_column(heading, justify="right")
        for named in tallies.values():
            for name, tally in sorted(named.items()):
                counts: Mapping[str, int] = getattr(tally, scope)
                if any(counts.values()):
                    table.add_row(name, *_cells(counts))
            table.add_section()
        console.print(table)


def _cells(counts: Mapping[str, int]) -> list[str]:
    total = sum(counts.values())
    return [str(total), *(f"{100 * counts[verdict] / total:.1f}" for verdict in VERDICTS)]


def _status(found: Measured, fail_under: float | None, fail_over: float | None) -> int:
    right, wrong = (found.percent(verdict, in_scope=True) for verdict in ("right", "wrong"))
    failed = (fail_under is not None and right < fail_under) or (
        fail_over is not None and wrong > fail_over
    )
    return 1 if failed else 0
