"""A plan is handed over with its history; nobody is owner twice; the forgotten leave no trace."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coach.changes import Changed, Done, change
from bot.coach.owners import MOST, Sharing, hand_over, join, lead, leave, owners
from bot.coach.rows import plan_from_rows, plan_rows
from bot.messages import PersonId
from tests.coach.plans import ANN, BEN, EVE, NOW, a_plan, act

LATER = NOW + timedelta(hours=1)


def with_people(count: int) -> Sharing:
    sharing: Sharing = ()
    for n in range(count):
        joined = join(sharing, PersonId(f"p{n:02}"), NOW + timedelta(minutes=n))
        assert joined is not None
        sharing = joined
    return sharing


def test_who_joins_first_leads() -> None:
    assert owners(with_people(3)) == ("p00", "p01", "p02")


def test_joining_twice_changes_nothing() -> None:
    sharing = with_people(2)
    assert join(sharing, PersonId("p01"), LATER) == sharing


def test_there_is_an_end_to_sharing() -> None:
    assert join(with_people(MOST), EVE, LATER) is None
    assert hand_over(with_people(MOST), EVE, LATER, PersonId("p00")) is None


def test_a_plan_is_handed_over_and_who_had_it_stays() -> None:
    sharing = hand_over(with_people(2), EVE, LATER, PersonId("p00"))
    assert sharing is not None
    assert owners(sharing) == (EVE, "p00", "p01")
    assert (sharing[-1].what, sharing[-1].by) == ("leads", "p00")
    assert hand_over(sharing, EVE, LATER, EVE) == sharing


def test_where_the_lead_leaves_the_next_takes_over_and_at_last_only_the_branch() -> None:
    sharing = leave(with_people(2), PersonId("p00"), LATER, PersonId("p00"))
    assert lead(sharing) == "p01"
    sharing = leave(sharing, PersonId("p01"), LATER, PersonId("p01"))
    assert lead(sharing) is None
    assert leave(sharing, EVE, LATER, EVE) == sharing


def test_the_new_rep_has_all_of_the_history() -> None:
    done = change(a_plan(), a_plan().items[0].id, Done(), act(ANN))
    assert isinstance(done, Changed)
    sharing = hand_over(done.plan.sharing, BEN, LATER, ANN)
    assert sharing is not None
    plan = replace(done.plan, sharing=leave(sharing, ANN, LATER, ANN))
    assert plan.lead == BEN
    assert plan.history[-1].by == ANN
    undone = change(plan, plan.items[1].id, Done(), act(BEN))
    assert isinstance(undone, Changed)


def test_a_row_whose_person_was_blanked_can_still_be_read() -> None:
    rows = plan_rows(a_plan())
    blank = [{**row, "person": None} for row in rows.events]
    assert plan_from_rows(rows.plan, blank, rows.sharing).items == a_plan().items


def test_a_person_whose_id_a_store_has_blanked_owns_nothing() -> None:
    rows = plan_rows(replace(a_plan(), sharing=with_people(3)))
    blank = [
        {**row, "person": None if row["person"] == "p00" else row["person"]}
        for row in rows.sharing
    ]
    assert plan_from_rows(rows.plan, rows.events, blank).owners == ("p01", "p02")


@given(
    st.lists(
        st.tuples(st.sampled_from(["join", "leave", "lead"]), st.sampled_from("abcd")),
        max_size=20,
    )
)
def test_there_is_one_lead_as_long_as_there_is_anybody(moves: list[tuple[str, str]]) -> None:
    sharing: Sharing = ()
    there: set[str] = set()
    for n, (what, name) in enumerate(moves):
        person, at = PersonId(name), NOW + timedelta(minutes=n)
        if what == "join":
            sharing = join(sharing, person, at) or sharing
            there.add(name)
        elif what == "leave":
            sharing = leave(sharing, person, at, person)
            there.discard(name)
        else:
            sharing = hand_over(sharing, person, at, person) or sharing
            there.add(name)
            assert lead(sharing) == person
        assert set(owners(sharing)) == there
        assert (lead(sharing) is None) == (not there)
