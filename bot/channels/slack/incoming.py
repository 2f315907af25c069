"""What Slack sent, as typed values: something to hear, a look at the home tab, or nothing for us."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2s
from typing import Final

from bot.channels.slack.fetching import SentFile
from bot.channels.slack.forms import CALLBACK, read_form
from bot.channels.slack.payload import (
    MalformedError,
    Payload,
    id_of,
    inner,
    items,
    key_of,
    text_of,
    ts_of,
)
from bot.channels.slack.reading import command_or_words, is_about_oneself, plain_words
from bot.channels.slack.rendering import FORM, OPTION, SELECT
from bot.channels.slack.spots import NAME, Spot
from bot.engine.commands import COMMAND_BY_NAME
from bot.messages import (
    UPLOAD_LIMIT,
    Choice,
    Command,
    Edited,
    Inbound,
    Place,
    Text,
    Token,
    Unreadable,
    Utterance,
)

SLASH: Final = "/pathways"
OTHER_TEAM: Final = "team"  # why: it comes from a workspace that is none of ours
SHORTCUT: Final = "answer_from_faq"
EVENTS: Final = ("app_home_opened", "app_mention", "message")
HOME: Final = "home."  # begins the name of a button in the home tab, before its command
_TEXTS: Final = frozenset({"", "file_share", "me_message", "thread_broadcast"})
_ELSEWHERE: Final = frozenset({"external", "hidden_by_limit", "tombstone"})  # modes of files
NAME_LIMIT: Final = 255  # characters of the name of a file
_KINDS: Final = {"image": "photo", "audio": "voice", "video": "video"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Us:
    """Who the bot is, and where it works.

    Attributes:
        user: Its own account.
        teams: The workspaces that it answers in.
        private_way: Where people can talk without their employer; empty where nobody set one.
    """

    user: str
    teams: frozenset[str]
    private_way: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """The button or menu that was used, to show what was picked.

    Attributes:
        channel: Where its message is.
        ts: Which message.
        action: The name of the button or menu.
        block: The name of its block.
        picked: What it says of itself.
        blocks: The message as it is now; empty where Slack did not send it along.
        text: Its twin.
        response_url: Where a message that only one person sees is changed.
    """

    channel: str
    ts: str
    action: str
    block: str
    picked: str
    blocks: tuple[Payload, ...] = ()
    text: str = ""
    response_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Something to hear.

    Attributes:
        spot: Where it is answered.
        direct: The channel of the direct message it came from; empty for another place.
        press: The button, where it is one that can be marked.
        file: What they sent, to be fetched first; None for no file that we read.
        home: The app in whose home tab it was pressed, which then changes; empty for elsewhere.
        moves: Whether it is answered elsewhere than where it was said.
    """

    inbound: Inbound
    spot: Spot
    direct: str = ""
    press: Press | None = None
    file: SentFile | None = None
    home: str = ""
    moves: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormAsked:
    """Somebody wants to edit their answers in a form.

    Attributes:
        run: Whose answers.
        trigger: Lets us open a modal, for three seconds.
        otherwise: What to hear where there is nothing to edit any more.
    """

    run: str
    trigger: str
    otherwise: Said


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at the home tab of the app with this id."""

    spot: Spot
    app: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Not for us; `why` is for the log."""

    why: str


Incoming = Said | FormAsked | HomeOpened | Nothing


def parse_incoming(body: Payload, us: Us) -> Incoming:
    """What a payload means.

    Raises:
        MalformedError: Slack would not send this.
    """
    kind = text_of(body, "type")
    read = _READERS.get("command" if "command" in body else kind)
    if read is None:
        return Nothing("kind")
    teams = _teams_of(body)
    if not teams:
        raise MalformedError("team")
    if not teams <= us.teams:
        return Nothing(OTHER_TEAM)
    return read(body, us)


def _teams_of(body: Payload) -> frozenset[str]:
    """Every workspace a payload comes from: also a guest's own, through a shared channel."""
    event, user = inner(body, "event"), inner(body, "user")
    named = (
        id_of(body, "team_id"),
        id_of(inner(body, "team"), "id"),
        id_of(user, "team_id"),
        id_of(event, "user_team"),
        id_of(event, "source_team"),
    )
    return frozenset(team for team in named if team)


def _event(body: Payload, us: Us) -> Incoming:
    event = inner(body, "event")
    kind = key_of(event, "type")
    if kind not in EVENTS:
        return Nothing("event")
    read = _EVENT_READERS.get(kind)
    spot = Spot(team=key_of(body, "team_id"), user=id_of(event, "user"))
    if read is None:
        return _home_opened(event, spot, id_of(body, "api_app_id"))
    return read(event, f"{NAME}:{spot.team}:event:{key_of(body, 'event_id')}", spot, us)


