"""What is shown beside the replies: a pressed button wears a tick, the home tab is up to date.

None of it is needed to go on, so nothing of it is repeated, and none of it holds an answer up.
"""

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.channels.slack.home import home_view
from bot.channels.slack.incoming import Press, Said
from bot.channels.slack.marking import marked
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
        return escape(self._say("slack.moved"))

    async def show_after(self, said: Said) -> None:
        """What goes with something that was heard."""
        if said.home:
            await self.show_home(said.spot, said.home)
        elif said.press and said.press.response_url:
            await self._mark_for_one(said.press)
        elif said.press:
            await self._mark(said.press)

    async def show_home(self, spot: Spot, app: str) -> None:
        """Bring somebody's home tab up to date. Who has never written stays unknown."""
        view = await self._intake.do(lambda tx: _view_of(tx, spot))
        has_chat = app not in {"", "-"}
        chat = f"slack://app?team={spot.team}&id={app}&tab=messages" if has_chat else ""
        wording = self._library.edition.content.wording
        await call(
            self._client.views_publish, user_id=spot.user, view=home_view(wording, view, chat)
        )

    async def _mark(self, press: Press) -> None:
        blocks = marked(press, self._say("slack.pressed", choice="{choice}"))
        if blocks:
            await call(
                self._client.chat_update,
                channel=press.channel,
                ts=press.ts,
                text=press.text,
                blocks=list(blocks),
            )

    async def _mark_for_one(self, press: Press) -> None:
        """A message that only one person sees is changed through the address Slack gave for it."""
        line = self._say("slack.pressed", choice=escape(press.picked))
        hook = AsyncWebhookClient(
            press.response_url, session=self._client.session, retry_handlers=[]
        )
        hook.proxy = self._client.proxy
        await hook.send(text=line, replace_original=True)

    def _say(self, key: str, **gaps: str) -> str:
        return self._library.edition.content.wording.say(key, **gaps)


def _view_of(tx: Tx, spot: Spot) -> View | None:
    known = people.recognise(tx, spot.address(), "")
    return None if known.is_new else people.view_of(tx, known, Place.PRIVATE, "")
