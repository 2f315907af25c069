"""What the coach says about items: titles, days, reasons, the card of the next step, progress."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.coach.history import Event
from bot.coach.next_step import Next, Progress, Readiness, next_item, overall, progress
from bot.coach.plan import A_FEW, Item, LeftOut, Plan, Status, Why
from bot.knowledge.action_plan import Action, ActionPlan
from bot.knowledge.content import Content
from bot.knowledge.wording import Wording
from bot.messages import plain

BUTTONS: Final[dict[Status, tuple[str, ...]]] = {
    Status.OPEN: ("done", "later", "move", "blocked", "drop"),
    Status.LATER: ("done", "later", "move", "blocked", "drop"),
    Status.BLOCKED: ("reopen", "done", "move", "blocked", "drop"),
    Status.DONE: ("reopen",),
    Status.DROPPED: ("reopen",),
}

_READINESS: Final = {Status.BLOCKED: Readiness.STUCK, Status.LATER: Readiness.ASLEEP}


@dataclass(frozen=True, slots=True)
class Button:
    """A button below an item: what it does, and what stands on it."""

    act: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Says things of a plan in a person's language. What people wrote can be no markup in it."""

    wording: Wording
    content: ActionPlan
    language: str = "en"

    def say(self, key: str, /, **gaps: str | int) -> str:
        """A text of the wording catalogue."""
        return self.wording.say(key, self.language, **gaps)

    def day(self, day: date, today: date) -> str:
        """A day as people say it, with its year where that is not plain."""
        weekday = self.say(f"coach.weekday.{day.weekday()}")
        month = self.say(f"figures.month.{day.month}")
        if day.year != today.year:
            return self.full_day(day)
        return self.say("coach.day", weekday=weekday, day=day.day, month=month)

    def full_day(self, day: date) -> str:
        """A day with its year, for what is printed and kept."""
        weekday = self.say(f"coach.weekday.{day.weekday()}")
        month = self.say(f"figures.month.{day.month}")
        return self.say(
            "coach.day-with-year", weekday=weekday, day=day.day, month=month, year=day.year
        )

    def in_words(self, known: Mapping[str, str | int | date]) -> Mapping[str, str | int]:
        """What gaps are filled with, its days as they are printed."""
        return {
            gap: self.full_day(value) if isinstance(value, date) else value
            for gap, value in known.items()
        }

    def action(self, item: Item) -> Action | None:
        """The action of an item; None for a rep's own, or one that editors have taken out."""
        return self.content.action_by_id.get(item.action)

    def title(self, item: Item) -> str:
        """What an item is called."""
        action = self.action(item)
        own = plain(item.title) or (action.title.text(self.language) if action else item.action)
        if not item.about:
            return own
        return self.say("coach.title-about", title=own, area=plain(item.about))

    def label(self, item: Item) -> str:
        """What an item is called on a button: buttons have no markup to escape."""
        action = self.action(item)
        own = item.title or (action.title.text(self.language) if action else item.action)
        return self.say("coach.title-about", title=own, area=item.about) if item.about else own

    def why(self, action_id: str, why: Why) -> str:
        """Why an item is there, or was left out; empty where nobody knows any more."""
        action = self.content.action_by_id.get(action_id)
        if action is None:
            return ""
        words = (action.reason(why.rule) or action.why).text(self.language)
        for gap, value in why.gaps:
            shown = str(value) if isinstance(value, int) else plain(value)
            if value == A_FEW:
                shown = self.say("coach.a-few")
            words = words.replace(f"{{{gap}}}", shown)
        return words

    def left_out(self, one: LeftOut) -> str:
        """What was left out of the plan, and why."""
        action = self.content.action_by_id.get(one.action)
        title = action.title.text(self.language) if action else one.action
        return self.say("coach.left-out", title=title, why=self.why(one.action, one.why))

    def due(self, item: Item, today: date) -> str:
        """When an item is due, and why on that day."""
        if item.due is None:
            return self.say("coach.due.none")
        day = self.day(item.due, today)
        if item.is_overdue(today):
            return self.say("coach.due.past", day=day)
        if item.due == today:
            return self.say("coach.due.today")
        if item.wished is None or item.wished == item.due:
            return self.say("coach.due.on", day=day)
        wished = self.day(item.wished, today)
        if item.holiday:
            return self.say("coach.due.holiday", day=day, wished=wished, holiday=item.holiday)
        return self.say("coach.due.weekend", day=day, wished=wished)

    def card(self, plan: Plan, today: date) -> str:
        """The one next step, complete without its buttons."""
        found = next_item(plan, today)
        if found is None:
            whole = overall(plan)
            return self.say("coach.next.finished", done=whole.done, dropped=whole.dropped)
        return "\n\n".join(line for line in self._card(found, today) if line)

    def item_card(self, item: Item, today: date) -> str:
        """One item, whichever it is, complete without its buttons."""
        found = Next(item, _READINESS.get(item.status, Readiness.READY))
        status = self.say("coach.item.status", status=self.say(f"coach.status.{item.status}"))
        lines = self._card(found, today)
        if item.is_closed:
            lines = [*lines[:-1], status]
        if item.status not in _READINESS:
            lines[0] = self.say("coach.item.title", title=self.title(item))
        return "\n\n".join(line for line in lines if line)

    def buttons(self, item: Item) -> tuple[Button, ...]:
        """What can be done with an item as it stands."""
        return tuple(Button(act, self.say(f"button.coach-{act}")) for act in BUTTONS[item.status])

    def undo_button(self) -> Button:
        """The button that stands below whatever was just changed."""
        return Button("undo", self.say("button.coach-undo"))

    def block_question(self, item: Item) -> tuple[str, tuple[Button, ...]]:
        """What is in the way? With what gets in people's way here, most frequent first."""
        action = self.action(item)
        ids = action.blocks if action else tuple(self.content.block_by_id)
        known = [self.content.block_by_id[one] for one in ids]
        buttons = tuple(Button(f"block:{one.id}", one.title.text(self.language)) for one in known)
        return self.say("coach.block.which"), buttons

    def progress(self, plan: Plan) -> str:
        """How each step stands, and the whole; nothing is called done that is not."""
        by_step = progress(plan)
        titles = {step.id: step.title.text(self.language) for step in self.content.steps}
        lines = [
            self._counted(
                self.say(
                    "coach.progress.step",
                    step=titles.get(step, step),
                    done=one.done,
                    total=one.total,
                ),
                one,
            )
            for step, one in by_step.items()
        ]
        whole = overall(plan)
        said = self.say("coach.progress.whole", done=whole.done, total=whole.total)
        lines.append(self._counted(said, whole))
        return "\n".join(f"- {line}" for line in lines)

    def changed(self, event: Event[Item], today: date) -> str:
        """What became of a change."""
        item = event.after or event.before
        if item is None:
            return ""
        title = self.title(item)
        if event.what == "put-off" and item.wake:
            return self.say("coach.changed.put-off", title=title, wake=self.day(item.wake, today))
        said = self.say(f"coach.changed.{event.what}", title=title)
        return f"{said} {self.due(item, today)}" if event.what == "moved" else said

    def overtaken(self, event: Event[Item]) -> str:
        """That somebody else changed an item first."""
        item = event.after or event.before
        if item is None:
            return self.say("coach.refused.gone")
        status = self.say(f"coach.status.{item.status}")
        return self.say("coach.overtaken", title=self.title(item), status=status)

    def nothing_to_undo(self) -> str:
        """That there is nothing to take back."""
        return self.say("coach.undo.nothing")

    def block_help(self, block_id: str) -> str:
        """What to do about something that is in the way."""
        block = self.content.block_by_id[block_id]
        lines = [block.help.text(self.language)]
        if block.script:
            script = block.script.text(self.language)
            lines.append(self.say("coach.block.script", script=script))
        if block.text:
            title = self.content.text_by_id[block.text].title.text(self.language)
            lines.append(self.say("coach.block.text", text=title))
        if block.entry:
            lines.append(self.say("coach.block.entry"))
        if block.stands:
            lines.append(self.say("coach.block.stands"))
        return "\n\n".join(lines)

    def _card(self, found: Next, today: date) -> list[str]:
        item = found.item
        action = self.action(item)
        title = self.title(item)
        until = self.day(item.wake, today) if item.wake else ""
        lines = [
            self.say("coach.next.asleep", title=title, day=until)
            if found.readiness is Readiness.ASLEEP
            else self.say(f"coach.next.{found.readiness}", title=title)
        ]
        if action is None:
            lines.append(self.say("coach.next.own"))
        else:
            lines += [action.what.text(self.language), self.why(item.action, item.why)]
        if item.block:
            block = self.content.block_by_id.get(item.block)
            named = block.title.text(self.language) if block else plain(item.block)
            lines.append(self.say("coach.next.in-the-way", block=named))
        if action is not None:
            first = action.first.text(self.language)
            done = action.done_when.text(self.language)
            lines.append(self.say("coach.next.first", minutes=action.minutes, first=first))
            lines.append(self.say("coach.next.done-when", done=done))
        if item.note:
            lines.append(self.say("coach.next.note", note=plain(item.note)))
        return [*lines, self.due(item, today)]

    def _counted(self, line: str, one: Progress) -> str:
        """A line of progress with what is neither done nor open, where there is any."""
        counts = (("blocked", one.blocked), ("later", one.later), ("dropped", one.dropped))
        more = [self.say(f"coach.progress.{name}", count=count) for name, count in counts if count]
        return ", ".join([line, *more])


def voice_in(content: Content, language: str) -> Voice | None:
    """The coach's voice; None where the content has no action plan."""
    if content.action_plan is None:
        return None
    return Voice(wording=content.wording, content=content.action_plan, language=language)
