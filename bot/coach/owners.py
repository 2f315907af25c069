"""Who works on a plan: one who leads and is reminded, others who may do the same.

A plan belongs to a branch and a workplace. Owners come by invite and go; where the one who leads
leaves, the one who has been there longest takes over, and where nobody is left the branch still has
the plan, with all of its history. Coming, going and handing over are events like any other.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.coach.history import Event, add, last_of, replay
from bot.messages import PersonId

MOST: Final = 12  # co-owners of one plan; more are a mailing list, and belong in a broadcast


@dataclass(frozen=True, slots=True)
class Membership:
    """That somebody owns a plan together with the others.

    Attributes:
        since: When they joined.
        leads_since: When the plan was handed to them; None where it never was.
    """

    since: datetime
    leads_since: datetime | None = None


Sharing = tuple[Event[Membership], ...]


def owners(sharing: Sharing) -> tuple[PersonId, ...]:
    """The people of a plan: the one who leads, then the others, longest there first.

    An empty id is somebody who was forgotten, and owns nothing.
    """
    found = replay(sharing)
    by_age = sorted(filter(None, found), key=lambda person: (found[person].since, person))
    handed = [(at, one) for one in by_age if (at := found[one].leads_since)]
    lead = max(handed)[1] if handed else next(iter(by_age), None)
    return tuple(PersonId(one) for one in sorted(by_age, key=lambda one: one != lead))


def lead(sharing: Sharing) -> PersonId | None:
    """Who is reminded; None where the plan is only the branch's."""
    return next(iter(owners(sharing)), None)


def join(sharing: Sharing, person: PersonId, at: datetime) -> Sharing | None:
    """With one person more. An owner joins no second time.

    Returns:
        None where the plan has as many owners as it can.
    """
    known = owners(sharing)
    if person in known:
        return sharing
    if len(known) >= MOST:
        return None
    return _with(sharing, "joined", person, person, Membership(at))


def leave(sharing: Sharing, person: PersonId, at: datetime, by: PersonId) -> Sharing:
    """Without a person; who takes them out may be another one, and is written down."""
    if person not in owners(sharing):
        return sharing
    made: Event[Membership] = Event(
        seq=0, at=at, by=by, what="left", key=person, before=replay(sharing)[person], after=None
    )
    return add(sharing, made)


def hand_over(sharing: Sharing, to: PersonId, at: datetime, by: PersonId) -> Sharing | None:
    """Let another one lead. Who led until now stays on until they leave.

    Returns:
        None where the plan has as many owners as it can.
    """
    joined = join(sharing, to, at)
    if joined is None or lead(joined) == to:
        return joined
    return _with(joined, "leads", to, by, replace(replay(joined)[to], leads_since=at))


def forget(sharing: Sharing, person: PersonId, nobody: PersonId, at: datetime) -> Sharing:
    """The same without a trace of a person: they have left, and their id is nobody's.

    Args:
        sharing: So far.
        person: Who is forgotten.
        nobody: An id that stands for them and for no other forgotten one.
        at: Now.
    """
    left = leave(sharing, person, at, person)
    return tuple(
        replace(
            event,
            by=nobody if event.by == person else event.by,
            key=nobody if event.key == person else event.key,
        )
        for event in left
    )


def _with(
    sharing: Sharing, what: str, person: PersonId, by: PersonId, after: Membership
) -> Sharing:
    last = last_of(sharing, person)
    before = last.after if last else None
    at = after.leads_since or after.since
    return add(
        sharing,
        Event(seq=0, at=at, by=by, what=what, key=person, before=before, after=after),
    )
