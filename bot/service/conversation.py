"""Hearing an utterance: one turn, one transaction.

The ranking is computed first, from words and content only. Then, in one transaction: the
idempotency key, the session and the view are read, the engine responds, and session, records and
outbox rows are written. The future resolves after the commit, and only then may a channel tell its
platform that the utterance was received.
"""

import re
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Final, TypeVar

from bot.engine.area_look import area_in
from bot.engine.broadcast_needs import is_board_needed
from bot.engine.commands import EDITORS, REPS, ULRS
from bot.engine.desk import is_desk_needed
from bot.engine.handed_in import is_handed_in_needed
from bot.engine.held import active
from bot.engine.inbox import is_inbox_needed
from bot.engine.link_look import code_in
from bot.engine.map_view import is_map_needed
from bot.engine.plan_view import CoachNeed, coach_need, is_coach_needed
from bot.engine.session import Session
from bot.engine.speech import Scene
from bot.engine.turn import is_crisis, respond
from bot.engine.view import View
from bot.errors import BotError
from bot.faq.ranking import Ranking
from bot.mapping.importing import Import
from bot.messages import (
    TEXT_LIMIT,
    Address,
    Command,
    Edited,
    Filled,
    Inbound,
    Place,
    Reply,
    Text,
    Upload,
    Utterance,
)
from bot.records import quick, replace
from bot.service import (
    areas,
    bulletin_board,
    deliveries,
    desks,
    flood,
    handed_in,
    inbox,
    link_codes,
    maps,
    open_surveys,
    outbox,
    people,
    plans,
    reachability,
    runs,
    sessions,
    turn_reads,
    waiting_room,
)
from bot.service.clock import micros
from bot.service.doing import Doing
from bot.service.effects import apply
from bot.service.flood import NO_LIMITS, Limits
from bot.service.library import Edition, Library
from bot.service.outbox import Target
from bot.service.ports import Clock, Foreseen, Row, Showing, Store, Tx
from bot.service.waiting_room import Way

T = TypeVar("T")
NO_CHANNELS: Final[Mapping[str, Showing]] = {}
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")  # NUL and half an emoji: no store keeps them


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class _Prepared:
    """All that is settled before the transaction begins.

    Attributes:
        listed: What the list of areas says that somebody sends; None for none.
        fresh: Chance for the ids of this turn's records.
        person: Chance for the id of somebody new; in no other id, so that none leads to them.
        secret: Chance for the secret of a new session.
        since: Microseconds of the time when all this was settled.
    """

    inbound: Inbound
    ranking: Ranking | None
    edition: Edition
    listed: Import | None
    fresh: str
    person: str
    secret: str
    since: int


