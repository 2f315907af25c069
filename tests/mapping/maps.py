"""Workplace maps for the tests, and Hypothesis' own."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.mapping.recording import Note, Stamp, record
from bot.mapping.workplace import (
    CODES,
    SEVERAL,
    Item,
    Told,
    WorkMap,
    Workplace,
    WorkplaceId,
    parse_path,
)
from bot.results.workplace import Provenance

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EMPTY = WorkMap(workplace=Workplace(WorkplaceId("w1"), "Riverside"))


def heads(low: int, high: int | None = None, how: Provenance = Provenance.COUNTED) -> Told:
    high = low if high is None else high
    return Told(low=low, high=high, provenance=Provenance.RANGE if low != high else how)


def codes(*said: str) -> Told:
    return Told(codes=said)


def note(path: str, technicians: int | Told | None = None, **told: Told) -> Note:
    """One area, with a number of technicians and more."""
    found = parse_path(path)
    assert found is not None
    items = {Item(name): one for name, one in told.items()}
    if technicians is not None:
        one = heads(technicians) if isinstance(technicians, int) else technicians
        items = {Item.TECHNICIANS: one, **items}
    return Note(path=found, told=items)


def stamp(by: str | None = "ann", seed: str = "s", *, days: float = 0, hours: float = 0) -> Stamp:
    """Who says it, so long ago."""
    at = NOON - timedelta(days=days, hours=hours)
    return Stamp(by=by, at=at, seed=f"{seed}{by}{at}", source=f"r-{by}-{at}")


def mapped(*notes: Note, on: WorkMap = EMPTY, by: str | None = "ann", days: float = 0) -> WorkMap:
    """A map after somebody said this, so long ago."""
    return record(on, notes, stamp(by, days=days)).work_map


NAMES = st.sampled_from(
    ["Lab 1", "Lab 2", "Laboratory two", "Nights", "Site A", "Stores", "🔬", "Ŵyr"]
)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(tuple)
RANGES = st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda p: (p[0], p[0] + p[1]))
HEADS = st.tuples(RANGES, st.sampled_from(list(Provenance))).map(
    lambda drawn: heads(*drawn[0], how=drawn[1])
)


def _codes(item: Item) -> st.SearchStrategy[Told]:
    one = st.sampled_from(CODES[item])
    several = st.sets(one, min_size=1, max_size=3) if item in SEVERAL else one.map(lambda c: {c})
    return several.map(
        lambda said: (
            Told(codes=tuple(c for c in CODES[item] if c in said - {"none"}) or ("none",))
            if item in SEVERAL
            else Told(codes=tuple(said))
        )
    )


TOLD = st.fixed_dictionaries(
    {},
    optional={
        Item.TECHNICIANS: HEADS,
        Item.WHAT_THEY_DO: st.sampled_from(["fitters", "lab work", "=1+1"]).map(
            lambda w: Told(words=w)
        ),
        **{item: _codes(item) for item in CODES},
    },
)
NOTES = st.lists(st.builds(Note, path=PATHS, told=TOLD), max_size=8)


@st.composite
def maps(draw: st.DrawFn) -> WorkMap:
    """A map that up to three people have worked on, at up to five times."""
    work_map = EMPTY
    for number in range(draw(st.integers(0, 5))):
        by = draw(st.sampled_from(["ann", "bob", None]))
        days = draw(st.integers(0, 500))
        work_map = record(work_map, draw(NOTES), stamp(by, seed=str(number), days=days)).work_map
    return work_map
