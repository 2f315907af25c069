"""What happens inside a run: answering, ticking, going back, changing, handing in.

The runner moves a run; here it is decided what to say about it, and what the service has to keep. A
button of an older question changes that answer; it is never taken for the answer to the present one.
"""

from dataclasses import replace

from bot.engine import map_runs
from bot.engine.effects import Effect, KeepAnswers, SubmitRun
from bot.engine.guide import Guide, guide, local_now
from bot.engine.held import active, held
from bot.engine.plan_building import finished
from bot.engine.prompts import asked_and, choose, join, prompt
from bot.engine.run_counting import counted_steps
from bot.engine.run_ending import ended, shut_out
from bot.engine.speech import Draft, Said, Scene, say
from bot.engine.survey_opening import opened
from bot.flows import runner
from bot.flows.acceptance import Refusal
from bot.flows.model import Deed, Kind, Question
from bot.flows.reading import AskBack, Read, Unfit, read, wants_name
from bot.flows.record import rows
from bot.flows.route import Stop
from bot.flows.run import TRIES_LIMIT, Answer, Key, Run, Status, name_of
from bot.flows.runner import Moved, Refused
from bot.flows.standing import suggestion, ticked
from bot.language.replies import Missing
from bot.messages import plain


def under_way(scene: Scene) -> Guide | None:
    """The run under way; None where there is none, or its flow was not kept."""
    one = active(scene.session)
    return guide(scene, one) if one else None


def said(here: Guide, *leads: str, effects: tuple[Effect, ...] = ()) -> Said:
    """The run as it stands now, and what is asked next."""
    on, counted = counted_steps(here)
    return Said(session=on.session, drafts=(prompt(on, *leads),), effects=(*effects, *counted))


def answered(here: Guide, answer: Answer, *, typed: bool = False, echoes: bool = False) -> Said:
    """Answer the pending question, and say what that changed."""
    stop = here.stop
    if stop is None:
        return said(here)
    outcome = runner.advance(here.flow, here.run, answer, local_now(here.scene))
    if isinstance(outcome, Refused):
        return refused(here.at(outcome.run), outcome.why)
    one = replace(here.held, typed=stop.key if typed else None)
    moved = replace(here, held=one)
    known = map_runs.with_last_time(here, stop, outcome)
    done = stepped(moved, known, _news(here, stop, answer, echoes=echoes))
    return map_runs.noticed(here.moved(known), stop, done)


def stepped(here: Guide, moved: Moved, *leads: str) -> Said:
    """After a step: what was dropped or came back, then what is asked next."""
    news = changed(here.run, moved.run)
    effects = (KeepAnswers(run=here.held.id, answers=news),) if news else ()
    after = here.moved(moved)
    done = said(after, *leads, *_fallout(here, after, moved), effects=effects)
    if not moved.dropped:
        return done
    undo = choose(here, "undo", here.say("button.undo"))
    first = replace(done.drafts[0], choices=(*done.drafts[0].choices, undo))
    return replace(done, drafts=(first, *done.drafts[1:]))


def refused(here: Guide, why: Refusal | None) -> Said:
    """An answer that could not be taken: what was wrong, then an example, then the ways out."""
    if here.run.status is Status.PAUSED:
        resume = choose(here, "resume-run", here.say("button.resume", title=here.title()))
        draft = Draft(
            text=here.say("flow.parked", title=here.title()), choices=(resume,), asks=True
        )
        return Said(session=here.session, drafts=(draft,))
    stop = here.stop
    lead = wrong(here, stop, why) if stop else ""
    if here.run.tries >= 2 and stop:
        lead = join(lead, _example(here, stop))
    if here.run.tries >= TRIES_LIMIT:
        needed = stop is not None and stop.is_required
        lead = join(lead, here.say("flow.ways-out-needed" if needed else "flow.ways-out"))
    return said(here, lead)


def asked_back(here: Guide, reading: AskBack) -> Said:
    """Several answers are as likely: the person says which."""
    stop = here.stop
    if stop is None or not isinstance(stop.part, Question):
        return said(here)
    question, is_several = stop.part, stop.part.kind in {Kind.SELECT_MULTIPLE, Kind.RANK}
    run = here.run
    for code in reading.ticked:
        if code not in ticked(run, stop):
            run = runner.tick(here.flow, run, code, local_now(here.scene)).run
    if not reading.options:
        unread = ", ".join(plain(words) for words in reading.unread)
        return said(here.at(run), here.say("flow.unread", words=unread))
    choices = tuple(
        choose(
            here,
            "tick" if is_several else "answer",
            here.shown(question, option),
            stop.key,
            _code(option),
        )
        for option in reading.options
    )
    draft = Draft(text=here.say("choice.which"), choices=choices, asks=True)
    return Said(session=here.at(run).session, drafts=(draft,))


def _code(answer: Answer) -> str:
    return answer.value[0] if isinstance(answer.value, tuple) else str(answer.value)


