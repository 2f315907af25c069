"""How figures are said: pounds, years, lists and pages, in one person's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

from bot.knowledge.backing import begins, is_stale
from bot.knowledge.bodies import Bodies, Body
from bot.knowledge.money import Price
from bot.knowledge.registers import Register
from bot.knowledge.shapes import Source, Words
from bot.knowledge.wording import Wording


@dataclass(frozen=True, slots=True)
class Figures:
    """A computed answer: light Markdown, and the pages its figures come from."""

    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """All that a figure needs to be said: one argument instead of four."""

    bodies: Bodies
    wording: Wording
    language: str
    today: date

    def say(self, key: str, /, **gaps: str | int) -> str:
        """A text of the wording catalogue."""
        return self.wording.say(key, self.language, **gaps)

    def text(self, words: Words) -> str:
        """A text of the bodies file, in this language."""
        return words.text(self.language)

    def pounds(self, amount: Decimal) -> str:
        """An amount as people write it: £144, £17.90."""
        return f"£{amount:,.0f}" if amount == int(amount) else f"£{amount:,.2f}"

    def when(self, as_of: str | None) -> str:
        """A year, a month or a day as people say it; for None, that the page has no date."""
        if as_of is None:
            return self.say("figures.no-date")
        if len(as_of) == 4:
            return as_of
        day = begins(as_of)
        month = f"{self.say(f'figures.month.{day.month}')} {day.year}"
        return f"{day.day} {month}" if len(as_of) > 7 else month

    def price_when(self, price: Price) -> str:
        """When a price was true; a subscription year is given as the page gives it."""
        return price.period or self.when(price.as_of)

    def listed(self, parts: Sequence[str]) -> str:
        """Parts as one phrase: "2015, 2017 and 2019"."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say("figures.and", first=", ".join(parts[:-1]), last=parts[-1])

    def years(self, years: Sequence[str]) -> str:
        """The years a sum was made of; of several it says that they were added together."""
        if len(years) == 1:
            return years[0]
        return self.say("figures.years-together", years=self.listed(years))

    def is_stale(self, prices: Iterable[Price]) -> bool:
        """Whether any dated price is past its shelf life."""
        return any(price.as_of and is_stale(price.as_of, self.today) for price in prices)

    def name(self, body: Body) -> str:
        """A body at its first mention: its name, with the acronym behind it."""
        if body.acronym in body.name:
            return body.name
        return f"{body.name} ({body.acronym})"

    def title(self, register: Register) -> str:
        """The letters of a register, or whose register it is."""
        owner = self.bodies.body_by_id.get(register.owner or "")
        if register.post_nominals or owner is None:
            return register.title
        return self.say("figures.own-register", owner=owner.acronym)

    def site(self, body: Body) -> str:
        """Where to ask a body: its website as a link, else its phone or e-mail; else nothing."""
        if body.website:
            return link(body.website)
        contact = body.contact
        return (contact and (contact.phone or contact.email)) or ""

    def regulator(self, register: Register) -> tuple[str, str | None]:
        """Who keeps a register, and their website."""
        owner = self.bodies.body_by_id.get(register.owner or "")
        if owner:
            return owner.name, owner.website
        keeper = self.bodies.regulator_by_id.get(register.regulator or "")
        return (keeper.name, keeper.website) if keeper else (register.name, None)

    def source(self, url: str, topic: str, as_of: str | None) -> Source:
        """A page as a source, named by whose site it is on."""
        title = self.say("figures.source", owner=self._owner(url), topic=topic)
        return Source(title=title, url=url, as_of=self.when(as_of) if as_of else None)

    def price_sources(self, prices: Iterable[Price], limit: int = 4) -> tuple[Source, ...]:
        """The pages of some prices, each once with its newest date."""
        newest: dict[str, str | None] = {}
        for price in prices:
            if price.page:
                newest[price.page] = max(newest.get(price.page) or "", price.as_of or "") or None
        topic = self.say("figures.topic-fees")
        return tuple(self.source(url, topic, newest[url]) for url in list(newest)[:limit])

    def _owner(self, url: str) -> str:
        site = _site(url)
        for body in self.bodies.bodies:
            if body.website and _site(body.website) == site:
                return body.acronym
        for regulator in self.bodies.regulators:
            if regulator.website and _site(regulator.website) == site:
                return regulator.name
        return site


def begin(words: str) -> str:
    """The same with a capital: it begins a line."""
    return words[:1].upper() + words[1:]


def link(url: str) -> str:
    """A website as a link that shows its bare name."""
    return f"[{_site(url)}]({url})"


def join(*blocks: str) -> str:
    """Paragraphs; empty ones fall out."""
    return "\n\n".join(block.strip() for block in blocks if block.strip())


def bullets(lines: Iterable[str]) -> str:
    """A list; empty lines fall out."""
    return "\n".join(f"- {line}" for line in lines if line)


def _site(url: str) -> str:
    return (urlsplit(url).hostname or url).removeprefix("www.").rstrip(".")
