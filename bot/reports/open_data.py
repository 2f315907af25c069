"""A release as a SQLite file for Datasette and the like: tables of numbers, and nobody's row (K4)."""

import sqlite3
from collections.abc import Iterator

from bot.reports.labels import Labels, seen
from bot.results.published import Release, Withheld, percent

SCHEMA = """
CREATE TABLE survey (title TEXT, version TEXT, closed_on TEXT, returns INTEGER, least_shown INTEGER);
CREATE TABLE question (
    name TEXT PRIMARY KEY, position INTEGER, label TEXT, kind TEXT, purpose TEXT, least_shown INTEGER,
    asked INTEGER, base INTEGER, withheld TEXT
);
CREATE TABLE result (
    question TEXT REFERENCES question (name), position INTEGER, codes TEXT, answer TEXT, count INTEGER,
    percent INTEGER, PRIMARY KEY (question, position)
);
CREATE TABLE crossing (
    row_question TEXT REFERENCES question (name), column_question TEXT REFERENCES question (name),
    row_answer TEXT, column_answer TEXT, count INTEGER, row_total INTEGER
);
"""
Record = tuple[str | int | None, ...]


def sqlite_bytes(release: Release, labels: Labels) -> bytes:
    """The release as a database file, in the journal mode that a read-only folder can open."""
    database = sqlite3.connect(":memory:")
    try:
        database.executescript(SCHEMA)
        book = release.codebook
        about = (seen(book.title), book.version, release.closed_on.isoformat())
        database.execute(
            "INSERT INTO survey VALUES (?, ?, ?, ?, ?)",
            (*about, release.returns, release.threshold),
        )
        database.executemany(
            "INSERT INTO question VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _questions(release, labels)
        )
        database.executemany(
            "INSERT INTO result VALUES (?, ?, ?, ?, ?, ?)", _results(release, labels)
        )
        database.executemany(
            "INSERT INTO crossing VALUES (?, ?, ?, ?, ?, ?)", _crossings(release, labels)
        )
        database.commit()
        database.execute("VACUUM")
        return database.serialize()
    finally:
        database.close()


def _questions(release: Release, labels: Labels) -> Iterator[Record]:
    for place, table in enumerate(release.tables):
        question = release.codebook.question(table.name)
        yield (
            table.name,
            place,
            labels.question(question),
            question.kind.value,
            seen(question.purpose),
            table.threshold,
            table.total,
            table.base if table.slices else None,
            table.withheld.value,
        )


def _results(release: Release, labels: Labels) -> Iterator[Record]:
    for table in release.tables:
        question = release.codebook.question(table.name)
        for place, part in enumerate(table.slices):
            share = percent(part.count, table.base) if table.base and not part.is_missing else None
            answer = labels.group(question, part.codes)
            yield table.name, place, " ".join(part.codes), answer, part.count, share


def _crossings(release: Release, labels: Labels) -> Iterator[Record]:
    for cross in release.crossings:
        if cross.withheld is not Withheld.NO:
            continue
        rows, columns = (release.codebook.question(name) for name in (cross.rows, cross.columns))
        for group, total, counts in zip(
            cross.row_groups, cross.row_totals, cross.counts, strict=True
        ):
            for column, count in zip(cross.column_groups, counts, strict=True):
                names = labels.group(rows, group), labels.group(columns, column)
                yield cross.rows, cross.columns, *names, count, total
