"""What apprentices and students pay to a body, as far as it is held."""

import re
from typing import Final

from bot.engine.figures_costs import amount_of, discount_line, part_name, price_line
from bot.engine.figures_voice import Figures, Voice, bullets, join
from bot.knowledge.bodies import Body
from bot.knowledge.money import Price, newest
from bot.knowledge.shapes import Source
from bot.knowledge.totals import costs, prices_for, register_prices

_YOUNG: Final = re.compile(r"apprentice|student|trainee", re.IGNORECASE)


def apprentice_price(voice: Voice, body: Body) -> Figures:
    """A body's apprentice prices, what else is said of apprentices, and the full price beside it."""
    own = prices_for(body, "apprentice")
    lines = [price_line(voice, price.grade or part_name(voice, price), price) for price in own]
    learning = body.apprenticeship
    if learning and learning.free_membership:
        lines.append(voice.say("figures.young-free", when=voice.when(learning.as_of)))
    lines += _discounts(voice, body, has_prices=bool(lines))
    none = "" if lines else voice.say("figures.young-none", body=body.acronym)
    applying = _to_apply(voice, body)
    lines += applying
    full = _full_price(voice, body)
    text = join(
        voice.say("figures.young-title", body=voice.name(body)),
        none,
        bullets(lines + full),
        voice.say("figures.young-ask", site=voice.site(body)),
    )
    return Figures(text, _sources(voice, body, own))


def _sources(voice: Voice, body: Body, own: tuple[Price, ...]) -> tuple[Source, ...]:
    prices = voice.price_sources((*own, *_full(voice, body)))
    topic = voice.say("figures.topic-fees")
    pages = {one.page: one.as_of for one in body.discounts if _YOUNG.search(one.who.en)}
    learning = body.apprenticeship
    if learning and learning.free_membership:
        pages.setdefault(learning.page, learning.as_of)
    held = {source.url for source in prices}
    more = (voice.source(url, topic, pages[url]) for url in pages if url and url not in held)
    return (*prices, *more)


def _discounts(voice: Voice, body: Body, *, has_prices: bool) -> list[str]:
    """Lower prices for the young, where no price says the same already."""
    found = [one for one in body.discounts if _YOUNG.search(one.who.en)]
    return [] if has_prices else [discount_line(voice, one) for one in found]


def _to_apply(voice: Voice, body: Body) -> list[str]:
    """What a register asks of those on an apprentice route."""
    lines = []
    for licence in body.registers:
        register = voice.bodies.register_by_id.get(licence.gives)
        if register is None or not licence.is_known:
            continue
        prices = [
            price
            for price in register_prices(voice.bodies, register)
            if price.who == "apprentice" and price.part == "application"
        ]
        found = newest(prices)
        if found:
            lines.append(
                voice.say(
                    "figures.young-register",
                    register=voice.title(register),
                    amount=amount_of(voice, found),
                    when=voice.price_when(found),
                )
            )
    return lines


def _full(voice: Voice, body: Body) -> tuple[Price, ...]:
    first = next(iter(body.registers), None)
    register = voice.bodies.register_by_id.get(first.gives) if first else None
    found = costs(voice.bodies, register, body)
    return () if "membership" in found.general else found.held.get("membership", ())


def _full_price(voice: Voice, body: Body) -> list[str]:
    return [
        voice.say(
            "figures.young-full",
            amount=amount_of(voice, price),
            when=voice.price_when(price),
        )
        for price in _full(voice, body)
    ]
