"""Browsing without typing: sections, topics, entries. Three taps reach every entry."""

from collections.abc import Sequence

from bot.engine.answers import title
from bot.engine.session import Act
from bot.engine.speech import Choose, Draft, Said, Scene
from bot.messages import ReplyKind
from bot.records import replace

PAGE = 8  # buttons on a page, paging included


def sections(scene: Scene, page: int = 0) -> Said:
    """The sections, page by page; or the topics where there is but one section."""
    shelves = scene.content.faq.sections
    if len(shelves) < 2:
        return topics(scene, shelves[0].id if shelves else "", page)
    choices = [
        Choose(shelf.title.text(scene.view.language), Act("section", (shelf.id, "0")))
        for shelf in shelves
    ]
    return _page(scene, "browse.sections", choices, Act("sections"), page)


def topics(scene: Scene, section: str, page: int) -> Said:
    """The topics of a section; with one topic, its entries at once."""
    shelves = [topic for topic in scene.content.faq.topics if topic.section == section]
    if len(shelves) == 1:
        return entries(scene, shelves[0].id, page)
    if not shelves:
        return entries(scene, "", page)
    choices = [
        Choose(topic.title.text(scene.view.language), Act("topic", (topic.id, "0")))
        for topic in shelves
    ]
    return _page(scene, "browse.topics", choices, Act("section", (section,)), page)


def entries(scene: Scene, topic: str, page: int) -> Said:
    """The entries of a topic; of the whole FAQ where it has no topics."""
    found = scene.content.entries_by_topic.get(topic, ()) if topic else scene.content.faq.entries
    choices = [Choose(title(scene, entry), Act("show", (entry.id,))) for entry in found]
    return _page(scene, "browse.entries", choices, Act("topic", (topic,)), page)


def _page(scene: Scene, key: str, choices: Sequence[Choose], here: Act, page: int) -> Said:
    shown = list(choices)
    if len(choices) > PAGE:
        size = PAGE - 1  # the last button turns the page
        pages = -(-len(choices) // size)
        page %= pages
        shown = list(choices[page * size : (page + 1) * size])
        more = Act("page", (here.name, *here.arguments, str((page + 1) % pages)))
        shown.append(Choose(scene.say("browse.more", page=page + 1, pages=pages), more))
    again = replace(here, arguments=(*here.arguments, str(page)))
    return Said(
        session=replace(scene.session, again=again),
        drafts=(Draft(text=scene.say(key), choices=tuple(shown), kind=ReplyKind.QUESTION),),
    )
