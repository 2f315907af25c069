"""What a turn wants done with broadcasts and destinations: values that the service applies."""

from dataclasses import dataclass

from bot.engine.bulletins import Bulletin
from bot.messages import Role
from bot.planning.lifecycle import Event


@dataclass(frozen=True, slots=True)
class KeepDraft:
    """Keep what somebody is writing, as it stands now."""

    bulletin: Bulletin


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBroadcast:
    """Something happens to a broadcast; what cannot happen any more does not.

    Attributes:
        hash: What was seen when this was decided: another text means that nothing happens.
        wait_s: Seconds to undo it before the first message.
    """

    broadcast: str
    event: Event
    hash: str = ""
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class TestBroadcast:
    """Send what is being written to its author alone, on every channel they are on."""

    broadcast: str


@dataclass(frozen=True, slots=True)
class AddDestination:
    """Take a place as a destination, once its channel confirms that they may post there.

    Attributes:
        handle: The public name of a channel; empty for the place of this turn.
    """

    id: str
    name: str
    handle: str = ""


@dataclass(frozen=True, slots=True)
class DropDestination:
    """Post there no more."""

    destination: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowRole:
    """Let a role send to a destination, or no more."""

    destination: str
    role: Role
    is_allowed: bool


BroadcastEffect = (
    KeepDraft | MoveBroadcast | TestBroadcast | AddDestination | DropDestination | AllowRole
)
