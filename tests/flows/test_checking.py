"""Every static check finds its mistake, on its line, and says what to do; the sample has none."""

import pytest

from bot.flows.checking import RULES
from bot.flows.loading import load_flow
from tests.flows.sample import sample_text

FILE = "survey.yaml"

BREAKS = {
    "only a survey asks for areas": (
        "questions:\n", "by_area: {label: Where?, why: So., elsewhere: Else}\nquestions:\n",
        "by_area:", "no anonymous survey", "Take `by_area:` out",
    ),
    "an unknown type comes with the nearest": (
        "type: integer\n    name: years", "type: integr\n    name: years",
        "type: integr", "the type `integr`", "Did you mean `integer`?",
    ),
    "an unknown list comes with the nearest": (
        "select_one sector", "select_one sectors", "select_one sectors", "no list `sectors`", "`sector`",
    ),
    "a name stands once": (
        "name: all_years", "name: years", "name: years\n    calculation", "stands twice", "own name",
    ),
    "a misspelt name comes with the nearest": (
        "relevant: ${member} = 'yes'", "relevant: ${memebr} = 'yes'",
        "${memebr}", "no such question", "`${member}`",
    ),
    "a text names what is there": (
        "as ${job}?", "as ${jbo}?", "${jbo}", "`label` of `job_years` names `${jbo}`", "`${job}`",
    ),
    "what is asked later cannot be named": (
        "name: sector\n    label", "name: sector\n    relevant: ${years} > 2\n    label",
        "relevant: ${years} > 2", "asked later", "Move",
    ),
    "a calculation does not go round in a circle": (
        "sum(${job_years})", "sum(${job_years}) + ${all_years}", "+ ${all_years}", "circle", "Take it",
    ),
    "a bare name is a slip": (
        "count(${job}) > 1", "count(job) > 1", "count(job)", "bare name `job`", "`${job}`",
    ),
    "a filter looks at columns that are there": (
        "sector = ${sector} or", "sectr = ${sector} or", "sectr =", "bare name `sectr`", "sector",
    ),
    "a dot stands only where something is checked": (
        "count(${job}) > 1", ". > 1", "relevant: . > 1", "has a `.`", "${name}",
    ),
    "a wrong expression says what is wrong": (
        "count(${job}) > 1", "count(${job}) >", "count(${job}) >\n", "cannot be read", "docs/flows.md",
    ),
    "an unknown function comes with those there are": (
        "count(${job}) > 1", "cuont(${job}) > 1", "cuont(", "calls `cuont()`", "count",
    ),
    "a constraint says what it takes": (
        "    constraint_message: Please give whole years, from 0 to 60.\n", "",
        "constraint: . >=", "does not say what it takes", "constraint_message",
    ),
    "a key stands where it does something": (
        "hint: A guess is fine.", "choice_filter: 1 = 1", "choice_filter: 1", "does nothing", "Only",
    ),
    "a personal question says why": (
        "hint: A guess is fine.", "personal: true", "- type: integer", "does not say why", "`why:`",
    ),
    "a purpose comes with a retention": (
        "retention: survey-answers  ", "#  ", "purpose: survey", "no `retention`", "Give both",
    ),
    "a repeat ends": ("    most: 5\n", "", "- type: begin_repeat", "for ever", "`most:`"),
    "a code stands once": (
        "{name: time, label", "{name: cost, label", "{name: cost, label: The time", "stands twice", "Rename",
    ),
    "a label is no command": (
        "label: What it costs", "label: Skip", "label: Skip", "is also a command", "more words",
    ),
    "a label fits on a button": (
        "label: What it costs", f"label: {'what it costs ' * 6}",
        "label: what it", "a button holds 75", "shorter",
    ),
    "every list is used": (
        "select_multiple barriers", "select_multiple yes_no",
        "barriers:\n", "No question uses", "Take it out",
    ),
    "no question is out of reach": (
        "relevant: ${member} = 'yes'", "relevant: ${member} = 'yes' and ${member} = 'no'",
        "and ${member} = 'no'", "never asked", "Correct",
    ),
    "no constraint is a dead end": (
        ". >= 0 and . <= 60", ". >= 61 and . <= 60", ". >= 61", "dead end: no answer", "constraint",
    ),
    "no filter is a dead end": (
        "sector = ${sector} or sector = 'any'", "sector = 'none'",
        "sector = 'none'", "leaves no choice", "columns",
    ),
    "a code that is compared with is there": (
        "relevant: ${member} = 'yes'", "relevant: ${member} = 'yse' or ${years} > 3",
        "'yse'", "no choice of `member`", "`yes`",
    ),
    "a pattern is bounded": (
        "constraint: . >= 0 and . <= 60", "constraint: regex(., '(a+)+')",
        "regex", "repeats a group", "simpler",
    ),
}  # fmt: skip


def test_the_sample_has_no_mistakes_and_every_rule_is_broken_once() -> None:
    assert load_flow(sample_text(), FILE).problems == ()
    assert len(BREAKS) >= len(RULES)


@pytest.mark.parametrize("name", BREAKS)
def test_a_mistake_is_found_on_its_line(name: str) -> None:
    old, new, marker, what, fix = BREAKS[name]
    text = sample_text()
    assert text.count(old) >= 1
    broken = text.replace(old, new, 1)
    found = [
        problem
        for problem in load_flow(broken, FILE).problems
        if what in problem.what and fix in problem.fix
    ]
    assert found, [str(problem) for problem in load_flow(broken, FILE).problems]
    line = broken[: broken.index(marker)].count("\n") + 1
    assert abs(found[0].line - line) <= 1, (str(found[0]), line)
