"""Too much from one person, or in one shared place, in too short a time (T20).

A bucket per person and per shared place stands in the store, so that it holds over restarts and
replicas. Each utterance that is heard fills it by one; it empties evenly, in a minute. Whoever finds it
full is told so once; then nothing of theirs is read, and nothing said, until it is half empty. What was
left out is counted, and said with the next answer: nothing is lost in silence.

A cry for help is always heard, and so are the word and the buttons that stop broadcasts.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.engine.commands import verb_of
from bot.engine.turn import is_crisis
from bot.faq.ranking import Ranking
from bot.knowledge.content import Content
from bot.messages import Choice, Command, Inbound, Place, Reply, ReplyKind, Text, Token
from bot.planning.recipients import ALL
from bot.service import people, sessions
from bot.service.clock import micros
from bot.service.people import Known
from bot.service.ports import Row, Tx

WINDOW: Final = timedelta(minutes=1)  # in which a full bucket empties
CALM: Final = WINDOW / 2  # what is left in it when somebody is heard again
FULL: Final = -1  # instead of a count: the bucket is full, and nobody has been told
STOP: Final = "stop"
STOP_ACTS: Final = frozenset({"opt-out", "opt-out-all"})  # of the buttons that say no


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many utterances a minute are heard; 0: any number.

    Attributes:
        person: Of one person.
        place: Of everybody in one shared place together.
    """

    person: int = 0
    place: int = 0


NO_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Weighed:
    """What became of an utterance.

    Attributes:
        is_heard: Whether it gets its turn.
        replies: What is said before that turn, or instead of it.
    """

    is_heard: bool
    replies: tuple[Reply, ...] = ()


HEARD: Final = Weighed(is_heard=True)


@dataclass(frozen=True, slots=True)
class _Bucket:
    """Whose it is: the id of its row, the person where it is theirs alone, what is said when it is full."""

    id: str
    person: str | None
    limit: int
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An utterance on the scales.

    Attributes:
        ranking: What its words were taken for; None where there are none.
    """

    inbound: Inbound
    known: Known
    ranking: Ranking | None
    content: Content


def weigh(tx: Tx, said: Said, limits: Limits, now: datetime) -> Weighed:
    """Find out whether an utterance is heard, and count it.

    What one person says too much does not count for the place.
    """
    if _must_be_heard(tx, said):
        return HEARD
    left_out = 0
    for bucket in _buckets(said, limits):
        unread = _poured(tx, bucket, said.known, now)
        if unread is None:
            return Weighed(is_heard=False)
        if unread < 0:
            return Weighed(is_heard=False, replies=(_say(tx, said, bucket.told),))
        left_out = max(left_out, unread)
    if left_out <= 1:  # of one we have said so already
        return HEARD
    return Weighed(is_heard=True, replies=(_say(tx, said, "flood.unread", count=left_out),))


def _buckets(said: Said, limits: Limits) -> tuple[_Bucket, ...]:
    person, address = said.known.person, said.inbound.address
    own = _Bucket(f"person:{person}", person, limits.person, "flood.person")
    if said.inbound.place is Place.PRIVATE:
        return (own,) if own.limit else ()
    shared = f"place:{address.channel}:{address.id}"
    both = (own, _Bucket(shared, None, limits.place, "flood.place"))
    return tuple(bucket for bucket in both if bucket.limit)


def _poured(tx: Tx, bucket: _Bucket, known: Known, now: datetime) -> int | None:
    """Fill a bucket by one.

    Returns:
        How many were left out since it was full, where this one is heard again or still; `FULL` for
        the first that is not heard; None for those after it.
    """
    row = tx.get("flood", {"id": bucket.id})
    step, at = WINDOW // bucket.limit, micros(now)
    if row is None:
        first: Row = {"empty_at": micros(now + step), "unread": 0}
        own: Row = {"id": bucket.id, "branch": known.branch, "person": bucket.person}
        tx.insert("flood", {**own, **first})
        return 0
    unread = int(row["unread"] or 0)
    # A clock that was put back makes nobody wait longer than the window.
    empty_at = min(max(int(row["empty_at"] or 0), at), micros(now + WINDOW))
    filled = empty_at + micros(now + step) - at
    room = micros(now + (CALM if unread else WINDOW))
    is_heard = empty_at <= room if unread else filled <= room
    changes: Row = {
        "empty_at": filled if is_heard else min(filled, micros(now + WINDOW)),
        "unread": 0 if is_heard else unread + 1,
    }
    tx.update("flood", {"id": bucket.id}, changes)
    if is_heard:
        return unread
    return None if unread else FULL


def _must_be_heard(tx: Tx, said: Said) -> bool:
    """A cry for help; and the first `stop`, since a no to broadcasts holds at once."""
    if said.ranking is not None and is_crisis(said.content, said.ranking):
        return True
    return _is_stop(tx, said) and not _has_said_no(tx, said, ALL)


def _is_stop(tx: Tx, said: Said) -> bool:
    match said.inbound.utterance:
        case Choice(token=token):
            return _is_stop_button(tx, said, token)
        case Command(name=name):
            return name == STOP
        case Text(text=text):
            return verb_of(text) == STOP
        case _:
            return False


def _is_stop_button(tx: Tx, said: Said, token: Token) -> bool:
    """Whether a button says no to something that is not said no to yet."""
    session, _ = sessions.load(tx, said.known, "")
    offer = session.offer(token)
    if offer is None or offer.act.name not in STOP_ACTS:
        return False
    return not _has_said_no(tx, said, (*offer.act.arguments, ALL)[0])


def _has_said_no(tx: Tx, said: Said, topic: str) -> bool:
    return tx.get("opt_out", {"person": said.known.person, "topic": topic}) is not None


def _say(tx: Tx, said: Said, key: str, **gaps: int) -> Reply:
    language = people.language_of(tx, said.known.person)
    is_press = isinstance(said.inbound.utterance, Choice)
    kind = ReplyKind.WHISPER if is_press else ReplyKind.NOTICE
    return Reply(text=said.content.wording.say(key, language, **gaps), kind=kind)
