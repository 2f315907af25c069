"""Writing a broadcast: text, who, button, when; then a preview, and nothing leaves without a yes.

Every step settles one thing of the draft and then asks for the next that is not settled yet. To change
something is to unsettle it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from bot.engine import broadcast_filling
from bot.engine.broadcast_desk import listed
from bot.engine.broadcast_preview import (
    PARTS,
    asked,
    called,
    draft_of,
    hours_of,
    join,
    left,
    named,
    preview,
)
from bot.engine.broadcast_texts import counted
from bot.engine.bulletins import (
    ASK_BUTTON,
    EVERYBODY,
    FLOW_BUTTON,
    NO_BUTTON,
    OWN_TOPIC,
    REASON_LIMIT,
    ROLES,
    TEXT_LIMIT,
    TO_AREA,
    TO_PLACE,
    TO_ROLE,
    UNFINISHED,
    Bulletin,
)
from bot.engine.commands import COMMAND_BY_NAME, refusal
from bot.engine.desk import Stage
from bot.engine.effects_broadcasts import KeepDraft
from bot.engine.session import Act, Errand
from bot.engine.speech import Choose, Said, Scene, say
from bot.flows.model import FlowId
from bot.language.saying import say_date, say_open, say_time
from bot.planning.lifecycle import Event
from bot.planning.plans import Plan, next_moments
from bot.planning.reading import Unclear, read_plan
from bot.planning.recipients import Fate, Kind

BUTTON_FLOWS: Final = 4  # flows offered for the button
DRAFTS: Final = 5  # unfinished ones offered at once


def guarded(act: Callable[..., Said]) -> Callable[..., Said]:
    """The act for whoever may send, here and now; a role that was lost counts at once."""

    def checked(scene: Scene, *arguments: str) -> Said:
        key = refusal(COMMAND_BY_NAME["broadcast"], scene.view.roles, scene.view.place)
        return say(scene, key) if key else act(scene, *arguments)

    return checked


def start(scene: Scene, argument: str = "") -> Said:
    """`/broadcast`: go on with a draft, or begin with a ready reminder or one's own words."""
    drafts = scene.view.board.drafts[:DRAFTS]
    if argument.strip().lower() == "new" or not drafts:
        return _start(scene)
    new = Choose(scene.say("button.bc-new"), Act("command", ("broadcast", "new")))
    if len(drafts) == 1:
        go_on = Choose(scene.say("button.bc-go-on"), Act("bc-go-on", (drafts[0].id,)))
        return asked(scene, scene.say("broadcast.unfinished"), go_on, new, *listed(scene))
    return _ask_draft(scene, drafts, new)


def _ask_draft(scene: Scene, drafts: tuple[Bulletin, ...], new: Choose) -> Said:
    lines = "\n".join(
        f"- {scene.say('broadcast.unfinished-line', number=number, words=called(scene, one))}"
        for number, one in enumerate(drafts, 1)
    )
    picks = (
        Choose(scene.say("button.bc-number", number=number), Act("bc-go-on", (one.id,)))
        for number, one in enumerate(drafts, 1)
    )
    text = scene.say("broadcast.unfinished-many", broadcasts=lines)
    return asked(scene, text, *picks, new, *listed(scene))


def _start(scene: Scene) -> Said:
    language = scene.view.language
    ready = tuple(
        Choose(one.title.text(language), Act("bc-ready", (one.id,)))
        for one in scene.content.reminders.reminders
    )
    own = Choose(scene.say("button.bc-own"), Act("bc-own"))
    return asked(scene, scene.say("broadcast.start"), *ready, own, *listed(scene))


def own(scene: Scene) -> Said:
    """Begin with one's own words."""
    bulletin = Bulletin(id=f"b-{scene.view.fresh[:16]}", topic=OWN_TOPIC)
    return onward(scene, bulletin)


def ready(scene: Scene, wanted: str) -> Said:
    """Begin with a ready reminder; its gaps are asked for one after the other."""
    one = scene.content.reminders.reminder(wanted)
    if one is None:
        return say(scene, "broadcast.gone")
    bulletin = Bulletin(
        id=f"b-{scene.view.fresh[:16]}",
        ready=one.id,
        topic=one.topic,
        kind=Kind(one.kind),
        button=_button_of(scene, one.button),
    )
    return onward(scene, bulletin)


def _button_of(scene: Scene, button: str) -> str:
    """The button of a ready reminder; none where its flow is not there."""
    flow = button.removeprefix(FLOW_BUTTON)
    is_there = button == ASK_BUTTON or scene.view.flows.to_start(FlowId(flow)) is not None
    return button if is_there else NO_BUTTON


