"""What the engine remembers of one person between turns, and how it is written down.

A session holds no name and no words that a person wrote, but for the answers of runs under way, which
are gone from it once a run is submitted or cancelled, and a note for a plan that met somebody else's: it
stands on the button that keeps it, and goes as buttons do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Any, Final, overload

import msgspec

from bot.engine.held import Held
from bot.flows import run_text
from bot.messages import EntryId, Outcome, Place, Token
from bot.records import quick, replace

FORMAT: Final = 1  # of the text below; a session of another number is forgotten
MAX_OFFERS: Final = 48  # buttons that still work; older ones say that they have expired


@dataclass(frozen=True, slots=True)
class Act:
    """What a button or a number does: a name that `acts.py` knows, and its arguments."""

    name: str
    arguments: tuple[str, ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Offer:
    """A button that was shown: its token, its label, what it does."""

    token: Token
    label: str
    act: Act


Row = (
    list[str] | msgspec.Raw
)  # of a button: its token, its label, the name of its act, its arguments
_READ_ROW: Final = msgspec.json.Decoder(list[str])


class Offers(Sequence[Offer]):
    """Buttons as they are written down; each is read when somebody asks for it, and few ever are.

    Args:
        rows: Of each: its token, its label, the name of its act, and the act's arguments; or that as JSON.
        names: What the acts are called, and perhaps some that are gone; None where nobody knows.
    """

    __slots__ = ("_known", "_names", "_rows")

    def __init__(self, rows: Sequence[Row], names: frozenset[str] | None = None) -> None:
        self._rows = rows
        self._names = names
        self._known: dict[Token, Offer | None] = {}

    @classmethod
    def of(cls, offers: Sequence[Offer]) -> "Offers":
        """Some buttons, written down."""
        return offers if isinstance(offers, Offers) else cls([_written(one) for one in offers])

    @property
    def rows(self) -> Sequence[Row]:
        """How they are written down; not to be changed."""
        return self._rows

    @property
    def names(self) -> frozenset[str]:
        """What the acts are called, and perhaps some that are gone."""
        if self._names is None:
            self._names = frozenset([_read(row)[2] for row in self._rows])
        return self._names

    def followed_by(self, offers: Sequence[Offer]) -> "Offers":
        """These and newer ones, as many as still work."""
        rows = [*self._rows, *map(_written, offers)][-MAX_OFFERS:]
        return Offers(rows, self.names | {one.act.name for one in offers})

    def with_token(self, token: Token) -> Offer | None:
        """The newest with a token."""
        if token not in self._known:
            begins = b"[" + msgspec.json.encode(token) + b","
            found = (row for row in reversed(self._rows) if _has_token(row, token, begins))
            row = next(found, None)
            self._known[token] = None if row is None else _offer(row)
        return self._known[token]

    def acts(self, is_wanted: Callable[[str], bool]) -> list[Act]:
        """What those do whose act has a name that is wanted, oldest first."""
        if not any(map(is_wanted, self.names)):
            return []
        return [offer.act for offer in self if is_wanted(offer.act.name)]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Offer: ...
    @overload
    def __getitem__(self, at: slice) -> "Offers": ...
    def __getitem__(self, at: int | slice) -> "Offer | Offers":
        """One of them, or some."""
        return Offers(self._rows[at]) if isinstance(at, slice) else _offer(self._rows[at])

    def __iter__(self) -> Iterator[Offer]:
        """All of them, oldest first."""
        return map(_offer, self._rows)

    def __eq__(self, other: object) -> bool:
        """Whether others are the same, written down or not."""
        if isinstance(other, Offers):
            return list(map(_read, self._rows)) == list(map(_read, other._rows))
        return tuple(self) == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        """As of the tuple that they are."""
        return hash(tuple(self))


def _written(offer: Offer) -> list[str]:
    return [offer.token, offer.label, offer.act.name, *offer.act.arguments]


def _read(row: Row) -> list[str]:
    return _READ_ROW.decode(row) if isinstance(row, msgspec.Raw) else row


def _has_token(row: Row, token: Token, begins: bytes) -> bool:
    """Whether a button has a token; in JSON, whether it begins so."""
    if isinstance(row, msgspec.Raw):
        return bytes(row).startswith(begins)
    return row[0] == token


def _offer(row: Row) -> Offer:
    token, label, name, *arguments = _read(row)
    return Offer(Token(token), label, Act(name, tuple(arguments)))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last answer: for `/why`, for "and how long?", for votes.

    Attributes:
        about: Names this answer in votes; unique within the person.
        at_turn: The turn it was given in.
        entry: None where nothing was answered.
        candidates: The best three with their confidence.
        why: Features, repairs and the nearest phrasing, in the FAQ's own words.
        named: The register or body it was about, as it is written; empty for none, or several.
    """

    about: str
    at_turn: int
    outcome: Outcome
    entry: EntryId | None = None
    candidates: tuple[tuple[EntryId, float], ...] = ()
    why: Mapping[str, str] = field(default_factory=dict)
    named: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something between a person and the reps of their branch that the next turn goes on with.

    Attributes:
        stage: A value of `desk.Stage`.
        about: What it is about, such as the id of a question; empty for nothing yet.
    """

    stage: str
    about: str = ""


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where one person's talk stands.

    Attributes:
        secret: Signs this person's buttons, so that nobody else's can work here.
        turn: How many turns there were.
        offers: Buttons that still work, oldest first.
        menu: What a typed number means now: number 1 is the first.
        open_miss: The remembered question that a pick in the very next turn labels; then forgotten.
        last: The last answer or decline.
        misses: Declines in a row.
        again: What `repeat` shows again.
        asked_audience: Whether we have asked whose wording to use.
        place: Where the last turn was; None before the first.
        runs: Flows under way and put aside.
        unnumbered: Buttons of the last turn that a typed label means, and a typed number does not.
        errand: What is under way with the reps of the branch; None for nothing.
        was_warned: Whether we have said that the employer may be able to read along.
    """

    secret: str
    turn: int = 0
    offers: Sequence[Offer] = ()
    menu: tuple[Token, ...] = ()
    last: Last | None = None
    misses: int = 0
    again: Act | None = None
    asked_audience: bool = False
    open_miss: str | None = None
    place: Place | None = None
    runs: tuple[Held, ...] = ()
    unnumbered: tuple[Token, ...] = ()
    errand: Errand | None = None
    was_warned: bool = False

    def token(self, number: int) -> Token:
        """The token of this turn's option with a number: 24 characters, and only this session makes it."""
        return self.tokens(number, 1)[0]

    def tokens(self, first: int, count: int) -> list[Token]:
        """The tokens of this turn's options from a number on; the key is taken in once for all of them."""
        keyed = blake2s(key=self.secret.encode()[:32], digest_size=8)
        found: list[Token] = []
        for number in range(first, first + count):
            mac = keyed.copy()
            mac.update(f"{self.turn}.{number}".encode())
            found.append(Token(f"{self.turn:x}.{number}.{mac.hexdigest()}"))
        return found

    def offer(self, token: Token) -> Offer | None:
        """The button with this token, while it works."""
        return Offers.of(self.offers).with_token(token)

    def acts(self, is_wanted: Callable[[str], bool]) -> list[Act]:
        """What buttons that work do, of the acts whose names are wanted, oldest first."""
        return Offers.of(self.offers).acts(is_wanted)

    def moved_to(self, place: Place) -> "Session":
        """The session in a place: what was said elsewhere is not brought up here.

        Buttons still work, since each is seen only where it was shown.
        """
        if self.place is place:
            return self
        if self.place is None:
            return replace(self, place=place)
        return replace(
            self,
            place=place,
            menu=(),
            unnumbered=(),
            last=None,
            again=None,
            misses=0,
            open_miss=None,
            errand=None,
        )

    def with_offers(
        self, offers: tuple[Offer, ...], unnumbered: tuple[Offer, ...] = ()
    ) -> "Session":
        """The session after a turn that showed these buttons; numbers mean only the first ones."""
        if not offers and not unnumbered:
            return self
        return replace(
            self,
            offers=Offers.of(self.offers).followed_by((*unnumbered, *offers)),
            menu=tuple(offer.token for offer in offers),
            unnumbered=tuple(offer.token for offer in unnumbered),
        )

    def with_more_offers(self, offers: tuple[Offer, ...]) -> "Session":
        """The session after these were shown between two turns: what is on the table stays there."""
        kept = Offers.of(self.offers).followed_by(offers)
        return replace(self, offers=kept, menu=(*self.menu, *(offer.token for offer in offers)))


