"""The tables of the coach. What was done is kept, and how things stand is its replay.

A plan is the branch's: whoever is forgotten leaves it, and what they did stands there as nobody's.
`ended_at` is empty while a plan is in hand, and counts from the day it is put away.
"""

from typing import Final

from bot.service.table import INTEGER, TEXT, Personal, Table

PLAN = Table(
    name="plan",
    columns={
        "id": TEXT,
        "branch": TEXT,
        "workplace": TEXT,
        "made_on": TEXT,
        "steps": TEXT,
        "answers": TEXT,
        "left_out": TEXT,
        "meetings": TEXT,
        "ended_at": INTEGER,
    },
    key=("id",),
    optional=frozenset({"ended_at"}),
    indexes=(("branch",), ("ended_at",)),
    references={"branch": "branch"},
    kept=("plans", "ended_at"),
)
PLAN_EVENT = Table(  # what was done to its items
    name="plan_event",
    columns={
        "plan": TEXT,
        "seq": INTEGER,
        "branch": TEXT,
        "at": INTEGER,
        "person": TEXT,
        "what": TEXT,
        "key": TEXT,
        "after": TEXT,
        "undoes": INTEGER,
        "ended_at": INTEGER,
    },
    key=("plan", "seq"),
    optional=frozenset({"person", "after", "undoes", "ended_at"}),
    indexes=(("person",), ("ended_at",)),
    personal=Personal(
        column="person", on_forget="blank", shown_as="What you did in a workplace's plan"
    ),
    kept=("plans", "ended_at"),
)
CLAUSE_EVENT = Table(  # what was done to the clauses of its agreement
    name="clause_event",
    columns=dict(PLAN_EVENT.columns),
    key=("plan", "seq"),
    optional=PLAN_EVENT.optional,
    indexes=(("person",), ("ended_at",)),
    personal=Personal(
        column="person", on_forget="blank", shown_as="What you wrote down of an agreement"
    ),
    kept=("plans", "ended_at"),
)
PLAN_SHARING = Table(  # who came, went and took over; `maker` is who did it, often the same
    name="plan_sharing",
    columns={
        "plan": TEXT,
        "seq": INTEGER,
        "branch": TEXT,
        "at": INTEGER,
        "person": TEXT,
        "maker": TEXT,
        "what": TEXT,
        "after": TEXT,
        "undoes": INTEGER,
        "ended_at": INTEGER,
    },
    key=("plan", "seq"),
    optional=frozenset({"person", "maker", "after", "undoes", "ended_at"}),
    indexes=(("person",), ("ended_at",)),
    personal=Personal(
        column="person",
        on_forget="blank",
        shown_as="Plans you joined or left",
        also=("maker",),
    ),
    kept=("plans", "ended_at"),
)
COACH_RHYTHM = Table(  # one row for each plan a person shares; `rhythm` is empty without reminders
    name="coach_rhythm",
    columns={
        "plan": TEXT,
        "person": TEXT,
        "branch": TEXT,
        "rhythm": TEXT,
        "heard_at": INTEGER,
    },
    key=("plan", "person"),
    optional=frozenset({"rhythm"}),
    indexes=(("person",),),
    references={"plan": "plan"},
    personal=Personal(
        column="person", on_forget="delete", shown_as="Plans you share, and your reminder hours"
    ),
)
COACH_SENT = Table(  # what the coach wrote of its own accord, so that nothing is said twice
    name="coach_sent",
    columns={
        "id": TEXT,
        "plan": TEXT,
        "person": TEXT,
        "branch": TEXT,
        "kind": TEXT,
        "day": TEXT,
        "mentions": TEXT,
        "at": INTEGER,
    },
    key=("id",),
    indexes=(("person", "plan"), ("at",)),
    references={"plan": "plan"},
    personal=Personal(column="person", on_forget="delete", shown_as="Reminders you were sent"),
    kept=("coach-messages", "at"),
)
PLAN_TABLES: Final = (PLAN, PLAN_EVENT, CLAUSE_EVENT, PLAN_SHARING, COACH_RHYTHM, COACH_SENT)
