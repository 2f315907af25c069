"""The tables of guided flows: what named runs answered, and what anonymous ones leave.

No table of anonymous returns has a person, a time, or an order: see `surveys.py`.
"""

from typing import Final

from bot.service.table import INTEGER, REAL, TEXT, ColumnType, Personal, Table

# The flows that runs began on, to the letter: a run ends on the flow it began on.
FLOW_TEXT = Table(
    name="flow_text", columns={"hash": TEXT, "flow": TEXT, "text": TEXT}, key=("hash",)
)
RUN = Table(  # named runs only
    name="run",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "flow": TEXT,
        "flow_hash": TEXT,
        "version": TEXT,
        "revision": INTEGER,
        "began_at": INTEGER,
        "changed_at": INTEGER,
        "submitted_at": INTEGER,
        "survey": TEXT,
    },
    key=("id",),
    optional=frozenset({"submitted_at", "survey"}),
    indexes=(("person",), ("branch", "flow"), ("changed_at",), ("survey",)),
    personal=Personal(column="person", on_forget="delete", shown_as="What you filled in"),
    kept=("filled-in", "changed_at"),
)
RUN_ANSWER = Table(  # every revision; 0 is what was not handed in yet
    name="run_answer",
    columns={
        "run": TEXT,
        "revision": INTEGER,
        "key": TEXT,
        "branch": TEXT,
        "person": TEXT,
        "name": TEXT,
        "value": TEXT,
        "missing": TEXT,
        "low": REAL,
        "high": REAL,
        "is_about": INTEGER,
        "at": INTEGER,
    },
    key=("run", "revision", "key"),
    optional=frozenset({"value", "missing", "low", "high"}),
    indexes=(("person",), ("at",)),
    personal=Personal(column="person", on_forget="delete", shown_as="Your answers"),
    kept=("filled-in", "at"),
)
# One round of a flow in a branch. One that a rep opened has a code for its link, a workplace, and days.
SURVEY = Table(
    name="survey",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "flow": TEXT,
        "flow_hash": TEXT,
        "opened_at": INTEGER,
        "closed_at": INTEGER,
        "code": TEXT,
        "workplace": TEXT,
        "opens_on": TEXT,
        "closes_on": TEXT,
        "person": TEXT,
    },
    key=("id",),
    optional=frozenset({"closed_at", "code", "workplace", "opens_on", "closes_on", "person"}),
    indexes=(("branch", "flow_hash"), ("code",), ("person",)),
    personal=Personal(column="person", on_forget="blank", shown_as="Surveys you opened"),
)
SURVEY_COUNT = Table(  # how many got how far in a survey: sums, of nobody
    name="survey_count",
    columns={
        "survey": TEXT,
        "question": TEXT,
        "what": TEXT,
        "branch": TEXT,
        "count": INTEGER,
    },
    key=("survey", "question", "what"),
    references={"survey": "survey"},
    is_shuffled=True,
    kept_with=("survey-returns", "survey"),
)
TICKET = Table(  # that somebody took part: a keyed hash, gone when the survey closes
    name="ticket",
    columns={"survey": TEXT, "mark": TEXT, "branch": TEXT},
    key=("survey", "mark"),
    references={"survey": "survey"},
    is_shuffled=True,
)
_RETURN: Final[dict[str, ColumnType]] = {
    "id": TEXT,
    "survey": TEXT,
    "branch": TEXT,
    "version": TEXT,
    "body": TEXT,
    "entered": TEXT,  # `paper` where a rep typed in a slip; empty where people answered themselves
}
_THEMSELVES: Final = frozenset({"entered"})
SURVEY_POOL = Table(  # returns that wait for others, so that they move on together
    name="survey_pool",
    columns=_RETURN,
    key=("id",),
    optional=_THEMSELVES,
    indexes=(("survey",),),
    references={"survey": "survey"},
    is_shuffled=True,
)
SURVEY_RETURN = Table(
    name="survey_return",
    columns=_RETURN,
    key=("id",),
    optional=_THEMSELVES,
    indexes=(("survey",),),
    references={"survey": "survey"},
    is_shuffled=True,
    kept_with=("survey-returns", "survey"),
)
RELEASE = Table(  # what may be published of a closed survey, made once
    name="release",
    columns={"survey": TEXT, "branch": TEXT, "body": TEXT, "made_at": INTEGER},
    key=("survey",),
    references={"survey": "survey"},
)
RUN_TABLES: Final = (
    FLOW_TEXT,
    RUN,
    RUN_ANSWER,
    SURVEY,
    TICKET,
    SURVEY_POOL,
    SURVEY_RETURN,
    SURVEY_COUNT,
    RELEASE,
)
