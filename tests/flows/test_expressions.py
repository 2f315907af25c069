"""Expressions: XLSForm's, worked out at bounded cost, and never an exception."""

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.expressions import BadExpression, Sighting, parse_expression
from bot.flows.functions import FUNCTIONS, XPATH_FUNCTIONS, Around, pattern_fault

AROUND = Around(now=datetime(2026, 11, 21, 15, 30), position=2)  # noqa: DTZ001 - a wall clock


def value(source: str, self_value: Any = "", columns: Any = None, **answers: Any) -> Any:
    seen = Sighting(answers=answers, around=AROUND, self_value=self_value, columns=columns or {})
    return parse_expression(source).value(seen)


@pytest.mark.parametrize(
    ("source", "answers", "expected"),
    [
        ("${a} > 3", {"a": 5.0}, True),
        ("${a} > 3", {"a": ""}, False),
        ("${a} = ''", {}, True),
        ("${a}-${b}", {"a": 5.0, "b": 2.0}, 3.0),
        ("${d} < today()", {"d": "2026-11-20"}, True),
        ("today() - ${d}", {"d": "2026-11-01"}, 20.0),
        ("date(${d} + 7)", {"d": "2026-11-28"}, "2026-12-05"),
        ("format-date(${d}, '%e %b %Y')", {"d": "2026-03-04"}, "4 Mar 2026"),
        ("selected(${m}, 'b')", {"m": "a b"}, True),
        ("selected(${m}, 'ab')", {"m": "a b"}, False),
        ("count-selected(${m}) - selected-at(${m}, 0)", {"m": "4 b"}, -2.0),
        ("if(${x} = 'y', 'it''s ${x}', 1)", {"x": "n"}, 1.0),
        ("coalesce(${x}, 'none')", {}, "none"),
        ("sum(${n}) + count(${n}) + max(${n}, 9)", {"n": [1.0, 2.0, ""]}, 15.0),
        ("round(10 div 3, 2)", {}, 3.33),
        ("7 mod 0 = 1", {}, False),
        ("position(..)", {}, 2.0),
        ("indexed-repeat(${n}, ${r}, 2)", {"n": ["a", "b"], "r": [1.0, 2.0]}, "b"),
        ("join(', ', ${n})", {"n": ["a", 2.0]}, "a, 2"),
        ("concat(${n}, '!')", {"n": 3.0}, "3!"),
        ("regex(${p}, '[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}')", {"p": "SW1A 1AA"}, True),
        ("regex(${p}, 'a*')", {"p": "a" * 101}, False),
        ("not(true()) or ${a} = 1", {"a": 1.0}, True),
        ("${x} = 'true'", {"x": "true"}, True),
    ],
)
def test_an_expression_comes_to(source: str, answers: dict[str, Any], expected: object) -> None:
    assert value(source, **answers) == expected


def test_a_dot_is_the_answer_and_a_bare_name_a_column() -> None:
    assert value(". >= 0 and . <= 60", self_value=60.0) is True
    assert value("kind = ${k}", columns={"kind": "oak"}, k="oak") is True
    assert parse_expression("kind = ${k}").columns == {"kind"}
    assert parse_expression("kind = ${k}").names == {"k"}


@pytest.mark.parametrize(
    "source",
    ["", "1 +", "* 3", "/data/x", "a/b", "..", "self::node()", "//x", "x[1]", "@a", "foo(1)", "if(1)",
     "$a", "${a b}", "(" * 30 + "1" + ")" * 30, "1+" * 150 + "1", "'" * 3, "doc('x')",
     "document('file:///etc/passwd')", "regex(., '(a+)+$')", "1 = 2 = 3", "`", "\x00"],
)  # fmt: skip
def test_what_is_no_expression_of_ours_is_refused(source: str) -> None:
    with pytest.raises(BadExpression) as refused:
        parse_expression(source)
    assert refused.value.what
    assert refused.value.fix.endswith(".")


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "a**", "(?=x)", r"(a)\1", "a*b*c*d*", "(", "x" * 200]
)
def test_a_pattern_that_could_take_for_ever_is_refused(pattern: str) -> None:
    assert pattern_fault(pattern)
    assert value("regex('aaaa', ${p})", p=pattern) is False


PIECES = ["${a}", "${b}", "1", "'x'", "(", ")", "+", "-", "*", "div", "mod", "and", "or", "=", "<",
          ",", ".", *sorted(FUNCTIONS), *sorted(XPATH_FUNCTIONS)]  # fmt: skip
VALUES = (
    st.text(max_size=20) | st.floats() | st.lists(st.text(max_size=3) | st.floats(), max_size=4)
)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14), a=VALUES, b=VALUES)
def test_nothing_that_parses_ever_raises(pieces: list[str], a: Any, b: Any) -> None:
    try:
        made = value(" ".join(pieces), a=a, b=b)
    except BadExpression:
        return
    assert made is None or isinstance(made, str | float | bool)


CALLS = st.sampled_from(sorted(FUNCTIONS)).flatmap(
    lambda name: st.lists(
        st.sampled_from(["${a}", "${b}", "'x y'", "-1", "1 div 0", "''"]),
        min_size=FUNCTIONS[name].least,
        max_size=most if (most := FUNCTIONS[name].most) is not None else FUNCTIONS[name].least + 2,
    ).map(lambda given: f"{name}({', '.join(given)})")
)


@given(source=CALLS, a=VALUES, b=VALUES)
def test_no_function_raises_whatever_it_is_given(source: str, a: Any, b: Any) -> None:
    made = value(source, a=a, b=b)
    assert made is None or isinstance(made, str | float | bool)
