"""What each command does, once it is allowed. `repeat` is in `acts.py`: it does an act again."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.engine import (
    broadcast_desk,
    broadcasting,
    browsing,
    cards,
    left_open,
    linking,
    map_orders,
    plan_agreement,
    plan_talk,
    reopening,
    rep_questions,
    rep_replies,
    shelving,
    survey_showing,
    surveying,
    triage,
    waiting,
)
from bot.engine.agreeing import wording_version
from bot.engine.commands import COMMAND_BY_NAME, EDITORS, EVERYBODY, OFFICERS, REPS, ULRS
from bot.engine.effects import (
    ForgetMe,
    GiveConsent,
    MakeFile,
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
from bot.engine.guiding import gone_back, skipped, under_way
from bot.engine.session import Act, Session
from bot.engine.speech import Choose, Draft, Said, Scene, say
from bot.knowledge.shapes import LANGUAGES
from bot.messages import Audience, Place, Role
from bot.planning.recipients import ALL, CONSENT

CODE_LENGTH: Final = 10  # letters and digits of a 32-letter alphabet: 50 bits

Order = Callable[[Scene, str], Said]


def run_order(scene: Scene, name: str, argument: str) -> Said:
    """Do a command that the table knows and that has been allowed."""
    return ORDERS[name](scene, argument)


def _help(scene: Scene, _argument: str) -> Said:
    said = say(scene, "help", Choose(scene.say("button.topics"), Act("sections")))
    more = [scene.say("help.reps")] if scene.view.roles & REPS else []
    more += [scene.say("help.editors")] if scene.view.roles & EDITORS else []
    more += [scene.say("help.ulrs")] if scene.view.roles & ULRS else []
    more += [scene.say("help.officers")] if scene.view.roles & OFFICERS else []
    (draft,) = said.drafts
    return replace(said, drafts=(replace(draft, text="\n\n".join((draft.text, *more))),))


def _nothing_running(scene: Scene) -> Said:
    said = say(scene, "verb.nothing-running", Choose(scene.say("button.topics"), Act("sections")))
    return left_open.with_way_back(scene, said)


def _ask(scene: Scene, _argument: str) -> Said:
    """Without words behind it; a question behind it is taken by the turn itself."""
    return say(scene, "empty")


def _back(scene: Scene, _argument: str) -> Said:
    here = under_way(scene)
    return gone_back(here) if here else left_open.with_way_back(scene, browsing.sections(scene))


def _skip(scene: Scene, _argument: str) -> Said:
    here = under_way(scene)
    return skipped(here) if here else _nothing_running(scene)


def _cancel(scene: Scene, _argument: str) -> Said:
    if said := shelving.cancel(scene):
        return said
    is_draft = left_open.half_written(scene) is not None
    return say(scene, "broadcast.left") if is_draft else _nothing_running(scene)


def _pause(scene: Scene, _argument: str) -> Said:
    return shelving.pause(scene) or _nothing_running(scene)


def _resume(scene: Scene, _argument: str) -> Said:
    return shelving.resume(scene) or _nothing_running(scene)


def _status(scene: Scene, _argument: str) -> Said:
    audience = scene.view.audience
    wording = (
        scene.say(f"audience.{audience.value}") if audience else scene.say("status.no-audience")
    )
    stopped = scene.say("status.stopped" if scene.view.opt_outs else "status.open")
    runs, choices = waiting.standing(scene)
    said = say(scene, "status", *choices, runs=runs, audience=wording, broadcasts=stopped)
    return replace(said, drafts=(replace(said.drafts[0], asks=bool(choices)),))


def _human(scene: Scene, _argument: str) -> Said:
    return rep_questions.human(scene)


def _restart(scene: Scene, _argument: str) -> Said:
    if asked := shelving.restart(scene):
        return asked
    fresh = Session(
        secret=scene.session.secret,
        turn=scene.session.turn,
        asked_audience=scene.session.asked_audience,
        runs=scene.session.runs,
        was_warned=scene.session.was_warned,
    )
    return cards.welcome(replace(scene, session=fresh)).before(Draft(text=scene.say("restarted")))


def _stop(scene: Scene, argument: str) -> Said:
    """No more broadcasts; a run under way is put aside too, each with its own way back.

    With words behind it only one topic is stopped.
    """
    if topic := argument.strip().lower():
        return broadcast_desk.opt_out(scene, topic)
    undo = Choose(scene.say("button.undo-stop"), Act("opt-in", (ALL,)))
    parked = shelving.pause(scene)
    if parked is None:
        return replace(say(scene, "stopped", undo), effects=(OptOut(ALL),))
    text = f"{scene.say('stopped')} {parked.drafts[0].text}"
    draft = replace(parked.drafts[0], text=text, choices=(*parked.drafts[0].choices, undo))
    return replace(parked, drafts=(draft,), effects=(OptOut(ALL),))


def _opt_in(scene: Scene, _argument: str) -> Said:
    return opt_in(scene, ALL)


def opt_in(scene: Scene, topic: str) -> Said:
    """Take a "no" to broadcasts back."""
    offer = _campaign_offer(scene)
    return replace(say(scene, "opted-in", *offer), effects=(OptIn(topic),))


def _campaign_offer(scene: Scene) -> tuple[Choose, ...]:
    """Campaign messages come only to whoever agreed to exactly this text."""
    version = wording_version(scene.say("consent-text.campaign"))
    if scene.view.place is not Place.PRIVATE or (CONSENT, version) in scene.view.consents:
        return ()
    return (Choose(scene.say("button.campaign"), Act("agree-campaign")),)


def agree_to_campaign(scene: Scene, version: str = "") -> Said:
    """Show what is agreed to, then keep the agreement to exactly that text."""
    if scene.view.place is not Place.PRIVATE:
        return say(scene, "refused.place")
    wanted = wording_version(scene.say("consent-text.campaign"))
    if version != wanted:
        yes = Choose(scene.say("button.campaign-yes"), Act("agree-campaign", (wanted,)))
        no = Choose(scene.say("button.no"), Act("kept"))
        return say(scene, "consent-text.campaign", yes, no)
    if (CONSENT, wanted) in scene.view.consents:
        return say(scene, "campaign.agreed")
    given = GiveConsent(purpose=CONSENT, version=wanted)
    return replace(say(scene, "campaign.agreed"), effects=(OptIn(ALL), given))


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


_LANGUAGE_NAMES: Final = {"welsh": "cy", "saesneg": "en"}


def _language(scene: Scene, argument: str) -> Said:
    named = argument.strip().lower()
    wanted = _LANGUAGE_NAMES.get(named, named[:2])
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
        Choose(scene.say("button.link"), Act("command", ("link", ""))),
    )
    return say(scene, "privacy", *choices)


def _mydata(scene: Scene, argument: str) -> Said:
    if argument == "yes":
        whole = MakeFile(kind="mydata", arguments={})
        return Said(session=scene.session, drafts=(), effects=(ShowMine(), whole))
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


def _qr(scene: Scene, argument: str) -> Said:
    """A picture of the bot's address; with a command, of a link that begins the talk with it."""
    name = argument.strip().lower().removeprefix("/")
    spec = COMMAND_BY_NAME.get(name)
    if name and (spec is None or spec.roles != EVERYBODY):
        return say(scene, "qr.unknown")
    arguments = {"command": name} if name else {}
    return replace(say(scene, "qr.making"), effects=(MakeFile(kind="qr", arguments=arguments),))