def go_on(scene: Scene, wanted: str) -> Said:
    """Go on where it was left."""
    draft = draft_of(scene, wanted)
    return onward(scene, draft) if draft else say(scene, "broadcast.gone")


def onward(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    """Keep what is settled, and ask for the next thing; with everything settled, the preview."""
    kept = (KeepDraft(bulletin),)
    if not bulletin.texts:
        return replace(_ask_text(scene, bulletin, *leads), effects=kept)
    if bulletin.kind is None:
        return replace(_ask_kind(scene, bulletin, *leads), effects=kept)
    if bulletin.audience is None:
        return replace(_ask_audience(scene, bulletin, *leads), effects=kept)
    if bulletin.button is None:
        return replace(_ask_button(scene, bulletin, *leads), effects=kept)
    if bulletin.plan is None:
        return replace(_ask_plan(scene, bulletin, *leads), effects=kept)
    return replace(preview(scene, bulletin, *leads), effects=kept)


def _ask_text(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    if bulletin.ready:
        return _with_exit(
            scene, bulletin, Stage.BC_GAP, broadcast_filling.question(scene, bulletin), *leads
        )
    text = scene.say("broadcast.ask-text", limit=f"{TEXT_LIMIT:,}")
    return _with_exit(scene, bulletin, Stage.BC_TEXT, text, *leads)


def write(scene: Scene, words: str, wanted: str) -> Said:
    """The next words are the text."""
    draft = draft_of(scene, wanted)
    if draft is None:
        return say(left(scene), "broadcast.gone")
    if len(words) > TEXT_LIMIT:
        return say(scene, "broadcast.long", limit=f"{TEXT_LIMIT:,}")
    return onward(
        left(scene), replace(draft, texts={"en": broadcast_filling.own_words(words)}, ready="")
    )


def fill(scene: Scene, words: str, wanted: str) -> Said:
    """The next words fill the next gap of a ready reminder; they are checked first."""
    draft = draft_of(scene, wanted)
    if draft is None:
        return say(left(scene), "broadcast.gone")
    filled = broadcast_filling.fill(scene, draft, words)
    if isinstance(filled, str):
        return _with_exit(scene, draft, Stage.BC_GAP, filled)
    return onward(left(scene), filled)


def fits_gap(scene: Scene, words: str, wanted: str) -> bool:
    """Whether words fill the next gap, or there is none to fill any more."""
    draft = draft_of(scene, wanted)
    return draft is None or not isinstance(broadcast_filling.fill(scene, draft, words), str)


def names_time(scene: Scene, words: str, _wanted: str = "") -> bool:
    """Whether words say when something is to go out, even if it is not clear which day."""
    return read_plan(words, scene.now.astimezone(scene.view.zone).replace(tzinfo=None)) is not None


def _ask_kind(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    choices = (
        Choose(scene.say(f"button.bc-{kind.value}"), Act("bc-kind", (bulletin.id, kind.value)))
        for kind in Kind
    )
    return asked(scene, join(*leads, scene.say("broadcast.ask-kind")), *choices)


def set_kind(scene: Scene, wanted: str, kind: str) -> Said:
    """Service or campaign."""
    return _settle(scene, wanted, lambda draft: replace(draft, kind=Kind(kind)))


def _ask_audience(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    board = scene.view.board
    choices = tuple(
        Choose(
            scene.say(
                "button.bc-audience",
                name=named(scene, one),
                count=counted(scene, board.tally(bulletin, one).of_fate(Fate.WAITING), one),
            ),
            Act("bc-audience", (bulletin.id, one)),
        )
        for one in audiences(scene)
    )
    return asked(scene, join(*leads, scene.say("broadcast.ask-audience")), *choices)


def audiences(scene: Scene) -> tuple[str, ...]:
    """Whom one may write to: the branch, its roles, who has not finished, areas, and places."""
    board = scene.view.board
    roles = tuple(f"{TO_ROLE}{role.value}" for role in ROLES)
    begun = tuple(one for one in board.people if one.startswith(UNFINISHED) and board.people[one])
    areas = (f"{TO_AREA}{one}" for one in board.areas)
    places = (f"{TO_PLACE}{one.id}" for one in board.destinations)
    allowed = (one for one in places if board.may_post(one, scene.view.roles))
    return (EVERYBODY, *roles, *begun, *areas, *allowed)


def set_audience(scene: Scene, wanted: str, audience: str) -> Said:
    """Who gets it; a place that one may not post to is refused, with whom to ask."""
    if audience not in audiences(scene):
        return say(scene, "broadcast.not-there")
    return _settle(scene, wanted, lambda draft: replace(draft, audience=audience))


def _ask_button(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    language = scene.view.language
    flows = tuple(
        Choose(
            scene.say("button.bc-flow", title=flow.title.text(language)),
            Act("bc-button", (bulletin.id, f"{FLOW_BUTTON}{flow.id}")),
        )
        for flow in scene.view.flows.current[:BUTTON_FLOWS]
    )
    ask = Choose(scene.say("button.bc-ask"), Act("bc-button", (bulletin.id, ASK_BUTTON)))
    none = Choose(scene.say("button.bc-none"), Act("bc-button", (bulletin.id, NO_BUTTON)))
    return asked(scene, join(*leads, scene.say("broadcast.ask-button")), *flows, ask, none)


def set_button(scene: Scene, wanted: str, button: str) -> Said:
    """What stands below it."""
    return _settle(scene, wanted, lambda draft: replace(draft, button=button))


def _ask_plan(scene: Scene, bulletin: Bulletin, *leads: str) -> Said:
    now = Choose(scene.say("button.bc-now"), Act("bc-plan", (bulletin.id, "now")))
    said = _with_exit(scene, bulletin, Stage.BC_WHEN, scene.say("broadcast.ask-plan"), *leads)
    (draft,) = said.drafts
    return replace(said, drafts=(replace(draft, choices=(now, *draft.choices)),))


def read_when(scene: Scene, words: str, wanted: str) -> Said:
    """The next words, or a suggestion that was pressed, say when."""
    draft = draft_of(scene, wanted)
    if draft is None:
        return say(left(scene), "broadcast.gone")
    local = scene.now.astimezone(scene.view.zone).replace(tzinfo=None)
    match read_plan(words, local):
        case None:
            return _ask_plan(scene, draft, scene.say("broadcast.no-time"))
        case Unclear() as unclear:
            return _ask_which(scene, draft, unclear)
        case plan:
            return _planned(scene, draft, plan)


def press_when(scene: Scene, wanted: str, words: str) -> Said:
    """A time that was offered."""
    return read_when(scene, words, wanted)


def _ask_which(scene: Scene, bulletin: Bulletin, unclear: Unclear) -> Said:
    said = _ask_plan(scene, bulletin, say_open(unclear.why, scene))
    choices = tuple(
        Choose(
            scene.say("button.bc-at", day=say_date(at.date(), scene), time=say_time(at.time())),
            Act("bc-plan", (bulletin.id, f"{at:%d %B %Y at %H:%M}")),
        )
        for at in unclear.suggestions
    )
    (draft,) = said.drafts
    return replace(said, drafts=(replace(draft, choices=(*choices, *draft.choices)),))


def _planned(scene: Scene, bulletin: Bulletin, plan: Plan) -> Said:
    planned = replace(bulletin, plan=plan)
    if not next_moments(plan, hours_of(scene, planned), scene.now, 1):
        return _ask_plan(scene, bulletin, scene.say("broadcast.no-time"))
    return onward(left(scene), planned)


def change(scene: Scene, wanted: str, part: str) -> Said:
    """Unsettle one thing, or go back to the preview."""
    empty: dict[str, object] = {"texts": {}, "gaps": {}} if part == "texts" else {part: None}
    changes = empty if part in PARTS else {}
    return _settle(scene, wanted, lambda draft: replace(draft, **changes))  # type: ignore[arg-type]  # by the names of PARTS


def ask_reason(scene: Scene, wanted: str) -> Said:
    """Why can it not wait for the morning?"""
    draft = draft_of(scene, wanted)
    if draft is None:
        return say(scene, "broadcast.gone")
    return _with_exit(scene, draft, Stage.BC_REASON, scene.say("broadcast.ask-reason"))


def give_reason(scene: Scene, words: str, wanted: str) -> Said:
    """The next words are the reason; it is kept with the broadcast."""
    if len(words) > REASON_LIMIT:
        return say(scene, "broadcast.long", limit=REASON_LIMIT)
    return _settle(left(scene), wanted, lambda draft: replace(draft, urgent=words))


def _settle(scene: Scene, wanted: str, settle: Callable[[Bulletin], Bulletin]) -> Said:
    draft = draft_of(scene, wanted)
    return onward(scene, settle(draft)) if draft else say(scene, "broadcast.gone")


def _with_exit(scene: Scene, bulletin: Bulletin, stage: Stage, text: str, *leads: str) -> Said:
    """Ask for words: the next ones settle this, whatever they are."""
    session = replace(scene.session, errand=Errand(stage, bulletin.id))
    drop = Choose(scene.say("button.bc-drop"), Act("bc-move", (bulletin.id, Event.CANCEL.value)))
    return asked(replace(scene, session=session), join(*leads, text), drop)
