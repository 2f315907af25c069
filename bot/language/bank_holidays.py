"""The bank holidays of the nations of the United Kingdom, and the days people name by them."""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_SATURDAY: Final = 5  # of date.weekday()


class Nation(StrEnum):
    """Whose bank holidays; the values are ISO 3166-2's."""

    ENGLAND = "ENG"
    WALES = "WLS"
    SCOTLAND = "SCT"
    NORTHERN_IRELAND = "NIR"


def bank_holiday(day: date, nation: Nation = Nation.ENGLAND) -> str | None:
    """The name of the bank holiday on a day, in English; None on any other day."""
    return holidays_of(day.year, nation).get(day)


def is_working_day(day: date, nation: Nation = Nation.ENGLAND) -> bool:
    """Whether it is a weekday and no bank holiday."""
    return day.weekday() < _SATURDAY and bank_holiday(day, nation) is None


def next_working_day(day: date, nation: Nation = Nation.ENGLAND) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not is_working_day(day, nation):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=256)
def holidays_of(year: int, nation: Nation = Nation.ENGLAND) -> Mapping[date, str]:
    """Every bank holiday of a year with its name; the day off, and the day it stands for."""
    from holidays import country_holidays  # noqa: PLC0415 - 0.1 s that a chat need not wait

    found = country_holidays("GB", subdiv=nation.value, years=year, language="en_GB")
    return MappingProxyType(dict(found.items()))
