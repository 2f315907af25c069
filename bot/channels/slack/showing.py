"""What is shown beside the replies: the home tab, and where an answer went.

None of it is needed to go on, so nothing of it is repeated, and none of it holds an answer up.
"""

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack.home import home_view
from bot.channels.slack.mrkdwn import escape
from bot.channels.slack.spots import Spot
from bot.channels.slack.web_api import call
from bot.engine.view import View
from bot.messages import Place
from bot.service import people
from bot.service.intake import Intake
from bot.service.library import Library
from bot.service.ports import Tx


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

    def moved(self) -> str:
        """What whoever called in a channel sees there at once: that they are answered in private."""
        return escape(self._library.edition.content.wording.say("slack.moved"))

    async def show_home(self, spot: Spot, app: str) -> None:
        """Bring somebody's home tab up to date. Who has never written stays unknown."""
        view = await self._intake.do(lambda tx: _view_of(tx, spot), ())
        has_chat = app not in {"", "-"}
        chat = f"slack://app?team={spot.team}&id={app}&tab=messages" if has_chat else ""
        wording = self._library.edition.content.wording
        await call(
            self._client.views_publish, user_id=spot.user, view=home_view(wording, view, chat)
        )


def _view_of(tx: Tx, spot: Spot) -> View | None:
    known = people.recognise(tx, spot.address(), "")
    return None if known.is_new else people.view_of(tx, known, Place.PRIVATE, "")
