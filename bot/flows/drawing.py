"""A flow as a map: Mermaid for the eye, an indented outline that says the same in words."""

from collections.abc import Iterator

from bot.flows.model import Flow, Group, Part, Question, Repeat

INDENT = "  "
LABEL_LIMIT = 60  # characters of a node; the outline says the whole


def outline(flow: Flow) -> str:
    """The flow as an indented list: type, name, label, and when it is asked."""
    head = f"{flow.title.en} ({flow.id}, version {flow.version})"
    return "\n".join((head, *_lines(flow.parts, 1))) + "\n"


def _lines(parts: tuple[Part, ...], depth: int) -> Iterator[str]:
    for part in parts:
        label = f": {part.label.en}" if part.label and not _is_silent(part) else ""
        lead = INDENT * depth
        yield f"{lead}- {_kind(part)} {part.name}{label}"
        for key in ("relevant", "calculation", "choice_filter", "constraint", "repeat_count"):
            expression = getattr(part, key, None)
            if expression is not None:
                yield f"{lead}{INDENT}{key}: {expression.source}"
        if isinstance(part, Question):
            yield from (f"{lead}{INDENT}{n}. {c.label.en}" for n, c in enumerate(part.choices, 1))
        else:
            yield from _lines(part.parts, depth + 1)


def _is_silent(part: Part) -> bool:
    return isinstance(part, Question) and part.calculation is not None


def _kind(part: Part) -> str:
    match part:
        case Question():
            return part.kind.value
        case Group():
            return "group"
        case Repeat():
            return f"repeat (at most {part.most})"


def mermaid(flow: Flow) -> str:
    """The flow as a Mermaid flowchart; a condition stands on the arrow, a way round it is dotted."""
    lines = ["flowchart TD", f"  start([{_quoted(flow.title.en)}])"]
    before = "start"
    for part in flow.parts:
        lines += _node(part, 1)
        lines += _arrows(before, part, "  ")
        before = part.name
    return "\n".join((*lines, "  review([Review and hand in])", f"  {before} --> review")) + "\n"


def _node(part: Part, depth: int) -> list[str]:
    lead = INDENT * depth
    if isinstance(part, Question):
        text = _quoted(part.label.en if part.is_asked else part.name)
        shape = f"[{text}]" if part.is_asked else f"[/{text}/]"
        return [f"{lead}{part.name}{shape}"]
    title = part.label.en if part.label else part.name
    lines = [f"{lead}subgraph {part.name}[{_quoted(title)}]"]
    for number, inner in enumerate(part.parts):
        lines += _node(inner, depth + 1)
        if number:
            lines += _arrows(part.parts[number - 1].name, inner, INDENT * (depth + 1))
    if isinstance(part, Repeat):
        again = _quoted(part.another.en if part.another else "again")
        lines.append(f"{lead}{INDENT}{part.parts[-1].name} -->|{again}| {part.parts[0].name}")
    return [*lines, f"{lead}end"]


def _arrows(before: str, part: Part, lead: str) -> list[str]:
    if part.relevant is None:
        return [f"{lead}{before} --> {part.name}"]
    return [f"{lead}{before} -.->|{_quoted('if ' + part.relevant.source)}| {part.name}"]


def _quoted(words: str) -> str:
    """Words inside a node, where nothing of them can act."""
    flat = " ".join(words.split())
    short = flat if len(flat) <= LABEL_LIMIT else flat[: LABEL_LIMIT - 1] + "…"
    for sign, entity in (
        ("#", "#35;"),
        ('"', "#quot;"),
        ("<", "#lt;"),
        (">", "#gt;"),
        ("|", "#124;"),
    ):
        short = short.replace(sign, entity)
    return f'"{short}"'
