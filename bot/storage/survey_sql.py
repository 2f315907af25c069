"""The tables of surveys that reps open, as SQL. A released step never changes."""

from typing import Final

OPEN_SURVEYS: Final = (
    "ALTER TABLE run ADD COLUMN survey TEXT",
    "CREATE INDEX run_survey ON run (survey)",
    "ALTER TABLE survey ADD COLUMN code TEXT",
    "ALTER TABLE survey ADD COLUMN workplace TEXT",
    "ALTER TABLE survey ADD COLUMN opens_on TEXT",
    "ALTER TABLE survey ADD COLUMN closes_on TEXT",
    "ALTER TABLE survey ADD COLUMN person TEXT",
    "CREATE INDEX survey_code ON survey (code)",
    "CREATE INDEX survey_person ON survey (person)",
    "ALTER TABLE survey_pool ADD COLUMN entered TEXT",
    "ALTER TABLE survey_return ADD COLUMN entered TEXT",
    """CREATE TABLE survey_count (
        survey TEXT NOT NULL REFERENCES survey (id),
        question TEXT NOT NULL,
        what TEXT NOT NULL,
        branch TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (survey, question, what)
    ) WITHOUT ROWID""",
)
