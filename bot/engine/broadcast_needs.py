"""What of broadcasts a turn may need, told from the session and the utterance before it is decided.

A branch may have ten thousand people, and nobody else is heard while they are read. So only those are
that a preview or a question in this very turn can be about.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from bot.engine.broadcast_preview import PARTS
from bot.engine.bulletins import UNFINISHED, Board, Bulletin
from bot.engine.commands import command_meant
from bot.engine.desk import BROADCAST_STAGES, Stage
from bot.engine.session import Act, Session
from bot.messages import Choice, Edited, Role, Text, Token, Utterance
from bot.planning.lifecycle import Status

COMMANDS: Final = frozenset({"broadcast", "halt", "destination"})
ACTS: Final = "bc-"  # begins the name of every act, and stage, of this part
_OF_NOBODY: Final = frozenset({"bc-move", "bc-test", "bc-urgent"})
_REVIEWS: Final = frozenset({"bc-show", "bc-approve"})
_SETTLES: Final[Mapping[str, str]] = {
    Stage.BC_TEXT: "texts",
    Stage.BC_GAP: "texts",
    Stage.BC_WHEN: "plan",
    "bc-kind": "kind",
    "bc-button": "button",
    "bc-plan": "plan",
}


def is_board_needed(session: Session, utterance: Utterance) -> bool:
    """Whether a turn may be about broadcasts: not for somebody who only asks the FAQ."""
    if any(_is_ours(act) for act in _acts(session, utterance)):
        return True
    return command_meant(utterance) in COMMANDS


def audiences_needed(
    session: Session, utterance: Utterance, board: Board, roles: Set[Role], offered: Sequence[str]
) -> tuple[str, ...]:
    """The audiences whose people a turn may need; all of them only where one is to be picked.

    Args:
        session: Before the turn.
        utterance: What is said or pressed.
        board: Without people.
        roles: Of whoever says it.
        offered: Every audience of people that there is.
    """
    wanted = {
        audience
        for act in _acts(session, utterance)
        for audience in _of_act(act, board, roles, offered)
    }
    return tuple(one for one in offered if one in wanted)


def _of_act(act: Act, board: Board, roles: Set[Role], offered: Sequence[str]) -> Sequence[str]:
    wanted = act.arguments[0] if act.arguments else ""
    if act.name in _REVIEWS:
        return _reviewed(wanted, board)
    draft = next((one for one in board.drafts if one.id == wanted), None)
    if draft is None or act.name in _OF_NOBODY:
        return ()
    audience = _audience_after(act, draft)
    if act.name == "bc-confirm" and not board.may_post(audience or "", roles):
        audience = None  # it is asked for again
    rest = _unsettled(act, draft)
    if audience is None:
        return () if rest & {"texts", "kind"} else offered
    is_looked_up = act.name == "bc-audience" and audience.startswith(UNFINISHED)
    return (audience,) if is_looked_up or not rest else ()


def _reviewed(wanted: str, board: Board) -> Sequence[str]:
    """Whom a text is for that a second ULR looks at: they see what its author saw."""
    one = next((one for one in board.others if one.id == wanted and not one.is_mine), None)
    is_put_to_them = one is not None and one.status is Status.AWAITING
    return (one.audience,) if one and one.audience and is_put_to_them else ()


def _unsettled(act: Act, draft: Bulletin) -> Set[str]:
    """What of the draft is still to be asked for once the act is done; else the preview comes."""
    settled: Mapping[str, object] = {
        "texts": draft.texts or None,
        "kind": draft.kind,
        "button": draft.button,
        "plan": draft.plan,
    }
    rest = {name for name, value in settled.items() if value is None} - {_SETTLES.get(act.name)}
    return rest | ({act.arguments[1]} & set(PARTS) if act.name == "bc-change" else set())


def _audience_after(act: Act, draft: Bulletin) -> str | None:
    """Who the draft is for once the act is done."""
    if act.name == "bc-audience":
        return act.arguments[1]
    if act.name == "bc-change" and act.arguments[1] == "audience":
        return None
    return draft.audience


def _acts(session: Session, utterance: Utterance) -> Iterator[Act]:
    """Everything that an utterance may do: words may be any option that is on the table."""
    tokens: tuple[Token, ...]
    match utterance:
        case Choice(token=token):
            tokens = (token,)
        case Text() | Edited():
            tokens = (*session.menu, *session.unnumbered)
            errand = session.errand
            if errand is not None and errand.stage in BROADCAST_STAGES:
                yield Act(errand.stage, (errand.about,))
        case _:
            return
    yield from (offer.act for token in tokens if (offer := session.offer(token)))


def _is_ours(act: Act) -> bool:
    return act.name.startswith(ACTS) or (
        act.name == "command" and bool(COMMANDS & set(act.arguments[:1]))
    )
