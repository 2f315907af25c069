"""What each command does, once it is allowed. `repeat` is in `acts.py`: it does an act again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.engine import browsing, cards, rep_questions, rep_replies, triage
from bot.engine.commands import EDITORS, REPS
from bot.engine.effects import (
    ForgetMe,
    MakeInvite,
    OptIn,
    OptOut,
    SetAudience,
    SetLanguage,
    ShowConsents,
    ShowMine,
    UseCode,
    WithdrawConsent,
)
from bot.engine.session import Act, Session
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.knowledge.shapes import LANGUAGES
from bot.messages import Audience, Role

CODE_LENGTH: Final = 10  # letters and digits of a 32-letter alphabet: 50 bits

Order = Callable[[Scene, str], Said]


def run_order(scene: Scene, name: str, argument: str) -> Said:
    """Do a command that the table knows and that has been allowed."""
    return ORDERS[name](scene, argument)


def _help(scene: Scene, _argument: str) -> Said:
    said = say(scene, "help", Choose(scene.say("button.topics"), Act("sections")))
    more = [scene.say("help.reps")] if scene.view.roles & REPS else []
    more += [scene.say("help.editors")] if scene.view.roles & EDITORS else []
    (draft,) = said.drafts
    return replace(said, drafts=(replace(draft, text="\n\n".join((draft.text, *more))),))


def _nothing_running(scene: Scene, _argument: str) -> Said:
    return say(scene, "verb.nothing-running", Choose(scene.say("button.topics"), Act("sections")))


def _back(scene: Scene, _argument: str) -> Said:
    return browsing.sections(scene)


def _status(scene: Scene, _argument: str) -> Said:
    audience = scene.view.audience
    wording = (
        scene.say(f"audience.{audience.value}") if audience else scene.say("status.no-audience")
    )
    stopped = scene.say("status.stopped" if scene.view.opt_outs else "status.open")
    return say(scene, "status", audience=wording, broadcasts=stopped)


def _human(scene: Scene, _argument: str) -> Said:
    return rep_questions.human(scene)


def _restart(scene: Scene, _argument: str) -> Said:
    fresh = Session(
        secret=scene.session.secret,
        turn=scene.session.turn,
        asked_audience=scene.session.asked_audience,
    )
    return cards.welcome(replace(scene, session=fresh)).before(Draft(text=scene.say("restarted")))


def _stop(scene: Scene, _argument: str) -> Said:
    said = say(scene, "stopped", Choose(scene.say("button.undo-stop"), Act("opt-in", ("all",))))
    return replace(said, effects=(OptOut("all"),))


def opt_in(scene: Scene, topic: str) -> Said:
    """Take a "no" to broadcasts back."""
    return replace(say(scene, "opted-in"), effects=(OptIn(topic),))


def _start(scene: Scene, argument: str) -> Said:
    return _join(scene, argument) if argument else cards.welcome(scene)


def _topics(scene: Scene, _argument: str) -> Said:
    return browsing.sections(scene)


def set_audience(scene: Scene, argument: str) -> Said:
    """Use an audience's wording, or ask which."""
    wanted = argument.strip().lower()
    if wanted not in {audience.value for audience in Audience}:
        return cards.ask_audience(scene)
    session = replace(scene.session, asked_audience=True)
    said = say(
        replace(scene, session=session), "audience.set", audience=scene.say(f"audience.{wanted}")
    )
    return replace(said, effects=(SetAudience(Audience(wanted)),))


def _language(scene: Scene, argument: str) -> Said:
    wanted = argument.strip().lower()[:2]
    if wanted in LANGUAGES:
        changed = replace(scene, view=replace(scene.view, language=wanted))
        return replace(say(changed, "language.set"), effects=(SetLanguage(wanted),))
    choices = (
        Choose(scene.say(f"language.{code}"), Act("command", ("language", code)))
        for code in LANGUAGES
    )
    return say(scene, "language.ask", *choices)


def _privacy(scene: Scene, _argument: str) -> Said:
    choices = (
        Choose(scene.say("button.mydata"), Act("command", ("mydata", ""))),
        Choose(scene.say("button.forget"), Act("command", ("forget", ""))),
    )
    return say(scene, "privacy", *choices)


def _mydata(scene: Scene, argument: str) -> Said:
    if argument == "yes":
        return Said(session=scene.session, drafts=(), effects=(ShowMine(),))
    return say(
        scene,
        "mydata.confirm",
        Choose(scene.say("button.show"), Act("command", ("mydata", "yes"))),
        Choose(scene.say("button.no"), Act("kept")),
    )


def _forget(scene: Scene, argument: str) -> Said:
    if argument == "yes":
        return Said(session=scene.session, drafts=(), effects=(ForgetMe(),))
    return say(
        scene,
        "forget.confirm",
        Choose(scene.say("button.forget-yes"), Act("command", ("forget", "yes"))),
        Choose(scene.say("button.no"), Act("kept")),
    )


def _consent(scene: Scene, argument: str) -> Said:
    effect = WithdrawConsent(argument) if argument else ShowConsents()
    return Said(session=scene.session, drafts=(), effects=(effect,))


def _join(scene: Scene, argument: str) -> Said:
    code = "".join(argument.split()).replace("-", "").lower()
    if not code:
        return say(scene, "join.ask")
    return Said(session=scene.session, drafts=(), effects=(UseCode(code),))


def _invite(scene: Scene, argument: str) -> Said:
    wanted = argument.strip().lower()
    if wanted not in {role.value for role in Role}:
        return say(scene, "invite.ask", roles=", ".join(role.value for role in Role))
    role = Role(wanted)
    if role in {Role.OFFICER, Role.ADMIN} and Role.ADMIN not in scene.view.roles:
        return say(scene, "refused.role")
    code = scene.view.fresh[-CODE_LENGTH:]
    return Said(session=scene.session, drafts=(), effects=(MakeInvite(role=role, code=code),))


def _why(scene: Scene, _argument: str) -> Said:
    last = scene.session.last
    if last is None:
        return say(scene, "why.nothing")
    ranked = "\n".join(f"- {entry}: {confidence:.2f}" for entry, confidence in last.candidates)
    unknown = scene.say("why.none")
    return say(
        scene,
        "why",
        outcome=last.outcome.value,
        entry=last.entry or unknown,
        ranked=ranked or f"- {unknown}",
        margin=last.why.get("margin", "0.00"),
        features=last.why.get("features") or unknown,
        repaired=last.why.get("repaired") or unknown,
        nearest=last.why.get("nearest") or unknown,
    )


ORDERS: Final[Mapping[str, Order]] = {
    "help": _help,
    "back": _back,
    "skip": _nothing_running,
    "cancel": _nothing_running,
    "pause": _nothing_running,
    "resume": _nothing_running,
    "status": _status,
    "human": _human,
    "restart": _restart,
    "stop": _stop,
    "start": _start,
    "topics": _topics,
    "audience": set_audience,
    "language": _language,
    "privacy": _privacy,
    "mydata": _mydata,
    "forget": _forget,
    "consent": _consent,
    "join": _join,
    "invite": _invite,
    "why": _why,
    "misses": triage.misses,
    "questions": lambda scene, _argument: rep_replies.queue(scene),
}
