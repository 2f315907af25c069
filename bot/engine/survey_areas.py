"""The results of a survey by area in the chat, beside what the map of the workplace says."""

from bot.engine.prompts import join
from bot.engine.speech import Scene
from bot.engine.survey_words import group_name
from bot.messages import plain
from bot.results.by_area import AreaLine, area_crossings, area_lines, row_lines
from bot.results.counting import Codes
from bot.results.published import CrossTable, Release, Table, Withheld
from bot.results.shapes import AREA, Question


def areas_block(scene: Scene, release: Release, table: Table) -> str:
    """How many answered in each area, of how many on the map."""
    heading = scene.say("results.areas")
    if table.withheld is not Withheld.NO:
        return join(heading, scene.say("results.withheld"))
    area = release.codebook.question(AREA)
    lines = [_line(scene, area, line) for line in area_lines(release)]
    note = scene.say("results.areas-note", least=table.threshold)
    return join(heading, "\n".join(f"- {line}" for line in lines), note)


def crossing_block(scene: Scene, release: Release, name: str) -> str:
    """How a question was answered in each area; empty where that is not shown."""
    for cross in area_crossings(release):
        if cross.columns == name:
            return _crossing(scene, release, cross)
    return ""


def _crossing(scene: Scene, release: Release, cross: CrossTable) -> str:
    area, question = (release.codebook.question(name) for name in (AREA, cross.columns))
    lines = []
    for line, counts in zip(row_lines(release, cross), cross.counts, strict=True):
        answers = "; ".join(
            scene.say("results.line", answer=_name(scene, question, group), count=count)
            for group, count in zip(cross.column_groups, counts, strict=True)
        )
        name = plain(group_name(scene, area, line.codes))
        said = scene.say("results.area-row", area=name, count=line.returns, answers=answers)
        beside = _on_the_map(scene, line) if question.name == release.awareness else ""
        lines.append(f"- {said}{beside}")
    return join(scene.say("results.by-area"), "\n".join(lines))


def _name(scene: Scene, question: Question, group: Codes) -> str:
    return plain(group_name(scene, question, group))


def _on_the_map(scene: Scene, line: AreaLine) -> str:
    """What the reps said of the same on the map; nothing where they did not."""
    if not line.awareness:
        return ""
    said = scene.say(f"results.awareness.{line.awareness}")
    return f" {scene.say('results.on-the-map', said=said)}"


def _line(scene: Scene, area: Question, line: AreaLine) -> str:
    name = plain(group_name(scene, area, line.codes))
    count = line.returns
    if line.technicians is None or (line.share is None and line.is_most):
        return scene.say("results.area-line", area=name, count=count)
    if line.share is None:
        return scene.say("results.area-line-all", area=name, count=count, mapped=line.technicians)
    key = "results.area-line-most" if line.is_most else "results.area-line-share"
    return scene.say(key, area=name, count=count, mapped=line.technicians, share=line.share)