def encode(session: Session) -> str:
    """The session as text; `decode` gives it back equal."""
    last, offers = session.last, Offers.of(session.offers)
    state: dict[str, Any] = {
        "format": FORMAT,
        "secret": session.secret,
        "turn": session.turn,
        "offers": offers.rows,
        "acts": sorted(offers.names),
        "menu": session.menu,
        "misses": session.misses,
        "asked_audience": session.asked_audience,
        "open_miss": session.open_miss,
        "place": session.place,
        "runs": [_run_written(one) for one in session.runs],
        "unnumbered": session.unnumbered,
        "errand": [session.errand.stage, session.errand.about] if session.errand else None,
        "was_warned": session.was_warned,
        "again": [session.again.name, *session.again.arguments] if session.again else None,
        "last": last
        and {
            "about": last.about,
            "at_turn": last.at_turn,
            "outcome": last.outcome.value,
            "entry": last.entry,
            "candidates": last.candidates,
            "why": dict(last.why),
            "named": last.named,
        },
    }
    return msgspec.json.encode(state).decode()


class _State(msgspec.Struct, kw_only=True):
    """A session as it is written down; what has a value here was not written by older programs."""

    format: int
    secret: str
    turn: int
    offers: list[msgspec.Raw]
    acts: frozenset[str] | None = None
    menu: tuple[Token, ...]
    misses: int
    asked_audience: bool
    open_miss: str | None
    place: Place | None
    runs: list[Any] = []
    unnumbered: tuple[Token, ...] = ()
    errand: list[str] | None = None
    was_warned: bool = False
    again: list[str] | None
    last: dict[str, Any] | None


