"""Logs: events as JSON lines on standard error; never what a person wrote, never a secret."""

import logging
import re
import sys
from typing import Final

import structlog
from structlog.typing import EventDict, Processor

from bot.errors import places

SECRETS: Final = re.compile(
    r"(?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}|xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}"
)  # a Telegram bot token, which stands in every address it calls; Slack tokens
CHAIN_LIMIT: Final = 8  # exceptions behind one another that are named
_VALUE: Final = re.compile(r"[\n<({'\"]")
CHATTY: Final = ("httpx", "httpcore", "telegram", "slack_sdk", "slack_bolt", "aiohttp")


def set_up_logs(level: str) -> None:
    """Send every log line, ours and the libraries', through one redacting formatter."""
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_error,
        shorten,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=True),
                redact,
            ],
        )
    )
    logging.raiseExceptions = False  # a log line that fails would print its arguments
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )


def name_error(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Say of an exception what it is and where it came from; its text may be a person's words."""
    found = event.pop("exc_info", None)
    if not found:
        return event
    if isinstance(found, BaseException):
        error: BaseException | None = found
    else:
        error = found[1] if isinstance(found, tuple) else sys.exc_info()[1]
    named: list[str] = []
    while error is not None and len(named) < CHAIN_LIMIT:
        named.append(f"{type(error).__name__} {', '.join(places(error))}".strip())
        error = error.__cause__ or error.__context__
    event["exception"] = named
    return event


def shorten(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Cut asyncio's own lines before they show a value: they go on with whole objects."""
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and record.name == "asyncio":
        event["event"] = _VALUE.split(str(event["event"]), maxsplit=1)[0].strip()
    return event


def redact(_logger: object, _method: str, line: EventDict) -> str:
    """Take secrets out of a whole log line, wherever in it they stand."""
    return SECRETS.sub("[secret]", str(line))
