"""The workplace map on the command line: the same promises as in chat, and nothing small in what it shows."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.errors import Refused
from bot.knowledge.wording import Wording
from bot.mapping.importing import Import, read_csv
from bot.mapping.recording import Recorded, Stamp, record
from bot.mapping.tree import outside
from bot.mapping.voice import depths, figure_text
from bot.mapping.workplace import WorkMap, Workplace, WorkplaceId, fold
from bot.messages import BranchId
from bot.results.limits import SHOWN_FROM
from bot.results.workplace import MapNode
from bot.service import maps, people
from bot.service.map_text import tree_text
from bot.service.ports import Tx

BY: Final = None  # a list from the machine comes from nobody


def listed(tx: Tx, branch: BranchId) -> str:
    """The workplaces of a branch, one a line."""
    people.require_branch(tx, branch)
    rows = tx.find("workplace", {"branch": branch}, order=("folded",))
    return "\n".join(str(row["name"]) for row in rows) or "There is no workplace map yet."


def shown(tx: Tx, branch: BranchId, name: str, wording: Wording) -> str:
    """A map in words, without small numbers."""
    tree = _tree(tx, branch, name, wording)
    return "\n".join(f"{'  ' * depth}{_line(node, wording)}" for depth, node in depths(tree))


def exported(tx: Tx, branch: BranchId, name: str, wording: Wording, now: datetime) -> str:
    """A map without small numbers as JSON: what a file is made from."""
    tree = _tree(tx, branch, name, wording)
    return json.dumps({"tree": tree_text(tree), "made_at": now.isoformat()}, ensure_ascii=False)


def imported(
    tx: Tx, arguments: Mapping[str, str], seed: str, now: datetime, *, is_dry: bool
) -> tuple[Import, Recorded]:
    """Put a list on a map, or only say what that would do.

    Raises:
        Refused: The file cannot be read as a list, or there is no such branch.
    """
    branch = BranchId(arguments["branch"])
    people.require_branch(tx, branch)
    read = read_csv(arguments["text"], now.date())
    if read.unfit is not None:
        raise Refused(
            f"The list cannot be read ({read.unfit.value}). Its first line needs a column `area`."
        )
    work_map = _map_of(tx, branch, arguments["workplace"], seed)
    source = f"i-{seed}"
    stamp = Stamp(by=BY, at=now, seed=seed, source=source, is_fresh=False)
    done = record(work_map, read.notes, stamp)
    if not is_dry:
        maps.write(tx, branch, done, source, BY, now)
    return read, done


def report(read: Import, done: Recorded, wording: Wording, *, is_dry: bool) -> str:
    """What an import did or would do, with its mistakes by line, as JSON: `text` and `errors`."""
    lines = [
        f"{'Would add' if is_dry else 'Added'} {len(done.areas)} areas and "
        f"{len(done.figures)} figures; {done.same} are there already."
    ]
    lines += [
        wording.say(
            "map.import-line",
            line=error.line,
            column=error.column,
            what=wording.say(f"map.wrong-{error.wrong.value}", cell=error.cell),
        ).replace("*", "")
        for error in read.errors
    ]
    if read.unknown:
        lines.append(f"Left out these columns: {', '.join(read.unknown)}.")
    if done.beyond:
        lines.append(f"Left out {len(done.beyond)} lines: a map holds 500 areas at most.")
    told = {"text": "\n".join(lines), "errors": len(read.errors) + len(done.beyond)}
    return json.dumps(told, ensure_ascii=False)


def _map_of(tx: Tx, branch: BranchId, name: str, seed: str) -> WorkMap:
    try:
        return maps.load(tx, maps.find(tx, branch, name))
    except Refused:
        clean = " ".join(name.split())
        if not fold(clean) or len(clean) > 80:
            raise Refused("A workplace needs a name of at most 80 letters.") from None
        return WorkMap(workplace=Workplace(WorkplaceId(f"w-{seed[:20]}"), clean))


def _tree(tx: Tx, branch: BranchId, name: str, wording: Wording) -> MapNode:
    work_map = maps.load(tx, maps.find(tx, branch, name))
    return outside(work_map, SHOWN_FROM, wording.say("map.rest"))


def _line(node: MapNode, wording: Wording) -> str:
    name = ", ".join(node.names)
    if len(node.names) > 1:
        name = wording.say("report.map-together", names=name)
    return wording.say("report.map-line", name=name, figure=figure_text(node, wording))
