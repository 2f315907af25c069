"""Rules about entries: their ids, what they refer to, where they come from and how old they are."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from bot.errors import Problem
from bot.knowledge.bodies import Bodies
from bot.knowledge.faq import Entry, Faq
from bot.knowledge.lint_files import Folder, Read, drafts_in
from bot.knowledge.lint_rules import Rule, Weight
from bot.knowledge.lint_shape import at, nearest, slug_of
from bot.knowledge.yaml_text import Path, Value

SHOWS: Final = ("fees", "tax", "bodies", "registers")  # live tables; `fees:` may name registers

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_MONTH_YEAR = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.? ((?:19|20)\d\d)\b", re.IGNORECASE)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?\b")


def ids_not_kebab(folder: Folder) -> Iterator[Problem]:
    """Ids are lower-case words with hyphens, so that they are the same wherever they are typed."""
    for faq, place, entry in entries(folder):
        if not _SLUG.fullmatch(entry.id):
            yield faq.problem(
                (*place, "id"),
                f"`{entry.id}` is no id: an id is lower-case words with hyphens between them.",
                f"Write `{slug_of(entry.id) or 'some-words'}`.",
            )


def doubled_ids(folder: Folder) -> Iterator[Problem]:
    """No two things of a kind have one id."""
    for read in folder.reads:
        value = read.whole.value
        if isinstance(read.shape, Bodies) or not isinstance(value, dict):  # it has its own check
            continue
        for key, items in value.items():
            yield from _doubled(read, key, items if isinstance(items, list) else [])


def _doubled(read: Read[Any], key: str, items: list[Value]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for n, item in enumerate(items):
        name = str(item.get("id", "")) if isinstance(item, dict) else ""
        line = read.whole.line((key, n))
        if name and name in first:
            yield Problem(
                file=read.name,
                line=line,
                what=f"`{name}` under `{key}` was already used on line {first[name]}.",
                fix="Give one of them another id.",
            )
        first.setdefault(name, line)


def doubled_texts(folder: Folder) -> Iterator[Problem]:
    """No two entries ask or answer the same."""
    for key in ("question", "answer"):
        first: dict[str, str] = {}
        for faq, place, entry in entries(folder):
            text = " ".join(getattr(entry, key).en.lower().split())
            if text in first:
                yield faq.problem(
                    (*place, key),
                    f"`{entry.id}` has the same {key} as `{first[text]}`.",
                    "Make one entry of the two, or say how they differ.",
                )
            first.setdefault(text, entry.id)


def dead_references(folder: Folder) -> Iterator[Problem]:
    """Whatever an entry, a topic or a starter names is there."""
    for faq in folder.each(Faq):
        ids, topics, sections = (ids_of(faq, key) for key in ("entries", "topics", "sections"))
        for i, entry in enumerate(faq.shape.entries):
            for n, other in enumerate(entry.related):
                yield from _unless_known(faq, ("entries", i, "related", n), other, ids, "entry")
            if topics and "topic" in entry.model_fields_set:
                yield from _unless_known(
                    faq, ("entries", i, "topic"), entry.topic, topics, "topic"
                )
        for i, topic in enumerate(faq.shape.topics):
            path: Path = ("topics", i, "section")
            yield from _unless_known(faq, path, topic.section, sections, "section")
        for i, starter in enumerate(faq.shape.starters):
            yield from _unless_known(faq, ("starters", i), starter, ids, "entry")


def dead_shows(folder: Folder) -> Iterator[Problem]:
    """A live table is one of ours, and names registers that `bodies.yaml` has."""
    bodies = folder.of(Bodies)
    for faq, place, entry in entries(folder):
        if entry.show is None:
            continue
        table, _, names = entry.show.partition(":")
        yield from _unless_known(faq, (*place, "show"), table, SHOWS, "live table")
        known = tuple(bodies.shape.register_by_id) if bodies else ()
        for name in names.split(",") if names and known else ():
            yield from _unless_known(faq, (*place, "show"), name.strip(), known, "register")


def related_to_itself(folder: Folder) -> Iterator[Problem]:
    """An entry that offers itself as the next question leads in a circle; so does one named twice."""
    for faq, place, entry in entries(folder):
        for other, count in Counter(entry.related).items():
            if other == entry.id or count > 1:
                said = "itself" if other == entry.id else f"`{other}` twice"
                yield faq.problem(
                    (*place, "related"), f"`{entry.id}` is related to {said}.", "Take it out."
                )


def unfinished(folder: Folder) -> Iterator[Problem]:
    """A draft is no answer yet."""
    for faq in folder.each(Faq):
        for path in sorted(drafts_in(faq.whole), key=repr):
            yield Problem(
                file=faq.name,
                line=faq.whole.line(path),
                what=f"`{at(faq.whole.value, (*path, 'id'))}` is a draft: nobody is answered with it.",
                fix="Finish it, then take out `draft: true`.",
            )


def answers_without_source(folder: Folder) -> Iterator[Problem]:
    """Every answer says where it comes from."""
    for faq, place, entry in entries(folder):
        if not entry.sources:
            yield faq.problem(
                place,
                f"`{entry.id}` has no source.",
                'Add `sources:` with a line such as - {title: "IET: fees", url: "https://...", '
                "as_of: 2025}.",
            )


def future_facts(folder: Folder) -> Iterator[Problem]:
    """No source is from a day that has not come."""
    for read in folder.reads:
        for path, value in folder.values[read.name]:
            if path[-1:] == ("as_of",) and value is not None:
                begun = _earliest(str(value))
                if begun and begun > folder.today:
                    yield read.problem(
                        path,
                        f"`as_of` is `{value}`, and that day has not come.",
                        "Write the date the page carries; null where it carries none.",
                    )


def wrong_dates(folder: Folder) -> Iterator[Problem]:
    """Our own dates stand in order: written, then checked, then due again; none but the last to come."""
    for faq, place, entry in entries(folder):
        written, checked, due = entry.compiled_at, entry.checked_at, entry.review_by
        said = (
            ("compiled_at", written and written > folder.today, "lies in the future"),
            ("checked_at", checked and checked > folder.today, "lies in the future"),
            ("checked_at", checked and written and checked < written, "is before `compiled_at`"),
            ("review_by", due and written and due < written, "is before `compiled_at`"),
            ("review_by", due and checked and due < checked, "is before `checked_at`"),
        )
        for key, is_wrong, what in said:
            if is_wrong:
                yield faq.problem(
                    (*place, key),
                    f"`{key}` of `{entry.id}` {what}.",
                    f"Today is {folder.today.isoformat()}; correct the date.",
                )


def contradictions(folder: Folder) -> Iterator[Problem]:
    """No word is both demanded and forbidden."""
    for faq, place, entry in entries(folder):
        for word in sorted(
            {w.lower() for w in entry.must_have} & {w.lower() for w in entry.block_if}
        ):
            yield faq.problem(
                (*place, "block_if"),
                f"`{entry.id}` both demands and forbids `{word}`, so it can never answer.",
                "Take it out of `must_have` or out of `block_if`.",
            )


def entries(folder: Folder) -> Iterator[tuple[Read[Faq], Path, Entry]]:
    """Every entry with its file and its path."""
    for faq in folder.each(Faq):
        for i, entry in enumerate(faq.shape.entries):
            yield faq, ("entries", i), entry


def ids_of(read: Read[Faq], key: str) -> tuple[str, ...]:
    """The ids below a key, those of broken items too: what is broken is not missing."""
    items = at(read.whole.value, (key,))
    found = (
        [item.get("id") for item in items if isinstance(item, dict)]
        if isinstance(items, list)
        else []
    )
    return tuple(str(name) for name in found if name)


def _unless_known(
    read: Read[Faq], path: Path, name: str, known: Iterable[str], kind: str
) -> Iterator[Problem]:
    known = tuple(known)
    if name in known:
        return
    near = nearest(name, known)
    key = next(step for step in reversed(path) if isinstance(step, str))
    owner = at(read.kept.value, (*path[:2], "id"))
    said = f" of `{owner}`" if owner else ""
    fix = f"Did you mean `{near}`?" if near else f"Known ones: {', '.join(sorted(known)[:12])}."
    yield read.problem(path, f"`{key}`{said} names the {kind} `{name}`, which is not there.", fix)


def _earliest(as_of: str) -> date | None:
    """The earliest day a text such as "c. 2014-16" or "4 November 2024" can mean."""
    days = [date(int(m[1]), int(m[2]), int(m[3] or 1)) for m in _ISO.finditer(as_of)]
    days += [
        date(int(m[2]), _MONTHS.index(m[1].lower()) + 1, 1) for m in _MONTH_YEAR.finditer(as_of)
    ]
    days = days or [date(int(year), 1, 1) for year in _YEAR.findall(as_of)]
    return min(days, default=None)


RULES: Final = (
    Rule(id="id-not-kebab", check=ids_not_kebab, guest=Weight.ADVICE),
    Rule(id="doubled-id", check=doubled_ids),
    Rule(id="doubled-text", check=doubled_texts),
    Rule(id="dead-reference", check=dead_references),
    Rule(id="dead-show", check=dead_shows),
    Rule(id="related-to-itself", check=related_to_itself),
    Rule(id="no-source", check=answers_without_source, guest=Weight.NONE),
    Rule(id="draft", check=unfinished, house=Weight.ADVICE, guest=Weight.ADVICE),
    Rule(id="future-fact", check=future_facts),
    Rule(id="wrong-date", check=wrong_dates),
    Rule(id="contradiction", check=contradictions),
)
