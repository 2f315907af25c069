"""One run with all that is needed to speak about it: its flow, its route, the person's language."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from bot.engine.figures import show
from bot.engine.held import Held, keep
from bot.engine.session import Session
from bot.engine.speech import Scene
from bot.flows.model import Choice, Flow, Question
from bot.flows.route import Route, Stop, settle
from bot.flows.run import Answer, Run
from bot.flows.runner import Moved
from bot.flows.standing import pending
from bot.flows.texts import fill, fill_key, fill_label
from bot.flows.values import Items, Value, text
from bot.knowledge.shapes import LocalText
from bot.language.quantities import Quantity
from bot.language.saying import say_date, say_missing, say_quantity

LABEL: Final = 75  # characters of a button


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A run and what it is about.

    Attributes:
        run: Settled; it may be ahead of what the session holds.
    """

    scene: Scene
    held: Held
    flow: Flow
    run: Run
    route: Route

    @property
    def stop(self) -> Stop | None:
        """What is asked now; None at the review, and while it is not under way."""
        return pending(self.run, self.route)

    @property
    def session(self) -> Session:
        """The session with the run as it is here."""
        return keep(self.scene.session, self.held.with_run(self.run, self.scene.now))

    def moved(self, moved: Moved) -> "Guide":
        """The same after a step."""
        return replace(self, run=moved.run, route=moved.route)

    def at(self, run: Run) -> "Guide":
        """The same with a run that has only changed its state."""
        return replace(self, run=run)

    def say(self, key: str, /, **gaps: str | int) -> str:
        """A text of the wording catalogue."""
        return self.scene.say(key, **gaps)

    def title(self) -> str:
        """What the flow is called, as light Markdown."""
        return self.flow.title.text(self.scene.view.language)

    def text(self, local: LocalText, stop: Stop | None = None) -> str:
        """A text of the flow as light Markdown, its gaps filled."""
        values = stop.sighting.answers if stop else self.route.values
        return fill(
            local.text(self.scene.view.language),
            lambda name: self._shown(name, values.get(name, "")),
        )

    def note(self, note: Question, stop: Stop | None = None) -> str:
        """A note as light Markdown, with the table that is worked out below it."""
        words = self.text(note.label, stop)
        if note.show is None:
            return words
        values = stop.sighting.answers if stop else self.route.values
        key = fill_key(
            note.show, lambda name, column: self._key(name, column, values.get(name, ""))
        )
        scene = self.scene
        table = show(key, scene.content, scene.now, scene.view.language)
        return f"{words}\n\n{table}" if table else words

    def label(self, local: LocalText, stop: Stop | None = None) -> str:
        """A text of the flow for a button."""
        values = stop.sighting.answers if stop else self.route.values
        words = fill_label(
            local.text(self.scene.view.language),
            lambda name: self._shown(name, values.get(name, "")),
        )
        return shorten(words.replace("*", ""), LABEL)

    def shown(self, question: Question, answer: Answer) -> str:
        """An answer as a person would say it, in plain words."""
        if answer.missing is not None:
            return say_missing(answer.missing, self.scene)
        found = answer.inferred
        if found is not None and found.low is not None:
            high = None if found.high is None else _whole(found.high)
            quantity = Quantity(_whole(found.low), high, is_about=found.is_about)
            return say_quantity(quantity, self.scene)
        value: Value | Items = "" if answer.value is None else _value(answer)
        return self._shown(question.name, value)

    def _key(self, name: str, column: str, value: Value | Items) -> str:
        """An answer as the key of a table has it: its codes or a column of them, with commas between."""
        codes = text(value).split() if isinstance(value, str | int | float) else []
        question = self.flow.question(name)
        if not column or question is None:
            return ",".join(codes)
        by_code = {choice.name: choice.columns.get(column, "") for choice in question.choices}
        return ",".join(found for code in codes if (found := by_code.get(code, "")))

    def _shown(self, name: str, value: Value | Items) -> str:
        if not isinstance(value, str | int | float):
            return ", ".join(self._shown(name, one) for one in value)
        question = self.flow.question(name)
        words = text(value)
        if question and question.choices:
            return ", ".join(self._choice(question.choices, code) for code in words.split())
        if question and question.kind == "date" and words:
            return say_date(date.fromisoformat(words), self.scene)
        return words

    def _choice(self, choices: tuple[Choice, ...], code: str) -> str:
        found = next((choice for choice in choices if choice.name == code), None)
        return found.label.text(self.scene.view.language) if found else code


def guide(scene: Scene, held: Held) -> Guide | None:
    """A run of the session, ready to go on; None where its flow was not kept."""
    flow = scene.view.flows.begun_on(held.run.flow_hash)
    if flow is None:
        return None
    settled = settle(flow, held.run, local_now(scene))
    return Guide(scene=scene, held=held, flow=flow, run=settled.run, route=settled.route)


def local_now(scene: Scene) -> datetime:
    """The person's wall-clock time: what `today()` of a flow goes by."""
    return scene.now.astimezone(scene.view.zone)


def shorten(words: str, limit: int) -> str:
    """The words, cut between two of them where they are too long."""
    flat = " ".join(words.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def _whole(number: float) -> int:
    return round(number)


def _value(answer: Answer) -> Value:
    if isinstance(answer.value, tuple):
        return " ".join(answer.value)
    return answer.value if isinstance(answer.value, str) else float(answer.value or 0)
