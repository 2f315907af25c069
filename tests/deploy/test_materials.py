"""What comes with it is written down, and its licences are ones that somebody has looked at (T23)."""

import re

from scripts import list_materials
from tests.builders import ROOT

LOOKED_AT = re.compile(  # parts of a licence's name, joined by AND or OR
    r"(Apache-2\.0|Apache License, Version 2\.0|Apache Software License|BSD License|BSD-[23]-Clause|0BSD"
    r"|MIT( License)?|The MIT License \(MIT\)"
    r"|MIT-CMU|CNRI-Python|CC0-1\.0|Zlib|LGPL-3\.0-only|Public Domain|PSF-2\.0"
    r"|Mozilla Public License 2\.0 \(MPL 2\.0\)|Python Software Foundation License)"
)


def test_the_list_says_what_is_locked() -> None:
    path = ROOT / "docs" / "materials.md"
    assert path.read_text(encoding="utf-8") == list_materials.page(), (
        "run `python -m scripts.list_materials`"
    )


def test_every_licence_is_one_that_somebody_has_looked_at() -> None:
    found = list_materials.materials()
    assert len(found) > 50
    for name, _, licence in found:
        for part in re.split(r" (?:AND|OR|or) ", licence):
            assert LOOKED_AT.fullmatch(part), f"{name}: {licence}"


def test_what_no_package_tells_is_not_guessed() -> None:
    assert list_materials.licence("no-such-package") == list_materials.NOT_TOLD
    assert not LOOKED_AT.fullmatch(list_materials.NOT_TOLD)
