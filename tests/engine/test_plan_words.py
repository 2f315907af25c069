"""What a rep types about a plan, and the opening questions that stand in two places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.plan_view import COMMANDS, PHRASES, PREFIXES, Wish, command_of, wish_of
from bot.flows.loading import parse_flows
from bot.storage.files import read_folder
from tests.builders import ROOT
from tests.coach.plans import content


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("done", Wish("done")),
        ("It's done!", Wish("done")),
        ("Not for us.", Wish("drop")),
        ("later", Wish("later")),
        ("remind me on Wednesday", Wish("later", "on Wednesday")),
        ("Move it to 18 December", Wish("move", "18 December")),
        ("move the date", Wish("move")),
        ("we are stuck", Wish("blocked")),
        ("Note: ring Lab 2, ask for Ö", Wish("note", "ring Lab 2, ask for Ö")),
        ("add to my plan: Bake a cake", Wish("own", "Bake a cake")),
        ("add to my plan", Wish("own")),
        ("note: Call Ann Byrne.", Wish("note", "Call Ann Byrne.")),
        ("Move it to 14 December.", Wish("move", "14 December")),
        ("It\u2019s  Done !", Wish("done")),
        ("note: It\u2019s Ann\u2019s.", Wish("note", "It\u2019s Ann\u2019s.")),
        ("i am done with the form, what now?", None),
        ("how do I move?", None),
        ("", None),
    ],
)
def test_what_words_ask_for(words: str, wish: Wish | None) -> None:
    assert wish_of(words) == wish


WORDS = st.lists(st.text("aBcZ\u00d6\u0130\u00df019'\u2019", min_size=1), min_size=1, max_size=5)
LEADS = {"note: ": "note", "move it to ": "move", "remind me ": "later", "add to my plan: ": "own"}


@given(
    st.sampled_from(sorted(LEADS)),
    WORDS,
    st.text(" .!?", max_size=4),
    st.text(" .!?", max_size=2),
    st.booleans(),
)
def test_what_comes_behind_is_taken_whole(
    lead: str, words: list[str], tail: str, before: str, is_loud: bool
) -> None:
    rest = " ".join(words)
    found = wish_of(f"{before}{lead.upper() if is_loud else lead}{rest}{tail}")
    assert found is not None
    assert found.change == LEADS[lead]
    kept = " ".join(f"{rest}{tail}".split()) if found.change == "note" else rest
    assert found.rest == kept


def test_a_command_in_plain_words_is_one_there_is() -> None:
    assert {name for name, _ in PHRASES.values()} == COMMANDS
    assert command_of("What's next?") == ("next", "")
    assert command_of("what is the next step of the application?") is None
    assert not any(phrase.startswith(PREFIXES) for phrase in PHRASES)


def test_the_opening_questions_are_the_same_in_the_flow_and_in_the_plan() -> None:
    texts = read_folder(ROOT / "bot" / "flows" / "library")
    (flow,) = parse_flows({"action-plan.yaml": texts["action-plan.yaml"]}).current
    asked = {question.name.replace("_", "-"): question for question in flow.questions}
    for opening in content().questions:
        question = asked[opening.id]
        assert question.label is not None
        assert question.label.en == opening.question.en
        assert question.why is not None
        assert question.why.en == opening.why.en
        offered = {choice.name: choice.label.en for choice in question.choices}
        known = {one.id: one.title.en for one in opening.options if one.id != "not-sure"}
        assert offered == known
