"""Fixed cards: signposts for sensitive topics, the welcome, who to ask, and small talk."""

from dataclasses import replace

from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.knowledge.sensitive import Signpost
from bot.messages import Audience, ReplyKind


def signpost(scene: Scene, topic_id: str) -> Said:
    """The card of a sensitive topic. Nothing about it is kept, and the talk stands where it stood."""
    topic = scene.content.sensitive.topic(topic_id)
    language = scene.view.language
    lines = "\n".join(f"- {_line(post, language)}" for post in topic.signposts)
    text = f"**{topic.title.text(language)}**\n\n{topic.card.text(language)}\n\n{lines}"
    is_crisis = topic.kind == "crisis"
    draft = Draft(text=text.strip(), kind=ReplyKind.CARD, urgent=is_crisis)
    return Said(session=scene.session, drafts=(draft,))


def _line(post: Signpost, language: str) -> str:
    name = f"[{post.name}]({post.url})" if post.url else post.name
    phone = f", **{post.phone}**" if post.phone else ""
    return f"{name}{phone}: {post.what.text(language)}"


def smalltalk(scene: Scene, kind_id: str) -> Said:
    """A short reply; those of one kind take turns."""
    for kind in scene.content.smalltalk.kinds:
        if kind.id == kind_id:
            reply = kind.replies[scene.session.turn % len(kind.replies)].text(scene.view.language)
            return Said(session=scene.session, drafts=(Draft(text=reply, choices=_starts(scene)),))
    draft = Draft(text=scene.say("smalltalk.other"), choices=_starts(scene))
    return Said(session=scene.session, drafts=(draft,))


def _starts(scene: Scene) -> tuple[Choose, ...]:
    """Something to tap, while somebody has not asked anything yet."""
    if scene.session.last is not None:
        return ()
    return (Choose(scene.say("button.topics"), Act("sections")),)


def welcome(scene: Scene) -> Said:
    """What this is and what to try; then, once, whose wording to use."""
    known = scene.content.entry_by_id
    starters = [known[e] for e in scene.content.faq.starters if e in known]
    choices = [
        Choose(entry.question.text(scene.view.language), Act("show", (entry.id,)))
        for entry in starters
    ]
    choices.append(Choose(scene.say("button.topics"), Act("sections")))
    said = Said(
        session=scene.session,
        drafts=(Draft(text=scene.say("welcome"), choices=tuple(choices), kind=ReplyKind.CARD),),
    )
    if scene.view.audience or scene.session.asked_audience:
        return said
    asked = ask_audience(scene)
    return replace(asked, drafts=(*said.drafts, *asked.drafts))


def ask_audience(scene: Scene) -> Said:
    """Whose wording to use; it grants nothing."""
    choices = tuple(
        Choose(scene.say(f"audience.{audience.value}"), Act("audience", (audience.value,)))
        for audience in Audience
    )
    return Said(
        session=replace(scene.session, asked_audience=True),
        drafts=(Draft(text=scene.say("audience.ask"), choices=choices, kind=ReplyKind.QUESTION),),
    )
