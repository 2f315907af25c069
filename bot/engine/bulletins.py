"""Broadcasts as far as a turn may know of them: what is being written, what is planned, where it can go.

The board is a part of the view: read in the turn's transaction, and only for turns that may need it.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Final

from bot.engine.area_look import PURPOSE
from bot.messages import Place, Reply, Role
from bot.planning.lifecycle import Status
from bot.planning.plans import Hours, Moment, Plan
from bot.planning.recipients import Facts, Fate, Kind, Tally, fate, seconds

TEXT_LIMIT: Final = 1_500  # characters of a broadcast: one message on every channel
GAP_LIMIT: Final = 120  # characters that fill one gap of a ready reminder
NAME_LIMIT: Final = 60  # characters of a destination's name
REASON_LIMIT: Final = 200  # characters of the reason why something cannot wait for the morning
LISTED: Final = 8  # broadcasts shown at once
LARGE: Final = 50  # from so many recipients on there is time to undo
SECOND_EYES: Final = 100  # from so many on, or to everybody, a second ULR has to agree
UNDO_S: Final = 60  # seconds to undo a large broadcast

OWN_TOPIC: Final = "news"  # of what somebody wrote in their own words
EVERYBODY: Final = "all"
TO_ROLE: Final = "role:"  # begin audiences
ROLES: Final = (Role.REP, Role.ULR)  # whom one can write to as a role
UNFINISHED: Final = "unfinished:"
TO_AREA: Final = PURPOSE  # begins the audience of those who agreed to it
TO_PLACE: Final = "to:"
FEW: Final = (UNFINISHED, TO_AREA)  # begin audiences of whom no exact number is told
NO_BUTTON: Final = "none"
ASK_BUTTON: Final = "ask"
FLOW_BUTTON: Final = "flow:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """A broadcast, from its first word to its last report. What is None was not settled yet.

    Attributes:
        texts: By language, light Markdown already; empty while there are none.
        ready: The ready reminder it is made of; empty for one's own words.
        gaps: What fills the gaps of the ready reminder, so far.
        kind: Service or campaign.
        topic: What people can say no to.
        audience: Who it is for, as one of the words of this module says.
        button: What stands below it: `none`, `ask`, or `flow:` and a flow.
        urgent: Why quiet hours do not count; empty where they do.
        moment: The next time it goes out, or the one it goes out at now.
        tally: What became of the recipients, of its latest time.
        is_mine: Whether the person of this turn wrote it.
    """

    id: str
    status: Status = Status.DRAFT
    texts: Mapping[str, str] = field(default_factory=dict)
    ready: str = ""
    gaps: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None
    topic: str = ""
    audience: str | None = None
    button: str | None = None
    plan: Plan | None = None
    urgent: str = ""
    moment: Moment | None = None
    tally: Tally = field(default_factory=Tally)
    is_mine: bool = True

    @property
    def hash(self) -> str:
        """Of exactly what is sent, to whom: what a second ULR agrees to, and nothing else."""
        parts = [dict(self.texts), self.kind, self.topic, self.audience, self.button]
        text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
        return blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A channel or group that broadcasts can go to.

    Attributes:
        is_proven: Whether its channel has confirmed that whoever added it may post there.
        roles: Who may send there.
    """

    id: str
    name: str
    channel: str
    is_proven: bool
    roles: frozenset[Role]


Look = Callable[[Reply, Place], Sequence[str]]  # the words of each message that shows a reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What there is of the branch for somebody who may send.

    Attributes:
        drafts: What this person is writing, what they last worked on first.
        others: All that is planned, under way or done lately; newest first.
        destinations: Where the branch can post.
        people: Everybody an audience means, and what speaks for or against writing to them; of the
            audiences that this turn is about.
        areas: The areas that somebody has said they work in, and what they are called.
        looks: How other channels than the one of this turn show a reply, by their names.
        colleagues: How many others of the branch could agree to a text of this person.
    """

    drafts: tuple[Bulletin, ...] = ()
    others: tuple[Bulletin, ...] = ()
    destinations: tuple[Destination, ...] = ()
    people: Mapping[str, tuple[Facts, ...]] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    looks: Mapping[str, Look] = field(default_factory=dict)
    colleagues: int = 0

    def of_id(self, wanted: str) -> Bulletin | None:
        """The broadcast of an id."""
        return next((one for one in (*self.drafts, *self.others) if one.id == wanted), None)

    def destination(self, wanted: str) -> Destination | None:
        """The destination of an id."""
        return next((one for one in self.destinations if one.id == wanted), None)

    def may_post(self, audience: str, roles: Set[Role]) -> bool:
        """Whether these roles may write to an audience: a place has a list of those that may."""
        if not audience.startswith(TO_PLACE):
            return True
        place = self.destination(audience.removeprefix(TO_PLACE))
        return place is not None and place.is_proven and bool(place.roles & roles)

    def tally(self, bulletin: Bulletin, audience: str) -> Tally:
        """What would become of an audience now; a place is one message."""
        if audience.startswith(TO_PLACE):
            return Tally({Fate.WAITING: 1})
        kind = bulletin.kind or Kind.CAMPAIGN
        return Tally.of(fate(one, kind, bulletin.topic) for one in self.people.get(audience, ()))

    def lasts(self, bulletin: Bulletin) -> int:
        """How many seconds it takes to send."""
        if (bulletin.audience or "").startswith(TO_PLACE):
            return 1
        return seconds(self.messages(bulletin))

    def messages(self, bulletin: Bulletin) -> Mapping[str, int]:
        """How many messages go out on each channel."""
        audience, kind = bulletin.audience or "", bulletin.kind or Kind.CAMPAIGN
        if audience.startswith(TO_PLACE):
            place = self.destination(audience.removeprefix(TO_PLACE))
            return {place.channel: 1} if place else {}
        people = self.people.get(audience, ())
        waiting = (one for one in people if fate(one, kind, bulletin.topic) is Fate.WAITING)
        return Counter(one.channel for one in waiting)


def needs_second(bulletin: Bulletin, tally: Tally) -> bool:
    """Whether a second ULR has to agree."""
    return bulletin.audience == EVERYBODY or tally.of_fate(Fate.WAITING) >= SECOND_EYES


def is_large(tally: Tally) -> bool:
    """Whether there is time to undo before the first message."""
    return tally.of_fate(Fate.WAITING) >= LARGE


def hours_of(bulletin: Bulletin, hours: Hours) -> Hours:
    """When this one may go out."""
    return Hours(zone=hours.zone, is_urgent=bool(bulletin.urgent), nation=hours.nation)


def wall(at: datetime, hours: Hours) -> datetime:
    """A moment on the wall."""
    return at.astimezone(hours.zone)
