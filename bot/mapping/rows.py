"""What was said of an item as text for the store, and back."""

import json

from bot.mapping.workplace import Area, AreaId, Told
from bot.results.workplace import Provenance


def encode_told(told: Told) -> str:
    """What was said as JSON; `decode_told` gives it back equal. How a number is known stands beside it."""
    said: dict[str, object] = {}
    if told.low is not None:
        said = {"low": told.low, "high": told.high}
    if told.codes:
        said["codes"] = list(told.codes)
    if told.words:
        said["words"] = told.words
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def decode_told(text: str, provenance: str | None) -> Told:
    """What a row says."""
    said = json.loads(text)
    return Told(
        low=said.get("low"),
        high=said.get("high"),
        codes=tuple(said.get("codes", ())),
        words=said.get("words", ""),
        provenance=Provenance(provenance) if provenance else None,
    )


def encode_place(area: Area) -> str:
    """What of an area can be changed: its name, where it lies, what it was merged into."""
    place = [area.name, area.parent, area.merged_into, area.is_gone]
    return json.dumps(place, ensure_ascii=False, separators=(",", ":"))


def decode_place(area: Area, text: str) -> Area:
    """An area as a text says it was."""
    name, parent, merged_into, is_gone = json.loads(text)
    return Area(
        id=area.id,
        name=name,
        added_at=area.added_at,
        parent=AreaId(parent) if parent else None,
        merged_into=AreaId(merged_into) if merged_into else None,
        is_gone=is_gone,
        source=area.source,
    )
