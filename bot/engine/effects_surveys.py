"""What a turn wants done with the surveys of a branch: values that the service applies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.flows.model import Flow


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSurvey:
    """A rep opens a survey for a workplace.

    Attributes:
        id: Fresh.
        code: What its link carries; shares nothing with the id.
        flow: What is asked, to the letter.
        opens_on: The first day on which it takes answers, of the wall clock.
        closes_on: The last one.
    """

    id: str
    code: str
    flow: Flow
    workplace: str
    opens_on: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class ExtendSurvey:
    """It takes answers until another day."""

    survey: str
    closes_on: date


@dataclass(frozen=True, slots=True)
class CloseSurvey:
    """Close it for good, and make its results."""

    survey: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSteps:
    """Add to the counts of a survey's funnel; nothing in them says whose steps they were.

    Attributes:
        counts: How many to add, by question and what happened there.
    """

    survey: str
    counts: Mapping[tuple[str, str], int]


SurveyEffect = OpenSurvey | ExtendSurvey | CloseSurvey | CountSteps
