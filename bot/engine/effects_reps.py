"""What a turn wants done with questions to the reps of a branch: values that the service applies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PutQuestion:
    """Keep a question for the reps; its words are kept because the person agreed in this errand.

    Attributes:
        id: Fresh.
        words: As typed, or what scrubbing left of a question that was not answered.
        back_of: The answered question that this one asks back about; empty for none.
    """

    id: str
    words: str
    back_of: str = ""


@dataclass(frozen=True, slots=True)
class NameAsker:
    """Let the reps know what to call the person who asks; they agreed to it by typing a name."""

    question: str
    name: str


@dataclass(frozen=True, slots=True)
class WithdrawQuestion:
    """Take one's own question back, unless it is answered."""

    question: str


@dataclass(frozen=True, slots=True)
class ThankRep:
    """Tell the rep who replied that the person says thank you."""

    question: str


@dataclass(frozen=True, slots=True)
class TakeQuestion:
    """A rep takes a waiting question, so that no other answers it too."""

    question: str


@dataclass(frozen=True, slots=True)
class LeaveQuestion:
    """A rep gives a question back to the others."""

    question: str


@dataclass(frozen=True, slots=True)
class KeepReply:
    """Keep what a rep has written, until they send it."""

    question: str
    words: str


@dataclass(frozen=True, slots=True)
class SignReply:
    """Put a rep's name below their reply; empty takes it away."""

    question: str
    name: str


@dataclass(frozen=True, slots=True)
class SendReply:
    """Send a rep's reply to whoever asked, and keep it as a draft for the editors.

    Attributes:
        draft: The id of the draft; shares nothing with the question's.
    """

    question: str
    draft: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """An editor's decision about something in the inbox.

    Attributes:
        item: The id of a group of misses, or of a rep's reply.
        status: One of `inbox.STATUSES`.
    """

    item: str
    status: str


RepEffect = (
    PutQuestion
    | NameAsker
    | WithdrawQuestion
    | ThankRep
    | TakeQuestion
    | LeaveQuestion
    | KeepReply
    | SignReply
    | SendReply
)
