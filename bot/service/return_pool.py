"""Where anonymous returns lie, so that neither rows nor pages of the file say which came first.

A return waits in a pool, and moves on with others. Whatever a return joins is written anew, in the order of
ids of chance: SQLite puts a row that comes later below those of its page, so that one that was only added
would give away when it came. The pool grows with the root of what has moved on, so that writing all of it
anew costs each return about as much as that root.
"""

from math import isqrt
from typing import Final

from bot.service.ports import Row, Tx

BATCH: Final = 5  # returns that leave the pool together, at least


def put_in(tx: Tx, row: Row) -> None:
    """A return joins the pool of its survey; with enough of them they all move on."""
    survey = row["survey"]
    pool = [*tx.find("survey_pool", {"survey": survey}), row]
    enough = max(BATCH, isqrt(tx.count("survey_return", {"survey": survey})))
    tx.delete("survey_pool", {"survey": survey})
    if len(pool) < enough:
        tx.insert_all("survey_pool", _by_id(pool))
    else:
        _move_on(tx, str(survey), pool)


def empty(tx: Tx, survey: str) -> None:
    """All that waits in the pool of a survey moves on."""
    if pool := tx.find("survey_pool", {"survey": survey}):
        tx.delete("survey_pool", {"survey": survey})
        _move_on(tx, survey, pool)


def _move_on(tx: Tx, survey: str, pool: list[Row]) -> None:
    returns = [*tx.find("survey_return", {"survey": survey}), *pool]
    tx.delete("survey_return", {"survey": survey})
    tx.insert_all("survey_return", _by_id(returns))


def _by_id(returns: list[Row]) -> list[Row]:
    return sorted(returns, key=lambda each: str(each["id"]))
