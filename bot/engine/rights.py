"""Who may press a button now: the rights of its command are looked at again."""

from collections.abc import Callable

from bot.engine.commands import COMMAND_BY_NAME, refusal
from bot.engine.speech import Said, Scene, say

Act = Callable[..., Said]


def guarded(command: str) -> Callable[[Act], Act]:
    """What makes an act one for whoever may use a command, here and now: a button may outlive a role.

    Args:
        command: The name of the command whose rights it asks for.
    """
    spec = COMMAND_BY_NAME[command]

    def guard(act: Act) -> Act:
        def checked(scene: Scene, *arguments: str) -> Said:
            key = refusal(spec, scene.view.roles, scene.view.place)
            return say(scene, key) if key else act(scene, *arguments)

        return checked

    return guard