_READ_STATE: Final = msgspec.json.Decoder(_State)


def decode(text: str) -> Session | None:
    """The session of a text, or None where a newer or older program wrote it."""
    try:
        state = _READ_STATE.decode(text)
    except msgspec.ValidationError:
        if msgspec.json.decode(text).get("format") == FORMAT:
            raise
        return None
    if state.format != FORMAT:
        return None
    return Session(
        secret=state.secret,
        turn=state.turn,
        offers=Offers(state.offers, state.acts),
        menu=state.menu,
        misses=state.misses,
        asked_audience=state.asked_audience,
        open_miss=state.open_miss,
        place=state.place,
        runs=tuple(one for row in state.runs if (one := _run_read(*row))),  # not of another format
        unnumbered=state.unnumbered,
        was_warned=state.was_warned,
        again=_act(state.again),
        errand=Errand(*state.errand) if state.errand else None,
        last=_last(state.last),
    )


def _run_written(one: Held) -> list[Any]:
    more = {"about": one.about, "slip": one.slip, "far": one.far, "asked_at": one.asked_at}
    there = {key: value for key, value in more.items() if value}
    return [one.id, run_text.encode(one.run), one.touched_at, one.typed, there]


def _run_read(
    run_id: str, text: str, at: int, typed: str | None, more: Mapping[str, Any] | None = None
) -> Held | None:
    run = run_text.decode(text)
    return Held(id=run_id, run=run, touched_at=at, typed=typed, **(more or {})) if run else None


def _act(written: list[str] | None) -> Act | None:
    return Act(written[0], tuple(written[1:])) if written else None


def _last(written: dict[str, Any] | None) -> Last | None:
    if not written:
        return None
    return Last(
        about=written["about"],
        at_turn=written["at_turn"],
        outcome=Outcome(written["outcome"]),
        entry=written["entry"],
        candidates=tuple((EntryId(entry), score) for entry, score in written["candidates"]),
        why=written["why"],
        named=written.get("named", ""),
    )
