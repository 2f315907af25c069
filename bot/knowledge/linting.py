"""`pathways check`: every mistake in a folder of content, in one run, each with what to do about it.

Pure: text in, problems out. A rule is a function in one of the `lint_` modules; all of them are
listed in `RULES`, and `docs/content-rules.md` has a line for each.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.errors import Problem
from bot.knowledge import (
    lint_bodies,
    lint_faq,
    lint_glossary,
    lint_money,
    lint_phrasings,
    lint_plan,
    lint_reading,
    lint_reminders,
    lint_sensitive,
    lint_text,
    lint_topics,
    lint_wording,
    lint_yaml,
)
from bot.knowledge.faq import Faq
from bot.knowledge.lint_files import Folder, read_folder
from bot.knowledge.lint_reading import mean_reading_age
from bot.knowledge.lint_rules import Rule, Weight

RULES: Final[tuple[Rule, ...]] = (
    *lint_yaml.RULES,
    *lint_text.RULES,
    *lint_faq.RULES,
    *lint_money.RULES,
    *lint_phrasings.RULES,
    *lint_topics.RULES,
    *lint_glossary.RULES,
    *lint_sensitive.RULES,
    *lint_wording.RULES,
    *lint_bodies.RULES,
    *lint_reminders.RULES,
    *lint_plan.RULES,
    *lint_reading.RULES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What there is, in figures.

    Attributes:
        phrasings_by_style: How many of each style; `none` for those without one.
        welsh_missing_by_file: Texts that people read and that have no Welsh yet.
        reading_age: Of all English texts together, in years.
    """

    entries: int
    phrasings: int
    phrasings_by_style: Mapping[str, int]
    welsh_missing_by_file: Mapping[str, int]
    reading_age: float

    def items(self) -> Iterator[tuple[str, str]]:
        """Every figure with its name, ready to be printed."""
        yield "entries", f"{self.entries:,}"
        yield "phrasings", f"{self.phrasings:,}"
        for style, number in self.phrasings_by_style.items():
            yield f"phrasings, {style}", f"{number:,}"
        for file, number in self.welsh_missing_by_file.items():
            yield f"texts without Welsh, {file}", f"{number:,}"
        yield "reading age, years", f"{self.reading_age:.1f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a look through a folder brought to light.

    Attributes:
        errors: What must be put right before the content is used; by file and line.
        advice: What could be better; by file and line.
    """

    errors: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    counts: Counts


def lint(
    texts: Mapping[str, str],
    today: date,
    *,
    house: bool,
    used: Mapping[str, frozenset[str]] | None = None,
) -> Findings:
    """Look through a folder of content.

    Args:
        texts: File name to YAML text.
        today: The day dates are judged by.
        house: Whether it is our own content, of which we ask more than of another union's folder:
            that needs no more than `faq.yaml` with `id`, `question` and `answer`.
        used: The wording keys the code uses, with the gaps it fills; a key that ends in `*` stands
            for all that begin so. None: the wording is not compared with any code.
    """
    folder, broken = read_folder(texts, today, used)
    found: dict[Weight, set[Problem]] = {Weight.ERROR: set(broken), Weight.ADVICE: set()}
    for rule in RULES:
        weight = rule.house if house else rule.guest
        if weight is not Weight.NONE:
            found[weight].update(rule.check(folder))
    return Findings(
        errors=_sorted(found[Weight.ERROR]),
        advice=_sorted(found[Weight.ADVICE]),
        counts=count(folder),
    )


def count(folder: Folder) -> Counts:
    """The figures of a folder."""
    faq = folder.of(Faq)
    entries = faq.shape.entries if faq else ()
    styles = Counter(phrasing.style or "none" for entry in entries for phrasing in entry.phrasings)
    welsh = Counter(one.read.name for one in folder.passages if one.language == "en")
    welsh.subtract(one.read.name for one in folder.passages if one.language == "cy")
    return Counts(
        entries=len(entries),
        phrasings=styles.total(),
        phrasings_by_style=dict(sorted(styles.items())),
        welsh_missing_by_file=dict(sorted(welsh.items())),
        reading_age=mean_reading_age(folder),
    )


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda one: (one.file, one.line, one.what)))
