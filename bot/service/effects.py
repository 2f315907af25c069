"""Applying what a turn decided, in the turn's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from bot.engine.effects import (
    Effect,
    EndRun,
    ForgetMe,
    GiveConsent,
    KeepAnswers,
    LabelMiss,
    MakeFile,
    MakeInvite,
    OpenReview,
    OptIn,
    OptOut,
    OwnEffect,
    RememberMiss,
    RunEffect,
    SetAudience,
    SetLanguage,
    ShowConsents,
    ShowMine,
    StartRun,
    SubmitRun,
    UseCode,
    Vote,
    WithdrawConsent,
)
from bot.engine.effects_broadcasts import BroadcastEffect
from bot.engine.effects_links import LinkEffect, MakeLinkCode
from bot.engine.effects_map import MapEffect
from bot.engine.effects_plans import InviteToPlan, PlanEffect
from bot.engine.effects_reps import RepEffect, Triage
from bot.engine.effects_surveys import CountSteps, SurveyEffect
from bot.messages import Reply
from bot.service import (
    agreements,
    audit,
    broadcasts,
    consents,
    deliveries,
    files,
    inbox,
    invites,
    linking,
    maps,
    misses,
    open_surveys,
    plan_keeping,
    privacy,
    questions,
    runs,
)
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.invites import NewInvite

# all but files, which take longer, and maps
Done = OwnEffect | RunEffect | RepEffect | Triage | LinkEffect | PlanEffect | SurveyEffect
# What touches only rows of whose turn it is, or adds to common ones in a way that suits many at once.
# Everything else has the store to itself, on every store: a new effect is safe before it is quick.
OWN: Final = (
    RememberMiss,
    LabelMiss,
    Vote,
    OpenReview,
    SetAudience,
    SetLanguage,
    OptOut,
    OptIn,
    MakeInvite,
    ShowConsents,
    ShowMine,
    GiveConsent,
    StartRun,
    KeepAnswers,
    EndRun,
    CountSteps,
    MakeFile,
)
FLEETING: Final = (
    ForgetMe,
    ShowMine,
    MakeInvite,
    MakeLinkCode,
    InviteToPlan,
)  # nothing they say is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """What the effects had to say.

    Attributes:
        fleeting: Whether nothing of this turn's replies may be kept after they were sent.
    """

    replies: tuple[Reply, ...] = ()
    fleeting: bool = False


def apply(doing: Doing, effects: Sequence[Effect]) -> More:
    """Apply effects in order; nothing of it stays if one fails."""
    replies: list[Reply] = []
    fleeting = False
    for number, effect in enumerate(effects):
        if not is_own(effect):
            doing.tx.alone()
        if isinstance(effect, MakeFile):
            files.ask(doing, effect, number)
            continue
        if isinstance(effect, BroadcastEffect):
            replies += broadcasts.apply(doing, effect)
            continue
        if isinstance(effect, MapEffect):
            told = maps.keep(doing, effect)
            replies += [told] if told else []
            continue
        replies += _apply(doing, effect)
        fleeting = fleeting or isinstance(effect, FLEETING)
    return More(replies=tuple(replies), fleeting=fleeting)


def is_own(effect: Effect) -> bool:
    """Whether turns of other people may be under way meanwhile, in other processes."""
    return isinstance(effect, OWN) or (isinstance(effect, SubmitRun) and not effect.flow.anonymous)


def _apply(doing: Doing, effect: Done) -> tuple[Reply, ...]:
    if isinstance(effect, RepEffect | Triage):
        _of_branch(doing, effect)
        return ()
    if isinstance(effect, LinkEffect):
        said = linking.apply(doing, effect)
        return (said,) if said else ()
    if isinstance(effect, SurveyEffect):
        open_surveys.apply(doing, effect)
        return ()
    if isinstance(effect, PlanEffect):
        return plan_keeping.apply(doing, effect)
    if isinstance(effect, RunEffect):
        said = runs.apply(doing, effect)
        return (said,) if said else ()
    return _of_person(doing, effect)


def _of_person(doing: Doing, effect: OwnEffect) -> tuple[Reply, ...]:
    match effect:
        case RememberMiss() | LabelMiss() | Vote() | OpenReview():
            misses.keep(doing.tx, doing.known, effect, doing.now)
            return ()
        case SetAudience() | SetLanguage() | OptOut() | OptIn():
            _choose(doing, effect)
            return ()
        case MakeInvite():
            return (_invite(doing, effect),)
        case UseCode(code=code):
            return (_join(doing, code),)
        case ShowConsents() | WithdrawConsent():
            return (_agreements(doing, effect),)
        case ShowMine():
            return privacy.shown(doing)
        case ForgetMe():
            return (privacy.forget(doing),)
        case _:
            assert_never(effect)


def _agreements(doing: Doing, effect: ShowConsents | WithdrawConsent) -> Reply:
    if isinstance(effect, ShowConsents):
        return consents.shown(doing)
    return agreements.take_back(doing, effect.purpose)


def _of_branch(doing: Doing, effect: RepEffect | Triage) -> None:
    """What is the branch's: questions to its reps, and its editors' inbox."""
    if isinstance(effect, Triage):
        inbox.triage(doing, effect)
    else:
        questions.keep(doing, effect)


def _choose(doing: Doing, effect: SetAudience | SetLanguage | OptOut | OptIn) -> None:
    tx, person = doing.tx, doing.known.person
    match effect:
        case SetAudience(audience=audience):
            tx.update("person", {"id": person}, {"audience": audience.value})
        case SetLanguage(language=language):
            tx.update("person", {"id": person}, {"language": language})
        case OptOut(topic=topic):
            row = {"person": person, "topic": topic, "branch": doing.known.branch}
            tx.insert_new("opt_out", {**row, "at": micros(doing.now)})
            deliveries.opted_out(tx, person, topic)
        case OptIn(topic="all"):
            tx.delete("opt_out", {"person": person})
        case OptIn(topic=topic):
            tx.delete("opt_out", {"person": person, "topic": topic})
        case _:
            assert_never(effect)


def _invite(doing: Doing, effect: MakeInvite) -> Reply:
    invite = NewInvite(
        id=doing.view.fresh.removesuffix(effect.code),  # the code may stand in no id
        branch=doing.known.branch,
        role=effect.role,
        code=effect.code,
        made_by=audit.pseudonym(doing.tx, doing.known.person),
    )
    invites.make_invite(doing.tx, invite, doing.now)
    role = doing.content.wording.say(f"role.{effect.role.value}", doing.view.language)
    return doing.say("invite.made", role=role, code=effect.code, days=invites.LIFETIME.days)


def _join(doing: Doing, code: str) -> Reply:
    key, role = invites.use_code(doing.tx, doing.known, code, doing.view.fresh, doing.now)
    if key == "join.plan":
        return plan_keeping.welcome(doing, *invites.invite_of(doing.tx, code))
    if role is None:
        return doing.say(key)
    name = doing.content.wording.say(f"role.{role.value}", doing.view.language)
    return doing.say(key, role=name)
