"""The editors' inbox: misses that ask alike counted as one, and reps' replies; what was decided stays.

A group is known by the words it began with. Once an editor has decided about it, these words are kept
with the decision, so that whatever asks alike later falls under it too: ignored stays ignored. A done
group comes up again when people still ask.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot.engine.effects_reps import Triage
from bot.engine.inbox import NEW, Item
from bot.faq.clustering import group
from bot.messages import BranchId
from bot.service import audit
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.misses import NONE_OF_THESE
from bot.service.ports import OneOf, Row, Scalar, Tx

READ: Final = 500  # undecided misses that are looked at, the newest
REPLIES: Final = 50  # replies, the newest
EXAMPLES: Final = 5  # other words of a group
NEAREST: Final = 3  # entries named beside a group
STAYING: Final = frozenset({"later", "ignored"})  # decisions that new misses fall under


def read(tx: Tx, branch: BranchId) -> tuple[Item, ...]:
    """Everything in the inbox of a branch: new first, what most people asked on top."""
    items = [*_of_misses(tx, branch), *_of_replies(tx, branch)]
    return tuple(sorted(items, key=lambda item: (item.status != NEW, -item.people, item.id)))


def triage(doing: Doing, effect: Triage) -> None:
    """Keep a decision, and who made it under a pseudonym."""
    decide(doing.tx, doing.known.branch, effect, doing.now)
    who = audit.pseudonym(doing.tx, doing.known.person)
    audit.record(
        doing.tx,
        doing.view.fresh,
        doing.known.branch,
        who,
        "miss.triaged",
        f"{effect.item} {effect.status}",
        doing.now,
    )


def decide(tx: Tx, branch: BranchId, effect: Triage, now: datetime) -> None:
    """Keep a decision about a group or a reply."""
    if effect.item.startswith("r-"):
        tx.update("reply", {"id": effect.item, "branch": branch}, {"status": effect.status})
        return
    where: dict[str, Scalar] = {"id": effect.item}
    found: Row = {"status": effect.status, "at": micros(now)}
    if tx.update("miss_group", {**where, "branch": branch}, found) == 0:
        tx.insert("miss_group", {**where, "branch": branch, "words": effect.words, **found})
    _mark(tx, branch, {effect.item})


def sweep(tx: Tx, branch: BranchId) -> None:
    """Let new misses fall under what was decided of their group, so that they crowd nobody out."""
    staying = OneOf(tuple(sorted(STAYING)))
    decided = tx.find("miss_group", {"branch": branch, "status": staying})
    _mark(tx, branch, {str(row["id"]) for row in decided})


def _mark(tx: Tx, branch: BranchId, decided: set[str]) -> None:
    """Give the misses of some groups the group's status."""
    status_by_id = {
        str(row["id"]): row["status"] for row in tx.find("miss_group", {"branch": branch})
    }
    for name, rows in _grouped(tx, branch).items():
        if name in decided and status_by_id[name] != NEW:
            ids = OneOf(tuple(str(row["id"]) for row in rows))
            tx.update("miss", {"id": ids}, {"status": status_by_id[name]})


def _of_misses(tx: Tx, branch: BranchId) -> Iterable[Item]:
    groups = {str(row["id"]): row for row in tx.find("miss_group", {"branch": branch})}
    waiting = _grouped(tx, branch)
    for name, rows in waiting.items():
        decided = groups.get(name)
        status = str(decided["status"]) if decided else NEW
        yield _item(name, rows, status if status in STAYING else NEW, decided)
    for name, row in groups.items():
        if name not in waiting:
            yield Item(id=name, words=str(row["words"]), status=str(row["status"]), people=0)


def _grouped(tx: Tx, branch: BranchId) -> dict[str, list[Row]]:
    """Undecided misses by the id of their group, oldest first."""
    rows = tx.find("miss", {"branch": branch, "status": NEW}, order=("-at", "-id"), limit=READ)
    rows.reverse()
    leaders = tx.find("miss_group", {"branch": branch})
    texts = [str(row["words"]) for row in rows]
    names = [str(row["id"]) for row in leaders]
    found: dict[int, list[Row]] = defaultdict(list)
    for number, row in zip(
        group(texts, [str(row["words"]) for row in leaders]), rows, strict=True
    ):
        found[number].append(row)
    return {
        names[number] if number < len(names) else _name(branch, str(members[0]["words"])): members
        for number, members in found.items()
    }


def _name(branch: BranchId, words: str) -> str:
    return f"m-{blake2b(f'{branch}:{words}'.encode(), digest_size=4).hexdigest()}"


def _item(name: str, rows: Sequence[Row], status: str, decided: Row | None) -> Item:
    words = str(decided["words"]) if decided else str(rows[0]["words"])
    others = dict.fromkeys(str(row["words"]) for row in rows if row["words"] != words)
    return Item(
        id=name,
        words=words,
        status=status,
        people=len({row["asker"] for row in rows}),
        examples=tuple(others)[:EXAMPLES],
        near=_near(rows),
    )


def _near(rows: Sequence[Row]) -> tuple[str, ...]:
    """What people picked counts most, then what came first."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row["chosen"] and row["chosen"] != NONE_OF_THESE:
            counts[str(row["chosen"])] += 10
        for place, candidate in enumerate(str(row["candidates"]).split()):
            counts[candidate.rpartition(":")[0]] += NEAREST - place
    return tuple(name for name, _ in counts.most_common(NEAREST))


def _of_replies(tx: Tx, branch: BranchId) -> Iterable[Item]:
    for row in tx.find("reply", {"branch": branch}, order=("-at",), limit=REPLIES):
        yield Item(
            id=str(row["id"]),
            words=str(row["asked"]),
            status=str(row["status"]),
            reply=str(row["words"]),
        )
