"""The schema, step by step, from the first release to today.

A released step never changes: databases out there have taken it. So tables are spelled out here,
and a test holds their sum against `bot/service/tables.py`. Each step and the record of it are one
transaction, so one that is interrupted is simply taken again.

For whoever writes the next step: foreign keys are on, and `transform()` of sqlite-utils refuses to
rebuild a table inside a transaction where deletions could cascade; our references never cascade.
"""

import sqlite3
from typing import Final

from sqlite_utils import Database, Migrations

from bot.errors import SchemaTooNew, StoreError
from bot.storage.broadcast_sql import BROADCASTS
from bot.storage.survey_sql import OPEN_SURVEYS
from bot.storage.table_sql import JOINING, LEARNING, PEOPLE, QUESTIONS, TURNS
from bot.storage.table_sql_map import WORKPLACE_MAP

STRICT_SINCE: Final = (3, 37)  # SQLite's first version with tables that check types
STEPS: Final = (
    "0001_tables",
    "0002_learning",
    "0003_runs",
    "0004_unreachable",
    "0005_jobs",
    "0006_flood",
    "0007_coach",
    "0008_workplace_map",
    "0009_open_surveys",
    "0010_chats",
    "0011_broadcasts",
)
MIGRATIONS: Final = Migrations("pathways")


def check_schema(connection: sqlite3.Connection, name: str) -> None:
    """Refuse a database that is not ours to write to. Changes nothing.

    Args:
        connection: Open, without a transaction.
        name: The file, for messages.

    Raises:
        SchemaTooNew: It has taken steps that this version does not know.
        StoreError: It belongs to another program.
    """
    database = _database(connection)
    applied = {step.name for step in MIGRATIONS.applied(database)}
    unknown = sorted(applied.difference(STEPS))
    if unknown:
        raise SchemaTooNew(
            f"{name} was made by a newer version of Pathways (step {unknown[0]}). "
            "Install that version, or use another database."
        )
    if not applied and set(database.table_names()) - {MIGRATIONS.migrations_table}:
        raise StoreError(f"{name} belongs to another program. Use another database.")


def migrate(connection: sqlite3.Connection) -> None:
    """Take all steps that the database has not taken yet.

    Args:
        connection: Open, without a transaction; nobody else writes.

    Raises:
        sqlite3.Error: A step failed and left nothing behind; those before it stand.
    """
    MIGRATIONS.apply(_database(connection))


def _database(connection: sqlite3.Connection) -> Database:
    return Database(connection, recursive_triggers=False, execute_plugins=False)


def _create(database: Database, *statements: str) -> None:
    is_strict = sqlite3.sqlite_version_info >= STRICT_SINCE
    for statement in statements:
        end = ""
        if is_strict and statement.startswith("CREATE TABLE"):
            end = ", STRICT" if statement.endswith("WITHOUT ROWID") else " STRICT"
        database.execute(statement + end)


@MIGRATIONS(name=STEPS[0])
def _tables(database: Database) -> None:
    _create(database, *PEOPLE, *JOINING, *TURNS, *LEARNING)


@MIGRATIONS(name=STEPS[1])
def _questions(database: Database) -> None:
    _create(database, *QUESTIONS)


@MIGRATIONS(name=STEPS[2])
def _runs(database: Database) -> None:
    _create(
        database,
        """CREATE TABLE flow_text (
            hash TEXT NOT NULL PRIMARY KEY,
            flow TEXT NOT NULL,
            text TEXT NOT NULL
        )""",
        """CREATE TABLE run (
            id TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL,
            person TEXT NOT NULL,
            flow TEXT NOT NULL,
            flow_hash TEXT NOT NULL,
            version TEXT NOT NULL,
            revision INTEGER NOT NULL,
            began_at INTEGER NOT NULL,
            changed_at INTEGER NOT NULL,
            submitted_at INTEGER
        )""",
        "CREATE INDEX run_person ON run (person)",
        "CREATE INDEX run_branch_flow ON run (branch, flow)",
        "CREATE INDEX run_changed_at ON run (changed_at)",
        """CREATE TABLE run_answer (
            run TEXT NOT NULL,
            revision INTEGER NOT NULL,
            key TEXT NOT NULL,
            branch TEXT NOT NULL,
            person TEXT NOT NULL,
            name TEXT NOT NULL,
            value TEXT,
            missing TEXT,
            low REAL,
            high REAL,
            is_about INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (run, revision, key)
        )""",
        "CREATE INDEX run_answer_person ON run_answer (person)",
        "CREATE INDEX run_answer_at ON run_answer (at)",
    )
    _surveys(database)