class Conversation:
    """Takes utterances in, each once.

    Args:
        store: Where turns are kept.
        library: What people read, and how it is matched.
        clock: Time and chance.
        zone: Whose wall clock people mean by "today".
        limits: How much is heard in a minute.
        channels: Those that can say how something will look there, by their names.
    """

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Clock,
        zone: tzinfo = UTC,
        limits: Limits = NO_LIMITS,
        channels: Mapping[str, Showing] = NO_CHANNELS,
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._zone = zone
        self._limits = limits
        self._channels = channels

    def hear(self, inbound: Inbound, ways: list[Way] | None = None) -> "Future[bool]":
        """Take an utterance in.

        Args:
            inbound: What somebody said.
            ways: Gets how it stood in the waiting room, each time the turn was tried.

        Returns:
            Resolves after the commit: True for a turn, or where it waits now behind what this person
            said before; False where this key was taken in before and nothing changed. Raises a
            StoreError where it could not be committed: do not acknowledge then, and the platform
            or the person tries again.
        """
        edition = self._library.edition
        utterance = _storable(inbound.utterance)
        words = _words(utterance)
        ranking = None if words is None else edition.read(words[:TEXT_LIMIT])
        prepared = _Prepared(
            inbound=inbound
            if utterance is inbound.utterance
            else replace(inbound, utterance=utterance),
            ranking=ranking,
            edition=edition,
            listed=self.read_ahead(utterance),
            fresh=self._clock.fresh(),
            person=self._clock.fresh(),
            secret=self._clock.fresh(),
            since=micros(self._clock.now()),
        )
        noted = [] if ways is None else ways
        reads = partial(turn_reads.of_turn, inbound, prepared.person, prepared.since, self._limits)
        work = Foreseen(lambda tx: self._turn(tx, prepared, noted), reads)
        return self._store.submit(work, locks_of(inbound))

    def read_ahead(self, utterance: Utterance) -> Import | None:
        """What the list of areas says that somebody sends; None for none.

        A long list takes a while. Where it was read ahead, in any thread, `hear` does not read it again.
        """
        if not isinstance(utterance, Upload):
            return None
        return maps.listed(utterance.content, self._clock.now().date())

    def look(self, identity: Address, read: Callable[[Scene], T]) -> "Future[T | None]":
        """Look at where somebody's private talk stands between two turns; changes nothing.

        Returns:
            What `read` makes of it; None where nobody has written from this account.
        """
        edition, now = self._library.edition, self._clock.now()

        def work(tx: Tx) -> T | None:
            known = people.recognise(tx, identity, "")
            if known.is_new:
                return None
            session, _ = sessions.load(tx, known, "")
            view = people.view_of(tx, known, Place.PRIVATE, "")
            flows = runs.flows_for(tx, edition.flows, session, view)
            view = replace(view, flows=flows, zone=self._zone)
            if view.roles & REPS:
                view = replace(view, coach=plans.read(tx, view, now, CoachNeed()))
            return read(Scene(session=session, view=view, content=edition.content, now=now))

        return self._store.submit(work, ())

    def keep(self, inbound: Inbound) -> "Future[None]":
        """Keep an utterance until its turn can be taken; does not wait for turns of others.

        Returns:
            Resolves after the commit, as `hear` does.
        """
        now = self._clock.now()
        kept = replace(inbound, utterance=_storable(inbound.utterance))
        return self._store.submit_ahead(lambda tx: waiting_room.put(tx, kept, now))

    def apologise(self, inbound: Inbound) -> "Future[bool]":
        """Take in an utterance that `hear` could not deal with: it is answered, and never comes again.

        Returns:
            As `hear` does.
        """
        wording = self._library.edition.content.wording
        now = self._clock.now()

        def work(tx: Tx) -> bool:
            waiting_room.way_of(tx, inbound, now)
            known = people.recognise(tx, inbound.identity, "")
            key: Row = {"key": inbound.key, "branch": known.branch, "at": micros(now)}
            if not tx.insert_new("inbound_key", key):
                return False
            target = Target(
                branch=known.branch,
                person=None if known.is_new else known.person,
                address=inbound.address,
                place=inbound.place,
            )
            language = people.language_of(tx, known.person)
            sorry = Reply(text=wording.say(BotError.wording, language))
            outbox.queue(tx, target, (sorry,), inbound.key, now)
            return True

        return self._store.submit(work, locks_of(inbound))

    def _turn(self, tx: Tx, prepared: _Prepared, ways: list[Way]) -> bool:
        inbound, now = prepared.inbound, self._clock.now()
        ways.append(waiting_room.way_of(tx, inbound, now))
        if ways[-1] is Way.BEHIND:
            return True
        known = people.recognise(tx, inbound.identity, prepared.person)
        key: Row = {"key": inbound.key, "branch": known.branch, "at": micros(now)}
        if not tx.insert_new("inbound_key", key):
            return False
        if known.is_new:
            people.enrol(tx, known, inbound.identity, now)
        reachability.regain(tx, inbound.address)
        target = _target(known, prepared)
        weighed = self._weighed(tx, known, prepared, now)
        if not weighed.is_heard:
            outbox.queue(tx, target, weighed.replies, inbound.key, now)
            return True
        session, version = sessions.load(tx, known, prepared.secret)
        view = self._view(tx, known, session, prepared, now)
        ranking = _ranked_here(prepared, session)
        turn = respond(session, inbound.utterance, ranking, view, prepared.edition.content, now)
        sessions.save(tx, known, turn.session, version, now)
        if active(session) and not active(turn.session):
            deliveries.let_through(tx, known.person, now)
        doing = Doing(
            tx=tx,
            known=known,
            view=view,
            content=prepared.edition.content,
            now=now,
            chance=self._clock.fresh,
            channel=inbound.identity.channel,
            account=inbound.identity,
            address=inbound.address,
        )
        more = apply(doing, turn.effects)
        if more.fleeting or runs.is_secret(session, view.flows):
            target = replace(target, person=None)
            self._store.checkpoint()  # runs after this commit; no copy stays in the store's files
        said = (*weighed.replies, *turn.replies, *more.replies)
        language = view.language
        replies = [
            reply if reply.language == language else replace(reply, language=language)
            for reply in said
        ]
        outbox.queue(tx, target, replies, inbound.key, now)
        return True

    def _weighed(
        self, tx: Tx, known: people.Known, prepared: _Prepared, now: datetime
    ) -> flood.Weighed:
        said = flood.Said(
            inbound=prepared.inbound,
            known=known,
            ranking=prepared.ranking,
            content=prepared.edition.content,
        )
        return flood.weigh(tx, said, self._limits, now)

    def _view(
        self, tx: Tx, known: people.Known, session: Session, prepared: _Prepared, now: datetime
    ) -> View:
        """What this turn may know; what only some turns need is read in those."""
        inbound = prepared.inbound
        view = (
            _view_of_a_stranger(known, inbound, prepared.fresh)
            if known.is_new
            else people.view_of(tx, known, inbound.place, prepared.fresh)
        )
        view = replace(
            view,
            zone=self._zone,
            flows=prepared.edition.flows,
            employer_reads=inbound.employer_reads,
            private_way=inbound.private_way,
        )
        view = open_surveys.read(tx, known, view, session, inbound.utterance)
        if is_handed_in_needed(session, inbound.utterance):
            view = replace(view, handed_in=handed_in.read(tx, view, now))
        flows = runs.flows_for(tx, view.flows, session, view)
        if flows is not view.flows:
            view = replace(view, flows=flows)
        if is_desk_needed(session, inbound.utterance):
            view = replace(view, desk=desks.read(tx, view, session, now))
        if is_map_needed(session, inbound.utterance, view.roles, view.place):
            seen = maps.read(tx, view, session, inbound.utterance, now.date(), prepared.listed)
            view = replace(view, maps=seen)
        if view.roles & EDITORS and is_inbox_needed(session, inbound.utterance):
            view = replace(view, inbox=inbox.read(tx, view.branch))
        if code := code_in(inbound.utterance):
            view = replace(view, link=link_codes.look(tx, known, code, now))
        if area := area_in(session, inbound.utterance):
            view = replace(view, area=areas.look(tx, view.branch, area))
        if view.roles & ULRS and is_board_needed(session, inbound.utterance):
            board = bulletin_board.read(tx, view, session, inbound.utterance, now)
            own = inbound.address.channel
            looks = {name: one.look for name, one in self._channels.items() if name != own}
            view = replace(view, board=replace(board, looks=looks))
        if view.roles & REPS and is_coach_needed(session, inbound.utterance):
            need = coach_need(session, inbound.utterance)
            view = replace(view, coach=plans.read(tx, view, now, need))
        return view


