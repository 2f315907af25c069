"""The log of who did what: one way in, or a line that nothing ties would look forged."""

import ast
from typing import TypeGuard

from tests.builders import ROOT


def test_nothing_but_the_log_itself_adds_a_line_to_it() -> None:
    writers: dict[str, list[int]] = {}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        text = path.read_text("utf-8")
        for call in ast.walk(ast.parse(text)) if '"audit' in text else ():
            if is_a_write(call):
                writers.setdefault(path.relative_to(ROOT).as_posix(), []).append(call.lineno)
    assert {one: len(lines) for one, lines in writers.items()} == {"bot/service/audit.py": 2}


def is_a_write(call: ast.AST) -> TypeGuard[ast.Call]:
    """Whether this inserts into, or changes, the log or its links."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr not in {"insert", "insert_new", "insert_all", "update"} or not call.args:
        return False
    table = call.args[0]
    return isinstance(table, ast.Constant) and table.value in {"audit", "audit_link"}
