"""`wording.yaml` and the code hold together: every key that is said is there, and the other way round.

The code is read, not run: every call of `say` with a key, whoever it is called on. A function that
hands its own argument on to `say` counts as a `say` of its own.
"""

import ast
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.knowledge.content import SHAPES
from bot.knowledge.lint_files import read_folder
from bot.knowledge.lint_wording import ANY_GAPS, RULES
from bot.knowledge.wording import Wording

TODAY = date(2026, 11, 21)
ROOT = Path(__file__).parents[2]
KNOWLEDGE = ROOT / "knowledge"
Used = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Sayer:
    """A function that says a key: its name, and where in its arguments the key stands."""

    name: str
    place: int
    keyword: str = "key"
    is_open: bool = True  # whether its other arguments are not the gaps


SAY_METHOD = Sayer("say", 0, is_open=False)
SAY_FUNCTION = Sayer("say", 1, is_open=False)


def used_keys(sources: Mapping[str, str], known: frozenset[str] = frozenset()) -> Used:
    """The keys that some modules use, with the gaps that every use of a key fills.

    Args:
        sources: Module name to Python text.
        known: Keys that count as used wherever their bare text stands.
    """
    trees = {name: ast.parse(text) for name, text in sources.items()}
    sayers = [sayer for tree in trees.values() for sayer in forwarders(tree)]
    found: dict[str, frozenset[str]] = {}
    for tree in trees.values():
        for key, gaps in said_in(tree, sayers):
            before = found.get(key, gaps)
            found[key] = (
                gaps if before == ANY_GAPS else before if gaps == ANY_GAPS else before & gaps
            )
    for tree in trees.values():
        for text in literals(tree):
            if text in known or (
                text.endswith((".*", "-*")) and any(k.startswith(text[:-1]) for k in known)
            ):
                found.setdefault(text, ANY_GAPS)
    return found


def said_in(tree: ast.AST, sayers: list[Sayer]) -> Iterator[tuple[str, frozenset[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            sayer = sayer_of(node, sayers)
            given = argument(node, sayer) if sayer else None
            if sayer and given is not None:
                for key in keys_in(given):
                    yield key, ANY_GAPS if sayer.is_open else gaps_of(node)
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == "wording" for target in targets):
                yield from ((key, ANY_GAPS) for key in keys_in(node.value))


def forwarders(tree: ast.AST) -> Iterator[Sayer]:
    """Functions that hand one of their own arguments on to `say`."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name == "say":
            continue
        names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        places = [name for name in names if name != "self"]
        for node in ast.walk(function):
            sayer = sayer_of(node, []) if isinstance(node, ast.Call) else None
            given = argument(node, sayer) if sayer and isinstance(node, ast.Call) else None
            if isinstance(given, ast.Name) and given.id in places:
                yield Sayer(function.name, places.index(given.id), given.id)


def sayer_of(call: ast.Call, sayers: list[Sayer]) -> Sayer | None:
    match call.func:
        case ast.Attribute(attr="say"):
            return SAY_METHOD
        case ast.Name(id="say"):
            return SAY_FUNCTION
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return next((sayer for sayer in sayers if sayer.name == name), None)
        case _:
            return None


def argument(call: ast.Call, sayer: Sayer) -> ast.expr | None:
    by_name = {keyword.arg: keyword.value for keyword in call.keywords}
    if sayer.place < len(call.args):
        return call.args[sayer.place]
    return by_name.get(sayer.keyword)


def keys_in(given: ast.expr) -> Iterator[str]:
    """The keys an expression can be; of an f-string its beginning and `*`."""
    match given:
        case ast.Constant(value=str() as key):
            yield key
        case ast.IfExp(body=one, orelse=other):
            yield from keys_in(one)
            yield from keys_in(other)
        case ast.JoinedStr(values=[ast.Constant(value=str() as start), *_]):
            yield f"{start}*"
        case _:
            pass


def gaps_of(call: ast.Call) -> frozenset[str]:
    names = [keyword.arg for keyword in call.keywords]
    return ANY_GAPS if None in names else frozenset(name for name in names if name)


def literals(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            yield from keys_in(node)


def python_of_the_bot() -> dict[str, str]:
    return {
        str(file.relative_to(ROOT)): file.read_text(encoding="utf-8")
        for file in sorted((ROOT / "bot").rglob("*.py"))
    }


def our_wording() -> dict[str, str]:
    files = [file for file, shape in SHAPES.items() if shape is Wording]
    return {file: (KNOWLEDGE / file).read_text(encoding="utf-8") for file in files}


def our_keys() -> frozenset[str]:
    folder, broken = read_folder(our_wording(), TODAY)
    assert not broken
    return frozenset(key for read in folder.each(Wording) for key in read.shape.texts)


SAMPLE = textwrap.dedent("""
    class Trouble(Exception):
        wording: ClassVar[str] = "error.generic"

    def page(scene, key, number):
        return scene.say(key, number=number)

    def all_of_it(scene, wording, helped, how):
        scene.say("browse.more", page=1, pages=2)
        say(scene, "status", choose, audience="x")
        wording.say("vote.yes" if helped else "vote.no", "cy")
        self.content.wording.say(f"source.dated-{how}", year=2026)
        page(scene, "browse.topics", 1)
        scene.say("sometimes", one=1, two=2)
        scene.say("sometimes", one=1)
        scene.say("anything", **gaps)
        say(scene, how)
        key = f"unreadable.{how}"
        other = f"refused-{how}" if how else f"gone-{how}"
        return "refused.role", "person.forgotten", f"person.{how}"
""")

KNOWN = frozenset({"refused.role", "unreadable.voice", "refused-late"})


def test_every_way_of_saying_a_key_is_seen() -> None:
    assert used_keys({"sample.py": SAMPLE}, KNOWN) == {
        "error.generic": ANY_GAPS,
        "browse.more": frozenset({"page", "pages"}),
        "status": frozenset({"audience"}),
        "vote.yes": frozenset(),
        "vote.no": frozenset(),
        "source.dated-*": frozenset({"year"}),
        "browse.topics": ANY_GAPS,
        "sometimes": frozenset({"one"}),
        "anything": ANY_GAPS,
        "refused.role": ANY_GAPS,
        "unreadable.*": ANY_GAPS,
        "refused-*": ANY_GAPS,
    }


def test_our_wording_and_our_code_agree() -> None:
    sources = python_of_the_bot()
    used = used_keys(sources, our_keys())
    assert len(sources) > 60
    assert len(used) > 80, "are the calls where I look?"
    folder, _ = read_folder(our_wording(), TODAY, used)
    assert not [f"{rule.id}: {problem}" for rule in RULES for problem in rule.check(folder)]
