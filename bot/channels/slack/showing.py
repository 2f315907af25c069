"""What is shown beside the replies: the home tab, forms, and where an answer went.

None of it is needed to go on, so nothing of it is repeated, and none of it holds an answer up.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.fetching import Fetching, SentFile
from bot.channels.slack.forms import form_view
from bot.channels.slack.home import Home, home_of, home_view
from bot.channels.slack.mrkdwn import escape
from bot.channels.slack.spots import Spot
from bot.channels.slack.web_api import call
from bot.engine.forms import faults, form_of
from bot.engine.speech import Scene
from bot.errors import StoreError
from bot.messages import Filled, Unreadable, Upload
from bot.service.intake import Intake
from bot.service.library import Library

LANGUAGE: Final = "en"
LANGUAGE_S: Final = 0.2  # seconds to look up somebody's language while Slack waits


class Showing:
    """Shows what goes with a turn.

    Args:
        client: Of the Web API.
        intake: What the home tab says is read there.
        library: What people read.
    """

    def __init__(self, client: AsyncWebClient, intake: Intake, library: Library) -> None:
        self._client = client
        self._intake = intake
        self._library = library
        self._fetching = Fetching(client)

    async def moved(self, spot: Spot) -> str:
        """What whoever called in a channel sees there at once: that they are answered in private."""
        language = None
        with suppress(StoreError, TimeoutError):  # Slack waits for it: English will do then
            async with asyncio.timeout(LANGUAGE_S):
                language = await self._intake.look(spot.account(), _language)
        wording = self._library.edition.content.wording
        return escape(wording.say("slack.moved", language or LANGUAGE))

    async def show_home(self, spot: Spot, app: str) -> None:
        """Bring somebody's home tab up to date. Who has never written stays unknown."""
        home = await self._intake.look(spot.account(), home_of) or Home()
        has_chat = app not in {"", "-"}
        chat = f"slack://app?team={spot.team}&id={app}&tab=messages" if has_chat else ""
        wording = self._library.edition.content.wording
        await call(
            self._client.views_publish, user_id=spot.user, view=home_view(wording, home, chat)
        )

    async def open_form(self, spot: Spot, run: str, trigger: str) -> bool:
        """Open somebody's answers in a modal; False where there is nothing to edit any more."""
        found = await self._intake.look(
            spot.account(), lambda scene: (form_of(scene, run), _language(scene))
        )
        form, language = found or (None, LANGUAGE)
        if form is None:
            return False
        view = form_view(form, self._library.edition.content.wording, language)
        await call(self._client.views_open, trigger_id=trigger, view=view)
        return True

    async def faults(self, spot: Spot, filled: Filled) -> Mapping[str, str]:
        """What is wrong with a form that was sent, by its lines."""
        found = await self._intake.look(spot.account(), lambda scene: faults(scene, filled))
        return found or {}

    async def fetch(self, file: SentFile) -> Upload | Unreadable:
        """A file that somebody sent; raises as `Fetching.fetch` does."""
        return await self._fetching.fetch(file)


def _language(scene: Scene) -> str:
    return scene.view.language
