"""The rule about `bodies.yaml`: what its own checks find, with the lines of the file."""

from collections.abc import Iterator
from typing import Final

from bot.errors import Problem
from bot.knowledge.bodies import Bodies
from bot.knowledge.bodies_check import body_problems
from bot.knowledge.lint_files import Folder
from bot.knowledge.lint_rules import Rule


def broken_bodies(folder: Folder) -> Iterator[Problem]:
    """Every register, body and sector that is named is there, and every price has a page behind it."""
    bodies = folder.of(Bodies)
    if bodies:
        yield from body_problems(bodies.shape, bodies.line, bodies.name)


RULES: Final = (Rule(id="broken-body", check=broken_bodies),)
