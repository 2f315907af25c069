"""What a button or a number does. The registry is written down; a test holds it complete."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.engine import (
    area_news,
    asking,
    broadcast_confirm,
    broadcast_desk,
    broadcasting,
    browsing,
    errands,
    guiding,
    linking,
    map_again,
    map_orders,
    plan_agreement,
    plan_changes,
    plan_days,
    plan_files,
    plan_hours,
    plan_sharing,
    plan_talk,
    reopening,
    rep_questions,
    rep_replies,
    shelving,
    survey_showing,
    survey_since,
    surveying,
    triage,
)
from bot.engine.answers import answer
from bot.engine.area_look import AGREE, area_of_link
from bot.engine.broadcast_texts import LINK_FLOW
from bot.engine.commands import COMMAND_BY_NAME, refusal
from bot.engine.effects import LabelMiss, Vote
from bot.engine.orders import agree_to_campaign, opt_in, run_order, set_audience
from bot.engine.planning import guarded, next_card
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene, say
from bot.engine.survey import code_of_link
from bot.messages import Command, EntryId
from bot.records import replace

LINK: Final = "do_"  # begins the payload of a link that does a command; no code has a `_`
REASONS: Final = ("wrong", "old", "not-mine", "unclear")  # why an answer did not help


def perform(scene: Scene, act: Act) -> Said:
    """Do what an option of an earlier turn promised."""
    return ACTS[act.name](errands.before_act(scene, act.name), *act.arguments)


def run_command(scene: Scene, command: Command) -> Said:
    """Do a command, if there is one of that name and this person may, here."""
    spec = COMMAND_BY_NAME.get(command.name)
    if spec is None:
        return say(scene, "command.unknown")
    if key := refusal(spec, scene.view.roles, scene.view.place):
        return _refuse(scene, key, spec.name)
    if spec.name == "start" and (code := code_of_link(command.argument.strip())):
        return shelving.follow(scene, code)
    if spec.name == "start" and (area := area_of_link(command.argument)):
        return area_news.introduce(scene, area)
    if spec.name == "start" and (followed := _of_link(command.argument)):
        return run_command(scene, followed)
    if spec.name == "start" and command.argument.startswith(LINK_FLOW):
        return shelving.introduce(scene, command.argument.removeprefix(LINK_FLOW))
    if said := errands.take_command(scene, spec.name):
        return said
    scene = errands.before_command(scene, spec.name)
    if spec.name == "repeat" and (here := guiding.under_way(scene)):
        return guiding.said(here)
    if spec.name == "repeat":
        again = scene.session.again
        return perform(scene, again) if again else say(scene, "repeat.nothing")
    return run_order(scene, spec.name, command.argument)


def _refuse(scene: Scene, key: str, name: str) -> Said:
    """Say why not; where only the place is wrong, with a link into a private talk that does it."""
    said = say(scene, key)
    if key != "refused.place":
        return said
    return replace(said, drafts=(replace(said.drafts[0], opens=f"{LINK}{name}"),))


def _of_link(payload: str) -> Command | None:
    """The command that a link of ours carries. It grants nothing: anybody could type it."""
    name = payload.removeprefix(LINK) if payload.startswith(LINK) else ""
    return Command(name) if name in COMMAND_BY_NAME and name != "start" else None


def _page(scene: Scene, name: str, *arguments: str) -> Said:
    """Turn a page: it takes the place of the one before."""
    said = ACTS[name](scene, *arguments)
    return replace(said, drafts=tuple(replace(one, in_place=True) for one in said.drafts))


def _command(scene: Scene, name: str, argument: str = "") -> Said:
    return run_command(scene, Command(name, argument))


def _show(scene: Scene, entry: str) -> Said:
    found = scene.content.entry_by_id.get(EntryId(entry))
    return answer(scene, found) if found else say(scene, "button.expired")


def _pick(scene: Scene, entry: str, turn: str) -> Said:
    """One of "did you mean": answered at once, and kept as a labelled example."""
    said = _show(scene, entry)
    return replace(said, effects=(*said.effects, *_label(scene, EntryId(entry), turn)))


def _none(scene: Scene, turn: str) -> Said:
    said = asking.decline(scene, None, "disambiguate.none-chosen")
    return replace(said, effects=_label(scene, None, turn))


def _label(scene: Scene, chosen: EntryId | None, turn: str) -> tuple[LabelMiss, ...]:
    """What the pick says of the question: only in the turn after it, and only of that one."""
    miss = scene.session.open_miss
    if miss is None or int(turn) != scene.session.turn - 1:
        return ()
    return (LabelMiss(id=miss, chosen=chosen),)


def _vote(scene: Scene, about: str, entry: str, helpful: str) -> Said:
    helped = helpful == "1"
    vote = Vote(about=about, entry=EntryId(entry) or None, helpful=helped)
    reasons = (
        ()
        if helped
        else tuple(
            Choose(scene.say(f"reason.{reason}"), Act("reason", (about, entry, reason)))
            for reason in REASONS
        )
    )
    said = say(scene, "vote.thanks" if helped else "vote.sorry", *reasons)
    return replace(said, effects=(vote,))


def _reason(scene: Scene, about: str, entry: str, reason: str) -> Said:
    vote = Vote(about=about, entry=EntryId(entry) or None, helpful=False, why=reason)
    return replace(say(scene, "vote.noted"), effects=(vote,))


def _section(scene: Scene, section: str, page: str = "0") -> Said:
    return browsing.topics(scene, section, int(page))


def _topic(scene: Scene, topic: str, page: str = "0") -> Said:
    return browsing.entries(scene, topic, int(page))


def _sections(scene: Scene, page: str = "0") -> Said:
    return browsing.sections(scene, int(page))


def _kept(scene: Scene) -> Said:
    return say(scene, "kept")


ACTS: Final[Mapping[str, Callable[..., Said]]] = {
    "command": _command,
    "show": _show,
    "pick": _pick,
    "none": _none,
    "vote": _vote,
    "reason": _reason,
    "section": _section,
    "topic": _topic,
    "sections": _sections,
    "page": _page,
    "audience": set_audience,
    "opt-in": opt_in,
    "kept": _kept,
    "link-code": linking.make_code,
    "link-join": linking.join,
    "introduce": shelving.introduce,
    "reopen": reopening.reopen,
    "survey-new": surveying.guarded(surveying.new),
    "survey-new-of": surveying.guarded(surveying.new_of),
    "survey-card": surveying.guarded(surveying.card),
    "survey-pass-on": surveying.guarded(surveying.pass_on),
    "survey-extend": surveying.guarded(surveying.extend),
    "survey-extend-to": surveying.guarded(surveying.extend_to),
    "survey-close": surveying.guarded(surveying.close),
    "survey-close-yes": surveying.guarded(surveying.close_now),
    "survey-slips": surveying.guarded(surveying.slips),
    "survey-slip": surveying.guarded(surveying.slip),
    "survey-results": surveying.guarded(survey_showing.show),
    "survey-since": surveying.guarded(survey_since.since),
    "survey-file": surveying.guarded(survey_showing.make_file),
    "begin": shelving.begin,
    "agree": shelving.agree_and_begin,
    "drop": shelving.drop,
    "resume-run": shelving.resume_run,
    "pause-run": shelving.pause_run,
    "cancel-run": shelving.cancel_run,
    "answer": guiding.press_answer,
    "tick": guiding.press_tick,
    "done": guiding.press_done,
    "keep": guiding.press_keep,
    "skip-question": guiding.press_skip,
    "another": guiding.press_another,
    "no-more": guiding.press_no_more,
    "remove": guiding.press_remove,
    "change": guiding.press_change,
    "change-to": guiding.press_change_to,
    "review": guiding.press_review,
    "submit": map_again.submit,
    "undo": guiding.press_undo,
    "ask-rep": rep_questions.ask_rep,
    "ask-agree": rep_questions.agree,
    "ask-name": rep_questions.ask_name,
    "ask-withdraw": rep_questions.withdraw,
    "rep-thank": rep_questions.thank,
    "inbox-show": triage.guarded(triage.show),
    "inbox-mark": triage.guarded(triage.mark),
    "inbox-draft": triage.guarded(triage.draft),
    "inbox-phrasing": triage.guarded(triage.phrasing),
    "desk-take": rep_replies.guarded(rep_replies.take),
    "desk-write": rep_replies.guarded(rep_replies.write),
    "desk-leave": rep_replies.guarded(rep_replies.leave),
    "desk-sign": rep_replies.guarded(rep_replies.sign),
    "desk-send": rep_replies.guarded(rep_replies.send),
    "bc-own": broadcasting.guarded(broadcasting.own),
    "bc-ready": broadcasting.guarded(broadcasting.ready),
    "bc-go-on": broadcasting.guarded(broadcasting.go_on),
    "bc-kind": broadcasting.guarded(broadcasting.set_kind),
    "bc-audience": broadcasting.guarded(broadcasting.set_audience),
    "bc-button": broadcasting.guarded(broadcasting.set_button),
    "bc-plan": broadcasting.guarded(broadcasting.press_when),
    "bc-change": broadcasting.guarded(broadcasting.change),
    "bc-urgent": broadcasting.guarded(broadcasting.ask_reason),
    "bc-test": broadcasting.guarded(broadcast_confirm.test),
    "bc-confirm": broadcasting.guarded(broadcast_confirm.confirm),
    "bc-list": broadcasting.guarded(broadcast_desk.listing),
    "bc-show": broadcasting.guarded(broadcast_desk.show),
    "bc-approve": broadcasting.guarded(broadcast_desk.approve),
    "bc-move": broadcasting.guarded(broadcast_desk.move),
    "bc-place": broadcasting.guarded(broadcast_desk.place),
    "bc-allow": broadcasting.guarded(broadcast_desk.allow),
    "bc-drop-place": broadcasting.guarded(broadcast_desk.drop_place),
    "opt-out": broadcast_desk.opt_out,
    "opt-out-all": broadcast_desk.opt_out_all,
    "agree-campaign": agree_to_campaign,
    AGREE: area_news.introduce,
    "plan-overview": guarded(plan_talk.overview),
    "plan-next": guarded(next_card),
    "plan-all": guarded(plan_talk.whole),
    "plan-show": guarded(plan_talk.show),
    "plan-history": guarded(plan_talk.history),
    "plan-done": guarded(plan_changes.done),
    "plan-done-of": guarded(plan_changes.done),  # one of several that a reminder brought up
    "plan-drop": guarded(plan_changes.drop),
    "plan-reopen": guarded(plan_changes.reopen),
    "plan-later": guarded(plan_days.later),
    "plan-put-off": guarded(plan_changes.put_off),
    "plan-move": guarded(plan_days.move),
    "plan-move-to": guarded(plan_changes.move_to),
    "plan-blocked": guarded(plan_changes.blocked),
    "plan-block": guarded(plan_changes.block),
    "plan-first": guarded(plan_changes.first),
    "plan-note": guarded(plan_changes.ask_note),
    "plan-note-kept": guarded(plan_changes.note_kept),
    "plan-own": guarded(plan_changes.ask_own),
    "plan-undo": guarded(plan_changes.undo),
    "plan-texts": guarded(plan_files.texts),
    "plan-text": guarded(plan_files.text),
    "plan-file": guarded(plan_files.file),
    "plan-calendar": guarded(plan_files.calendar),
    "plan-poster": guarded(plan_files.ask_link),
    "plan-reminders": guarded(plan_hours.reminders),
    "plan-remind": guarded(plan_hours.agree),
    "plan-hour": guarded(plan_hours.hour),
    "plan-hour-ask": guarded(plan_hours.ask_hour),
    "plan-days": guarded(plan_hours.days),
    "plan-digest": guarded(plan_hours.digest),
    "plan-quiet": guarded(plan_hours.quiet),
    "plan-sharing": guarded(plan_sharing.overview),
    "plan-invite": guarded(plan_sharing.invite),
    "plan-hand-over": guarded(plan_sharing.hand_over),
    "plan-lead": guarded(plan_sharing.lead),
    "plan-leave": guarded(plan_sharing.ask_leave),
    "plan-leave-yes": guarded(plan_sharing.leave),
    "plan-archive": guarded(plan_sharing.ask_archive),
    "plan-archive-yes": guarded(plan_sharing.archive),
    "plan-join": plan_sharing.join,
    "plan-join-agreed": plan_sharing.join_agreed,
    "plan-adopt": plan_sharing.adopt,
    "plan-adopt-agreed": plan_sharing.adopt_agreed,
    "clause-list": guarded(plan_agreement.clauses),
    "clause-show": guarded(plan_agreement.show),
    "clause-put": guarded(plan_agreement.put),
    "clause-want": guarded(plan_agreement.choose_for_draft),
    "clause-note": guarded(plan_agreement.ask_note),
    "clause-note-kept": guarded(plan_agreement.note_kept),
    "clause-day": guarded(plan_agreement.ask_day),
    **map_orders.ACTS,
}
RUN_ACTS: Final = frozenset(
    {
        "answer", "tick", "done", "keep", "skip-question", "another", "no-more", "remove",
        "change", "change-to", "review", "submit", "undo", "map-same",
    }
)  # fmt: skip
