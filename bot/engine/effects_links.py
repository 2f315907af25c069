"""What a turn wants done about the chats of one person: values that the service applies."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MakeLinkCode:
    """Make a one-time code that joins another chat to this one; older ones of this person go.

    Attributes:
        id: Names it in buttons; shares nothing with the code.
    """

    id: str
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CountLinkTry:
    """Somebody brought a code that does not work."""


@dataclass(frozen=True, slots=True)
class JoinChats:
    """They said yes: whoever made the code with this id and they are one person from now on."""

    link: str


@dataclass(frozen=True, slots=True)
class PartChats:
    """This chat is its own again; what was kept stays with the others."""


LinkEffect = MakeLinkCode | CountLinkTry | JoinChats | PartChats
