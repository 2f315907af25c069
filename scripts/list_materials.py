"""Writes docs/materials.md: every package that a full installation brings, its version and its licence.

    python -m scripts.list_materials

Names and versions come from requirements/full.txt, licences from what each installed package says of
itself. What it does not say stays "not told": nobody guesses a licence.
"""

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
TARGET: Final = ROOT / "docs" / "materials.md"
NOT_TOLD: Final = "not told"
_PINNED: Final = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*\])?==([^ ;\\]+)", re.MULTILINE)
_LONGEST: Final = 60  # characters of a licence's name; what is longer is its text
HEAD: Final = """# What comes with it

Every package that a full installation brings (`requirements/full.txt`), with the licence it tells of
itself. Made by `python -m scripts.list_materials`; a test keeps it true, and lets no licence in that
nobody has looked at. The lock files hold the hash of every file. Where the word vectors and their texts
come from: [ADR 4](adr/0004-word-vectors.md) and [ADR 23](adr/0023-minilm.md).

| package | version | licence |
| --- | --- | --- |
"""


def materials() -> list[tuple[str, str, str]]:
    """Name, version and licence of each package, by name; a package may stand there in two versions."""
    locked = (ROOT / "requirements" / "full.txt").read_text(encoding="utf-8")
    return [(name, version, licence(name)) for name, version in _PINNED.findall(locked)]


def licence(package: str) -> str:
    """What an installed package says of its licence."""
    try:
        found = distribution(package)
    except PackageNotFoundError:
        return NOT_TOLD
    told = found.metadata.json
    classifiers = [one.split(" :: ") for one in told.get("classifier", ())]
    classified = " or ".join(one[-1] for one in classifiers if one[0] == "License")
    line = str(told.get("license", "")).strip()
    short = line if len(line) <= _LONGEST and "\n" not in line else ""
    expression = str(told.get("license_expression", ""))
    return expression or classified or short or _headed(found) or NOT_TOLD


def _headed(found: Distribution) -> str:
    """The first line of the licence file that a package brings, where it is a name."""
    for file in found.files or ():
        if file.name.upper().startswith("LICEN"):
            first = file.read_text(encoding="utf-8").strip().splitlines()[0]
            return first if len(first) <= _LONGEST else ""
    return ""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"| {name} | {version} | {by} |\n" for name, version, by in materials())


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
