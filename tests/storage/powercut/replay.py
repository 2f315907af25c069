"""Cuts the power at any point of what a process did to its disk, as its log tells it.

What was synced is there. Of what was not, a disk may have kept nothing, or any part: writes out of
order, and of one write only some sectors. A deleted file is gone at once.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

RECORD = struct.Struct("=IIQQ")
WRITE, TRUNCATE, SYNC, UNLINK = 1, 2, 3, 4
SECTOR = 512  # bytes that a disk writes wholly or not at all
ACKS = ord("a")
SUFFIX = {0: "", ord("w"): "-wal", ord("j"): "-journal"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call on one file: what, where, and with which bytes (for a truncation, none)."""

    kind: int
    file: int
    offset: int
    content: bytes


def read_log(path: Path) -> list[Call]:
    """All calls, in the order they were done."""
    log, place, calls = path.read_bytes(), 0, []
    while place < len(log):
        kind, file, offset, length = RECORD.unpack_from(log, place)
        place += RECORD.size
        calls.append(Call(kind, file, offset, log[place : place + length]))
        place += length
    return calls


@dataclass(slots=True)
class DiskFile:
    """One file: what surely is on the disk, and what was done since."""

    safe: bytearray = field(default_factory=bytearray)
    since: list[Call] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """The process did this."""
        if call.kind != SYNC:
            self.since.append(call)
            return
        for earlier in self.since:
            _apply(self.safe, earlier)
        self.since.clear()

    def after_cut(self, chance: random.Random | None) -> bytes:
        """What is there after a power cut: only what is safe, or with chance also some of the rest."""
        content = bytearray(self.safe)
        for call in self.since if chance else ():
            if chance and chance.random() < 0.5:
                _apply(content, _torn(call, chance) if chance.random() < 0.25 else call)
        return bytes(content)


def _apply(content: bytearray, call: Call) -> None:
    if call.kind == TRUNCATE:
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    content.extend(bytes(max(0, call.offset - len(content))))
    content[call.offset : call.offset + len(call.content)] = call.content


def _torn(call: Call, chance: random.Random) -> Call:
    sectors = len(call.content) // SECTOR
    return Call(
        call.kind, call.file, call.offset, call.content[: chance.randint(0, sectors) * SECTOR]
    )


@dataclass(frozen=True, slots=True)
class Cut:
    """A moment without power.

    Attributes:
        at: How many calls had been done.
        files: What was left, by the end of the file's name.
        acknowledged: The numbers that the process had said were safe.
    """

    at: int
    files: dict[str, bytes]
    acknowledged: list[int]

    def lay_out(self, db_path: Path) -> None:
        """Put the files where a database is looked for; no trace of another cut stays."""
        db_path.with_name(db_path.name + "-shm").unlink(missing_ok=True)
        for suffix in SUFFIX.values():
            file = db_path.with_name(db_path.name + suffix)
            if suffix in self.files:
                file.write_bytes(self.files[suffix])
            else:
                file.unlink(missing_ok=True)


def cuts(calls: list[Call], chosen: set[int], chance: random.Random) -> Iterator[Cut]:
    """Two cuts at each of the chosen moments: one that keeps nothing unsafe, one that keeps some."""
    files: dict[int, DiskFile] = {}
    acknowledged: list[int] = []
    for at, call in enumerate(calls, start=1):
        if call.file == ACKS:
            acknowledged.extend(map(int, call.content.split()))
        elif call.kind == UNLINK:
            files.pop(call.file, None)
        else:
            files.setdefault(call.file, DiskFile()).take(call)
        for kept in (None, chance) if at in chosen else ():
            left = {SUFFIX[file]: disk.after_cut(kept) for file, disk in files.items()}
            yield Cut(at, left, list(acknowledged))