def _message(event: Payload, key: str, spot: Spot, us: Us) -> Incoming:
    """A message in a direct message; those in channels come as mentions only."""
    channel = id_of(event, "channel")
    if not (text_of(event, "channel_type") == "im" or channel.startswith("D")):
        return Nothing("channel message")
    subtype = text_of(event, "subtype")
    is_edit = subtype == "message_changed"
    said = inner(event, "message") if is_edit else event
    if not is_edit and subtype not in _TEXTS:
        return Nothing("subtype")
    user = id_of(said, "user")
    if not user or user == us.user or _is_of_bot(said):
        return Nothing("bot")
    if is_edit and text_of(inner(event, "previous_message"), "text") == text_of(said, "text"):
        return Nothing("unchanged")
    spot = Spot(team=spot.team, user=user, thread=ts_of(said, "thread_ts"))
    inbound = _inbound(key, spot, _utterance(said, us, is_edit=is_edit), us)
    file = None if is_edit else _file_of(said)
    return Said(inbound=inbound, spot=spot, direct=channel, file=file)


def _mention(event: Payload, key: str, spot: Spot, us: Us) -> Incoming:
    """A call in a channel. What is about the person is answered to them alone."""
    channel = id_of(event, "channel")
    if not spot.user or spot.user == us.user or _is_of_bot(event):
        return Nothing("bot")
    if channel.startswith("D"):
        return Nothing("direct mention")  # comes as a message too
    utterance = _utterance(event, us, is_edit=bool(inner(event, "edited")))
    thread, ts = ts_of(event, "thread_ts"), key_of(event, "ts")
    if isinstance(utterance, Text | Edited) and is_about_oneself(utterance.text):
        return Said(inbound=_inbound(key, spot, utterance, us), spot=spot, moves=True)
    spot = Spot(
        team=spot.team,
        user=spot.user,
        channel=channel,
        thread=thread or ts,
        begins=not thread,
    )
    return Said(inbound=_inbound(key, spot, utterance, us), spot=spot)


def _home_opened(event: Payload, spot: Spot, app: str) -> Incoming:
    is_home = text_of(event, "tab") in {"", "home"}
    return HomeOpened(spot, app) if is_home and spot.user else Nothing("tab")


def _is_of_bot(said: Payload) -> bool:
    return bool(said.get("bot_id") or said.get("bot_profile") or said.get("user") == "USLACKBOT")


def _utterance(said: Payload, us: Us, *, is_edit: bool) -> Utterance:
    words, files = plain_words(text_of(said, "text"), us.user), items(said, "files")
    if is_edit:
        return Edited(words)
    if files and not words:
        return Unreadable(_KINDS.get(text_of(files[0], "mimetype").partition("/")[0], "file"))
    return Text(words)


def _file_of(said: Payload) -> SentFile | None:
    """The file of a message, where it may be a list that we can read, and Slack itself has it."""
    for file in items(said, "files"):
        kind = text_of(file, "mimetype").partition("/")[0]
        size, address = file.get("size", 0), text_of(file, "url_private")
        if kind in _KINDS or not address or text_of(file, "mode") in _ELSEWHERE:
            continue
        if isinstance(size, int) and size <= UPLOAD_LIMIT:
            return SentFile(plain_words(text_of(file, "name"))[:NAME_LIMIT], address)
    return None


def _inbound(key: str, spot: Spot, utterance: Utterance, us: Us) -> Inbound:
    return Inbound(
        key=key,
        identity=Spot(team=spot.team, user=spot.user).address(),
        address=spot.address(),
        place=Place.PRIVATE if spot.is_direct else Place.GROUP,
        utterance=utterance,
        employer_reads=True,
        private_way=us.private_way,
    )


def _slash(body: Payload, us: Us) -> Incoming:
    if text_of(body, "command") != SLASH:
        return Nothing("command")
    spot = Spot(team=key_of(body, "team_id"), user=key_of(body, "user_id"))
    key = f"{NAME}:{spot.team}:command:{key_of(body, 'trigger_id')}"
    channel = id_of(body, "channel_id")
    is_direct = text_of(body, "channel_name") == "directmessage" and channel.startswith("D")
    utterance = command_or_words(plain_words(text_of(body, "text"), us.user))
    if not is_direct and _stays(utterance):
        spot = replace(spot, channel=channel, alone=True)
        return Said(inbound=_inbound(key, spot, utterance, us), spot=spot)
    inbound = _inbound(key, spot, utterance, us)
    return Said(inbound=inbound, spot=spot, moves=not is_direct)


def _stays(utterance: Utterance) -> bool:
    """Whether something is about the channel it was said in: it means nothing elsewhere."""
    spec = COMMAND_BY_NAME.get(utterance.name) if isinstance(utterance, Command) else None
    return spec is not None and spec.stays


