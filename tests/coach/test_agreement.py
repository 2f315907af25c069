"""The agreement: each clause with its standing, day and note; talks go back as well as forward."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach.agreement import (
    NOTE_LIMIT,
    Agreement,
    ClauseRefusal,
    NotWritten,
    Saying,
    Standing,
    begin_agreement,
    position,
    set_standing,
    set_wanted,
    undo_clause,
)
from bot.coach.facts import Facts
from bot.coach.history import NothingToUndo, Overtaken, version_of
from bot.coach.rows import agreement_from_rows, clause_row
from bot.coach.voice_messages import position_text
from bot.messages import BranchId, PersonId
from tests.coach.plans import ANN, BEN, MAPPED, NOW, TODAY, a_plan, content, voice

BRANCH = BranchId("branch-1")


def begun(facts: Facts | None = None) -> Agreement:
    empty = Agreement(branch=BRANCH, workplace="North site")
    return begin_agreement(content(), facts or Facts(), empty, ANN, NOW)


def saying(
    by: PersonId = ANN, on: date = TODAY, note: str | None = None, seen: int | None = None
) -> Saying:
    return Saying(by=by, at=NOW, today=TODAY, on=on, note=note, seen=seen)


def written(found: object) -> Agreement:
    assert isinstance(found, Agreement), found
    return found


def test_it_begins_with_seven_clauses_that_nobody_has_raised() -> None:
    clauses = begun().clauses
    assert [one.clause for one in clauses] == [one.id for one in content().clauses]
    assert len(clauses) == 7
    assert {one.standing for one in clauses} == {Standing.NOT_RAISED}
    assert all(one.wanted for one in clauses)


def test_a_clause_that_does_not_fit_the_workplace_is_not_asked_for() -> None:
    wanted = {one.clause: one.wanted for one in begun(MAPPED).clauses}
    assert not wanted["apprentices"]
    assert wanted["fees"]


def test_beginning_twice_forgets_nothing() -> None:
    raised = written(set_standing(begun(), "fees", Standing.RAISED, saying()))
    assert begin_agreement(content(), Facts(), raised, ANN, NOW) == raised


def test_each_standing_has_its_day_and_note() -> None:
    on = TODAY - timedelta(days=20)
    found = written(
        set_standing(begun(), "fees", Standing.IN_TALKS, saying(on=on, note=" Half,  perhaps "))
    )
    clause = found.clause("fees")
    assert clause
    assert (clause.standing, clause.since, clause.note) == (
        Standing.IN_TALKS,
        on,
        "Half, perhaps",
    )
    noted = written(set_standing(found, "fees", Standing.IN_TALKS, saying(note="A third")))
    again = noted.clause("fees")
    assert again
    assert (again.since, again.note) == (on, "A third"), "a new note is no new standing"


@pytest.mark.parametrize(
    ("clause", "on", "note", "why"),
    [
        ("nothing", TODAY, None, ClauseRefusal.UNKNOWN),
        ("fees", TODAY + timedelta(days=1), None, ClauseRefusal.FUTURE),
        ("fees", TODAY, "x" * (NOTE_LIMIT + 1), ClauseRefusal.TOO_LONG),
    ],
)
def test_what_cannot_be_is_not_written(
    clause: str, on: date, note: str | None, why: ClauseRefusal
) -> None:
    found = set_standing(begun(), clause, Standing.AGREED, saying(on=on, note=note))
    assert found == NotWritten(why)


def test_two_reps_at_one_clause_are_told_of_each_other() -> None:
    agreement = begun()
    seen = agreement.history[1].seq
    assert agreement.history[1].key == "fees"
    agreement = written(set_standing(agreement, "fees", Standing.RAISED, saying(BEN, seen=seen)))
    found = set_standing(agreement, "fees", Standing.REFUSED, saying(ANN, seen=seen))
    assert isinstance(found, Overtaken)
    assert found.event.by == BEN


def test_a_clause_can_be_put_aside_and_taken_back() -> None:
    aside = written(set_wanted(begun(), "fees", saying(), wanted=False))
    assert position(aside, TODAY).lines[-1].clause == "fees"
    assert written(undo_clause(aside, ANN, NOW)).clauses == begun().clauses
    assert isinstance(undo_clause(aside, BEN, NOW), NothingToUndo)
    assert isinstance(undo_clause(aside, ANN, NOW + timedelta(hours=25)), NothingToUndo)
    assert set_wanted(begun(), "x", saying(), wanted=True) == NotWritten(ClauseRefusal.UNKNOWN)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([one.id for one in content().clauses]),
            st.sampled_from(Standing),
            st.booleans(),
        ),
        max_size=15,
    )
)
def test_the_page_counts_every_clause_once_and_rows_lose_nothing(
    moves: list[tuple[str, Standing, bool]],
) -> None:
    agreement = begun()
    for clause, standing, wanted in moves:
        agreement = written(set_standing(agreement, clause, standing, saying()))
        agreement = written(set_wanted(agreement, clause, saying(), wanted=wanted))
    page = position(agreement, TODAY)
    assert sum(page.counts.values()) == sum(line.wanted for line in page.lines)
    assert {line.clause for line in page.lines} == {one.clause for one in agreement.clauses}
    rows = [clause_row(a_plan(), event) for event in agreement.history]
    assert agreement_from_rows(BRANCH, "North site", rows[::-1]) == agreement


def test_the_page_says_how_it_stands() -> None:
    agreement = written(set_standing(begun(MAPPED), "fees", Standing.AGREED, saying(note="*x*")))
    text = position_text(voice(), position(agreement, TODAY))
    assert "Clauses we want: 6. Agreed: 1. In talks: 0." in text
    assert "**A share of the fees**: agreed since Monday 23 November. \\*x\\*" in text
    assert text.endswith("**An approved apprenticeship scheme**: not raised")


def test_a_note_of_a_clause_is_in_the_way_of_no_more_than_another_note() -> None:
    first = begun()
    seen = version_of(first.history, "fees")
    raised = written(set_standing(first, "fees", Standing.RAISED, saying(BEN)))
    late = saying(note="They will think about it.", seen=seen)
    noted = written(set_standing(raised, "fees", Standing.RAISED, late))
    clause = noted.clause("fees")
    assert clause
    assert (clause.standing, clause.note) == (Standing.RAISED, "They will think about it.")
    other = saying(BEN, note="They want figures.", seen=seen)
    assert isinstance(set_standing(noted, "fees", Standing.RAISED, other), Overtaken)
    assert isinstance(set_standing(noted, "fees", Standing.AGREED, late), Overtaken)
