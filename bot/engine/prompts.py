"""What a run says: its questions, the gates of its repeats, and the review before it is handed in."""

from dataclasses import replace
from typing import Final

from bot.engine.guide import LABEL, Guide, shorten
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft
from bot.flows.acceptance import OK
from bot.flows.model import CHOICE_KINDS, Choice, Deed, Kind, Question, Repeat, Suggested
from bot.flows.route import Stop, value_of
from bot.flows.run import TRIES_LIMIT
from bot.flows.standing import progress, suggestion, ticked
from bot.messages import ReplyKind, plain

SUGGESTED: Final = 6  # names offered beside free words
PAGE: Final = 6  # answers that have a button on one page of the review
NUMBERED: Final = CHOICE_KINDS | {Kind.ACKNOWLEDGE}  # where a typed number means an option


def prompt(guide: Guide, *leads: str, short: bool = False, page: int = 0) -> Draft:
    """What is asked now: a question, a gate, or the review.

    Args:
        guide: Where the run stands.
        leads: What to say first, such as what was inferred; empty ones are left out.
        short: Only where we are and the question: after an aside.
        page: Of the review.
    """
    stop = guide.stop
    if stop is None:
        return _review(guide, leads, page)
    if isinstance(stop.part, Repeat):
        return _gate(guide, stop, stop.part, leads)
    return _question(guide, stop, stop.part, leads, short=short)


def label_of(guide: Guide, stop: Stop) -> str:
    """The question of a stop in one line of plain words."""
    part = stop.part
    local = part.another if isinstance(part, Repeat) and part.another else part.label
    return guide.label(local, stop)


def asked_and(label: str) -> str:
    """A question with its answer to come behind it: it ends in a sign of its own, or in a colon."""
    return plain(label) if label.endswith(("?", ".", "!", ":")) else f"{plain(label)}:"


def choose(guide: Guide, name: str, label: str, *arguments: str) -> Choose:
    """A button of this run: its act names the run first."""
    return Choose(shorten(label, LABEL), Act(name, (guide.held.id, *arguments)))


def join(*blocks: str) -> str:
    """Blocks of light Markdown, without the empty ones."""
    return "\n\n".join(block.strip() for block in blocks if block.strip())


def _question(
    guide: Guide, stop: Stop, question: Question, leads: tuple[str, ...], *, short: bool
) -> Draft:
    label = guide.text(question.label, stop)
    body: tuple[str, ...]
    if short:
        is_change = guide.run.focus is not None
        key = "flow.back-to-change" if is_change else "flow.back-to"
        body = (guide.say(key, where=_where(guide), question=label),)
    else:
        notes = tuple(guide.note(note, stop) for note in stop.notes)
        hint = guide.text(question.hint, stop) if question.hint else ""
        body = (*notes, f"{_where(guide)}\n\n**{label}**", hint, _how(guide, stop, question))
    return Draft(
        text=join(*leads, *body),
        choices=(*_answers(guide, stop, question), *_ways(guide, stop)),
        kind=ReplyKind.QUESTION,
        personal=True,
        asks=True,
        numbered=question.kind in NUMBERED,
    )


def _where(guide: Guide) -> str:
    """Honest progress: "4 of about 9"; a correction says that it is one."""
    if guide.run.focus is not None:
        return guide.say("flow.changing")
    far = progress(guide.flow, guide.run, guide.route)
    key = "flow.progress" if far.is_exact else "flow.progress-about"
    return guide.say(key, number=far.number, total=far.total)


def _how(guide: Guide, stop: Stop, question: Question) -> str:
    """What a question with several choices wants, and what is ticked so far."""
    if question.kind not in {Kind.SELECT_MULTIPLE, Kind.RANK}:
        return ""
    how = guide.say("flow.rank" if question.kind is Kind.RANK else "flow.tick")
    codes = ticked(guide.run, stop)
    labels = {choice.name: guide.label(choice.label, stop) for choice in stop.choices()}
    if not codes:
        return how
    rows = "\n".join(
        f"{place}. {plain(labels[code])}"
        if question.kind is Kind.RANK
        else f"- {plain(labels[code])}"
        for place, code in enumerate(codes, 1)
    )
    return f"{how}\n\n{guide.say('flow.ticked')}\n\n{rows}"


def _answers(guide: Guide, stop: Stop, question: Question) -> tuple[Choose, ...]:
    """The choices of a question as buttons."""
    if question.suggests is Suggested.WORKPLACES:
        names = guide.scene.view.books.workplaces[:SUGGESTED]
        return tuple(choose(guide, "answer", name, stop.key, name) for name in names)
    if question.kind is Kind.ACKNOWLEDGE:
        return (choose(guide, "answer", guide.say("button.ok"), stop.key, OK),)
    is_several = question.kind in {Kind.SELECT_MULTIPLE, Kind.RANK}
    codes = ticked(guide.run, stop) if is_several else ()
    made = tuple(
        choose(
            guide,
            "tick" if is_several else "answer",
            _marked(guide, stop, choice, codes),
            stop.key,
            choice.name,
        )
        for choice in stop.choices()
    )
    if codes:
        return (*made, choose(guide, "done", guide.say("button.done"), stop.key))
    return made


def _marked(guide: Guide, stop: Stop, choice: Choice, codes: tuple[str, ...]) -> str:
    label = guide.label(choice.label, stop)
    if choice.name not in codes:
        return label
    if isinstance(stop.part, Question) and stop.part.kind is Kind.RANK:
        return f"✓ {label} ({codes.index(choice.name) + 1})"
    return f"✓ {label}"


