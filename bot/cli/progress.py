"""Says how far long work is, to whoever waits for it: a slow start, or many rows."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

FEW: Final = 200  # texts; reading so many is over before anybody wonders


def show_progress(done: int, total: int) -> None:
    """Write how many of the FAQ's phrasings are read, where there are many."""
    if total >= FEW:
        _show("Reading the FAQ with MiniLM, once", done, total)


@contextmanager
def row_progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """Write how many rows are done; the line goes away at the end, however that comes.

    Args:
        label: What is being done.

    Yields:
        What is told how many rows were done just now, and how many there are in all.
    """
    done = 0

    def tell(rows: int, whole: int) -> None:
        nonlocal done
        done += rows
        _show(label, min(done, whole), whole)

    try:
        yield tell
    finally:
        if done:
            _show(label, 1, 1)


def _show(label: str, done: int, total: int) -> None:
    """Write how far it is, over and over on one line of a terminal, and nowhere else."""
    if not sys.stderr.isatty():
        return
    end = "\r\033[K" if done >= total else "\r"
    click.echo(f"\r{label}: {100 * done // max(total, 1)} %{end}", nl=False, err=True)
