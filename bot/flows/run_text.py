"""A run as JSON text, and back: what the store keeps between turns."""

from typing import Any, Final

import msgspec

from bot.flows.model import FlowHash, FlowId
from bot.flows.run import Answer, Inferred, Key, Rounds, Run, Status, Undo
from bot.language.replies import Missing

FORMAT: Final = 1  # of the text; a text of another number is not read


def encode(run: Run) -> str:
    """The run as text; `decode` gives it back equal."""
    state = {
        "format": FORMAT,
        "flow": run.flow,
        "hash": run.flow_hash,
        "version": run.version,
        "status": run.status.value,
        "answers": {key: _written(answer) for key, answer in run.answers.items()},
        "rounds": {key: _rounds_written(rounds) for key, rounds in run.rounds.items()},
        "dropped": {key: _written(answer) for key, answer in run.dropped.items()},
        "suggested": {key: _written(answer) for key, answer in run.suggested.items()},
        "focus": run.focus,
        "history": [_undo_written(undo) for undo in run.history],
        "ticked": list(run.ticked),
        "tries": run.tries,
        "revision": run.revision,
    }
    return msgspec.json.encode(state).decode()


def decode(text: str) -> Run | None:
    """The run of a text; None where a newer or older program wrote it."""
    state: dict[str, Any] = msgspec.json.decode(text)
    if state.get("format") != FORMAT:
        return None
    return Run(
        flow=FlowId(state["flow"]),
        flow_hash=FlowHash(state["hash"]),
        version=state["version"],
        status=Status(state["status"]),
        answers=_answers(state["answers"]),
        rounds={Key(key): _rounds(one) for key, one in state["rounds"].items()},
        dropped=_answers(state["dropped"]),
        suggested=_answers(state["suggested"]),
        focus=state["focus"],
        history=tuple(_undo(one) for one in state["history"]),
        ticked=tuple(state["ticked"]),
        tries=state["tries"],
        revision=state["revision"],
    )


def _written(answer: Answer) -> list[Any]:
    """`[value, missing, inferred]`, without the empty end."""
    found = answer.inferred
    inferred = [found.low, found.high, found.is_about] if found else None
    row = [answer.value, answer.missing.value if answer.missing else None, inferred]
    while row[-1] is None:
        row.pop()
    return row


def _answer(row: list[Any]) -> Answer:
    value, missing, inferred = (*row, None, None)[:3]
    return Answer(
        value=tuple(value) if isinstance(value, list) else value,
        missing=Missing(missing) if missing else None,
        inferred=Inferred(low=inferred[0], high=inferred[1], is_about=inferred[2])
        if inferred
        else None,
    )


def _answers(rows: dict[str, list[Any]]) -> dict[Key, Answer]:
    return {Key(key): _answer(row) for key, row in rows.items()}


def _rounds_written(rounds: Rounds) -> list[Any]:
    return [list(rounds.ids), rounds.next_id, rounds.closed]


def _rounds(row: list[Any]) -> Rounds:
    return Rounds(ids=tuple(row[0]), next_id=row[1], closed=row[2])


def _undo_written(undo: Undo) -> list[Any]:
    return [
        undo.key,
        {key: one and _written(one) for key, one in undo.answers.items()},
        {key: one and _written(one) for key, one in undo.dropped.items()},
        {key: one and _rounds_written(one) for key, one in undo.rounds.items()},
        undo.focus,
    ]


def _undo(row: list[Any]) -> Undo:
    key, answers, dropped, rounds, focus = row
    return Undo(
        key=Key(key),
        answers={Key(name): _answer(one) if one else None for name, one in answers.items()},
        dropped={Key(name): _answer(one) if one else None for name, one in dropped.items()},
        rounds={Key(name): _rounds(one) if one else None for name, one in rounds.items()},
        focus=focus,
    )
