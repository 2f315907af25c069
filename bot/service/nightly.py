"""What is done once a night: what was kept long enough goes, late questions are owned up to."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Final

from bot.errors import Refused
from bot.knowledge.content import Content
from bot.messages import BranchId
from bot.service import coach_mail, digests, inbox, purging, questions
from bot.service.ports import Clock, Store

AT_ONCE: Final = 20  # people told in one transaction


def run(store: Store, content: Content, clock: Clock, now: datetime) -> Mapping[str, int]:
    """Do the night's work, in many short transactions. Doing it twice changes nothing more.

    Args:
        store: What it is done on; not to be called from work on it.
        content: How long things are kept, and the words for people.
        clock: Chance for ids.
        now: The time.

    Returns:
        How many rows of each table went.

    Raises:
        Refused: The content has no `retention.yaml`; nothing was done.
        StoreError: It could not be written; what went before is done.
    """
    if content.retention is None:
        raise Refused("There is no `retention.yaml`, so nothing says what may be deleted.")
    gone = purging.purge(store, content.retention, now)
    for row in store.submit(lambda tx: tx.find("branch", {})).result():
        branch = BranchId(str(row["id"]))
        store.submit(partial(inbox.sweep, branch=branch)).result()
        store.submit(partial(digests.ensure, branch=branch, now=now)).result()
        store.submit(partial(coach_mail.seed, branch=branch, now=now)).result()
    told = AT_ONCE
    while told == AT_ONCE:
        tell = partial(
            questions.tell_untaken, content=content, fresh=clock.fresh(), now=now, limit=AT_ONCE
        )
        told = store.submit(tell).result()
    store.checkpoint().result()
    return gone
