"""Charts and the map: a picture for the eye, and a twin in words with the same numbers."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.reports.charts import chart_alt, chart_of, chart_png, chart_text
from bot.reports.drawing import writable
from bot.reports.workplace_map import map_lines, map_png, map_text
from bot.results.published import Release
from bot.results.shapes import Codebook, Kind, Option, Question
from bot.results.workplace import Heads, MapNode, Provenance, for_outside
from scripts.example_workplace import CLOSED, MAP, release
from scripts.make_examples import labels as shipped
from tests.results.surveys import complete, released

LABELS = shipped()
ODD = ("Tŷ cŵn", "مهندس تقني", "טכנאי", "🦺🔧", "Costs $5 and $10_x^2", "word" * 80, "技術員", "")


def odd_release(each: int) -> Release:
    options = tuple(Option(f"o{i}", label) for i, label in enumerate(ODD))
    question = Question(name="q", label="$x$?", kind=Kind.ONE, options=options)
    returns = [complete({"q": option.code}) for option in options for _ in range(each)]
    return released(Codebook(title="Odd", version="1", questions=(question,)), returns)


def size(png: bytes) -> tuple[int, int]:
    picture = Image.open(BytesIO(png))
    picture.load()
    return picture.size


@pytest.mark.parametrize("name", ["area", "heard", "barriers", "years", "discipline"])
def test_the_twin_has_every_number_of_the_chart_and_its_base(name: str) -> None:
    found = release()
    chart = chart_of(found, name, LABELS)
    text = chart_text(chart, LABELS).replace("\\", "")
    assert chart.bars
    for bar in chart.bars:
        assert f"{bar.label}: {bar.count} ({bar.share}%)" in text
        assert f"{bar.label}: {bar.count}" in chart_alt(chart, LABELS)
    assert f"Base: {found.table(name).base}" in text
    assert "20 November 2026" in text


def test_a_chart_is_as_wide_as_a_phone_and_as_long_as_it_needs() -> None:
    short = size(chart_png(chart_of(release(), "heard", LABELS), LABELS))
    long = size(chart_png(chart_of(odd_release(9), "q", LABELS), LABELS))
    assert (short[0], long[0]) == (1200, 1200)
    assert short[1] < long[1] < 8000


@pytest.mark.parametrize("each", [0, 1, 9])
def test_a_chart_says_base_or_why_it_shows_nothing(each: int) -> None:
    chart = chart_of(odd_release(each), "q", LABELS)
    assert size(chart_png(chart, LABELS))[0] == 1200
    assert "No number under 5 is shown" in chart_text(chart, LABELS).replace("\\", "")
    assert bool(chart.bars) is (each > 1)


def test_what_cannot_be_drawn_is_called_by_its_number() -> None:
    drawn = [bar.drawn for bar in chart_of(odd_release(9), "q", LABELS).bars]
    assert drawn[:4] == ["Tŷ cŵn", "مهندس تقني", "טכנאי", "Answer 4"]
    assert drawn[-1] == "Answer 8, or no answer"
    assert writable("a\u202eb 👷\u200d♀\ufe0f") == "ab"


@given(st.text(max_size=60))
def test_any_label_is_drawn_or_left_out(label: str) -> None:
    kept = writable(label)
    assert set(kept) - {" "} <= set(label)
    assert kept == " ".join(kept.split())


def test_the_map_in_words_is_indented_and_says_how_each_number_is_known() -> None:
    lines = [*map_lines(MAP, LABELS)]
    assert [depth for depth, _ in lines] == [0, 1, 2, 2, 1, 2, 2, 1, 1]
    assert lines[0][1] == (
        "Example Power Station: 118 technicians, estimated, 17 of them registered (14%), "
        "mapped 2 November 2026"
    )
    assert lines[-2][1].endswith("20 to 36 technicians, given as a range")
    assert lines[-1][1].endswith("not mapped yet")
    assert map_text(MAP, LABELS).splitlines()[2].startswith("    - Turbine hall")
    assert size(map_png(MAP, LABELS, CLOSED, 5))[0] == 1200


def heads(number: int) -> Heads:
    return Heads(number, number, Provenance.COUNTED)


def test_small_areas_leave_the_team_only_together() -> None:
    tree = MapNode(
        names=("Site",),
        heads=heads(30),
        registered=9,
        mapped_at=date(2026, 1, 2),
        children=tuple(
            MapNode(names=(name,), heads=heads(n), registered=r)
            for name, n, r in (("A", 20, 7), ("B", 3, 1), ("C", 7, 1))
        ),
    )
    outside = for_outside(tree, 5)
    assert [(child.names, child.heads, child.registered) for child in outside.children] == [
        (("A",), heads(20), None),
        (("B", "C"), heads(10), None),
    ]
    assert outside.registered == 9


@given(st.integers(0, 40), st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=5))
def test_no_small_number_of_a_map_leaves_the_team(
    threshold: int, areas: list[tuple[int, int]]
) -> None:
    children = tuple(
        MapNode(names=(str(i),), heads=heads(n), registered=min(n, r))
        for i, (n, r) in enumerate(areas)
    )
    total = sum(n for n, _ in areas)
    registered = sum(min(n, r) for n, r in areas)
    tree = MapNode(names=("Site",), heads=heads(total), registered=registered, children=children)
    outside = for_outside(tree, threshold)
    for node in (outside, *outside.children):
        assert node.heads is None or node.heads.low >= threshold
        if node.registered is not None and node.heads is not None:
            assert threshold <= node.registered <= node.heads.low - threshold
    shown = sum(node.heads.low for node in outside.children if node.heads)
    assert not outside.children or total - shown == 0 or total - shown >= threshold
    told = [node.registered for node in outside.children if node.registered is not None]
    assert not told or len(told) == len(outside.children)


def test_the_twin_is_safe_light_markdown() -> None:
    text = chart_text(chart_of(odd_release(9), "q", LABELS), LABELS)
    assert "Costs \\$5 and \\$10\\_x^2" in text