def _news(here: Guide, stop: Stop, answer: Answer, *, echoes: bool) -> str:
    """What was made of loose words, or what an answer was before it was changed."""
    if not isinstance(stop.part, Question):
        return ""
    shown = plain(here.shown(stop.part, answer))
    if here.run.focus is not None and stop.answer is not None and stop.answer != answer:
        before = plain(here.shown(stop.part, stop.answer))
        return here.say("flow.changed", before=before, after=shown)
    return here.say("flow.echo", answer=shown) if echoes else ""


def _fallout(before: Guide, after: Guide, moved: Moved) -> tuple[str, ...]:
    told: list[str] = []
    for heading, keys, source in (
        (after.say("flow.dropped"), moved.dropped, before.run.answers),
        (after.say("flow.restored"), moved.restored, after.run.answers),
    ):
        listed = [
            f"- {asked_and(after.label(question.label))} {plain(after.shown(question, source[key]))}"
            for key in keys
            if (question := after.flow.question(name_of(key))) and key in source
        ]
        if listed:
            told.append(join(heading, "\n".join(listed)))
    return tuple(told)


def wrong(here: Guide, stop: Stop, why: Refusal | None) -> str:
    """What was wrong with an answer, in one sentence."""
    question = stop.part
    if not isinstance(question, Question):
        return here.say("flow.wrong.gate")
    if why is Refusal.AGAINST_CONSTRAINT and question.constraint_message:
        return here.text(question.constraint_message, stop)
    if why is Refusal.REQUIRED:
        return here.say("flow.wrong.required")
    if why is Refusal.OFF_SCALE and question.limits:
        scale = question.limits
        return here.say("flow.wrong.scale", low=f"{scale.start:g}", high=f"{scale.end:g}")
    if why is Refusal.TOO_LONG:
        return here.say("flow.wrong.long")
    return here.say(f"flow.wrong.{_sort(question)}")


def _example(here: Guide, stop: Stop) -> str:
    question = stop.part
    if not isinstance(question, Question):
        return ""
    if question.example:
        return here.say("flow.example", example=here.text(question.example, stop))
    return here.say(f"flow.example.{_sort(question)}")


def _sort(question: Question) -> str:
    """Which sentence says what is wanted: the type's own, or that of a name."""
    return "name" if wants_name(question) else question.kind.value.replace("_", "-")


def changed(before: Run, after: Run) -> dict[Key, Answer | None]:
    """What each slot that has changed is now; None where it is open again."""
    keys = sorted({*before.answers, *after.answers})
    return {
        key: after.answers.get(key)
        for key in keys
        if before.answers.get(key) != after.answers.get(key)
    }


def _at(scene: Scene, run_id: str, key: str | None = None) -> tuple[Guide, Stop | None] | Said:
    """The run of a button, at the slot it was shown for; what to say where it works no more."""
    one = held(scene.session, run_id)
    here = guide(scene, one) if one else None
    if here is None:
        return say(scene, "button.expired")
    if here.run.status is Status.PAUSED:
        resume = choose(here, "resume-run", here.say("button.resume", title=here.title()))
        return say(scene, "flow.is-paused", resume, title=here.title())
    if key is None:
        return here, None
    stop = here.route.stop(Key(key))
    if stop is None:
        return said(here, here.say("button.expired"))
    if here.stop is None or here.stop.key != stop.key:
        moved = runner.correct(here.flow, here.run, stop.key, local_now(scene))
        here = here.moved(moved) if isinstance(moved, Moved) else here
    return here, stop


def press_answer(scene: Scene, run_id: str, key: str, code: str) -> Said:
    """A choice, tapped: the answer of the question it was shown for, whichever is asked now."""
    found = _at(scene, run_id, key)
    return found if isinstance(found, Said) else answered(found[0], Answer(value=code))


def press_tick(scene: Scene, run_id: str, key: str, code: str) -> Said:
    """A tick put or taken away; the list is shown again."""
    found = _at(scene, run_id, key)
    if isinstance(found, Said):
        return found
    here, _ = found
    outcome = runner.tick(here.flow, here.run, code, local_now(scene))
    return said(here.at(outcome.run))


def press_done(scene: Scene, run_id: str, key: str) -> Said:
    """What is ticked is the answer."""
    found = _at(scene, run_id, key)
    if isinstance(found, Said):
        return found
    here, stop = found
    codes = ticked(here.run, stop) if stop else ()
    return answered(here, Answer(value=codes)) if codes else said(here, here.say("flow.tick"))


def press_keep(scene: Scene, run_id: str, key: str) -> Said:
    """The suggestion is the answer."""
    found = _at(scene, run_id, key)
    if isinstance(found, Said):
        return found
    here, stop = found
    known = suggestion(here.run, stop) if stop else None
    return answered(here, known) if known else said(here)


def press_skip(scene: Scene, run_id: str, key: str) -> Said:
    """The question of this button is skipped."""
    found = _at(scene, run_id, key)
    if isinstance(found, Said):
        return found
    here, _ = found
    return skipped(here)


def skipped(here: Guide) -> Said:
    """Skip what is asked now; at a gate there are no more rounds."""
    stop = here.stop
    if stop is None:
        return said(here)
    step = runner.skip if isinstance(stop.part, Question) else runner.close_rounds
    outcome = step(here.flow, here.run, local_now(here.scene))
    if isinstance(outcome, Refused):
        return refused(here.at(outcome.run), outcome.why)
    return stepped(here, outcome, _given_up(here, stop))


