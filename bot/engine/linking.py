"""Two chats of one person become one: `/link` makes a code, `/link CODE` in the other chat joins them.

What will happen is said before it happens, and only a yes in the second chat does it.
"""

from dataclasses import replace
from typing import Final

from bot.engine.effects_links import CountLinkTry, JoinChats, MakeLinkCode, PartChats
from bot.engine.link_look import LinkLook
from bot.engine.session import Act
from bot.engine.speech import Choose, Said, Scene, say
from bot.messages import Place

CODE_LENGTH: Final = 10  # characters of a 32-letter alphabet: 50 bits
YES: Final = "yes"


def link(scene: Scene, argument: str) -> Said:
    """Say what joining means; with a code behind it, ask whether to do it."""
    if not argument:
        make = Choose(scene.say("button.link-code"), Act("link-code"))
        return say(scene, "link.about", make, Choose(scene.say("button.not-now"), Act("kept")))
    brought = scene.view.link
    match brought.look:
        case LinkLook.GOOD:
            join_them = Choose(scene.say("button.link-yes"), Act("link-join", (brought.id,)))
            return say(
                scene, "link.confirm", join_them, Choose(scene.say("button.no"), Act("kept"))
            )
        case LinkLook.PAUSE | LinkLook.SAME | LinkLook.ELSEWHERE as look:
            return say(scene, f"link.{look.value}")
        case LinkLook.UNKNOWN | LinkLook.NONE:
            return replace(say(scene, "link.unknown"), effects=(CountLinkTry(),))


def make_code(scene: Scene) -> Said:
    """Make a code; the service says it, since it is kept nowhere."""
    if scene.view.place is not Place.PRIVATE:
        return say(scene, "refused.place")
    fresh = scene.view.fresh
    made = MakeLinkCode(id=fresh[:-CODE_LENGTH], code=fresh[-CODE_LENGTH:])
    return Said(session=scene.session, drafts=(), effects=(made,))


def join(scene: Scene, link: str) -> Said:
    """They said yes; the service says how it went."""
    if scene.view.place is not Place.PRIVATE:
        return say(scene, "refused.place")
    return Said(session=scene.session, drafts=(), effects=(JoinChats(link),))


def unlink(scene: Scene, argument: str) -> Said:
    """Take this chat out again, once they have said yes."""
    if argument == YES:
        return Said(session=scene.session, drafts=(), effects=(PartChats(),))
    return say(
        scene,
        "unlink.confirm",
        Choose(scene.say("button.unlink-yes"), Act("command", ("unlink", YES))),
        Choose(scene.say("button.no"), Act("kept")),
    )
