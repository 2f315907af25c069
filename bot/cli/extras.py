"""Parts of the program that are installed only where they are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import SettingsError


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Say what to install, where an import in this block fails.

    Args:
        name: Of the extra, such as `reports`.

    Raises:
        SettingsError: Something of it is not installed.
    """
    try:
        yield
    except ImportError as error:
        raise SettingsError(
            f"This needs {error.name}, which is not installed. Run `pip install 'pathways-bot[{name}]'`."
        ) from None
