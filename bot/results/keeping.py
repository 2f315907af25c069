"""A release as text and back, so that it is made once and kept; a funnel, so that it can be passed on."""

from pydantic import TypeAdapter, ValidationError

from bot.errors import ResultsError
from bot.results.funnel import Funnel
from bot.results.published import Release

_RELEASE = TypeAdapter(Release)
_FUNNEL = TypeAdapter(Funnel)


def release_text(release: Release) -> str:
    """The release as JSON."""
    return _RELEASE.dump_json(release).decode()


def parse_release(text: str) -> Release:
    """The release that `release_text` wrote.

    Raises:
        ResultsError: It is not such a text.
    """
    try:
        return _RELEASE.validate_json(text)
    except ValidationError as error:
        raise ResultsError("the kept release cannot be read: restore it from a backup") from error


def funnel_text(funnel: Funnel) -> str:
    """The funnel as JSON."""
    return _FUNNEL.dump_json(funnel).decode()


def parse_funnel(text: str) -> Funnel:
    """The funnel that `funnel_text` wrote."""
    return _FUNNEL.validate_json(text)
