"""What the coach says: complete, plain, and nothing that people wrote can do anything in it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.coach.agreement import ClauseRefusal
from bot.coach.changes import Block, Change, Changed, Done, Drop, MoveTo, PutOff, Refusal, change
from bot.coach.digest import make_digest
from bot.coach.facts import Facts
from bot.coach.history import Overtaken
from bot.coach.next_step import Readiness, next_item
from bot.coach.plan import Item, ItemId, Plan, Status, Why
from bot.coach.voice_messages import refusal_text
from bot.knowledge.action_plan import ActionPlan
from bot.knowledge.action_plan import Block as ContentBlock
from bot.messages import plain
from tests.coach.plans import ANN, BEN, NOW, TODAY, a_plan, act, content, shared, voice


def changed(plan: Plan, item_id: str, wanted: Change) -> Plan:
    outcome = change(plan, ItemId(item_id), wanted, act())
    assert isinstance(outcome, Changed), outcome
    return outcome.plan


def all_changed(plan: Plan, wanted: Change) -> Plan:
    for item in plan.items:
        plan = changed(plan, item.id, wanted)
    return plan


def test_the_card_has_all_that_is_needed_to_begin() -> None:
    card = voice().card(a_plan(), TODAY)
    assert card.startswith("**Next: Team up with other reps and your negotiators**")
    assert "You are on your own so far" in card
    assert "**Begin with this** (about 5 minutes): Message one other rep" in card
    assert card.endswith("Due on Friday 27 November.")


def test_what_waits_for_others_is_not_next() -> None:
    plan = changed(a_plan(), "team-up", PutOff(TODAY + timedelta(days=90)))
    plan = changed(plan, "pick-clauses", MoveTo(TODAY))
    assert plan.items[0].id == "pick-clauses"
    found = next_item(plan, TODAY)
    assert found
    assert (found.item.id, found.readiness) != ("pick-clauses", Readiness.READY)


@pytest.mark.parametrize(
    ("wanted", "readiness", "said"),
    [
        (Block("no-time"), Readiness.STUCK, "In the way: I have no time."),
        (PutOff(TODAY + timedelta(days=3)), Readiness.ASLEEP, "Put off until Thursday 26"),
    ],
)
def test_where_nothing_can_be_done_the_card_says_what_could(
    wanted: Change, readiness: Readiness, said: str
) -> None:
    plan = all_changed(a_plan(), wanted)
    found = next_item(plan, TODAY)
    assert found
    assert found.readiness is readiness
    assert said in voice().card(plan, TODAY)


def test_at_the_end_the_card_says_so_honestly() -> None:
    plan = changed(a_plan(), "team-up", Drop())
    count = len(plan.items)
    for item in plan.items:
        if item.status is Status.OPEN:
            plan = changed(plan, item.id, Done())
    assert next_item(plan, TODAY) is None
    assert f"Done: {count - 1}. Not for you: 1." in voice().card(plan, TODAY)


def test_progress_counts_nothing_as_done_that_is_not() -> None:
    plan = changed(changed(a_plan(), "team-up", Drop()), "training-plan", Block("no-time"))
    said = voice().progress(plan)
    assert "**Raise it through the right channels**: 0 of 6 done, 1 stuck, 1 not for us" in said


def test_an_own_item_and_a_note_are_shown_as_written_and_do_nothing() -> None:
    own = Item(id=ItemId("o"), step="find", title="**Ring** [x](http://y)", place=0, note="a_b*")
    assert voice().title(own) == plain(own.title) != own.title


def test_an_action_that_editors_took_out_does_not_stop_the_card() -> None:
    plan = a_plan()
    without = ActionPlan.model_validate({**content().model_dump(), "actions": []})
    emptied = replace(voice(), content=without)
    assert "team-up" in emptied.card(plan, TODAY)
    assert emptied.why("team-up", Why("gone")) == ""


def test_a_rule_that_editors_took_out_falls_back_to_why_the_action_matters() -> None:
    why = voice().why("team-up", Why("gone"))
    assert why == content().action_by_id["team-up"].why.en


@pytest.mark.parametrize("item", a_plan(Facts()).items, ids=lambda item: item.id)
def test_every_item_has_buttons_for_all_that_can_be_done(item: Item) -> None:
    acts = [button.act for button in voice().buttons(item)]
    assert acts == ["done", "later", "move", "blocked", "drop"]


@pytest.mark.parametrize("block", content().blocks, ids=lambda block: block.id)
def test_help_is_there_for_whatever_blocks(block: ContentBlock) -> None:
    said = voice().block_help(block.id)
    assert len(said) > 60
    assert "{" not in said


@pytest.mark.parametrize("why", [*Refusal, *ClauseRefusal])
def test_every_refusal_has_its_sentence(why: Refusal | ClauseRefusal) -> None:
    assert refusal_text(voice(), why)


def test_who_was_overtaken_hears_how_it_stands() -> None:
    plan = shared(a_plan())
    seen = plan.version(ItemId("team-up"))
    outcome = change(plan, ItemId("team-up"), Done(), act(BEN))
    assert isinstance(outcome, Changed)
    late = change(outcome.plan, ItemId("team-up"), Drop(), act(ANN, seen=seen))
    assert isinstance(late, Overtaken)
    assert "Team up with other reps and your negotiators, done." in voice().overtaken(late.event)


def test_a_change_is_said_back() -> None:
    outcome = change(a_plan(), ItemId("team-up"), MoveTo(date(2026, 12, 26)), act())
    assert isinstance(outcome, Changed)
    assert voice().changed(outcome.event, TODAY) == (
        "New day for this: Team up with other reps and your negotiators. "
        "It is due on Tuesday 29 December, because Saturday 26 December is a bank holiday "
        "(Boxing Day)."
    )


def test_a_digest_names_no_item_twice() -> None:
    plan = changed(a_plan(), "team-up", Block("no-time"))
    plan = changed(plan, "count-areas", Done())
    found = make_digest(plan, NOW - timedelta(days=1), date(2026, 12, 3))
    lists = (found.done, found.overdue, found.coming, found.blocked)
    named = [item.id for items in lists for item in items]
    assert len(set(named)) == len(named)
    assert [item.id for item in found.done] == ["count-areas"]
    assert [item.id for item in found.blocked] == ["team-up"]
    assert found.overdue
    assert found.coming


@pytest.mark.parametrize("item", a_plan(Facts()).items, ids=lambda item: item.id)
def test_whoever_is_stuck_can_pick_what_is_in_the_way(item: Item) -> None:
    asked, buttons = voice().block_question(item)
    assert asked == "What is in the way?"
    assert buttons
    assert all(button.act.startswith("block:") for button in buttons)


def test_an_own_item_can_be_stuck_too() -> None:
    own = Item(id=ItemId("o"), step="find", title="Ring", place=0)
    assert len(voice().block_question(own)[1]) == len(content().blocks)
