"""The flow that the manual shows whole: what it says there has to work."""

import re
from pathlib import Path
from typing import Final

from bot.flows.loading import load_flow
from bot.flows.model import Flow, Flows

MANUAL: Final = Path(__file__).parents[2] / "docs" / "flows.md"


def sample_text() -> str:
    found = re.search(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert found, "is it where I look?"
    return found[1]


def sample() -> Flow:
    loaded = load_flow(sample_text(), "docs/flows.md")
    assert loaded.problems == ()
    assert loaded.flow is not None
    return loaded.flow


def sample_flows() -> Flows:
    return Flows((sample(),))
