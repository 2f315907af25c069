"""Dates are honest in all four ways, and a stale answer says so (A9)."""

from datetime import UTC, datetime

import pytest

from bot.engine.dates import source_lines
from bot.engine.effects import OpenReview
from bot.engine.speech import Scene
from bot.knowledge.shapes import Source
from bot.messages import EntryId
from tests.builders import NOON, Talk, answered, content_of, text_of, wording

STALE = "**Take care:** this answer was due for a check in January 2026"


def said_of(entry: str, now: datetime = NOON) -> str:
    return text_of(Talk(now=now).say("words", answered(entry)))


@pytest.mark.parametrize(
    ("entry", "end"),
    [
        (
            "cost",
            "Source: [The fee page](https://example.org/fees), from a page dated 2024; "
            "not yet checked on the live page.",
        ),
        (
            "employer",
            "Source: [The help page](https://example.org/help), the page carries no date; "
            "not yet checked on the live page.",
        ),
        ("checked", "Source: [The check page](https://example.org/check), checked October 2026."),
        ("refund", "Source: Our own rule, our own rule."),
    ],
)
def test_one_source_says_how_old_it_is(entry: str, end: str) -> None:
    assert said_of(entry).endswith(end)


def test_several_sources_say_each_for_itself() -> None:
    assert (
        "Sources:\n\n"
        "- [One page](https://example.org/1) (page dated 2019)\n"
        "- [Two pages](https://example.org/2) (the page carries no date)\n\n"
        "Not yet checked on the live pages." in said_of("basics")
    )


def test_several_sources_that_were_checked_say_when() -> None:
    talk = Talk()
    entry = talk.content.entry_by_id[EntryId("basics")].model_copy(
        update={"checked_at": datetime(2026, 10, 1, tzinfo=UTC).date()}
    )
    scene = Scene(session=talk.session, view=talk.view, content=talk.content, now=NOON)
    assert source_lines(scene, entry).endswith("Checked October 2026.")


def test_the_same_source_is_said_once() -> None:
    talk = Talk()
    entry = talk.content.entry_by_id[EntryId("cost")]
    scene = Scene(session=talk.session, view=talk.view, content=talk.content, now=NOON)
    twice = source_lines(scene, entry, entry.sources)
    assert twice == source_lines(scene, entry)
    more = source_lines(scene, entry, (Source(title="Another", url="https://example.org/x"),))
    assert more.count("\n- ") == 2


def test_an_answer_without_a_source_claims_none() -> None:
    assert said_of("how-long").endswith("A few months.")


@pytest.mark.parametrize(
    ("day", "is_stale"),
    [((2025, 12, 31), False), ((2026, 1, 1), False), ((2026, 1, 2), True), ((2030, 1, 1), True)],
)
def test_past_its_review_date_an_answer_says_so_and_opens_a_review(
    day: tuple[int, int, int], is_stale: bool
) -> None:
    now = datetime(*day, 12, tzinfo=UTC)
    turn = Talk(now=now).say("words", answered("basics"))
    assert (STALE in text_of(turn)) is is_stale
    expected = (OpenReview(EntryId("basics"), "2026-01-01"),) if is_stale else ()
    assert turn.effects == expected


def test_an_entry_without_a_review_date_is_never_stale() -> None:
    assert "Take care" not in said_of("how-long", datetime(2090, 1, 1, tzinfo=UTC))


def test_a_date_is_never_made_up() -> None:
    """Whatever the dates of an entry, what is said of them is one of four sentences."""
    content = content_of()
    entry = content.entry_by_id[EntryId("cost")]
    scene = Scene(session=Talk().session, view=Talk().view, content=content, now=NOON)
    day = datetime(2026, 9, 3, tzinfo=UTC).date()
    for checked in (None, day):
        for as_of in (None, "2021"):
            source = entry.sources[0].model_copy(update={"as_of": as_of})
            line = source_lines(
                scene, entry.model_copy(update={"sources": (source,), "checked_at": checked})
            )
            assert ("2026" in line) is (checked is not None)
            assert ("2021" in line) is (checked is None and as_of is not None)
            assert ("no date" in line) is (checked is None and as_of is None)


def test_the_wording_of_dates_is_what_the_design_says() -> None:
    assert wording("source.checked", month="May 2026") == "checked May 2026"
    assert wording("source.dated-one", year="2019").startswith("from a page dated 2019; not yet")
    assert wording("source.undated-one").startswith("the page carries no date")
