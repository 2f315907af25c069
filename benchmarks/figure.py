"""One measured figure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How long a number of turns took; 0: not measured."""

    name: str
    turns: int
    seconds: float
    p99_ms: float = 0.0
    cpu_ms: float = 0.0

    @property
    def rate(self) -> float:
        """Turns a second."""
        return self.turns / self.seconds
