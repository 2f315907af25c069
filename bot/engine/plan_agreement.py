"""The agreement in the chat: each clause with how it stands, since when, and what was said."""

from typing import Final, assert_never

from bot.coach.agreement import (
    Agreement,
    ClauseState,
    NotWritten,
    PositionLine,
    Saying,
    Standing,
    position,
    set_day,
    set_standing,
    set_wanted,
)
from bot.coach.history import Overtaken, version_of
from bot.coach.voice_messages import clause_line, position_text, refusal_text
from bot.engine.effects_plans import ChangeClause
from bot.engine.plan_talk import begin
from bot.engine.planning import (
    Here,
    barred,
    choose,
    here_of,
    joined,
    shorten,
    speak,
    used,
    waiting,
    without_errand,
)
from bot.engine.speech import Choose, Said, Scene
from bot.language.days import Day
from bot.language.when import read_day

TRIES: Final = 3
Written = Agreement | NotWritten | Overtaken[ClauseState]


def command(scene: Scene, _argument: str = "") -> Said:
    """`/agreement`."""
    if said := barred(scene):
        return said
    here = here_of(scene)
    return used(here, clauses(here)) if here else begin(scene)


def clauses(here: Here) -> Said:
    """Every clause as it stands, each with its button, and the documents."""
    page = position(here.shared.agreement, here.today)
    known = here.voice.content.clause_by_id
    choices = [
        choose(
            here,
            "clause-show",
            shorten(known[one.clause].title.text(here.voice.language)),
            one.clause,
        )
        for one in page.lines
        if one.clause in known
    ]
    choices.append(choose(here, "plan-file", here.say("button.clause-draft"), "agreement"))
    choices.append(choose(here, "plan-file", here.say("button.clause-position"), "position"))
    return speak(here, position_text(here.voice, page), *choices)


def show(here: Here, clause: str) -> Said:
    """One clause: what it means, what to say, how it stands."""
    state = here.shared.agreement.clause(clause)
    known = here.voice.content.clause_by_id.get(clause)
    if state is None or known is None:
        return speak(here, here.say("coach.refused.unknown-clause"))
    language = here.voice.language
    text = joined(
        f"**{known.title.text(language)}**",
        known.what.text(language),
        here.say("coach.clause.ask", ask=known.ask.text(language)),
        clause_line(here.voice, _line(state), here.today),
    )
    return speak(here, text, *_ways(here, state))


def put(here: Here, clause: str, seen: str, standing: str) -> Said:
    """This is how it stands, since today."""
    wanted = Standing(standing)
    outcome = set_standing(here.shared.agreement, clause, wanted, _saying(here, seen))
    return _told(here, clause, outcome)


def choose_for_draft(here: Here, clause: str, seen: str, wanted: str) -> Said:
    """Into the draft, or out of it."""
    saying = _saying(here, seen)
    outcome = set_wanted(here.shared.agreement, clause, saying, wanted=wanted == "1")
    return _told(here, clause, outcome)


def ask_note(here: Here, clause: str, seen: str) -> Said:
    """The next words are what was said."""
    kept = waiting(here, "clause-note", clause, seen)
    return speak(kept, here.say("coach.clause.note-ask"))


def note(here: Here, words: str, clause: str, seen: str) -> Said:
    """Write down what was said."""
    state = here.shared.agreement.clause(clause)
    if state is None:
        return speak(without_errand(here), here.say("coach.refused.unknown-clause"))
    saying = _saying(here, seen, note=words)
    outcome = set_standing(here.shared.agreement, clause, state.standing, saying)
    if isinstance(outcome, NotWritten):
        return speak(here, refusal_text(here.voice, outcome.why))
    after = without_errand(here)
    return (
        _met(after, clause, words)
        if isinstance(outcome, Overtaken)
        else _told(after, clause, outcome)
    )


def note_kept(here: Here, clause: str, seen: str, words: str) -> Said:
    """Write down words that met somebody else's: they stood on a button meanwhile."""
    return note(here, words, clause, seen)


def ask_day(here: Here, clause: str, seen: str) -> Said:
    """The next words are the day it happened."""
    kept = waiting(here, "clause-day", clause, seen, "0")
    return speak(kept, here.say("coach.clause.day-ask"))


