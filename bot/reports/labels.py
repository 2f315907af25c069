"""What codes, groups of codes and days are called in a report."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.knowledge.wording import Wording
from bot.reports.drawing import writable
from bot.results.counting import ANSWERED, MISSING, Codes, band_edges
from bot.results.shapes import AREA, Kind, Question

NAMED: Final = 3  # so many answers of one group are named; more are counted
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def seen(text: str) -> str:
    """A text somebody wrote, on one line and without characters that are not seen.

    Marks that turn the direction of writing are among them: they could turn what stands beside them.
    """
    return " ".join(_UNSEEN.sub("", " ".join(text.split())).split())


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of a report, in one language.

    Attributes:
        wording: The catalogue.
        language: Of the report.
        is_drawn: Whether the words go into a picture, where some signs cannot be drawn.
    """

    wording: Wording
    language: str = "en"
    is_drawn: bool = False

    def say(self, key: str, /, **gaps: str | int) -> str:
        """A sentence of the catalogue, its gaps filled with texts as they are."""
        return self.wording.say(key, self.language, **gaps)

    def day(self, day: date) -> str:
        """A day with the month in letters, so that nobody can take it for another one."""
        return f"{day.day} {self.say(f'figures.month.{day.month}')} {day.year}"

    def question(self, question: Question) -> str:
        """What a question is called."""
        return self.say("report.area") if question.name == AREA else seen(question.label)

    def code(self, question: Question, code: str) -> str:
        """What one answer is called."""
        if code in MISSING:
            return self.say(f"report.missing.{code}")
        if code == ANSWERED and question.kind in {Kind.TEXT, Kind.DATE}:
            return self.say("report.answered")
        if question.kind in {Kind.NUMBER, Kind.RANGE, Kind.DATE}:
            return self._band(*band_edges(question, code))
        places = {option.code: place for place, option in enumerate(question.options)}
        if code not in places:
            return seen(code)  # of an earlier version: rows keep it, releases refuse it
        label = seen(question.options[places[code]].label)
        if self.is_drawn:
            label = writable(label) or self.say("report.unwritable", number=places[code] + 1)
        return label or code

    def crossed(self, rows: Question, columns: Question) -> str:
        """The heading of a table that counts one question by another."""
        if rows.name == AREA:
            return self.say("report.crossed-area", columns=self.question(columns))
        return self.say("report.crossed", rows=self.question(rows), columns=self.question(columns))

    def group(self, question: Question, codes: Codes) -> str:
        """What answers that are counted together are called; at most three are named."""
        answers = [code for code in codes if code not in MISSING]
        silent = [code for code in codes if code in MISSING]
        if not answers:
            return (
                self.code(question, silent[0])
                if len(silent) == 1
                else self.say("report.no-answer")
            )
        name = self._joined(question, answers)
        return self.say("report.or-no-answer", answers=name) if silent else name

    def _joined(self, question: Question, codes: list[str]) -> str:
        if question.kind in {Kind.NUMBER, Kind.RANGE, Kind.DATE} and codes != [ANSWERED]:
            return self._band(
                band_edges(question, codes[0])[0], band_edges(question, codes[-1])[1]
            )
        if len(codes) > NAMED:
            return self.say("report.others", count=len(codes))
        *some, last = (self.code(question, code) for code in codes)
        return self.say("report.or", some=", ".join(some), last=last) if some else last

    def _band(self, low: float | None, high: float | None) -> str:
        if low is None:
            return self.say("report.band-under", high=f"{high:g}")
        if high is None:
            return self.say("report.band-from", low=f"{low:g}")
        return self.say("report.band-between", low=f"{low:g}", high=f"{high:g}")
