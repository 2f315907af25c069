"""What a plan is built from: five answers, the workplace map and the survey, as plain values.

They are this package's own shapes. The map and the results are other parts of the house; who calls
us turns theirs into these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.knowledge.action_plan import Barrier, Condition, Each, SurveyState

UNSURE: Final = "not-sure"  # the option that an unanswered question counts as


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFacts:
    """One area of the map, as those who mapped it see it.

    Attributes:
        technicians: How many; None where nobody has counted or estimated yet.
        asked: Whether anybody has asked them what they know and need.
        is_old: Whether it was last looked at more than six months ago.
    """

    id: str
    name: str
    technicians: int | None = None
    asked: bool = False
    is_old: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFacts:
    """The workplace map.

    Attributes:
        areas: In the map's order.
        registered: How many technicians are on a register; None where nobody knows.
    """

    areas: tuple[AreaFacts, ...] = ()
    registered: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFacts:
    """The survey, as far as it may be known: nothing but its state before it closes.

    Attributes:
        returns: How many came back, from the release; None before there is one.
        barrier: What is named most often as being in the way, from the release.
    """

    state: SurveyState = "not-started"
    returns: int | None = None
    barrier: Barrier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of a workplace when its plan is built.

    Attributes:
        answers: Opening question to the chosen option. A missing one counts as `not-sure`.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    map: MapFacts = field(default_factory=MapFacts)
    survey: SurveyFacts = field(default_factory=SurveyFacts)

    def areas_for(self, each: Each) -> tuple[AreaFacts, ...]:
        """The areas that an action is about, those with the most technicians first."""
        match each:
            case "areas-not-counted":
                return tuple(area for area in self.map.areas if area.technicians is None)
            case "areas-not-asked":
                unasked = [area for area in self.map.areas if area.technicians and not area.asked]
                return tuple(sorted(unasked, key=lambda area: -(area.technicians or 0)))

    def figures(self) -> Mapping[str, int | None]:
        """Every figure that a condition or a reason can name; None where nobody knows it."""
        areas = self.map.areas
        counted = [area.technicians for area in areas if area.technicians is not None]
        return {
            "technicians": sum(counted) if counted else None,
            "registered": self.map.registered,
            "areas": len(areas),
            "areas-not-counted": len(self.areas_for("areas-not-counted")),
            "areas-not-asked": len(self.areas_for("areas-not-asked")),
            "areas-old": sum(area.is_old for area in areas),
            "returns": self.survey.returns,
        }

    def meet(self, condition: Condition) -> bool:
        """Whether all that a condition asks for is so."""
        figures = self.figures()
        return (
            all(
                self.answers.get(question, UNSURE) in options
                for question, options in condition.answers.items()
            )
            and all(span.holds(figures[name]) for name, span in condition.figures.items())
            and (not condition.survey or self.survey.state in condition.survey)
            and (not condition.barrier or self.survey.barrier in condition.barrier)
        )
