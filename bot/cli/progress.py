"""Says how far long work is, to whoever waits for it: a slow start, or many rows."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import click

FEW: Final = 200  # texts; reading so many is over before anybody wonders


def show_progress(done: int, total: int) -> None:
    """Write how many of the FAQ's phrasings are read, over and over on one line of a terminal."""
    if total < FEW or not sys.stderr.isatty():
        return
    end = "\r\033[K" if done == total else "\r"
    said = f"Reading the FAQ with MiniLM, once: {100 * done // total} %"
    click.echo(f"\r{said}{end}", nl=False, err=True)


@contextmanager
def row_bar(label: str) -> Iterator[Callable[[int, int], None]]:
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
