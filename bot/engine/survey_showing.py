"""The results of a closed survey in the chat: every number of them out of its release."""

from dataclasses import replace
from typing import Final

from bot.engine.effects import MakeFile
from bot.engine.prompts import join
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.engine.survey import SHOWN, Survey
from bot.engine.survey_areas import areas_block, crossing_block
from bot.engine.survey_words import group_name, told_apart
from bot.language.saying import say_date
from bot.messages import plain
from bot.results.published import Release, Slice, Table, Withheld, percent
from bot.results.shapes import AREA, Kind, Question

AT_ONCE: Final = 5  # questions in one message
FILES: Final = ("survey-workbook", "survey-charts", "survey-report")


def results(scene: Scene) -> Said:
    """The closed surveys of the branch, each with a button."""
    closed = scene.view.books.closed[:SHOWN]
    if not closed:
        return say(scene, "results.none")
    names = told_apart(scene, closed, [_name(scene, one) for one in closed])
    choices = tuple(
        Choose(name, Act("survey-results", (one.id,)))
        for one, name in zip(closed, names, strict=True)
    )
    draft = Draft(text=scene.say("results.which"), choices=choices, personal=True)
    return Said(session=scene.session, drafts=(draft,))


def show(scene: Scene, survey_id: str, page: str = "0") -> Said:
    """The results of one survey as text, some questions at a time, and the files there are."""
    release = scene.view.books.release(survey_id)
    one = next((one for one in scene.view.books.closed if one.id == survey_id), None)
    if release is None or one is None:
        return say(scene, "results.gone")
    first = int(page) * AT_ONCE
    tables = release.tables[first : first + AT_ONCE]
    shown = [_table(scene, release, table) for table in tables]
    blocks = [_head(scene, one, release), *filter(None, shown)]
    choices = [
        Choose(scene.say(f"button.{kind}"), Act("survey-file", (kind, survey_id)))
        for kind in FILES
        if release.returns is not None
    ]
    if scene.view.books.before(survey_id) is not None and release.returns is not None:
        choices.append(Choose(scene.say("button.survey-since"), Act("survey-since", (survey_id,))))
    if first + AT_ONCE < len(release.tables):
        more = Act("survey-results", (survey_id, str(int(page) + 1)))
        choices.insert(0, Choose(scene.say("button.survey-more"), more))
    draft = Draft(text="\n\n".join(blocks), choices=tuple(choices), personal=True)
    return Said(session=scene.session, drafts=(draft,))


def make_file(scene: Scene, kind: str, survey_id: str) -> Said:
    """Have a file of the results made; it comes as a message of its own."""
    if kind not in FILES or scene.view.books.release(survey_id) is None:
        return say(scene, "results.gone")
    effect = MakeFile(kind=kind, arguments={"survey": survey_id})
    return replace(say(scene, "results.making"), effects=(effect,))


def _name(scene: Scene, one: Survey) -> str:
    flow = scene.view.flows.begun_on(one.flow_hash)
    title = flow.title.text(scene.view.language) if flow else one.flow
    return f"{one.workplace}: {title}" if one.workplace else title


def _head(scene: Scene, one: Survey, release: Release) -> str:
    title, day = plain(_name(scene, one)), say_date(release.closed_on, scene)
    if release.returns is None:
        return scene.say("results.too-few", survey=title, least=release.threshold)
    lines = [scene.say("results.head", survey=title, day=day, count=release.returns)]
    if release.on_paper is not None:
        lines.append(scene.say("results.on-paper", count=release.on_paper))
    lines += _mapped(scene, release)
    lines.append(scene.say("results.protected", least=release.threshold))
    return "\n\n".join(lines)


def _mapped(scene: Scene, release: Release) -> list[str]:
    if release.mapped is None:
        return []
    if release.response is None:
        return [scene.say("results.mapped-over", mapped=release.mapped)]
    return [scene.say("results.mapped", mapped=release.mapped, share=release.response)]


def _table(scene: Scene, release: Release, table: Table) -> str:
    """One question: its answers with how many gave them, or why there is nothing to see."""
    if table.name == AREA:
        return areas_block(scene, release, table)
    question = release.codebook.question(table.name)
    heading = f"**{plain(question.label)}**"
    if table.withheld is not Withheld.NO:
        key = "filter" if table.withheld is Withheld.FILTER else "withheld"
        return f"{heading}\n\n{scene.say(f'results.{key}')}"
    rows = "\n".join(f"- {_slice(scene, question, table, part)}" for part in table.slices)
    key = "results.base-several" if question.kind is Kind.MANY else "results.base"
    base = scene.say(key, count=table.base)
    return join(heading, rows, base, crossing_block(scene, release, table.name))


def _slice(scene: Scene, question: Question, table: Table, part: Slice) -> str:
    label = plain(group_name(scene, question, part.codes))
    if part.is_missing or table.base <= 0:
        return scene.say("results.line", answer=label, count=part.count)
    share = percent(part.count, table.base)
    return scene.say("results.line-share", answer=label, count=part.count, share=share)
