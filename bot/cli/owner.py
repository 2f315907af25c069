"""Commands that write: by the process that owns the database if one runs, else here."""

from collections.abc import Mapping

from bot.errors import BotError, Refused, StoreError
from bot.service.admin import Admin
from bot.service.clock import SystemClock
from bot.settings import Settings, load_settings
from bot.storage.admin_socket import ask_owner
from bot.wiring import database_path, is_shared, load_content, open_store


def run_admin(name: str, arguments: Mapping[str, str]) -> str:
    """Do an administrative command, and return the text to print.

    Raises:
        BotError: It may not be done, or the store could not do it.
    """
    settings = load_settings()
    if is_shared(settings.database_url):
        return _here(settings, name, arguments)
    answer = ask_owner(database_path(settings.database_url), name, arguments)
    if answer is None:
        return _here(settings, name, arguments)
    if "error" in answer:
        raise _said(str(answer["error"]), int(str(answer.get("exit", 4))))
    return str(answer.get("text", ""))


def _here(settings: Settings, name: str, arguments: Mapping[str, str]) -> str:
    clock = SystemClock()
    content = load_content(settings.knowledge)
    store = open_store(settings.database_url, clock)
    try:
        return Admin(store, content, clock).do(name, arguments)
    finally:
        store.close()


def _said(text: str, status: int) -> BotError:
    return Refused(text) if status == Refused.exit_status else StoreError(text)