def _surveys(database: Database) -> None:
    """Tables whose rows lie in the order of their keys, so that a file does not say which came first."""
    returns = """CREATE TABLE {name} (
            id TEXT NOT NULL PRIMARY KEY,
            survey TEXT NOT NULL REFERENCES survey (id),
            branch TEXT NOT NULL,
            version TEXT NOT NULL,
            body TEXT NOT NULL
        ) WITHOUT ROWID"""
    _create(
        database,
        """CREATE TABLE survey (
            id TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL,
            flow TEXT NOT NULL,
            flow_hash TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            closed_at INTEGER
        )""",
        "CREATE INDEX survey_branch_flow_hash ON survey (branch, flow_hash)",
        """CREATE TABLE ticket (
            survey TEXT NOT NULL REFERENCES survey (id),
            mark TEXT NOT NULL,
            branch TEXT NOT NULL,
            PRIMARY KEY (survey, mark)
        ) WITHOUT ROWID""",
        returns.format(name="survey_pool"),
        "CREATE INDEX survey_pool_survey ON survey_pool (survey)",
        returns.format(name="survey_return"),
        "CREATE INDEX survey_return_survey ON survey_return (survey)",
        """CREATE TABLE release (
            survey TEXT NOT NULL PRIMARY KEY REFERENCES survey (id),
            branch TEXT NOT NULL,
            body TEXT NOT NULL,
            made_at INTEGER NOT NULL
        )""",
    )


@MIGRATIONS(name=STEPS[3])
def _unreachable(database: Database) -> None:
    _create(
        database,
        """CREATE TABLE unreachable (
            channel TEXT NOT NULL,
            address TEXT NOT NULL,
            branch TEXT NOT NULL REFERENCES branch (id),
            person TEXT,
            since_at INTEGER NOT NULL,
            PRIMARY KEY (channel, address)
        )""",
        "CREATE INDEX unreachable_person ON unreachable (person)",
        "CREATE INDEX unreachable_since_at ON unreachable (since_at)",
    )


@MIGRATIONS(name=STEPS[4])
def _jobs(database: Database) -> None:
    _create(
        database,
        """CREATE TABLE due_job (
            id TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL,
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            person TEXT,
            payload TEXT NOT NULL,
            status TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            lease_owner TEXT,
            lease_until INTEGER,
            error TEXT,
            made_at INTEGER NOT NULL,
            ended_at INTEGER
        )""",
        "CREATE INDEX due_job_status_due_at ON due_job (status, due_at)",
        "CREATE INDEX due_job_person ON due_job (person)",
        "CREATE INDEX due_job_ended_at ON due_job (ended_at)",
        """CREATE TABLE file (
            id TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL,
            person TEXT,
            name TEXT NOT NULL,
            media_type TEXT NOT NULL,
            content TEXT NOT NULL,
            made_at INTEGER NOT NULL
        )""",
        "CREATE INDEX file_person ON file (person)",
        "CREATE INDEX file_made_at ON file (made_at)",
    )


@MIGRATIONS(name="0006_flood")
def _flood(database: Database) -> None:
    _create(
        database,
        """CREATE TABLE flood (
            id TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL,
            person TEXT,
            empty_at INTEGER NOT NULL,
            unread INTEGER NOT NULL
        )""",
        "CREATE INDEX flood_person ON flood (person)",
        "CREATE INDEX flood_empty_at ON flood (empty_at)",
    )


