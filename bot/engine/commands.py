"""Every command: its name, who may use it, and where. One table; the core checks it, tests play it.

Global verbs work in every state, as a command, a button, or exactly that word. Other commands need
the slash, or one of the phrases that stand beside them.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from rapidfuzz.distance import DamerauLevenshtein

from bot.messages import Command, Place, Role, Text, Utterance

EVERYBODY: Final = frozenset(Role)
EDITORS: Final = frozenset({Role.EDITOR, Role.OFFICER, Role.ADMIN})
REPS: Final = frozenset(Role) - {Role.MEMBER}
OFFICERS: Final = frozenset({Role.OFFICER, Role.ADMIN})
ULRS: Final = frozenset({Role.ULR, Role.OFFICER, Role.ADMIN})

_SLASH = re.compile(r"^/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?$", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """One command.

    Attributes:
        name: What follows the slash.
        roles: Who may use it: one of these is enough.
        where: `private` where the answer is about the person; else anywhere.
        objects: Whose things it touches: nobody's, the person's own, or the branch's.
        verb: Whether the bare word does it in every state.
        phrases: Whole messages that mean it.
        sides: Whole messages that mean it with an argument, and the argument.
        takes: Whether words behind its name are its argument, also where no slash stands before it.
        stays: Whether it is about the place where it is given, so that it cannot move elsewhere.
    """

    name: str
    roles: frozenset[Role] = EVERYBODY
    where: Literal["private", "anywhere"] = "anywhere"
    objects: Literal["none", "own", "branch"] = "none"
    verb: bool = False
    phrases: tuple[str, ...] = ()
    sides: Mapping[str, str] = field(default_factory=dict)
    takes: bool = False
    stays: bool = False


COMMANDS: Final[tuple[CommandSpec, ...]] = (
    CommandSpec(name="help", verb=True),
    CommandSpec(name="back", verb=True),
    CommandSpec(name="skip", verb=True),
    CommandSpec(name="cancel", verb=True),
    CommandSpec(name="pause", verb=True),
    CommandSpec(name="resume", verb=True),
    CommandSpec(name="repeat", verb=True),
    CommandSpec(name="status", where="private", objects="own", verb=True),
    CommandSpec(
        name="human",
        verb=True,
        phrases=(
            "ask a person",
            "ask a human",
            "ask my rep",
            "ask a rep",
            "real person",
            "talk to a person",
            "talk to a human",
            "talk to a rep",
            "talk to someone",
            "speak to a person",
            "speak to a human",
            "speak to a rep",
            "speak to someone",
            "speak to someone real",
            "i want to talk to a person",
            "i want to talk to a human",
            "i want to speak to a person",
            "i want to speak to a human",
            "i want to speak to someone",
            "i want to speak to someone real",
            "can i talk to a person",
            "can i talk to a human",
            "can i talk to someone",
            "can i speak to a person",
            "can i speak to a human",
            "can i speak to someone",
        ),
    ),
    CommandSpec(name="restart", verb=True),
    CommandSpec(
        name="stop",
        takes=True,
        verb=True,
        objects="own",
        phrases=(
            "unsubscribe",
            "stop all",
            "stopall",
            "opt out",
            "optout",
            "quit",
            "stop it",
            "stop messaging me",
            "stop texting me",
            "stop sending me messages",
            "stop sending me these",
            "stop sending me stuff",
            "stop spamming me",
            "stop contacting me",
            "don't contact me again",
            "dont contact me again",
            "no more messages",
            "leave me alone",
            "take me off the list",
        ),
    ),
    CommandSpec(name="optin", objects="own", phrases=("opt in", "optin", "rejoin", "unstop")),
    CommandSpec(name="start"),
    CommandSpec(name="ask", takes=True),
    CommandSpec(name="topics", phrases=("topics", "menu", "browse", "browse topics")),
    CommandSpec(
        name="audience", takes=True, objects="own", phrases=("audience", "change audience")
    ),
    CommandSpec(
        name="language",
        takes=True,
        objects="own",
        phrases=("language", "change language"),
        sides={
            **dict.fromkeys(("english please", "in english", "in english please"), "en"),
            **dict.fromkeys(("cymraeg", "yn gymraeg", "in welsh", "welsh please"), "cy"),
        },
    ),
    CommandSpec(name="privacy", phrases=("privacy", "privacy notice")),
    CommandSpec(
        name="mydata",
        takes=True,
        where="private",
        objects="own",
        phrases=(
            "my data",
            "mydata",
            "show my data",
            "see my data",
            "what do you know about me",
        ),
    ),
    CommandSpec(
        name="forget",
        takes=True,
        where="private",
        objects="own",
        phrases=(
            "forget me",
            "delete me",
            "delete my data",
            "delete all my data",
            "delete everything about me",
            "delete my account",
            "erase my data",
            "remove my data",
        ),
    ),
    CommandSpec(
        name="consent",
        takes=True,
        where="private",
        objects="own",
        phrases=("my consent", "consent"),
    ),
    CommandSpec(name="join", takes=True, where="private", objects="own"),
    CommandSpec(
        name="link", takes=True, where="private", objects="own", phrases=("link my chats",)
    ),
    CommandSpec(
        name="unlink", takes=True, where="private", objects="own", phrases=("unlink this chat",)
    ),
    CommandSpec(name="invite", takes=True, roles=OFFICERS, where="private", objects="branch"),
    CommandSpec(name="why", roles=EDITORS),
    CommandSpec(name="misses", takes=True, roles=EDITORS, where="private", objects="branch"),
    CommandSpec(
        name="answers", where="private", objects="own", phrases=("my answers", "my survey answers")
    ),
    CommandSpec(
        name="surveys",
        roles=REPS,
        where="private",
        objects="branch",
        phrases=("my surveys", "our surveys", "open a survey", "run a survey", "close the survey"),
    ),
    CommandSpec(
        name="results",
        roles=REPS,
        where="private",
        objects="branch",
        phrases=("survey results", "show the results"),
    ),
    CommandSpec(name="questions", roles=REPS, where="private", objects="branch"),
    CommandSpec(
        name="broadcast",
        takes=True,
        roles=ULRS,
        where="private",
        objects="branch",
        phrases=(
            "broadcast",
            "my broadcasts",
            "new broadcast",
            "send a broadcast",
            "send a reminder",
            "send a message to members",
            "i want to send a message to members",
            "i want to send a broadcast",
            "i want to send a reminder",
        ),
    ),
    CommandSpec(
        name="halt",
        takes=True,
        roles=ULRS,
        where="private",
        objects="branch",
        phrases=("halt", "halt it", "halt the broadcast", "stop the broadcast"),
    ),
    CommandSpec(name="destination", takes=True, stays=True, roles=ULRS, objects="branch"),
    CommandSpec(
        name="qr", takes=True, roles=REPS, where="private", objects="own", phrases=("qr code",)
    ),
    CommandSpec(name="plan", takes=True, roles=REPS, where="private", objects="branch"),
    CommandSpec(name="next", roles=REPS, where="private", objects="branch"),
    CommandSpec(name="agreement", roles=REPS, where="private", objects="branch"),
    CommandSpec(name="calendar", roles=REPS, where="private", objects="branch"),
    CommandSpec(
        name="map",
        takes=True,
        roles=REPS,
        where="private",
        objects="branch",
        phrases=("the map", "my map", "our map", "show the map", "show me the map"),
        sides={
            "my workplace": "workplace",
            "my workplaces": "workplace",
            "change workplace": "workplace",
            "map an area": "area",
            "map a new area": "area",
            "next area": "next",
            "which area next": "next",
            "what is missing": "missing",
            "what's missing": "missing",
            "whats missing": "missing",
            "rename an area": "change",
            "change the map": "change",
            "change an area": "change",
            "merge areas": "merge",
            "merge duplicates": "merge",
            "undo the map": "undo",
            "undo map": "undo",
            "map files": "files",
            "import a list": "import",
        },
    ),
)
COMMAND_BY_NAME: Final = {spec.name: spec for spec in COMMANDS}
VERBS: Final = frozenset(spec.name for spec in COMMANDS if spec.verb)
_NAME_BY_PHRASE: Final = {
    phrase: spec.name for spec in COMMANDS for phrase in (*spec.phrases, *spec.sides)
}
_SIDE_BY_PHRASE: Final = {phrase: side for spec in COMMANDS for phrase, side in spec.sides.items()}


def parse_command(text: str) -> Command | None:
    """The command a text is, such as `/audience rep`; None where it is none.

    `/open CODE` is what people type where they cannot follow a link: it does what the link does.
    """
    found = _SLASH.match(text.strip())
    if not found:
        return None
    name, argument = found[1].lower(), (found[2] or "").strip()
    return Command("start" if name == "open" else name, argument)


def near_verb(text: str) -> str | None:
    """The one global verb that a single word misses by a letter: "bak", "skp", "puase"."""
    word = text.strip().lower()
    if not word.isalpha():
        return None
    near = [verb for verb in sorted(VERBS) if DamerauLevenshtein.distance(word, verb) == 1]
    return near[0] if len(near) == 1 else None


def verb_of(text: str) -> str | None:
    """The global verb that a text is: exactly that word, whatever the case, with or without a dot."""
    word = text.strip().strip(".!").lower()
    return word if word in VERBS else None


def command_of_phrase(text: str) -> str | None:
    """The command that a whole message means, such as "my data"."""
    return _NAME_BY_PHRASE.get(_flat(text))


def command_meant(utterance: Utterance) -> str | None:
    """The command that an utterance gives, typed with its slash or as a whole message; None for none."""
    match utterance:
        case Command(name=name):
            return name
        case Text(text=text):
            command = parse_command(text)
            return command.name if command else command_of_phrase(text)
        case _:
            return None


def side_of_phrase(text: str) -> str:
    """The argument that such a message gives its command; empty for none."""
    return _SIDE_BY_PHRASE.get(_flat(text), "")


def _flat(text: str) -> str:
    return " ".join(text.lower().replace("\u2019", "'").strip(" .!?").split())


def refusal(spec: CommandSpec, roles: Iterable[Role], place: Place) -> str | None:
    """Why a command may not be used here: a wording key, or None where it may.

    The role is looked at first, so that a group does not learn what an officer could do.
    """
    if not spec.roles & (frozenset(roles) | {Role.MEMBER}):
        return "refused.role"
    if spec.where == "private" and place is not Place.PRIVATE:
        return "refused.place"
    return None
