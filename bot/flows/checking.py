"""The static checks of a flow: what would go wrong in a chat is found before anybody chats.

Each rule is a function; all of them stand in `RULES`, and `docs/flows.md` has a line for each. Rules
about what can be reached are in `reaching.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bot.flows import reaching
from bot.flows.expressions import Expression
from bot.flows.model import CHOICE_KINDS, Choice, Flow, Kind, Name, Question, Repeat, walk
from bot.flows.source import Placed, Source
from bot.flows.texts import columns_of, gaps_of
from bot.knowledge.lint_shape import nearest
from bot.knowledge.lint_topics import LABEL_LIMIT, VERBS
from bot.knowledge.shapes import LANGUAGES, LocalText
from bot.knowledge.yaml_text import Path

EXPRESSION_KEYS: Final = (
    "relevant", "required", "constraint", "calculation", "choice_filter", "default", "repeat_count",
)  # fmt: skip
TEXT_KEYS: Final = (
    "label", "hint", "constraint_message", "why", "example", "another", "shown",
)  # fmt: skip
ONLY_REPEAT: Final = ("another", "shown", "repeat_count", "least", "most")
ONLY_KIND: Final = {"suggests": Kind.TEXT, "show": Kind.NOTE, "take_away": Kind.NOTE}
BARE_COLUMNS: Final = frozenset({"name", "label"})  # every choice has these

Rule = Callable[[Source, Flow], None]


def check(source: Source, flow: Flow) -> None:
    """Look a flow through; what is wrong is reported to its source."""
    for rule in RULES:
        rule(source, flow)


def doubled_names(source: Source, _flow: Flow) -> None:
    """A name stands once, so that `${name}` means one thing."""
    first: dict[str, Path] = {}
    for placed in source.parts():
        name = placed.shape.name
        if name in first:
            source.report(
                (*placed.path, "name"),
                f"The name `{name}` stands twice (line {source.line(first[name])}).",
                "Give each its own name.",
            )
        first.setdefault(name, placed.path)


def undefined_names(source: Source, flow: Flow) -> None:
    """An expression or a text names only what was asked before it."""
    seen: set[str] = set()
    known = tuple(placed.shape.name for placed in source.parts())
    for placed in source.parts():
        for key, names in _names_used(placed, flow):
            allowed = seen | ({placed.shape.name} if key in {"constraint_message"} else set())
            allowed |= _inside(placed) if key == "shown" else set()
            for name in sorted(names - allowed):
                _report_name(source, placed, key, name, known)
        seen.add(placed.shape.name)


def _names_used(placed: Placed, flow: Flow) -> Iterator[tuple[str, frozenset[str]]]:
    part = flow.part_by_name.get(Name(placed.shape.name))
    for key in EXPRESSION_KEYS:
        expression = getattr(part, key, None)
        if isinstance(expression, Expression):
            yield key, expression.names
    for key in TEXT_KEYS:
        local = getattr(placed.shape, key)
        if isinstance(local, LocalText):
            yield key, frozenset(gap for text in _texts(local) for gap in gaps_of(text))
    if placed.shape.show:
        yield "show", columns_of(placed.shape.show)


def _inside(placed: Placed) -> set[str]:
    waiting, names = list(placed.shape.questions), set()
    while waiting:
        one = waiting.pop()
        names.add(one.name)
        waiting += one.questions
    return names


def _texts(local: LocalText) -> list[str]:
    return [text for language in LANGUAGES if (text := getattr(local, language))]


def _report_name(
    source: Source, placed: Placed, key: str, name: str, known: tuple[str, ...]
) -> None:
    where = f"`{key}` of `{placed.shape.name}`"
    if name == placed.shape.name:
        what, fix = f"{where} goes round in a circle: it names itself.", "Take it out of there."
        if key == "constraint":
            what, fix = f"{where} names its own question.", "Write `.` for the answer itself."
    elif name in known:
        what = f"{where} names `${{{name}}}`, which is asked later."
        fix = "Move that question up, or this one down; a circle of two cannot be worked out."
    else:
        near = nearest(name, known)
        what = f"{where} names `${{{name}}}`, and there is no such question."
        fix = f"Did you mean `${{{near}}}`?" if near else "Correct the name."
    source.report((*placed.path, key), what, fix)


def bare_names(source: Source, flow: Flow) -> None:
    """Only a choice filter looks at columns; elsewhere a bare name is a slip for `${name}`."""
    for placed in source.parts():
        part = flow.part_by_name.get(Name(placed.shape.name))
        for key in EXPRESSION_KEYS:
            expression = getattr(part, key, None)
            if not isinstance(expression, Expression):
                continue
            columns = _columns(part) if key == "choice_filter" else frozenset()
            for name in sorted(expression.columns - columns):
                source.report(
                    (*placed.path, key),
                    f"`{key}` of `{placed.shape.name}` has the bare name `{name}`.",
                    f"Write `${{{name}}}` for an answer, or quotes around a text."
                    if key != "choice_filter"
                    else f"The choices have these columns: {', '.join(sorted(columns))}.",
                )


def _columns(part: object) -> frozenset[str]:
    choices: tuple[Choice, ...] = part.choices if isinstance(part, Question) else ()
    return BARE_COLUMNS.union(*(choice.columns for choice in choices))


def self_outside_constraint(source: Source, flow: Flow) -> None:
    """`.` is the answer being checked, so only a constraint can use it."""
    for placed in source.parts():
        part = flow.part_by_name.get(Name(placed.shape.name))
        for key in EXPRESSION_KEYS:
            expression = getattr(part, key, None)
            if key != "constraint" and isinstance(expression, Expression) and expression.uses_self:
                source.report(
                    (*placed.path, key),
                    f"`{key}` of `{placed.shape.name}` has a `.`, which means the answer being "
                    "checked.",
                    "Write `${name}` for an earlier answer.",
                )


def misplaced_keys(source: Source, flow: Flow) -> None:
    """Every key stands where it does something, and what a type needs is there."""
    for placed in source.parts():
        part = flow.part_by_name.get(Name(placed.shape.name))
        if part is None:
            continue
        is_question, given = isinstance(part, Question), placed.shape.model_fields_set
        if is_question and placed.shape.questions:
            _misplaced(source, placed, "questions", "Only a group or a repeat holds questions.")
        for key in ONLY_REPEAT:
            if key in given and not isinstance(part, Repeat):
                _misplaced(source, placed, key, "Only `begin_repeat` has it.")
        if isinstance(part, Question):
            _question_keys(source, placed, part)
        elif not placed.shape.questions:
            source.report(
                placed.path,
                f"`{part.name}` holds no questions, so nothing happens there.",
                "Put questions below it, or take it out.",
            )


def _misplaced(source: Source, placed: Placed, key: str, fix: str) -> None:
    what = f"`{key}` does nothing in `{placed.shape.name}`, a `{placed.shape.type}`."
    source.report((*placed.path, key), what, fix)


def _question_keys(source: Source, placed: Placed, question: Question) -> None:
    shape, name = placed.shape, question.name
    is_calculated = question.kind is Kind.CALCULATE
    if is_calculated and shape.calculation is None:
        source.report(placed.path, f"`{name}` calculates nothing.", "Add `calculation:`.")
    if not is_calculated and shape.calculation is not None:
        _misplaced(source, placed, "calculation", "Make its type `calculate`.")
    if not is_calculated and shape.label is None:
        source.report(placed.path, f"`{name}` has no label, so nothing is asked.", "Add `label:`.")
    if shape.choice_filter is not None and question.kind not in CHOICE_KINDS:
        _misplaced(source, placed, "choice_filter", "Only questions with choices have it.")
    if shape.constraint is not None and shape.constraint_message is None:
        source.report(
            (*placed.path, "constraint"),
            f"`{name}` refuses answers and does not say what it takes.",
            "Add `constraint_message:` and say what is right, for example a whole number up to 60.",
        )
    if shape.constraint_message is not None and shape.constraint is None:
        _misplaced(source, placed, "constraint_message", "Add `constraint:`, or take it out.")
    for key, kind in ONLY_KIND.items():
        if key in shape.model_fields_set and question.kind is not kind:
            _misplaced(source, placed, key, f"Only a `{kind.value}` has it.")


def personal_without_why(source: Source, flow: Flow) -> None:
    """A personal question says why it is asked; an anonymous flow asks none."""
    for placed in source.parts():
        if placed.shape.personal and placed.shape.why is None:
            source.report(
                placed.path,
                f"`{placed.shape.name}` is personal and does not say why we ask.",
                "Add `why:` in a sentence or two: what the answer is used for, and by whom.",
            )
        if placed.shape.personal and flow.anonymous:
            source.report(
                (*placed.path, "personal"),
                f"`{placed.shape.name}` is personal, and the flow is anonymous.",
                "Ask it in a flow of its own, or take `anonymous` away.",
            )


def kept_without_retention(source: Source, flow: Flow) -> None:
    """What is kept says what for and how long."""
    if (flow.purpose is None) is not (flow.retention is None):
        there, lacking = ("purpose", "retention") if flow.purpose else ("retention", "purpose")
        source.report(
            (there,),
            f"The flow has a `{there}` and no `{lacking}`.",
            "Give both: what its answers are for, and the class of `retention.yaml` they are kept by.",
        )
    if flow.anonymous and flow.purpose is None:
        source.report(
            ("anonymous",), "The flow is anonymous and keeps nothing.", "Add `purpose:` too."
        )
    if flow.survey and flow.purpose is None:
        source.report(("survey",), "The survey keeps nothing.", "Add `purpose:` too.")
    if flow.does is not None and flow.purpose is not None:
        source.report(
            ("does",),
            f"The flow does `{flow.does.value}` and keeps its answers too.",
            "Take `purpose:` and `retention:` out: its answers are used at once.",
        )


def endless_repeats(source: Source, _flow: Flow) -> None:
    """A repeat ends: it says after how many rounds at the latest."""
    for placed in source.parts():
        shape = placed.shape
        if shape.type != "begin_repeat":
            continue
        if shape.most is None:
            source.report(
                placed.path,
                f"`{shape.name}` could go round for ever.",
                "Add `most:` and a number, for example 12.",
            )
        if shape.most is not None and (shape.least or 0) > shape.most:
            source.report(
                (*placed.path, "least"),
                f"`{shape.name}` wants at least {shape.least} rounds and at most {shape.most}.",
                "Make `least` the smaller one.",
            )
        if shape.repeat_count is None and shape.another is None:
            source.report(
                placed.path,
                f"`{shape.name}` does not say what to ask between two rounds.",
                'Add `another:`, for example "Add another area?".',
            )


def deep_repeats(source: Source, flow: Flow) -> None:
    """A repeat inside a repeat inside a repeat loses everybody."""
    for name, around in flow.repeats_by_name.items():
        if len(around) > 1 and isinstance(flow.part_by_name[name], Repeat):
            path = next(placed.path for placed in source.parts() if placed.shape.name == name)
            source.report(
                path, f"`{name}` is a repeat in a repeat in a repeat.", "Use two levels at most."
            )


def doubled_codes(source: Source, _flow: Flow) -> None:
    """In one list no code and no label stands twice."""
    for name, choices in source.shape.choices.items():
        codes: dict[str, int] = {}
        labels: dict[tuple[str, str], int] = {}
        for n, choice in enumerate(choices):
            path = ("choices", name, n)
            if choice.name in codes:
                source.report(
                    path, f"The code `{choice.name}` stands twice in `{name}`.", "Rename one."
                )
            codes.setdefault(choice.name, n)
            for language in LANGUAGES:
                label = " ".join((getattr(choice.label, language) or "").lower().split())
                if label and (language, label) in labels:
                    source.report(
                        path, f"Two choices of `{name}` say the same.", "Say how they differ."
                    )
                labels.setdefault((language, label), n)


def unusable_labels(source: Source, _flow: Flow) -> None:
    """A label fits on a button, can be typed, and is no command."""
    for name, choices in source.shape.choices.items():
        for n, choice in enumerate(choices):
            for label in (*_texts(choice.label), *choice.synonyms):
                fault = label_fault(label)
                if fault:
                    source.report(("choices", name, n), *fault)
    for title in _texts(source.shape.title):
        if fault := label_fault(title):
            source.report(("title",), *fault)


def label_fault(label: str) -> tuple[str, str] | None:
    """What is wrong with a label, and what to do; None where it can stand on a button."""
    words = label.strip(" .!?").lower()
    if len(label) > LABEL_LIMIT:
        what = f'"{label[:40]}…" has {len(label)} characters, and a button holds {LABEL_LIMIT}.'
        return what, "Say it shorter."
    if words in VERBS:
        what = f'The label "{label}" is also a command that works everywhere.'
        return what, "Use more words."
    if not any(map(str.isalnum, words)):
        return f'The label "{label}" has no letter in it.', "Write a word that can be typed."
    if words.strip("#.) ").isdigit():
        what = f'The label "{label}" is only a number, and numbers pick options by their place.'
        return what, "Write a word with it, such as `5 years`."
    return None


def unused_lists(source: Source, flow: Flow) -> None:
    """Every list of choices is used, and has something to choose from."""
    used = {part.list_name for part in walk(flow.parts) if isinstance(part, Question)}
    for name, choices in source.shape.choices.items():
        if name not in used:
            source.report(
                ("choices", name), f"No question uses the list `{name}`.", "Take it out."
            )
        elif len(choices) < 2:
            source.report(
                ("choices", name),
                f"The list `{name}` leaves nothing to choose.",
                "Give it two options or more; for one button use the type `acknowledge`.",
            )


def unasked_areas(source: Source, flow: Flow) -> None:
    """Only an anonymous survey asks for the area, and it counts choices by it."""
    if flow.by_area is None:
        return
    if not (flow.survey and flow.anonymous):
        what = "The flow asks for the area and is no anonymous survey."
        source.report(("by_area",), what, "Take `by_area:` out.")
    for n, name in enumerate(flow.by_area.cross):
        question = flow.question(name)
        if question is None or question.kind not in {Kind.SELECT_ONE, Kind.SELECT_MULTIPLE}:
            what = f"`{name}` cannot be counted by area."
            source.report(("by_area", "cross", n), what, "Name a question with choices.")
    if flow.by_area.awareness is not None and flow.by_area.awareness not in flow.by_area.cross:
        what = f"`{flow.by_area.awareness}` is not counted by area."
        source.report(("by_area", "awareness"), what, "Name one of those in `cross`.")


RULES: Final[tuple[Rule, ...]] = (
    doubled_names,
    undefined_names,
    bare_names,
    self_outside_constraint,
    misplaced_keys,
    personal_without_why,
    kept_without_retention,
    endless_repeats,
    deep_repeats,
    doubled_codes,
    unusable_labels,
    unused_lists,
    unasked_areas,
    reaching.never_asked,
    reaching.unanswerable,
    reaching.impossible_codes,
    reaching.nothing_asked,
)
RULE_BY_NAME: Final[Mapping[str, Rule]] = {rule.__name__.replace("_", "-"): rule for rule in RULES}
