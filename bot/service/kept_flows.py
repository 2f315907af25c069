"""The flows that runs and surveys began on, to the letter, for as long as anything ends on them."""

from functools import lru_cache

from bot.flows.loading import load_flow
from bot.flows.model import Flow
from bot.service.ports import Row, Tx


def keep_flow(tx: Tx, flow: Flow) -> None:
    """Keep a flow's text, once."""
    text: Row = {"hash": flow.hash, "flow": flow.id, "text": flow.text}
    tx.insert_new("flow_text", text)


def kept_flow(tx: Tx, wanted: str) -> Flow | None:
    """The flow of a hash; None where it was not kept, or where it reads as another one now."""
    row = tx.get("flow_text", {"hash": wanted})
    flow = _parsed(str(row["text"]), f"{row['flow']}.yaml") if row else None
    return flow if flow is not None and flow.hash == wanted else None


@lru_cache(maxsize=32)
def _parsed(text: str, file: str) -> Flow | None:
    return load_flow(text, file).flow
