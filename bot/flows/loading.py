"""YAML text to flows: shape, types, expressions; every mistake with its file and line."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from pydantic import ValidationError

from bot.errors import ContentError, Problem
from bot.flows.checking import check
from bot.flows.expressions import BadExpression, Expression, parse_expression
from bot.flows.model import (
    CHOICE_KINDS,
    ROUND_LIMIT,
    ByArea,
    Choice,
    Flow,
    FlowHash,
    FlowId,
    Flows,
    Group,
    Kind,
    Limits,
    Name,
    Part,
    Question,
    Repeat,
)
from bot.flows.shapes import ByAreaShape, ChoiceShape, FlowShape, PartShape
from bot.flows.source import Placed, Source
from bot.knowledge.lint_shape import nearest, shape_problems
from bot.knowledge.schema import schema_of
from bot.knowledge.shapes import LocalText
from bot.knowledge.yaml_text import Document, Path, Value, parse_yaml

RULES: Final = 1  # raised with every rule that a flow checked before might break
TYPES: Final = (*(kind.value for kind in Kind), "begin_group", "begin_repeat")
_COMPUTED = re.compile(r"\$\{|\(|^\s*\d")  # a default that is more than a word
_PARAMETER = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)")
_NOTHING: Final = LocalText(en="-")


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: its flow where it can be used, and every mistake in it."""

    flow: Flow | None
    problems: tuple[Problem, ...]


def parse_flows(texts: Mapping[str, str], known: Mapping[str, Value] | None = None) -> Flows:
    """Turn files into flows, in the order of their names.

    Args:
        texts: File name to YAML text.
        known: What `flow_values` gave for exactly these texts when they were parsed before by these
            rules (`RULES`) and nothing was wrong with them: they are not looked through again.

    Raises:
        ContentError: With every mistake in every file.
    """
    if known is not None:
        return Flows(
            tuple(_known_flow(file, text, known[file]) for file, text in sorted(texts.items()))
        )
    loaded = [load_flow(text, file) for file, text in sorted(texts.items())]
    problems = [*(p for one in loaded for p in one.problems), *doubled_ids(texts, loaded)]
    if problems:
        raise ContentError(tuple(problems))
    return Flows(tuple(one.flow for one in loaded if one.flow))


def lint_flows(texts: Mapping[str, str]) -> tuple[Problem, ...]:
    """Every mistake in some flow files, by file and line."""
    try:
        parse_flows(texts)
    except ContentError as error:
        return tuple(sorted(error.problems, key=lambda one: (one.file, one.line, one.what)))
    return ()


def doubled_ids(texts: Mapping[str, str], loaded: list[Loaded]) -> list[Problem]:
    """Files that give the same id to two flows."""
    first: dict[FlowId, str] = {}
    found: list[Problem] = []
    for file, one in zip(sorted(texts), loaded, strict=True):
        if one.flow and one.flow.id in first:
            what = f"The id `{one.flow.id}` stands in `{first[one.flow.id]}` too."
            found.append(Problem(file=file, line=1, what=what, fix="Give one of them another id."))
        elif one.flow:
            first[one.flow.id] = file
    return found


def flow_values(texts: Mapping[str, str]) -> Mapping[str, Value]:
    """What some files say, as plain values that can be kept as JSON.

    Raises:
        ContentError: One of them is no YAML.
    """
    return {file: parse_yaml(text, file).value for file, text in texts.items()}


def _known_flow(file: str, text: str, value: Value) -> Flow:
    shape = FlowShape.model_validate(value, strict=False)
    return _Reader(Source(file, text, Document(value, {}), shape), is_checked=True).flow()


def load_flow(text: str, file: str) -> Loaded:
    """Read one file as far as it can be read.

    Args:
        text: The whole file.
        file: Its name, for the messages.
    """
    try:
        document = parse_yaml(text, file)
    except ContentError as error:
        return Loaded(None, error.problems)
    try:
        shape = FlowShape.model_validate(document.value, strict=False)
    except ValidationError as error:
        return Loaded(None, shape_problems(error, document, file, schema_of(FlowShape)))
    source = Source(file, text, document, shape)
    flow = _Reader(source).flow()
    check(source, flow)
    problems = tuple(sorted(source.problems, key=lambda one: (one.line, one.what)))
    return Loaded(None if problems else flow, problems)