def _ways(guide: Guide, stop: Stop) -> tuple[Choose, ...]:
    """Beside answering: keep what was said, skip; at the third try a person or a pause."""
    ways: list[Choose] = []
    known = suggestion(guide.run, stop)
    if known is not None and isinstance(stop.part, Question) and not guide.run.ticked:
        label = guide.say("button.keep", answer=guide.shown(stop.part, known))
        ways.append(choose(guide, "keep", label, stop.key))
    if not stop.is_required:
        ways.append(choose(guide, "skip-question", guide.say("button.skip"), stop.key))
    if guide.run.tries >= TRIES_LIMIT:
        ways.append(Choose(guide.say("button.human"), Act("command", ("human",))))
        ways.append(choose(guide, "pause-run", guide.say("button.pause")))
    return tuple(ways)


def _gate(guide: Guide, stop: Stop, repeat: Repeat, leads: tuple[str, ...]) -> Draft:
    """Between two rounds: what there is so far, another, or no more."""
    rounds = guide.run.rounds[stop.key]
    names = [_round_name(guide, repeat, stop, one) for one in rounds.ids]
    listed = "\n".join(f"- {plain(name)}" for name in names)
    another = guide.text(repeat.another, stop) if repeat.another else guide.say("flow.another")
    remove = [
        choose(guide, "remove", guide.say("button.remove", name=name), stop.key, str(one))
        for one, name in zip(rounds.ids, names, strict=True)
    ]
    return Draft(
        text=join(*leads, *(guide.note(n, stop) for n in stop.notes), listed, f"**{another}**"),
        choices=(
            choose(guide, "another", guide.say("button.another"), stop.key),
            choose(guide, "no-more", guide.say("button.no-more"), stop.key),
            *(remove if guide.run.focus == stop.key else ()),
        ),
        kind=ReplyKind.QUESTION,
        personal=True,
        asks=True,
    )


def _round_name(guide: Guide, repeat: Repeat, gate: Stop, one: int) -> str:
    """How a round is listed: what its flow says, else its label and number."""
    ids = (*gate.key.split(".")[1:], str(one))
    inside = [
        stop
        for stop in guide.route.stops
        if stop.around[-1:]
        and stop.around[-1][0] is repeat
        and tuple(stop.key.split(".")[1:]) == ids
    ]
    place = inside[0].around[-1][1] if inside else one
    if repeat.shown is None or not inside:
        return f"{guide.label(repeat.label)} {place}"
    values = dict(inside[-1].sighting.answers)
    for stop in inside:
        if isinstance(stop.part, Question) and stop.answer is not None:
            values[stop.part.name] = value_of(stop.answer)
    seen = replace(inside[-1], sighting=replace(inside[-1].sighting, answers=values))
    return guide.label(repeat.shown, seen) or f"{guide.label(repeat.label)} {place}"


def _review(guide: Guide, leads: tuple[str, ...], page: int) -> Draft:
    """Every answer, with a button to change each, before anything is handed in."""
    stops = [stop for stop in guide.route.stops if not stop.is_open]
    pages = max(1, -(-len(stops) // PAGE))
    shown = stops[(page % pages) * PAGE : (page % pages + 1) * PAGE]
    rows = "\n".join(
        f"- {asked_and(label_of(guide, stop))} **{plain(answer_of(guide, stop))}**"
        for stop in stops
    )
    notes = tuple(guide.note(note) for note in guide.route.last_notes)
    choices = [
        choose(
            guide,
            "submit",
            guide.say(
                _ending(guide, "button.submit", "button.finish", "button.submit.open-survey")
            ),
        )
    ]
    choices += [
        choose(
            guide, "change", guide.say("button.change", question=label_of(guide, stop)), stop.key
        )
        for stop in shown
    ]
    if pages > 1:
        more = guide.say("button.more-answers", page=page % pages + 1, pages=pages)
        choices.append(choose(guide, "review", more, str(page + 1)))
    return Draft(
        text=join(
            *leads,
            *notes,
            guide.say(
                _ending(guide, "flow.review", "flow.review-unkept", "flow.review.open-survey")
            ),
            rows,
        ),
        choices=tuple(choices),
        kind=ReplyKind.QUESTION,
        personal=True,
        asks=True,
        form=guide.held.id,
    )


def review_waits(guide: Guide) -> Draft:
    """One line: everything is answered and waits to be looked through."""
    look = choose(guide, "review", guide.say("button.review"), "0")
    key = _ending(guide, "flow.review-waits", "flow.unkept-waits", "flow.review-waits.open-survey")
    return Draft(
        text=guide.say(key),
        choices=(look,),
        asks=True,
    )


def review_end(guide: Guide) -> Draft:
    """A bare yes or no at the review: how to hand it in, and how to change something."""
    button = _ending(guide, "button.submit", "button.finish", "button.submit.open-survey")
    hand_in = choose(guide, "submit", guide.say(button))
    waits = review_waits(guide)
    text = guide.say("flow.review-end", button=hand_in.label)
    return replace(waits, text=text, choices=(hand_in, *waits.choices))


def answer_of(guide: Guide, stop: Stop) -> str:
    """What was answered at a stop, in plain words; of a gate how many rounds there are."""
    if isinstance(stop.part, Repeat):
        return str(len(guide.run.rounds[stop.key].ids))
    return guide.shown(stop.part, stop.answer) if stop.answer else ""


def _ending(guide: Guide, kept: str, unkept: str, opening: str) -> str:
    """The wording key for a flow by how it ends.

    Args:
        guide: The run.
        kept: Where its answers are handed in.
        unkept: Where none of them is kept.
        opening: Where they open a survey.
    """
    if guide.flow.does is Deed.OPEN_SURVEY:
        return opening
    return unkept if guide.flow.purpose is None else kept
