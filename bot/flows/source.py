"""A flow file while it is read: its shape, the line of everything, and what was found wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import Problem
from bot.flows.shapes import FlowShape, PartShape
from bot.knowledge.yaml_text import Document, Path


@dataclass(frozen=True, slots=True)
class Placed:
    """A part and where it stands in the file."""

    path: Path
    shape: PartShape


@dataclass(slots=True)
class Source:
    """One file being read; problems are gathered as they are found."""

    file: str
    text: str
    document: Document
    shape: FlowShape
    problems: list[Problem] = field(default_factory=list)

    def parts(self) -> Iterator[Placed]:
        """Every part with its place, each before those inside it."""
        waiting = [Placed(("questions", n), one) for n, one in enumerate(self.shape.questions)]
        while waiting:
            placed = waiting.pop(0)
            yield placed
            inside = [
                Placed((*placed.path, "questions", n), one)
                for n, one in enumerate(placed.shape.questions)
            ]
            waiting = inside + waiting

    def line(self, path: Path) -> int:
        """The line a value begins on."""
        return self.document.line(path)

    def report(self, path: Path, what: str, fix: str) -> None:
        """Keep a problem with a value of this file."""
        problem = Problem(file=self.file, line=self.line(path), what=what, fix=fix)
        if problem not in self.problems:
            self.problems.append(problem)
