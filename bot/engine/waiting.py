"""Runs that wait: what they are called, how long they have waited, and the buttons to go on with them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.engine import joining
from bot.engine.guide import LABEL, shorten
from bot.engine.guiding import under_way
from bot.engine.held import Held, paused
from bot.engine.prompts import choose
from bot.engine.session import Act
from bot.engine.speech import Choose, Scene
from bot.flows.standing import progress
from bot.language.saying import say_date
from bot.messages import plain

DAY_S: Final = 86_400
HOUR_S: Final = 3_600


def waiting_run(scene: Scene, flow_id: str, about: str = "") -> Held | None:
    """The run of a flow that was put aside last; no paper slip.

    Args:
        scene: Where the talk stands.
        flow_id: Which flow.
        about: What it is for; empty for anything.
    """
    aside = (
        one
        for one in paused(scene.session)
        if one.run.flow == flow_id and not one.slip and about in {"", one.about}
    )
    return next(aside, None)


def aside_line(scene: Scene, one: Held) -> str:
    """That a run was put aside, when, and how far it is."""
    title, count = plain(title_of(scene, one)), len(one.run.answers)
    return scene.say("flow.aside", title=title, age=_age(scene, one), count=count)


def resume_button(scene: Scene, one: Held) -> Choose:
    """A button that goes on with a run."""
    label = scene.say("button.resume", title=title_of(scene, one))
    return Choose(shorten(label, LABEL), Act("resume-run", (one.id,)))


def resume_buttons(scene: Scene) -> tuple[Choose, ...]:
    """A button for each run that was put aside."""
    return tuple(
        Choose(scene.say("button.resume", title=title), Act("resume-run", (one.id,)))
        for one, title in titled(scene, paused(scene.session))
    )


def standing(scene: Scene) -> tuple[str, tuple[Choose, ...]]:
    """For `status`: every run with its age, and buttons to go on."""
    lines: list[str] = []
    here = under_way(scene)
    if here is not None:
        far = progress(here.flow, here.run, here.route)
        lines.append(
            scene.say(
                "status.running",
                title=plain(title_of(scene, here.held)),
                number=far.number,
                total=far.total,
            )
        )
    lines += [
        scene.say("status.paused", title=plain(title_of(scene, one)), age=_age(scene, one))
        for one in paused(scene.session)
    ]
    if not lines:
        return scene.say("status.no-runs"), ()
    go_on = (choose(here, "resume-run", scene.say("button.go-on")),) if here else ()
    return "\n".join(f"- {line}" for line in lines), (*go_on, *resume_buttons(scene))


def title_of(scene: Scene, one: Held) -> str:
    """What a run is called on a button: its flow, and the workplace of its survey."""
    flow = scene.view.flows.begun_on(one.run.flow_hash)
    title = flow.title.text(scene.view.language) if flow else one.run.flow
    survey = joining.survey_of(scene, one.about)
    return f"{title}, {survey.workplace}" if survey else title


def titled(scene: Scene, runs: Sequence[Held]) -> Iterator[tuple[Held, str]]:
    """Runs and what they are called; those called the same are told apart by day and answers."""
    titles = [title_of(scene, one) for one in runs]
    for one, title in zip(runs, titles, strict=True):
        if titles.count(title) > 1:
            at = datetime.fromtimestamp(one.touched_at, scene.view.zone)
            day, count = say_date(at.date(), scene), len(one.run.answers)
            yield one, scene.say("flow.same-title", title=title, day=day, count=count)
        else:
            yield one, title


def _age(scene: Scene, one: Held) -> str:
    passed = int(scene.now.timestamp()) - one.touched_at
    days, hours = passed // DAY_S, passed // HOUR_S
    if days:
        return scene.say("age.days", days=days) if days > 1 else scene.say("age.day")
    if hours:
        return scene.say("age.hours", hours=hours) if hours > 1 else scene.say("age.hour")
    return scene.say("age.now")
