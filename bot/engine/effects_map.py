"""What a turn wants done with the workplace map: values that the service applies."""

from dataclasses import dataclass

from bot.engine.map_view import LastChange
from bot.mapping.changing import Edit
from bot.mapping.recording import Recorded
from bot.mapping.workplace import WorkplaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMap:
    """Write down what a run or a list says of a workplace.

    Attributes:
        recorded: New areas and figures, and the map they make.
        source: The run or the list it came with.
        is_run: Whether it came with a run, which must not have been withdrawn meanwhile.
    """

    recorded: Recorded
    source: str
    is_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditArea:
    """Change one area; refused where it is no longer as it was seen."""

    id: str
    workplace: WorkplaceId
    edit: Edit


@dataclass(frozen=True, slots=True)
class UndoMap:
    """Take a change of the map back."""

    change: LastChange
    workplace: WorkplaceId


@dataclass(frozen=True, slots=True)
class UseWorkplace:
    """Take a workplace in hand."""

    workplace: WorkplaceId


@dataclass(frozen=True, slots=True)
class KeepList:
    """Keep a list that was sent, until its sender has seen what it would do."""

    id: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DropList:
    """A list that was sent is not needed any more."""

    id: str


MapEffect = RecordMap | EditArea | UndoMap | UseWorkplace | KeepList | DropList
