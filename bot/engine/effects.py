"""What a turn wants done: values that the service applies in the turn's own transaction.

Each says what, never how. Some come with an answer of their own (`ShowMine`, `UseCode` ...): the
service says it, since only it has seen the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.engine.effects_broadcasts import BroadcastEffect
from bot.engine.effects_links import LinkEffect
from bot.engine.effects_map import MapEffect
from bot.engine.effects_plans import PlanEffect
from bot.engine.effects_reps import RepEffect, Triage
from bot.engine.effects_surveys import SurveyEffect
from bot.flows.model import Flow
from bot.flows.record import Row
from bot.flows.run import Answer, Key
from bot.messages import Audience, EntryId, Outcome, Role


@dataclass(frozen=True, slots=True)
class SetAudience:
    """Use this audience's wording from now on."""

    audience: Audience


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """Use this language's texts where they are there."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberMiss:
    """Keep what could not be answered, or was answered only after asking back, for the editors.

    Attributes:
        id: Fresh, and linked to nobody; `LabelMiss` of the next turn may name it.
        words: Scrubbed already: what `language/scrubbing.py` left of them.
        candidates: The best three.
    """

    id: str
    words: str
    outcome: Outcome
    candidates: tuple[tuple[EntryId, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMiss:
    """This entry was picked for a remembered question: a labelled example; None: none of those."""

    id: str
    chosen: EntryId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """Whether an answer or a decline helped. A later vote replaces an earlier one.

    Attributes:
        about: The answer, as `Last.about` names it.
        why: A fixed reason, or None.
    """

    about: str
    entry: EntryId | None
    helpful: bool
    why: str | None = None


@dataclass(frozen=True, slots=True)
class OpenReview:
    """An entry was shown after its review date."""

    entry: EntryId
    review_by: str


@dataclass(frozen=True, slots=True)
class OptOut:
    """No more broadcasts on a topic; `all` for every one."""

    topic: str


@dataclass(frozen=True, slots=True)
class OptIn:
    """Broadcasts on a topic again."""

    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeInvite:
    """Make a one-time code that grants a role."""

    role: Role
    code: str


@dataclass(frozen=True, slots=True)
class UseCode:
    """Somebody typed a code."""

    code: str


@dataclass(frozen=True, slots=True)
class ShowMine:
    """Show everything kept about this person."""


@dataclass(frozen=True, slots=True)
class ForgetMe:
    """Delete everything kept about this person. Nothing else of the turn is kept."""


@dataclass(frozen=True, slots=True)
class ShowConsents:
    """Show what this person agreed to."""


@dataclass(frozen=True, slots=True)
class WithdrawConsent:
    """Take back an agreement."""

    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveConsent:
    """Somebody agreed.

    Attributes:
        purpose: What to.
        version: Of the text they saw, as `wording_version` gives it.
    """

    purpose: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """Somebody began a flow.

    Attributes:
        run: A fresh id; it leads to nobody.
        flow: What it runs on, to the letter; its `text` is kept for as long as the run lasts.
        about: The survey it belongs to; empty for none that a rep opened.
        slip: Which paper slip of a batch it is; 0 where people answer for themselves.
    """

    run: str
    flow: Flow
    about: str = ""
    slip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAnswers:
    """Slots of a run have changed: what each is now, None where it is open again."""

    run: str
    answers: Mapping[Key, Answer | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitRun:
    """A run was handed in after its review.

    Attributes:
        revision: 1 the first time; a named run can be handed in again, an anonymous one never.
        rows: Every slot with its answer, or the reason why there is none.
        about: The survey it belongs to; empty for none that a rep opened.
        slip: Which paper slip of a batch it is; 0 where people answer for themselves.
    """

    run: str
    flow: Flow
    revision: int
    rows: tuple[Row, ...]
    about: str = ""
    slip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndRun:
    """A run was left for good: nothing of it is to be kept but that it was."""

    run: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFile:
    """Make a file and send it to this person's own chat, a moment after this turn's replies.

    Attributes:
        kind: What is to be made.
        arguments: What of; ids and choices, never somebody's words.
    """

    kind: str
    arguments: Mapping[str, str]


RunEffect = GiveConsent | StartRun | KeepAnswers | SubmitRun | EndRun
OwnEffect = (
    SetAudience
    | SetLanguage
    | RememberMiss
    | LabelMiss
    | Vote
    | OpenReview
    | OptOut
    | OptIn
    | MakeInvite
    | UseCode
    | ShowMine
    | ForgetMe
    | ShowConsents
    | WithdrawConsent
)
Effect = (
    OwnEffect
    | RunEffect
    | RepEffect
    | Triage
    | SurveyEffect
    | MakeFile
    | PlanEffect
    | MapEffect
    | LinkEffect
    | BroadcastEffect
)
