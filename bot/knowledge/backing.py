"""Where a statement comes from, and from when on it was true."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator

from bot.knowledge.shapes import Line, Shape, Words

SHELF_MONTHS: Final = 12  # a price older than this is a guide only; most change every January

_AS_OF = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?))?$")
_URL = re.compile(r"https?://[^\s()<>\"']+$")


def _known_as_of(value: str) -> str:
    begins(value)
    return value


def _known_url(value: str) -> str:
    if not _URL.match(value):
        raise ValueError("write a web address that begins with https:// and has no spaces")
    return value


def as_list(value: Any) -> Any:
    """One text is a list of one."""
    return [value] if isinstance(value, str | int | float) else value


AsOf = Annotated[str, AfterValidator(_known_as_of)]
Url = Annotated[Line, AfterValidator(_known_url)]
Links = Annotated[tuple[Url, ...], BeforeValidator(as_list)]


class Backed(Shape):
    """What has a page behind it.

    Attributes:
        source: Pages fit to show to a person, the best one first.
        evidence: Copies it was read from, kept for editors and never shown.
    """

    source: Links = ()
    evidence: Links = ()

    @property
    def page(self) -> str | None:
        """The page to show, where there is one."""
        return self.source[0] if self.source else None


class Stated(Backed):
    """A sentence of fact, kept for editors; `about` files it."""

    about: Line | None = None
    text: Line
    as_of: AsOf | None = None


class Shown(Backed):
    """A sentence of fact that people read; `as_of` is None where the page carries no date."""

    text: Words
    as_of: AsOf | None


def begins(as_of: str) -> date:
    """The first day of a year (2019), quarter (2022-Q4), month (2025-09) or day.

    Raises:
        ValueError: It is none of these.
    """
    found = _AS_OF.match(as_of)
    if not found:
        raise ValueError("write a year, a month or a day: 2019, 2025-09 or 2023-10-01")
    year, quarter, month, day = found.groups()
    first = 3 * int(quarter) - 2 if quarter else int(month or 1)
    return date(int(year), first, int(day or 1))


def is_stale(as_of: str, today: date) -> bool:
    """Whether it began more than `SHELF_MONTHS` ago: the same day of the month still counts."""
    began = begins(as_of)
    months = 12 * (today.year - began.year) + today.month - began.month
    return (months, today.day) > (SHELF_MONTHS, began.day)