class _Reader:
    """Builds a flow out of a file's shape.

    Args:
        source: Takes the problems.
        is_checked: Whether it was read before, and nothing was wrong with it.
    """

    def __init__(self, source: Source, *, is_checked: bool = False) -> None:
        self._source = source
        self._is_checked = is_checked
        self._lists = {
            name: tuple(_choice(one) for one in choices)
            for name, choices in source.shape.choices.items()
        }

    def flow(self) -> Flow:
        """The flow, with what could not be read left out."""
        shape = self._source.shape
        parts = self._parts(shape.questions, ("questions",))
        return Flow(
            id=FlowId(shape.id),
            hash=_hash(self._source),
            version=shape.version,
            title=shape.title,
            parts=parts,
            text=self._source.text,
            about=shape.about,
            thanks=shape.thanks,
            start=shape.start,
            minutes=shape.minutes,
            audience=shape.audience,
            roles=shape.roles,
            purpose=shape.purpose,
            retention=shape.retention,
            anonymous=shape.anonymous,
            survey=shape.survey,
            does=shape.does,
            private=shape.private,
            by_area=_by_area(shape.by_area),
            migrates=shape.migrates,
        )

    def _parts(self, shapes: tuple[PartShape, ...], path: Path) -> tuple[Part, ...]:
        placed = [Placed((*path, n), one) for n, one in enumerate(shapes)]
        return tuple(part for one in placed if (part := self._part(one)) is not None)

    def _part(self, placed: Placed) -> Part | None:
        word, _, rest = placed.shape.type.strip().partition(" ")
        match word:
            case "begin_group":
                return self._group(placed)
            case "begin_repeat":
                return self._repeat(placed)
            case _ if word in TYPES:
                return self._question(placed, Kind(word), rest.strip())
            case _:
                self._unknown_type(placed, word)
                return None

    def _unknown_type(self, placed: Placed, word: str) -> None:
        near = nearest(word, TYPES)
        meant = f"Did you mean `{near}`? " if near else ""
        self._source.report(
            (*placed.path, "type"),
            f"`{placed.shape.name}` has the type `{word}`, which we do not have.",
            f"{meant}Use one of: {', '.join(TYPES)}.",
        )

    def _group(self, placed: Placed) -> Group:
        shape = placed.shape
        return Group(
            name=Name(shape.name),
            label=shape.label,
            relevant=self._expression(placed, "relevant"),
            parts=self._parts(shape.questions, (*placed.path, "questions")),
        )

    def _repeat(self, placed: Placed) -> Repeat:
        shape = placed.shape
        return Repeat(
            name=Name(shape.name),
            label=shape.label or _NOTHING,
            another=shape.another,
            shown=shape.shown,
            relevant=self._expression(placed, "relevant"),
            repeat_count=self._expression(placed, "repeat_count"),
            least=1 if shape.least is None else shape.least,
            most=ROUND_LIMIT if shape.most is None else shape.most,
            parts=self._parts(shape.questions, (*placed.path, "questions")),
        )

    def _question(self, placed: Placed, kind: Kind, list_name: str) -> Question:
        shape = placed.shape
        return Question(
            name=Name(shape.name),
            kind=kind,
            label=shape.label or _NOTHING,
            hint=shape.hint,
            relevant=self._expression(placed, "relevant"),
            required=self._expression(placed, "required"),
            constraint=self._expression(placed, "constraint"),
            constraint_message=shape.constraint_message,
            calculation=self._expression(placed, "calculation"),
            choice_filter=self._expression(placed, "choice_filter"),
            default=self._default(placed),
            choices=self._choices(placed, kind, list_name),
            list_name=list_name,
            limits=self._limits(placed) if kind is Kind.RANGE else None,
            appearance=shape.appearance or "",
            personal=shape.personal,
            sensitive=shape.sensitive,
            refusable=shape.refusable,
            why=shape.why,
            example=shape.example,
            suggests=shape.suggests,
            show=shape.show,
            take_away=shape.take_away,
        )

    def _choices(self, placed: Placed, kind: Kind, list_name: str) -> tuple[Choice, ...]:
        name = placed.shape.name
        if kind not in CHOICE_KINDS:
            if list_name:
                what = f"`{name}` has something after its type: `{list_name}`."
                self._source.report((*placed.path, "type"), what, "Take it out.")
            return ()
        if list_name not in self._lists:
            near = nearest(list_name, tuple(self._lists)) if list_name else None
            meant = f"Did you mean `{near}`?" if near else "Add it below `choices:`."
            what = f"`{name}` needs a list of choices, and there is no list `{list_name}`."
            self._source.report((*placed.path, "type"), what, meant)
        return self._lists.get(list_name, ())

    def _limits(self, placed: Placed) -> Limits:
        found = dict(_PARAMETER.findall(placed.shape.parameters or ""))
        limits = Limits(**{name: float(value) for name, value in found.items()})
        if limits.step <= 0 or limits.end <= limits.start or not found:
            self._source.report(
                (*placed.path, "parameters"),
                f"`{placed.shape.name}` is a range without a scale.",
                "Add `parameters: start=0 end=10 step=1`, with an end above the start.",
            )
        return limits

    def _default(self, placed: Placed) -> Expression | None:
        written = placed.shape.default
        if written is None:
            return None
        is_word = not _COMPUTED.search(written)
        return self._parsed(placed, "default", _quoted(written) if is_word else written)

    def _expression(self, placed: Placed, key: str) -> Expression | None:
        written: str | None = getattr(placed.shape, key)
        return None if written is None else self._parsed(placed, key, written)

    def _parsed(self, placed: Placed, key: str, written: str) -> Expression | None:
        try:
            return parse_expression(written, is_checked=self._is_checked)
        except BadExpression as error:
            what = f"`{key}` of `{placed.shape.name}` {error.what}."
            self._source.report((*placed.path, key), what, error.fix)
            return None


def _choice(shape: ChoiceShape) -> Choice:
    return Choice(
        name=shape.name,
        label=shape.label,
        synonyms=shape.synonyms,
        alone=shape.alone,
        columns={"name": shape.name, "label": shape.label.en, **shape.columns},
    )


def _by_area(shape: ByAreaShape | None) -> ByArea | None:
    if shape is None:
        return None
    return ByArea(
        label=shape.label,
        hint=shape.hint,
        why=shape.why,
        elsewhere=shape.elsewhere,
        cross=tuple(Name(name) for name in shape.cross),
        awareness=Name(shape.awareness) if shape.awareness else None,
    )


def _quoted(words: str) -> str:
    """A word as a text of the expression language."""
    return f'"{words}"' if "'" in words else f"'{words}'"


def _hash(source: Source) -> FlowHash:
    canonical = json.dumps(source.document.value, sort_keys=True, ensure_ascii=False)
    return FlowHash(sha256(canonical.encode()).hexdigest()[:16])