def day(here: Here, words: str, clause: str, seen: str, tries: str) -> Said:
    """On which day it came to stand so."""
    found = read_day(words, here.today, prefer="past")
    if not isinstance(found, Day):
        if int(tries) + 1 >= TRIES:
            return speak(without_errand(here), here.say("coach.day-let-go"))
        kept = waiting(here, "clause-day", clause, seen, str(int(tries) + 1))
        return speak(kept, here.say("coach.clause.day-unread"))
    saying = _saying(here, seen, on=found)
    outcome = set_day(here.shared.agreement, clause, saying)
    if isinstance(outcome, NotWritten):
        return speak(here, refusal_text(here.voice, outcome.why))
    return _told(without_errand(here), clause, outcome)


def _saying(here: Here, seen: str, *, note: str | None = None, on: Day | None = None) -> Saying:
    return Saying(
        by=here.scene.view.person,
        at=here.scene.now,
        today=here.today,
        on=on.day if on else here.today,
        note=note,
        seen=int(seen) if seen else None,
    )


def _told(here: Here, clause: str, outcome: Written) -> Said:
    """What became of it."""
    title = _title(here, clause)
    match outcome:
        case NotWritten(why=why):
            return speak(here, refusal_text(here.voice, why))
        case Overtaken():
            said = here.say("coach.clause.overtaken", clause=title)
            again = choose(here, "clause-show", here.say("button.clause-again"), clause)
            return speak(here, said, again)
        case Agreement() if outcome == here.shared.agreement:
            return speak(here, here.say("coach.clause.unchanged", clause=title))
        case Agreement():
            return _written(here, clause, outcome)
        case _:
            assert_never(outcome)


def _met(here: Here, clause: str, words: str) -> Said:
    """Somebody wrote another note meanwhile: show how it stands, and keep these words for a press."""
    state = here.shared.agreement.clause(clause)
    line = clause_line(here.voice, _line(state), here.today) if state else ""
    seen = str(version_of(here.shared.agreement.history, clause))
    kept = " ".join(words.split())
    return speak(
        here,
        joined(here.say("coach.clause.overtaken", clause=_title(here, clause)), line),
        choose(here, "clause-note-kept", here.say("button.plan-anyway"), clause, seen, kept),
        choose(here, "clause-show", here.say("button.clause-again"), clause),
    )


def _title(here: Here, clause: str) -> str:
    known = here.voice.content.clause_by_id.get(clause)
    return known.title.text(here.voice.language) if known else clause


def _written(here: Here, clause: str, agreement: Agreement) -> Said:
    state = agreement.clause(clause)
    event = agreement.history[-1]
    line = clause_line(here.voice, _line(state), here.today) if state else ""
    seen = str(event.seq)
    choices = [
        choose(here, "clause-note", here.say("button.clause-note"), clause, seen),
        choose(here, "clause-day", here.say("button.clause-day"), clause, seen),
        choose(here, "clause-list", here.say("button.clause-list")),
        choose(here, "plan-undo", here.voice.undo_button().label),
    ]
    text = joined(here.say("coach.clause.written"), line)
    return speak(here, text, *choices, effects=(ChangeClause(here.plan.id, event),))


def _ways(here: Here, state: ClauseState) -> tuple[Choose, ...]:
    """The other standings, a note, and the draft."""
    clause, seen = state.clause, str(version_of(here.shared.agreement.history, state.clause))
    choices = [
        choose(here, "clause-put", here.say(f"button.clause-{standing}"), clause, seen, standing)
        for standing in Standing
        if standing is not state.standing
    ]
    choices.append(choose(here, "clause-note", here.say("button.clause-note"), clause, seen))
    key, wanted = ("button.clause-out", "0") if state.wanted else ("button.clause-in", "1")
    choices.append(choose(here, "clause-want", here.say(key), clause, seen, wanted))
    choices.append(choose(here, "clause-list", here.say("button.clause-list")))
    return tuple(choices)


def _line(state: ClauseState) -> PositionLine:
    return PositionLine(
        clause=state.clause,
        standing=state.standing,
        since=state.since,
        note=state.note,
        wanted=state.wanted,
    )