def _given_up(here: Guide, stop: Stop) -> str:
    """What is lost by skipping: ticks that were put, or the earlier answer; nothing where there was none."""
    if isinstance(stop.part, Question) and here.run.ticked and (codes := ticked(here.run, stop)):
        picks = plain(here.shown(stop.part, Answer(value=codes)))
        return here.say("flow.skipped-picks", picks=picks)
    if here.run.focus is None or stop.answer is None or not isinstance(stop.part, Question):
        return ""
    before = plain(here.shown(stop.part, stop.answer))
    after = plain(here.shown(stop.part, Answer(missing=Missing.SKIPPED)))
    return here.say("flow.changed", before=before, after=after)


def press_another(scene: Scene, run_id: str, gate: str) -> Said:
    """Another round."""
    found = _at(scene, run_id, gate)
    return found if isinstance(found, Said) else gated(found[0], wants_more=True)


def press_no_more(scene: Scene, run_id: str, gate: str) -> Said:
    """No further round."""
    found = _at(scene, run_id, gate)
    return found if isinstance(found, Said) else gated(found[0], wants_more=False)


def gated(here: Guide, *, wants_more: bool) -> Said:
    """At a gate: another round, or no more."""
    step = runner.add_round if wants_more else runner.close_rounds
    outcome = step(here.flow, here.run, local_now(here.scene))
    return stepped(here, outcome) if isinstance(outcome, Moved) else said(here)


def press_remove(scene: Scene, run_id: str, gate: str, one: str) -> Said:
    """A round is taken out; it can be brought back."""
    found = _at(scene, run_id, gate)
    if isinstance(found, Said):
        return found
    here, _ = found
    outcome = runner.remove_round(here.flow, here.run, Key(gate), int(one), local_now(scene))
    return stepped(here, outcome) if isinstance(outcome, Moved) else said(here)


def press_change(scene: Scene, run_id: str, key: str) -> Said:
    """An earlier answer is asked again; then the run goes on where it was."""
    found = _at(scene, run_id, key)
    return found if isinstance(found, Said) else said(found[0])


def press_change_to(scene: Scene, run_id: str, key: str, words: str) -> Said:
    """An edited message: its new words become the answer it gave before."""
    found = _at(scene, run_id, key)
    if isinstance(found, Said):
        return found
    here, _ = found
    reading = read_here(here, words)
    if isinstance(reading, Read):
        return answered(here, reading.answer)
    return said(here)


def read_here(here: Guide, text: str) -> Read | AskBack | Unfit | None:
    """What a text answers at the pending question."""
    stop = here.stop
    if stop is None:
        return None
    return read(stop, text, local_now(here.scene).date(), here.scene.view.language)


def press_review(scene: Scene, run_id: str, page: str) -> Said:
    """Another page of the review."""
    found = _at(scene, run_id)
    if isinstance(found, Said):
        return found
    here, _ = found
    return Said(session=here.session, drafts=(prompt(here, page=int(page)),))


def press_submit(scene: Scene, run_id: str) -> Said:
    """Hand everything in."""
    found = _at(scene, run_id)
    if isinstance(found, Said):
        return found
    here, _ = found
    if late := shut_out(here):
        return late
    outcome = runner.submit(here.flow, here.run, local_now(scene))
    if isinstance(outcome, Refused):
        return said(here, here.say("flow.still-open"))
    done = here.moved(outcome)
    if here.flow.does is Deed.OPEN_SURVEY:
        return opened(here, done)
    effect = SubmitRun(
        run=here.held.id,
        flow=here.flow,
        revision=outcome.run.revision,
        rows=rows(here.flow, outcome.run, outcome.route),
        about=here.held.about,
        slip=here.held.slip,
    )
    after, drafts = replace(here.scene, session=done.session), ended(here)
    if made := finished(after, here.flow.id, effect.rows, drafts[0].text):
        told = tuple(replace(one, asks=True) for one in made.drafts)
        return replace(made, drafts=told, effects=(effect, *made.effects))
    return Said(session=done.session, drafts=drafts, effects=(effect,))


def press_undo(scene: Scene, run_id: str) -> Said:
    """The last step is taken back."""
    found = _at(scene, run_id)
    return found if isinstance(found, Said) else gone_back(found[0])


def gone_back(here: Guide) -> Said:
    """One step back, with the earlier answer suggested."""
    outcome = runner.back(here.flow, here.run, local_now(here.scene))
    if isinstance(outcome, Refused):
        return said(here, here.say("flow.at-the-start"))
    return stepped(here, outcome)


def why_asked(here: Guide) -> Said:
    """Why the pending question is asked, and the question again."""
    stop = here.stop
    part = stop.part if stop else None
    why = part.why if isinstance(part, Question) else None
    text = here.text(why, stop) if why else here.say("flow.why-unsaid")
    return Said(session=here.session, drafts=(prompt(here, text, short=True),))