@MIGRATIONS(name="0007_coach")
def _coach(database: Database) -> None:
    _create(
        database,
        "ALTER TABLE invite ADD COLUMN plan TEXT",
        """CREATE TABLE plan (
            id TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL REFERENCES branch (id),
            workplace TEXT NOT NULL,
            made_on TEXT NOT NULL,
            steps TEXT NOT NULL,
            answers TEXT NOT NULL,
            left_out TEXT NOT NULL,
            meetings TEXT NOT NULL,
            ended_at INTEGER
        )""",
        "CREATE INDEX plan_branch ON plan (branch)",
        "CREATE INDEX plan_ended_at ON plan (ended_at)",
        *_history("plan_event", "person TEXT", "what TEXT NOT NULL", "key TEXT NOT NULL"),
        *_history("clause_event", "person TEXT", "what TEXT NOT NULL", "key TEXT NOT NULL"),
        *_history("plan_sharing", "person TEXT", "maker TEXT", "what TEXT NOT NULL"),
        """CREATE TABLE coach_rhythm (
            plan TEXT NOT NULL REFERENCES plan (id),
            person TEXT NOT NULL,
            branch TEXT NOT NULL,
            rhythm TEXT,
            heard_at INTEGER NOT NULL,
            PRIMARY KEY (plan, person)
        )""",
        "CREATE INDEX coach_rhythm_person ON coach_rhythm (person)",
        """CREATE TABLE coach_sent (
            id TEXT NOT NULL PRIMARY KEY,
            plan TEXT NOT NULL REFERENCES plan (id),
            person TEXT NOT NULL,
            branch TEXT NOT NULL,
            kind TEXT NOT NULL,
            day TEXT NOT NULL,
            mentions TEXT NOT NULL,
            at INTEGER NOT NULL
        )""",
        "CREATE INDEX coach_sent_person_plan ON coach_sent (person, plan)",
        "CREATE INDEX coach_sent_at ON coach_sent (at)",
    )


def _history(name: str, *columns: str) -> tuple[str, ...]:
    """A table of what happened to a plan: numbered within it, each time with these columns."""
    own = "\n            ".join(f"{column}," for column in columns)
    return (
        f"""CREATE TABLE {name} (
            plan TEXT NOT NULL,
            seq INTEGER NOT NULL,
            branch TEXT NOT NULL,
            at INTEGER NOT NULL,
            {own}
            after TEXT,
            undoes INTEGER,
            ended_at INTEGER,
            PRIMARY KEY (plan, seq)
        )""",
        f"CREATE INDEX {name}_person ON {name} (person)",
        f"CREATE INDEX {name}_ended_at ON {name} (ended_at)",
    )


@MIGRATIONS(name="0008_workplace_map")
def _workplace_map(database: Database) -> None:
    _create(database, *WORKPLACE_MAP)


@MIGRATIONS(name="0009_open_surveys")
def _open_surveys(database: Database) -> None:
    _create(database, *OPEN_SURVEYS)


@MIGRATIONS(name="0010_chats")
def _chats(database: Database) -> None:
    """Codes that join two chats, and the room where what was said waits for its turn."""
    _create(
        database,
        """CREATE TABLE link_code (
            id TEXT NOT NULL PRIMARY KEY,
            code_hash TEXT NOT NULL UNIQUE,
            branch TEXT NOT NULL,
            person TEXT NOT NULL,
            expires_at INTEGER NOT NULL
        )""",
        "CREATE INDEX link_code_person ON link_code (person)",
        "CREATE INDEX link_code_expires_at ON link_code (expires_at)",
        """CREATE TABLE inbox (
            key TEXT NOT NULL PRIMARY KEY,
            branch TEXT NOT NULL,
            channel TEXT NOT NULL,
            account TEXT NOT NULL,
            person TEXT,
            seq INTEGER NOT NULL,
            body TEXT NOT NULL,
            at INTEGER NOT NULL
        )""",
        "CREATE INDEX inbox_channel_account_seq ON inbox (channel, account, seq)",
        "CREATE INDEX inbox_seq ON inbox (seq)",
        "CREATE INDEX inbox_person ON inbox (person)",
        "CREATE INDEX inbox_at ON inbox (at)",
    )


@MIGRATIONS(name="0011_broadcasts")
def _broadcasts(database: Database) -> None:
    _create(database, *BROADCASTS)
