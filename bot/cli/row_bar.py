"""A bar on standard error for work on many rows; nothing where that is no terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click


@contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that begins when the first rows are done.

    Args:
        label: What is being done.

    Yields:
        What is told how many rows were done just now, and how many there are in all.
    """
    bars: list[Any] = []
    with ExitStack() as end:

        def tell(rows: int, whole: int) -> None:
            if not bars:
                bar = click.progressbar(length=whole, label=label, file=sys.stderr)
                bars.append(end.enter_context(bar))
            bars[0].update(rows)

        yield tell