ORDERS: Final[Mapping[str, Order]] = {
    "help": _help,
    "ask": _ask,
    "back": _back,
    "skip": _skip,
    "cancel": _cancel,
    "pause": _pause,
    "resume": _resume,
    "status": _status,
    "human": _human,
    "restart": _restart,
    "stop": _stop,
    "optin": _opt_in,
    "start": _start,
    "topics": _topics,
    "audience": set_audience,
    "language": _language,
    "privacy": _privacy,
    "mydata": _mydata,
    "forget": _forget,
    "consent": _consent,
    "join": _join,
    "link": linking.link,
    "unlink": linking.unlink,
    "invite": _invite,
    "why": _why,
    "misses": triage.misses,
    "broadcast": broadcasting.start,
    "halt": broadcast_desk.halt,
    "destination": broadcast_desk.destination,
    "answers": lambda scene, _argument: reopening.answers(scene),
    "surveys": lambda scene, _argument: surveying.surveys(scene),
    "results": lambda scene, _argument: survey_showing.results(scene),
    "qr": _qr,
    "questions": lambda scene, _argument: rep_replies.queue(scene),
    "plan": plan_talk.command,
    "next": plan_talk.next_step,
    "agreement": plan_agreement.command,
    "calendar": plan_talk.calendar,
    "map": map_orders.order,
}