def locks_of(inbound: Inbound) -> tuple[str, ...]:
    """The locks that keep the turns of one account apart, and those of one group, in all processes."""
    own = f"{inbound.identity.channel}:{inbound.identity.id}"
    if inbound.place is Place.PRIVATE:
        return (own,)
    return own, f"place:{inbound.address.channel}:{inbound.address.id}"


def _target(known: people.Known, prepared: _Prepared) -> Target:
    inbound, ranking = prepared.inbound, prepared.ranking
    is_urgent = ranking is not None and is_crisis(prepared.edition.content, ranking)
    return Target(
        branch=known.branch,
        person=known.person,
        address=inbound.address,
        place=inbound.place,
        whisper_to=inbound.whisper_to,
        lane=outbox.URGENT if is_urgent else outbox.REPLIES,
        since=prepared.since,
    )


def _words(utterance: Utterance) -> str | None:
    """What somebody typed of their own; None where they typed nothing. Words after a command count."""
    match utterance:
        case Text(text=text) | Edited(text=text):
            return text
        case Command(argument=argument) if argument:
            return argument
        case Filled(answers=answers):
            return "\n".join(given.value for given in answers) or None
        case _:
            return None


def _ranked_here(prepared: _Prepared, session: Session) -> Ranking | None:
    """What the words are taken for, by somebody who remembers the last answer."""
    utterance, ranking = prepared.inbound.utterance, prepared.ranking
    if ranking is None or not isinstance(utterance, Text) or active(session):
        return ranking
    return prepared.edition.read_on(session, utterance.text[:TEXT_LIMIT], ranking)


def _storable(utterance: Utterance) -> Utterance:
    """The utterance with a mark in place of every character that no store can keep."""
    match utterance:
        case Text(text=text) | Edited(text=text) if _UNSTORABLE.search(text):
            return replace(utterance, text=_UNSTORABLE.sub("\ufffd", text))
        case Command(argument=argument) if _UNSTORABLE.search(argument):
            return replace(utterance, argument=_UNSTORABLE.sub("\ufffd", argument))
        case Filled(answers=answers):
            clean = (replace(one, value=_UNSTORABLE.sub("\ufffd", one.value)) for one in answers)
            return replace(utterance, answers=tuple(clean))
        case _:
            return utterance


def _view_of_a_stranger(known: people.Known, inbound: Inbound, fresh: str) -> View:
    return View(person=known.person, branch=known.branch, place=inbound.place, fresh=fresh)
