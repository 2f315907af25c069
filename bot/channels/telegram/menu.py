"""The menu of commands that Telegram shows beside the text field: by place, and by role."""

from collections.abc import Collection, Iterable
from typing import Final

import structlog
from telegram import (
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.constants import BotCommandLimit
from telegram.error import ChatMigrated

from bot.channels.telegram.calling import ApiBot, calling
from bot.channels.telegram.options import NAME
from bot.engine.commands import COMMANDS, CommandSpec, refusal
from bot.errors import DeliveryError
from bot.knowledge.wording import Wording
from bot.messages import Place, Role
from bot.service.intake import Intake
from bot.service.ports import Tx

LIMIT: Final = int(BotCommandLimit.MAX_COMMAND_NUMBER)
DESCRIPTION_LIMIT: Final = int(BotCommandLimit.MAX_DESCRIPTION)
MEMBER: Final = frozenset({Role.MEMBER})

log = structlog.get_logger(__name__)


class Menu:
    """Sets the menus. It is a help and no right: the core checks every command.

    Args:
        bot: Makes the calls.
        intake: Where roles are looked up.
        wording: Says what a command does: the texts `menu.NAME`. One without is not listed.
    """

    def __init__(self, bot: ApiBot, intake: Intake, wording: Wording) -> None:
        self._bot = bot
        self._intake = intake
        self._wording = wording

    async def set_all(self) -> None:
        """The menus of private chats and of groups, and those of everybody with a role."""
        await self._set(BotCommandScopeAllPrivateChats(), commands_for(MEMBER, Place.PRIVATE))
        await self._set(BotCommandScopeAllGroupChats(), commands_for(MEMBER, Place.GROUP))
        for account, roles in (await self._intake.do(_roles_by_account, ())).items():
            await self._set_for(account, roles)

    async def set_for(self, account: str) -> None:
        """The menu of one account, whose roles may have changed."""
        roles = (await self._intake.do(_roles_by_account, ())).get(account)
        if roles:
            await self._set_for(account, roles)

    async def _set_for(self, account: str, roles: Collection[Role]) -> None:
        await self._set(BotCommandScopeChat(int(account)), commands_for(roles, Place.PRIVATE))

    async def _set(self, scope: BotCommandScope, specs: Iterable[CommandSpec]) -> None:
        commands = [
            BotCommand(spec.name, text[:DESCRIPTION_LIMIT])
            for spec in specs
            if (text := self._text(spec))
        ]
        try:
            await calling(self._bot.set_my_commands(commands[:LIMIT], scope=scope))
        except (DeliveryError, ChatMigrated) as error:  # somebody who never wrote has no chat yet
            log.info("telegram.menu-not-set", error=type(error).__name__)

    def _text(self, spec: CommandSpec) -> str:
        key = f"menu.{spec.name}"
        return self._wording.say(key) if key in self._wording.texts else ""


def commands_for(roles: Collection[Role], place: Place) -> tuple[CommandSpec, ...]:
    """The commands that somebody with these roles may use in a place."""
    return tuple(spec for spec in COMMANDS if refusal(spec, roles, place) is None)


def _roles_by_account(tx: Tx) -> dict[str, frozenset[Role]]:
    found: dict[str, frozenset[Role]] = {}
    for row in tx.find("role", {}):
        for account in tx.find("identity", {"person": row["person"], "channel": NAME}):
            known = found.get(str(account["account"]), MEMBER)
            found[str(account["account"])] = known | {Role(str(row["name"]))}
    return found
