"""What an editor is asked to look up again, and in which order."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from bot.knowledge.bodies import Bodies
from bot.knowledge.content import Content, parse_file
from bot.knowledge.faq import Entry, Faq
from bot.knowledge.sensitive import Sensitive
from bot.knowledge.staleness import (
    NEVER_CHECKED,
    NOT_HELD,
    OLD,
    REVIEW_DUE,
    UNDATED,
    StaleFact,
    stale_facts,
)
from bot.knowledge.wording import Wording

FILE: Final = Path(__file__).parents[2] / "knowledge" / "bodies.yaml"
BODIES: Final = parse_file(Bodies, FILE.read_text(encoding="utf-8"), "bodies.yaml")
TODAY: Final = date(2026, 11, 21)


def entry(entry_id: str, **more: Any) -> Entry:
    return Entry.model_validate({"id": entry_id, "question": "Why?", "answer": "So.", **more})


def content(*entries: Entry, bodies: Bodies | None = BODIES) -> Content:
    return Content(
        hash="x",
        faq=Faq(entries=entries),
        sensitive=Sensitive(topics=()),
        wording=Wording(),
        bodies=bodies,
    )


def checked(*groups: str, on: date = TODAY) -> Bodies:
    """The bodies as if an editor had been through some groups."""
    done = {
        name: group.model_copy(
            update={"checked_at": on, "review_by": date(on.year + 1, on.month, 1)}
        )
        if name in groups
        else group
        for name, group in BODIES.groups.items()
    }
    return BODIES.model_copy(update={"groups": done})


def of(facts: tuple[StaleFact, ...], owner: str) -> list[StaleFact]:
    return [fact for fact in facts if fact.id == owner]


def test_register_fees_come_first_and_engtech_before_all() -> None:
    facts = stale_facts(content(), TODAY)
    assert facts[0].id == "engtech"
    assert facts[0].why == OLD
    assert "£17.90" in facts[0].what
    assert facts[0].as_of == "2019"
    assert facts[0].page == "https://cibse.org/membership/membership-fees"
    ids = [fact.id for fact in facts]
    assert ids.index("rittech") < ids.index("iet")


def test_every_reason_is_given() -> None:
    whys = {fact.why for fact in stale_facts(content(), TODAY)}
    assert whys == {OLD, UNDATED, NOT_HELD, NEVER_CHECKED}


def test_figures_of_one_page_are_one_look_up() -> None:
    facts = [fact for fact in of(stale_facts(content(), TODAY), "cibse") if fact.why == OLD]
    assert len(facts) == 1
    assert facts[0].what.count("£") >= 7


def test_history_is_not_looked_up_again() -> None:
    facts = of(stale_facts(content(), TODAY), "gphc-pharmacy-technician")
    assert "£138" in facts[0].what
    assert not any("£108" in fact.what for fact in facts)


def test_a_fresh_price_is_left_alone() -> None:
    facts = of(stale_facts(content(), TODAY), "gdc")
    assert not any("£108" in fact.what for fact in facts)


def test_what_is_not_held_is_listed_with_the_site_to_look_at() -> None:
    fact = of(stale_facts(content(), TODAY), "rittech")[0]
    assert (fact.what, fact.why, fact.page) == ("every fee", NOT_HELD, "https://www.bcs.org/")


def test_every_fact_but_those_without_a_site_names_a_page() -> None:
    facts = stale_facts(content(), TODAY)
    homeless = {body.id for body in BODIES.bodies if not body.website}
    assert len(facts) > 200
    assert {fact.id for fact in facts if fact.page is None} <= homeless


def test_no_page_is_on_a_host_we_never_show() -> None:
    pages = [fact.page or "" for fact in stale_facts(content(), TODAY)]
    assert not [page for page in pages if any(host in page for host in BODIES.never_show_hosts)]


def test_a_group_somebody_went_through_is_done_for_a_year() -> None:
    groups = ("register-fees", "body-fees", "licences", "tax-relief", "rules", "contacts")
    done = checked(*groups)
    assert stale_facts(content(bodies=done), TODAY) == ()
    later = date(2028, 1, 1)
    assert stale_facts(content(bodies=done), later) != ()


def test_licences_send_to_the_regulator_where_no_page_was_found() -> None:
    facts = [
        fact
        for fact in of(stale_facts(content(), TODAY), "imi")
        if fact.what.startswith("licences")
    ]
    assert facts[0].page == "https://www.engc.org.uk/"


def test_an_entry_past_its_review_date_comes_before_the_bodies() -> None:
    due = entry("due", review_by="2026-01-01", sources=[{"title": "a", "url": "https://a.org/"}])
    ids = [fact.id for fact in stale_facts(content(due), TODAY)]
    assert ids.index("due") < ids.index("iet")
    assert ids.count("due") == 1
    assert of(stale_facts(content(due), TODAY), "due")[0].why == REVIEW_DUE


def test_an_entry_nobody_checked_comes_last() -> None:
    loose = entry("loose", sources=[{"title": "a", "url": "https://a.org/", "as_of": "2019"}])
    fact = stale_facts(content(loose), TODAY)[-1]
    assert (fact.id, fact.why, fact.as_of) == ("loose", NEVER_CHECKED, "2019")


def test_a_checked_entry_and_one_about_ourselves_need_no_look() -> None:
    page = {"title": "a", "url": "https://a.org/"}
    seen = entry("seen", checked_at="2026-11-01", sources=[page])
    ours = entry("ours", sources=[{"title": "Pathways: how this bot works"}])
    assert stale_facts(content(seen, ours, bodies=None), TODAY) == ()


def test_without_bodies_only_entries_are_listed() -> None:
    loose = entry("loose", sources=[{"title": "a", "url": "https://a.org/"}])
    facts = stale_facts(replace(content(loose), bodies=None), TODAY)
    assert [fact.file for fact in facts] == ["faq.yaml"]
