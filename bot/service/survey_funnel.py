"""The sums of a survey's funnel: added to by turns, read when it has closed."""

from bot.results.funnel import COMPLETED, Funnel, funnel
from bot.results.published import Release
from bot.results.releasing import Limits
from bot.service.ports import Tx


def add(tx: Tx, survey: str, question: str, what: str, more: int = 1) -> None:
    """Add to one sum of a survey that there is; others may add to it meanwhile, in other processes."""
    key = {"survey": survey, "question": question, "what": what}
    found = tx.get("survey", {"id": survey})
    if found is None:
        return
    if tx.insert_new("survey_count", {**key, "branch": found["branch"], "count": more}):
        return
    while row := tx.get("survey_count", key):  # as often as another process counts in between
        count = int(row["count"] or 0)
        if tx.update("survey_count", {**key, "count": count}, {"count": count + more}):
            return


def complete(tx: Tx, survey: str) -> None:
    """Somebody handed in their answers."""
    add(tx, survey, "", COMPLETED)


def funnel_of(tx: Tx, survey: str, release: Release) -> Funnel | None:
    """The funnel of a closed survey; None where nothing was counted, or too few took part."""
    rows = tx.find("survey_count", {"survey": survey})
    if not rows or release.returns is None:
        return None
    limits = Limits()
    sensitive = any(question.sensitive for question in release.codebook.questions)
    step = limits.sensitive if sensitive else limits.plain
    counts = {(str(row["question"]), str(row["what"])): int(row["count"] or 0) for row in rows}
    return funnel(release, counts, step)
