"""The answers of a run in one form, where a channel has forms: to review and edit, never to ask.

A form is open while the talk goes on. Each answer in it carries a mark of what stood there when it was
opened: one that was changed elsewhere meanwhile is refused by name, and never written over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final, Literal

from bot.engine.effects import KeepAnswers
from bot.engine.guide import Guide, guide, local_now
from bot.engine.guiding import changed, said, wrong
from bot.engine.held import held
from bot.engine.prompts import label_of
from bot.engine.speech import Said, Scene, say
from bot.flows import runner
from bot.flows.acceptance import Refusal, fault
from bot.flows.model import Kind, Question
from bot.flows.reading import Read, Unfit, read
from bot.flows.route import Stop
from bot.flows.run import Answer, Key, Status
from bot.flows.runner import Moved
from bot.flows.values import text
from bot.language.replies import Missing
from bot.messages import Filled

KINDS: Final = frozenset({Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.RANGE, Kind.SELECT_ONE})
NUMBERS: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.RANGE})
MOST: Final = 40  # answers in one form; the others have their buttons
OPTIONS: Final = 100  # of one list


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One answer in a form.

    Attributes:
        key: The slot.
        value: What stands there: words, a number, or a code; empty for nothing.
        options: Code and label of each choice; none where it is typed.
    """

    key: str
    label: str
    kind: Literal["text", "number", "choice"]
    value: str
    is_optional: bool
    options: tuple[tuple[str, str], ...] = ()

    @property
    def mark(self) -> str:
        """What a form remembers of the value it was opened with."""
        return mark_of(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The answers of a run that can be edited together."""

    run: str
    title: str
    fields: tuple[Field, ...]


def mark_of(value: str) -> str:
    """A mark of a value: another value has another one."""
    return blake2s(value.encode("utf-8", "replace"), digest_size=6).hexdigest()


def form_of(scene: Scene, run_id: str) -> Form | None:
    """The form of a run under way; None where it is not, or nothing of it fits into a form."""
    here = _under_way(scene, run_id)
    fields = tuple(fields_of(here).values()) if here else ()
    return Form(run=run_id, title=here.title(), fields=fields) if here and fields else None


def fields_of(here: Guide) -> Mapping[str, Field]:
    """The answers of a run that fit into a form, by their slots."""
    fitting = [_field(here, stop) for stop in here.route.stops]
    return {field.key: field for field in [one for one in fitting if one][:MOST]}


def faults(scene: Scene, filled: Filled) -> Mapping[str, str]:
    """What is wrong with a form that was filled in, by slot; nothing where it can be taken."""
    here = _under_way(scene, filled.run)
    if here is None:
        return {answer.key: scene.say("form.gone") for answer in filled.answers}
    fields, found = fields_of(here), dict[str, str]()
    for given in filled.answers:
        field, stop = fields.get(given.key), here.route.stop(Key(given.key))
        if field is None or stop is None:
            found[given.key] = scene.say("form.gone")
        elif field.mark != given.mark:
            found[given.key] = scene.say("form.stale", now=_shown(here, stop))
        else:
            reading = _reading(here, stop, given.value)
            if not isinstance(reading, Answer):
                found[given.key] = wrong(here, stop, reading)
    return found


def fill(scene: Scene, filled: Filled) -> Said:
    """Take what a form says, each answer as a correction of its own; all of them, or none."""
    here = _under_way(scene, filled.run)
    if here is None:
        return say(scene, "form.gone")
    if faults(scene, filled):
        return said(here, scene.say("form.not-taken"))
    before, now = here.run, local_now(scene)
    for given in filled.answers:
        stop = here.route.stop(Key(given.key))
        answer = _reading(here, stop, given.value) if stop else None
        focused = runner.correct(here.flow, here.run, Key(given.key), now) if stop else None
        if not isinstance(answer, Answer) or not isinstance(focused, Moved):
            continue  # an answer before it has made this question go away
        moved = runner.advance(here.flow, focused.run, answer, now)
        here = here.moved(moved) if isinstance(moved, Moved) else here
    news = changed(before, here.run)
    effects = (KeepAnswers(run=here.held.id, answers=news),) if news else ()
    return said(here, scene.say("form.done" if news else "form.same"), effects=effects)


def _under_way(scene: Scene, run_id: str) -> Guide | None:
    one = held(scene.session, run_id)
    if one is None or one.run.status is not Status.RUNNING:
        return None
    return guide(scene, one)


def _field(here: Guide, stop: Stop) -> Field | None:
    question = stop.part
    if stop.is_open or not isinstance(question, Question) or question.kind not in KINDS:
        return None
    options = tuple((one.name, here.label(one.label, stop)) for one in stop.choices())
    if len(options) > OPTIONS or (question.kind is Kind.SELECT_ONE and not options):
        return None
    kind: Literal["text", "number", "choice"] = "choice" if options else "text"
    if question.kind in NUMBERS and not _is_loose(stop.answer):
        kind = "number"
    return Field(
        key=stop.key,
        label=label_of(here, stop),
        kind=kind,
        value=_value(here, stop),
        is_optional=not stop.is_required,
        options=options,
    )


def _is_loose(answer: Answer | None) -> bool:
    return answer is not None and answer.inferred is not None


def _value(here: Guide, stop: Stop) -> str:
    answer = stop.answer
    if answer is None or answer.value is None or isinstance(answer.value, tuple):
        return ""
    return _shown(here, stop) if _is_loose(answer) else text(answer.value)


def _shown(here: Guide, stop: Stop) -> str:
    if stop.answer is None or not isinstance(stop.part, Question):
        return ""
    return here.shown(stop.part, stop.answer)


def _reading(here: Guide, stop: Stop, words: str) -> Answer | Refusal | None:
    """The answer that stands in a form, or why it cannot be taken; nothing there means skipped."""
    if not isinstance(stop.part, Question):
        return Refusal.IS_A_GATE
    if not words.strip() or stop.part.kind is Kind.SELECT_ONE:
        answer = Answer(value=words) if words.strip() else Answer(missing=Missing.SKIPPED)
        return fault(stop, answer) or answer
    if stop.part.kind is Kind.TEXT:
        return fault(stop, Answer(value=words.strip())) or Answer(value=words.strip())
    match read(stop, words, local_now(here.scene).date(), here.scene.view.language):
        case Read(answer=answer):
            return answer
        case Unfit(why=why):
            return why
        case _:
            return None
