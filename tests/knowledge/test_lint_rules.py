"""Every kind of mistake, on a small broken folder: its line, what is wrong, what to do.

A folder in `broken/` is named by the sentence it proves. `expect.yaml` in it says which rule it is
about, how a breach weighs, and which problems are found: no fewer and no more.
"""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml

from bot.errors import Problem
from bot.knowledge.lint_files import read_folder
from bot.knowledge.linting import RULES, lint

BROKEN = Path(__file__).parent / "broken"
RULES_PAGE = Path(__file__).parents[2] / "docs" / "content-rules.md"
TODAY = date(2026, 11, 21)
RULE_BY_ID = {rule.id: rule for rule in RULES}
SHAPE_RULES = {
    "broken-yaml",
    "doubled-key",
    "unknown-key",
    "missing-key",
    "wrong-type",
    "empty-text",
    "not-one-of",
    "not-an-id",
    "not-a-date",
}


@dataclass(frozen=True)
class Case:
    """A broken folder, and what is to be found in it."""

    rule: str
    house: bool
    weight: str
    texts: dict[str, str]
    used: dict[str, frozenset[str]] | None
    problems: list[dict[str, object]]


def case_in(folder: Path) -> Case:
    expected = yaml.safe_load((folder / "expect.yaml").read_text(encoding="utf-8"))
    used = expected.get("used")
    return Case(
        rule=expected["rule"],
        house=expected["house"],
        weight=expected["weight"],
        texts={
            file.name: file.read_text(encoding="utf-8")
            for file in folder.glob("*.yaml")
            if file.name != "expect.yaml"
        },
        used={key: frozenset(gaps) for key, gaps in used.items()} if used else None,
        problems=expected["problems"],
    )


CASES = {folder.name: case_in(folder) for folder in sorted(BROKEN.iterdir()) if folder.is_dir()}


def is_as_expected(problem: Problem, expected: dict[str, object]) -> bool:
    return (
        (problem.file, problem.line) == (expected["file"], expected["line"])
        and all(words in problem.what for words in list_of(expected["what"]))
        and all(words in problem.fix for words in list_of(expected["fix"]))
    )


def list_of(value: object) -> list[str]:
    assert isinstance(value, list)
    assert value, "nothing is asked of the words"
    return [str(words) for words in value]


def problems_of_rule(case: Case) -> list[Problem]:
    folder, broken = read_folder(case.texts, TODAY, case.used)
    if case.rule in SHAPE_RULES:
        return list(broken)
    return list(RULE_BY_ID[case.rule].check(folder))


def test_there_are_broken_folders() -> None:
    assert len(CASES) >= 70, "are they where I look?"


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_found_on_its_line_with_what_to_do(name: str) -> None:
    case = CASES[name]
    found = problems_of_rule(case)
    assert case.problems
    for expected in case.problems:
        assert any(is_as_expected(problem, expected) for problem in found), (expected, found)
    unexpected = [
        problem
        for problem in found
        if not any(is_as_expected(problem, expected) for expected in case.problems)
    ]
    assert not unexpected
    assert len(found) == len(case.problems)


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_weighs_what_its_rule_says(name: str) -> None:
    case = CASES[name]
    findings = lint(case.texts, TODAY, house=case.house, used=case.used)
    heavy, light = findings.errors, findings.advice
    said = heavy if case.weight == "error" else light
    for problem in problems_of_rule(case):
        assert problem in said
        assert problem not in (light if case.weight == "error" else heavy)


@pytest.mark.parametrize("rule", sorted(SHAPE_RULES | RULE_BY_ID.keys()))
def test_every_rule_has_a_broken_example(rule: str) -> None:
    assert any(case.rule == rule for case in CASES.values())


@pytest.mark.parametrize("rule", sorted(SHAPE_RULES | RULE_BY_ID.keys()))
def test_every_rule_is_explained_in_the_manual(rule: str) -> None:
    assert f"| `{rule}` |" in RULES_PAGE.read_text(encoding="utf-8")


def test_the_manual_explains_no_rule_that_is_gone() -> None:
    manual = RULES_PAGE.read_text(encoding="utf-8").split("## Every rule")[1]
    explained = set(re.findall(r"^\| `([a-z-]+)` \|", manual, re.MULTILINE))
    assert explained == SHAPE_RULES | RULE_BY_ID.keys()


def test_the_entry_to_copy_from_the_manual_is_without_mistakes() -> None:
    manual = RULES_PAGE.read_text(encoding="utf-8")
    entry = manual.split("```yaml\n")[1].split("```")[0]
    assert entry.count("\n") == 8
    findings = lint({"faq.yaml": f"entries:\n{entry}"}, TODAY, house=False)
    assert (findings.errors, findings.advice) == ((), ())
    assert findings.counts.entries == 1


def test_no_two_rules_have_one_name() -> None:
    assert len(RULE_BY_ID) == len(RULES)
