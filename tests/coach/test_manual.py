"""The manual's examples are content that passes, and what it quotes is what the coach says."""

import re
from pathlib import Path
from typing import get_args

from bot.coach.plan import Status
from bot.coach.voice import BUTTONS
from bot.knowledge.action_plan import FIGURES, Barrier, Condition
from bot.knowledge.linting import lint
from bot.knowledge.yaml_text import parse_yaml
from tests.coach.plans import KNOWLEDGE, TODAY, a_plan, content, voice

MANUAL = (Path(__file__).parents[2] / "docs" / "coach.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)


def test_the_action_to_copy_is_without_mistakes() -> None:
    texts = {file.name: file.read_text(encoding="utf-8") for file in KNOWLEDGE.glob("*.yaml")}
    plan = texts["action_plan.yaml"]
    at = plan.index("  # Step 3: begin an agreement")
    with_example = plan[:at] + EXAMPLES[0] + "\n" + plan[at:]
    before = lint({**texts, "action_plan.yaml": plan}, TODAY, house=True)
    after = lint({**texts, "action_plan.yaml": with_example}, TODAY, house=True)
    assert after.errors == before.errors == ()
    assert after.advice == before.advice


def test_the_condition_names_what_there_is() -> None:
    condition = Condition.model_validate(parse_yaml(EXAMPLES[1], "coach.md").value["when"])  # type: ignore[index,call-overload]  # a mapping, as the manual shows
    assert not condition.is_empty
    options = {one.id: {choice.id for choice in one.options} for one in content().questions}
    assert all(set(chosen) <= options[name] for name, chosen in condition.answers.items())
    assert all(f"`{name}`" in MANUAL for name in (*FIGURES, *get_args(Barrier)))


def test_every_button_is_explained() -> None:
    rows = set(re.findall(r"^\| ([A-Z][a-z ]+) \|", MANUAL, re.MULTILINE))
    labels = {voice().say(f"button.coach-{name}") for acts in BUTTONS.values() for name in acts}
    assert rows == labels | {voice().undo_button().label}
    assert BUTTONS.keys() == set(Status)


def test_the_card_of_the_manual_is_the_card_of_the_coach() -> None:
    quoted = "\n".join(
        row.removeprefix(">").strip() for row in MANUAL.splitlines() if row.startswith(">")
    )
    assert voice().card(a_plan(), TODAY) in quoted
    lab = next(item for item in a_plan().items if item.about == "Lab 2")
    assert voice().why(lab.action, lab.why) in quoted
    assert any(voice().left_out(one) in quoted for one in a_plan().left_out)