def _shortcut(body: Payload, us: Us) -> Incoming:
    """Somebody wants the answer to another person's message: they alone get it."""
    if text_of(body, "callback_id") != SHORTCUT:
        return Nothing("shortcut")
    team = id_of(inner(body, "team"), "id") or key_of(inner(body, "user"), "team_id")
    spot = Spot(team=team, user=key_of(inner(body, "user"), "id"))
    key = f"{NAME}:{team}:shortcut:{key_of(body, 'trigger_id')}"
    words = plain_words(text_of(inner(body, "message"), "text"), us.user)
    return Said(inbound=_inbound(key, spot, Command("ask", words), us), spot=spot, moves=True)


def _actions(body: Payload, us: Us) -> Incoming:
    used = items(body, "actions")
    if not used:
        raise MalformedError("actions")
    action, user, container = used[0], inner(body, "user"), inner(body, "container")
    team = id_of(inner(body, "team"), "id") or key_of(user, "team_id")
    direct = Spot(team=team, user=key_of(user, "id"))
    name = key_of(action, "action_id")
    ts = ts_of(container, "message_ts") or ts_of(inner(body, "message"), "ts")
    where = ts or key_of(inner(body, "view"), "id")
    key = f"{NAME}:{team}:action:{where}:{key_of(action, 'action_ts')}:{direct.user}:{name}"
    if name == FORM:
        inbound = _inbound(key, direct, Choice(Token("expired")), us)
        return FormAsked(
            run=text_of(action, "value")[:64],
            trigger=key_of(body, "trigger_id"),
            otherwise=Said(inbound=inbound, spot=direct),
        )
    if name.startswith(HOME):
        command = command_or_words(name.removeprefix(HOME).replace("-", " "))
        inbound = _inbound(key, direct, command, us)
        return Said(inbound=inbound, spot=direct, home=id_of(body, "api_app_id") or "-")
    if not name.startswith((OPTION, SELECT)):
        return Nothing("action")
    return _pressed(body, key, direct, us)


def _pressed(body: Payload, key: str, direct: Spot, us: Us) -> Incoming:
    action, container = items(body, "actions")[0], inner(body, "container")
    channel = id_of(inner(body, "channel"), "id") or id_of(container, "channel_id")
    if not channel:
        raise MalformedError("channel")
    message, option = inner(body, "message"), inner(action, "selected_option")
    ts = ts_of(container, "message_ts") or ts_of(message, "ts")
    thread = ts_of(container, "thread_ts") or ts_of(message, "thread_ts")
    is_direct = (
        channel.startswith("D") or text_of(inner(body, "channel"), "name") == "directmessage"
    )
    is_for_one = bool(container.get("is_ephemeral"))
    spot = replace(direct, thread=thread)
    if not is_direct:  # what only one person saw goes on for that person alone
        place = thread if is_for_one else thread or ts
        spot = replace(direct, channel=channel, thread=place, begins=not thread, alone=is_for_one)
    token = text_of(action, "value") or text_of(option, "value")
    press = Press(
        channel=channel,
        ts=ts,
        action=text_of(action, "action_id"),
        block=text_of(action, "block_id"),
        picked=text_of(inner(option or action, "text"), "text"),
        blocks=items(message, "blocks"),
        text=text_of(message, "text"),
        response_url=text_of(body, "response_url") if is_for_one else "",
    )
    inbound = _inbound(key, spot, Choice(Token(token[:64])), us)
    return Said(inbound=inbound, spot=spot, direct=channel if is_direct else "", press=press)


def _form_sent(body: Payload, us: Us) -> Incoming:
    """Somebody sends the form with their answers: answered in the direct message."""
    view, user = inner(body, "view"), inner(body, "user")
    if text_of(view, "callback_id") != CALLBACK:
        return Nothing("view")
    team = id_of(inner(body, "team"), "id") or key_of(user, "team_id")
    spot = Spot(team=team, user=key_of(user, "id"))
    filled = read_form(view)
    # what was put right after a refusal is another sending; the same once more is not
    digest = blake2s(repr(filled.answers).encode("utf-8", "replace"), digest_size=8).hexdigest()
    key = f"{NAME}:{team}:view:{key_of(view, 'id')}:{spot.user}:{digest}"
    return Said(inbound=_inbound(key, spot, filled, us), spot=spot)


_Reader = Callable[[Payload, Us], Incoming]
_READERS: Final[Mapping[str, _Reader]] = {
    "event_callback": _event,
    "command": _slash,
    "message_action": _shortcut,
    "block_actions": _actions,
    "view_submission": _form_sent,
}
_EVENT_READERS: Final[Mapping[str, Callable[[Payload, str, Spot, Us], Incoming]]] = {
    "message": _message,
    "app_mention": _mention,
}
