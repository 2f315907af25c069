"""The editors' inbox: misses that ask alike counted as one, and reps' replies; what was decided stays.

A group is known by the words it began with. Once an editor has decided about it, these words are kept
with the decision, so that whatever asks alike later falls under it too: ignored stays ignored. A done
group comes up again when people still ask.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from bot.service.ports import OneOf, Row, Tx, Where

READ: Final = 300  # undecided misses that are looked at, the newest
REPLIES: Final = 50  # replies, the newest
EXAMPLES: Final = 5  # other words of a group
NEAREST: Final = 3  # entries named beside a group
STAYING: Final = frozenset({"later", "ignored"})  # decisions that new misses fall under


@dataclass(frozen=True, slots=True)
class _Group:
    """Misses that ask alike.

    Attributes:
        decided: The row with the editors' decision; None before there is one.
        rows: Its misses that nobody has decided about.
    """

    decided: Row | None
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called, and what it was or may be called as its misses come and go."""
        own = (str(self.decided["id"]),) if self.decided else ()
        return (*own, *(_name(row) for row in self.rows))

    @property
    def words(self) -> str:
        """What it was decided by, else what most of its people typed."""
        if self.decided:
            return str(self.decided["words"])
        pairs = {(str(row["words"]), row["asker"]) for row in self.rows}
        counts = Counter(words for words, _ in pairs)
        return min(counts, key=lambda words: (-counts[words], words))


def read(tx: Tx, branch: BranchId) -> tuple[Item, ...]:
    """Everything in the inbox of a branch: new first, what most people asked on top."""
    items = [*map(_item, _groups(tx, branch)), *_of_replies(tx, branch)]
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
    found = next((one for one in _groups(tx, branch) if effect.item in one.names), None)
    if found is None:
        return
    decision: Row = {"status": effect.status, "at": micros(now)}
    if found.decided is None:
        made: Row = {"id": found.names[0], "branch": branch, "words": found.words}
        tx.insert("miss_group", {**made, **decision})
    else:
        tx.update("miss_group", {"id": found.decided["id"]}, decision)
        if effect.status == NEW:
            _reopen(tx, branch, found.decided)
    if effect.status != NEW:
        _mark(tx, found.rows, effect.status)


def sweep(tx: Tx, branch: BranchId) -> None:
    """Let new misses fall under what was decided of their group, so that they crowd nobody out."""
    for found in _groups(tx, branch):
        if found.decided and found.decided["status"] in STAYING:
            _mark(tx, found.rows, str(found.decided["status"]))


def _mark(tx: Tx, rows: Iterable[Row], status: str) -> None:
    ids = OneOf(tuple(str(row["id"]) for row in rows))
    tx.update("miss", {"id": ids}, {"status": status})


def _reopen(tx: Tx, branch: BranchId, decided: Row) -> None:
    """Make the misses that fell under a decision undecided again."""
    where: Where = {"branch": branch, "status": decided["status"]}
    rows = tx.find("miss", where, order=("-at", "-id"), limit=READ)
    numbers = group([str(row["words"]) for row in rows], [str(decided["words"])])
    _mark(tx, (row for row, number in zip(rows, numbers, strict=True) if number == 0), NEW)


def _groups(tx: Tx, branch: BranchId) -> tuple[_Group, ...]:
    """Every group: those decided about, also where nothing waits in them, then the new ones."""
    rows = tx.find("miss", {"branch": branch, "status": NEW}, order=("-at", "-id"), limit=READ)
    rows.reverse()
    decided = tx.find("miss_group", {"branch": branch})
    numbers = group([str(row["words"]) for row in rows], [str(row["words"]) for row in decided])
    members: dict[int, list[Row]] = defaultdict(list)
    for number, row in zip(numbers, rows, strict=True):
        members[number].append(row)
    known = [_Group(row, tuple(members.pop(number, ()))) for number, row in enumerate(decided)]
    return (*known, *(_Group(None, tuple(new)) for new in members.values()))


def _name(row: Row) -> str:
    """A name made of a miss, for people to type; its own id stays in the store."""
    return f"m-{blake2b(str(row['id']).encode(), digest_size=4).hexdigest()}"


def _item(found: _Group) -> Item:
    status = str(found.decided["status"]) if found.decided else NEW
    is_new = status not in STAYING and bool(found.rows)
    words = found.words
    others = dict.fromkeys(str(row["words"]) for row in found.rows if row["words"] != words)
    return Item(
        id=found.names[0],
        words=words,
        status=NEW if is_new else status,
        people=len({row["asker"] for row in found.rows}),
        examples=tuple(others)[:EXAMPLES],
        near=_near(found.rows),
        names=found.names,
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
