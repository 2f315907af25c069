"""What an editor should look up again, and on which page; what people ask for most comes first.

Prices are past their shelf life twelve months after their date. A group of facts that nobody has
opened the live pages for counts as never checked, and so does an FAQ entry.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.knowledge.backing import begins, is_stale
from bot.knowledge.bodies import Bodies, Body, Discount, Group
from bot.knowledge.content import Content
from bot.knowledge.faq import Entry
from bot.knowledge.money import Price
from bot.knowledge.registers import Register
from bot.knowledge.totals import register_prices

BODIES_FILE: Final = "bodies.yaml"
FAQ_FILE: Final = "faq.yaml"

OLD: Final = "older than 12 months"
UNDATED: Final = "the page carries no date"
NOT_HELD: Final = "looked for and not found"
NEVER_CHECKED: Final = "never checked on the live page"
REVIEW_DUE: Final = "past its review date"


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleFact:
    """One thing to look up.

    Attributes:
        file: The content file it stands in.
        id: The register, body, sector or entry there.
        what: The facts to look up, in a line.
        as_of: The oldest date among them; None where the page carries none.
        why: Why it is due, in words.
        page: The page to open; None where we know none.
    """

    file: str
    id: str
    what: str
    as_of: str | None
    why: str
    page: str | None


def stale_facts(content: Content, today: date) -> tuple[StaleFact, ...]:
    """Everything past its shelf life or never checked, what is used most first.

    The order: register fees, FAQ entries past their review date, what bodies charge, tax relief,
    licences, rules, contacts, and FAQ entries that were never checked.
    """
    found: list[StaleFact] = []
    bodies = content.bodies
    entries = content.faq.entries
    if bodies:
        found += _register_fees(bodies, today)
    found += [_entry(entry, REVIEW_DUE) for entry in entries if _is_due(entry.review_by, today)]
    if bodies:
        found += _body_fees(bodies, today)
        found += _rest(bodies, today)
    found += [
        _entry(entry, NEVER_CHECKED)
        for entry in entries
        if entry.checked_at is None and _page(entry) and not _is_due(entry.review_by, today)
    ]
    return tuple(found)


def _register_fees(bodies: Bodies, today: date) -> Iterator[StaleFact]:
    if _is_settled(bodies, "register-fees", today):
        return
    for register in bodies.registers:
        home = _home(bodies, register)
        prices = register_prices(bodies, register)
        missing = register.missing if any(price.as_of for price in prices) else ("every fee",)
        yield from _looked_up(register.id, _due(prices, (), today), missing, home)


def _body_fees(bodies: Bodies, today: date) -> Iterator[StaleFact]:
    if _is_settled(bodies, "body-fees", today):
        return
    for body in bodies.bodies:
        due = _due(body.fees, body.discounts, today)
        yield from _looked_up(body.id, due, body.missing, body.website)


def _due(
    prices: Sequence[Price], discounts: Sequence[Discount], today: date
) -> list[tuple[str | None, str, str | None]]:
    """Page, name and date of every figure that is old or undated, in file order."""
    due = [(price.page, _named(price), price.as_of) for price in _in_use(prices)]
    due += [(one.page, f"lower price for: {one.who.en}", one.as_of) for one in discounts]
    return [one for one in due if one[2] is None or is_stale(one[2], today)]


def _looked_up(
    owner: str,
    due: Sequence[tuple[str | None, str, str | None]],
    missing: Sequence[str],
    home: str | None,
) -> Iterator[StaleFact]:
    """One fact for each page to open, dated figures before undated ones; then what is not held."""
    for why, is_dated in ((OLD, True), (UNDATED, False)):
        kept = [one for one in due if (one[2] is not None) == is_dated]
        for page in dict.fromkeys(one[0] for one in kept):
            there = [one for one in kept if one[0] == page]
            as_of = _oldest([one[2] for one in there if one[2]])
            yield _fact(owner, "; ".join(one[1] for one in there), as_of, why, page or home)
    if missing:
        yield _fact(owner, "; ".join(missing), None, NOT_HELD, home)


def _in_use(prices: Iterable[Price]) -> list[Price]:
    """The newest price of each kind; neither history nor what an undated page said before it."""
    newest: dict[tuple[str, ...], Price] = {}
    for price in prices:
        what = price.what.en if price.what else ""
        dated = price.as_of or f"none {what} {price.amount}"
        kind = (price.part, price.who, price.grade or "", what, "" if price.as_of else dated)
        held = newest.get(kind)
        if held is None or begins(price.as_of or "1000") > begins(held.as_of or "1000"):
            newest[kind] = price
    known = {(price.part, price.who) for price in newest.values() if price.as_of}
    return [
        price
        for price in newest.values()
        if price.as_of or price.not_before or (price.part, price.who) not in known
    ]


def _rest(bodies: Bodies, today: date) -> Iterator[StaleFact]:
    """Tax relief, licences, rules and contacts: due where the group was not checked in time."""
    listed = bodies.tax_relief.list_file
    if why := _why(bodies, "tax-relief", today):
        named = f"{len(bodies.bodies)} bodies on HMRC's list, and the rules for claiming"
        yield _fact("tax-relief", named, listed.as_of, why, listed.page)
    if why := _why(bodies, "licences", today):
        yield from (_licences(bodies, body, why) for body in bodies.bodies if body.registers)
    if why := _why(bodies, "rules", today):
        for register in bodies.registers:
            home = _home(bodies, register)
            yield _fact(register.id, "level, routes, CPD and renewal", None, why, home)
    if why := _why(bodies, "contacts", today):
        for body in bodies.bodies:
            as_of = body.contact.as_of if body.contact else None
            what = "website, phone and e-mail" if body.website else "website: none is held"
            yield _fact(body.id, what, as_of, why, body.website)


def _licences(bodies: Bodies, body: Body, why: str) -> StaleFact:
    """The weakest licence comes first: its page is the one to open."""
    first = min(body.registers, key=lambda licence: licence.is_known)
    register = bodies.register_by_id.get(first.gives)
    what = ", ".join(f"{one.gives} ({one.licence_evidence})" for one in body.registers)
    page = _home(bodies, register) if register and not first.is_known else first.page
    return _fact(body.id, f"licences: {what}", first.evidence_year, why, page or body.website)


def _why(bodies: Bodies, group: Group, today: date) -> str:
    """Why a group is due; empty where it is not."""
    facts = bodies.groups.get(group)
    if facts is None or facts.checked_at is None:
        return NEVER_CHECKED
    return REVIEW_DUE if _is_due(facts.review_by, today) else ""


def _is_settled(bodies: Bodies, group: Group, today: date) -> bool:
    """Whether somebody opened the pages of a group within the last twelve months."""
    facts = bodies.groups.get(group)
    if facts is None or facts.checked_at is None:
        return False
    return not is_stale(facts.checked_at.isoformat(), today) and today <= facts.review_by


def _is_due(review_by: date | None, today: date) -> bool:
    return review_by is not None and today > review_by


def _home(bodies: Bodies, register: Register) -> str | None:
    owner = bodies.body_by_id.get(register.owner or "")
    regulator = bodies.regulator_by_id.get(register.regulator or "")
    return (owner.website if owner else None) or (regulator.website if regulator else None)


def _oldest(dates: Sequence[str]) -> str | None:
    return min(dates, key=begins, default=None)


def _named(price: Price) -> str:
    grade = f" ({price.grade})" if price.grade else ""
    return f"{price.what.en if price.what else price.part}{grade} £{price.amount:.2f}"


def _page(entry: Entry) -> str | None:
    return next((source.url for source in entry.sources if source.url), None)


def _entry(entry: Entry, why: str) -> StaleFact:
    dates = [source.as_of for source in entry.sources if source.as_of]
    return StaleFact(
        file=FAQ_FILE,
        id=entry.id,
        what=entry.question.en,
        as_of=min(dates, default=None),
        why=why,
        page=_page(entry),
    )


def _fact(owner: str, what: str, as_of: str | None, why: str, page: str | None) -> StaleFact:
    return StaleFact(file=BODIES_FILE, id=owner, what=what, as_of=as_of, why=why, page=page)
