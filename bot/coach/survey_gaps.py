"""What ready texts may say of a survey: figures of its release, and of which survey and day they are.

Only what is published is read, so nothing is added to it. A share that the release joins with other
answers cannot be told, and is not known then.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.results.published import Release, Slice, Table, percent

HEARD: Final = ("heard", frozenset({"well", "heard"}))  # the question, and the answers that count
INTERESTED: Final = ("interest", frozenset({"soon"}))
BARRIERS: Final = "barriers"  # the question that asks what is in the way
NO_BARRIER: Final = frozenset({"none", "other"})  # its answers that name nothing
Gaps = Mapping[str, str | int | date]


def is_of_registration(release: Release) -> bool:
    """Whether a survey asked what the ready texts tell of it."""
    asked = {question.name for question in release.codebook.questions}
    return bool(asked & {HEARD[0], INTERESTED[0], BARRIERS})


def survey_gaps(release: Release) -> Gaps:
    """What the gaps of ready texts are filled with; nothing where too few took part."""
    if release.returns is None:
        return {}
    known: dict[str, str | int | date] = {
        "survey": release.codebook.title,
        "survey_day": release.closed_on,
        "returns": release.returns,
    }
    for gap, (name, codes) in (("heard_share", HEARD), ("interest_share", INTERESTED)):
        share = _share(release, name, codes)
        if share is not None:
            known[gap] = f"{share}%"
    barrier = most_named(release)
    if barrier is not None and barrier not in NO_BARRIER:
        known["top_barrier"] = _label(release, barrier)
    return known


def most_named(release: Release) -> str | None:
    """The answer to what is in the way that is named most often, of what is shown.

    Returns:
        Its code; None where that is nothing, or not one thing.
    """
    parts = [part for table in _tables(release, BARRIERS) for part in _said(table)]
    most = max((part.count for part in parts), default=0)
    found = [code for part in parts if part.count == most for code in part.codes]
    return found[0] if len(found) == 1 else None


def _share(release: Release, name: str, codes: frozenset[str]) -> int | None:
    """Of all who were asked, how many per cent gave one of these answers; None where it is hidden.

    Those who gave no answer are among all: they may be counted together with some who did.
    """
    for table in _tables(release, name):
        parts = [part for part in table.slices if not codes.isdisjoint(part.codes)]
        is_apart = all(codes.issuperset(part.codes) for part in parts)
        if parts and is_apart and table.total:
            return percent(sum(part.count for part in parts), table.total)
    return None


def _tables(release: Release, name: str) -> tuple[Table, ...]:
    return tuple(table for table in release.tables if table.name == name)


def _said(table: Table) -> tuple[Slice, ...]:
    """What people answered, without those who gave no answer."""
    return tuple(part for part in table.slices if not part.is_missing)


def _label(release: Release, code: str) -> str:
    """What an answer to what is in the way is called in the survey."""
    labels = {
        option.code: option.label
        for question in release.codebook.questions
        if question.name == BARRIERS
        for option in question.options
    }
    return labels.get(code, code)
