"""An answer outside any talk: nobody's session, nothing kept. For the command line."""

from datetime import datetime

from bot.engine.asking import ask
from bot.engine.session import Session
from bot.engine.speech import Scene, number
from bot.engine.view import View
from bot.faq.ranking import Ranking
from bot.knowledge.content import Content
from bot.messages import BranchId, PersonId, Place, Reply


def answer_once(ranking: Ranking, content: Content, now: datetime) -> tuple[Reply, ...]:
    """What a question is answered.

    Args:
        ranking: What its words were taken for.
        content: Everything people read.
        now: Aware, in UTC.
    """
    view = View(
        person=PersonId("nobody"), branch=BranchId("none"), place=Place.PRIVATE, fresh="nobody"
    )
    scene = Scene(session=Session(secret=view.fresh), view=view, content=content, now=now)
    said = ask(scene, ranking)
    return number(said.session, said.drafts)[1]
