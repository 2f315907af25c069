"""Asking for an agreement before the first answer is kept: which text, which version, who gave it."""

from dataclasses import replace
from hashlib import blake2b

from bot.engine.effects import GiveConsent
from bot.engine.speech import Scene
from bot.flows.model import Flow


def wording_version(text: str) -> str:
    """The version of a consent text: of exactly these words."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


def consent_text(scene: Scene, flow: Flow) -> str | None:
    """What a person must agree to before this flow begins; None where nothing is kept, or they did."""
    if flow.purpose is None:
        return None
    text = _text(scene, flow)
    held = (flow.purpose, wording_version(text)) in scene.view.consents
    return None if held else text


def agree(scene: Scene, flow: Flow, version: str) -> tuple[Scene, GiveConsent] | None:
    """The scene once they have agreed; None where the text has changed since they saw it."""
    if flow.purpose is None or wording_version(_text(scene, flow)) != version:
        return None
    given = GiveConsent(purpose=flow.purpose, version=version)
    consents = scene.view.consents | {(given.purpose, version)}
    return replace(scene, view=replace(scene.view, consents=consents)), given


def _text(scene: Scene, flow: Flow) -> str:
    key = f"consent-text.{flow.purpose}"
    if key not in scene.content.wording.texts:
        key = "consent-text.other"
    return scene.say(key, title=flow.title.text(scene.view.language))
